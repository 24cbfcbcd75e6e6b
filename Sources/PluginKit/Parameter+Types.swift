// Parameters by their type.
// SPDX-License-Identifier: MIT

extension Parameter {
    /// Text; one of `choices` if there are any. `maximumLength` counts characters; `pattern` is ECMA 262, anchored.
    public static func string(
        _ name: StaticString, _ text: StaticString, choices: [StaticString] = [], maximumLength: UInt32 = 0,
        pattern: StaticString? = nil, default preset: Preset? = nil
    ) -> Parameter {
        var parameter = Parameter(name, .string, text)
        parameter.choices = choices
        parameter.maximumLength = maximumLength
        parameter.pattern = pattern
        parameter.preset = preset
        return parameter
    }

    /// True or false; Proxmox is sent 1 or 0.
    public static func bool(_ name: StaticString, _ text: StaticString, default preset: Preset? = nil) -> Parameter {
        var parameter = Parameter(name, .bool, text)
        parameter.preset = preset
        return parameter
    }

    /// A whole number of 64 bits.
    public static func integer(_ name: StaticString, _ text: StaticString, default preset: Preset? = nil) -> Parameter {
        var parameter = Parameter(name, .integer, text)
        parameter.preset = preset
        return parameter
    }

    /// A whole number with both bounds, each included.
    public static func integer(
        _ name: StaticString, _ text: StaticString, in range: ClosedRange<Int>, default preset: Preset? = nil
    ) -> Parameter {
        integer(name, text, default: preset).atLeast(Double(range.lowerBound)).atMost(Double(range.upperBound))
    }

    /// A whole number that is not below `range.lowerBound`.
    public static func integer(
        _ name: StaticString, _ text: StaticString, in range: PartialRangeFrom<Int>, default preset: Preset? = nil
    ) -> Parameter {
        integer(name, text, default: preset).atLeast(Double(range.lowerBound))
    }

    /// A number.
    public static func number(_ name: StaticString, _ text: StaticString) -> Parameter {
        Parameter(name, .number, text)
    }

    /// A number with both bounds, each included.
    public static func number(_ name: StaticString, _ text: StaticString, in range: ClosedRange<Double>) -> Parameter {
        number(name, text).atLeast(range.lowerBound).atMost(range.upperBound)
    }

    /// An array of strings; Proxmox is sent one pair per element.
    public static func strings(_ name: StaticString, _ text: StaticString) -> Parameter {
        Parameter(name, .strings, text)
    }

    /// An array of whole numbers.
    public static func integers(_ name: StaticString, _ text: StaticString) -> Parameter {
        Parameter(name, .integers, text)
    }

    /// An object with any members.
    public static func object(_ name: StaticString, _ text: StaticString) -> Parameter {
        Parameter(name, .object, text)
    }

    private func atLeast(_ bound: Double) -> Parameter {
        var copy = self
        copy.minimum = bound
        copy.flags.insert(.minimum)
        return copy
    }

    private func atMost(_ bound: Double) -> Parameter {
        var copy = self
        copy.maximum = bound
        copy.flags.insert(.maximum)
        return copy
    }
}
