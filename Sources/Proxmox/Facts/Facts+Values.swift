// Checking the value of one parameter.
// SPDX-License-Identifier: MIT

extension Facts {
    /// What the server would object to in a value. Formats and patterns are left to it.
    func check(_ value: ParameterValue, of name: String, against parameter: Parameter) -> [Problem] {
        switch (parameter.kind, value) {
        case (.array, .list(let elements)):
            return elements.compactMap { check($0, parameter.elementKind, of: name, against: parameter) }
        case (.array, _):
            // The server makes a list of one element of it.
            return check(value.text, parameter.elementKind, of: name, against: parameter).map { [$0] } ?? []
        case (_, .list(let elements)):
            if parameter.kind == .string, parameter.isListInString { return [] }
            let hint = parameter.kind == .string ? "; give one text" : "; give one value"
            let text = "`\(name.shortened)` takes \(parameter.takes); got a list of \(elements.count)\(hint)"
            return [Problem(kind: .wrongType, parameter: name, text: text)]
        default:
            return check(value.text, parameter.kind, of: name, against: parameter).map { [$0] } ?? []
        }
    }

    private func check(_ text: String, _ kind: Parameter.Kind, of name: String, against parameter: Parameter)
        -> Problem?
    {
        func problem(_ kind: Problem.Kind, _ got: String) -> Problem {
            Problem(kind: kind, parameter: name, text: "`\(name.shortened)` takes \(parameter.takes); got \(got)")
        }
        let shown = Facts.shown(text, of: name)
        switch kind {
        case .boolean:
            if text != "0" && text != "1" { return problem(.wrongType, shown) }
        case .integer, .number:
            guard kind == .integer ? Facts.isInteger(text) : Facts.isNumber(text), let value = Double(text) else {
                return problem(.wrongType, shown)
            }
            if let low = parameter.minimum, value < low { return problem(.outOfBounds, shown) }
            if let high = parameter.maximum, value > high { return problem(.outOfBounds, shown) }
        case .string:
            let length = text.unicodeScalars.count
            if length < parameter.minimumLength || length > parameter.maximumLength ?? .max {
                return problem(.wrongLength, length > 60 ? "\(length) characters" : "\(shown), which has \(length)")
            }
        case .array: break
        }
        let choices = parameter.choices
        if !choices.isEmpty, !choices.contains(text) { return problem(.notAChoice, shown) }
        return nil
    }

    /// An optional sign and digits.
    private static func isInteger(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A decimal number, with a fraction and an exponent or without.
    private static func isNumber(_ text: String) -> Bool {
        let plain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
        }
        return plain && (Double(text)?.isFinite ?? false)
    }
}

extension ParameterValue {
    /// The value as it is sent; the elements of a list separated by commas.
    public var text: String {
        switch self {
        case .bool(let value): value ? "1" : "0"
        case .int(let value): String(value)
        case .double(let value): Int64(exactly: value).map { String($0) } ?? "\(value)"
        case .string(let value): value
        case .list(let values): values.joined(separator: ",")
        }
    }
}
