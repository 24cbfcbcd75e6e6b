// A field of an answer.
// SPDX-License-Identifier: MIT

/// A field that a tool answers: its name, type and unit. The host coerces what Proxmox sends to the type.
///
/// Lists return the declared fields, except those marked ``onRequest``; objects return everything they have.
public struct Field: Sendable {
    /// What a value counts, with the numbers of `pve_unit`.
    public enum Unit: UInt8, Sendable {
        case none, bytes, seconds
        /// 0 to 1.
        case fraction
        /// Seconds since 1970, UTC.
        case epoch
        case mebibytes
    }

    let name: StaticString
    let kind: Parameter.Kind
    var unit = Unit.none
    var isChosen = true
    var isAlways = false

    public static func string(_ name: StaticString) -> Field { Field(name: name, kind: .string) }
    public static func bool(_ name: StaticString) -> Field { Field(name: name, kind: .bool) }
    public static func integer(_ name: StaticString, _ unit: Unit = .none) -> Field {
        Field(name: name, kind: .integer, unit: unit)
    }
    public static func number(_ name: StaticString, _ unit: Unit = .none) -> Field {
        Field(name: name, kind: .number, unit: unit)
    }
    public static func strings(_ name: StaticString) -> Field { Field(name: name, kind: .strings) }
    public static func integers(_ name: StaticString) -> Field { Field(name: name, kind: .integers) }
    public static func object(_ name: StaticString) -> Field { Field(name: name, kind: .object) }
    /// A value of any kind, passed on as it came.
    public static func any(_ name: StaticString) -> Field { Field(name: name, kind: .any) }

    /// The same, but Proxmox always sends it. The first such field is what the host sorts a list by.
    public var always: Field {
        var copy = self
        copy.isAlways = true
        return copy
    }

    /// The same, but returned only when the caller names it in `fields`.
    public var onRequest: Field {
        var copy = self
        copy.isChosen = false
        return copy
    }
}
