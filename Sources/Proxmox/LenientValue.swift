// Values whose JSON type changes from answer to answer.
// SPDX-License-Identifier: MIT

import JSON

/// Proxmox VE sends `512`, `"512"`, `1`, `"1"` and `true` for the same field on different days; these read all of them.
extension JSONValue {
    /// A whole number, also one in a string; a truth value is 1 or 0.
    public var lenientInt: Int64? {
        switch kind {
        case .number: int
        case .string: string.flatMap { Int64($0) ?? Double($0).flatMap { Int64(exactly: $0) } }
        case .true: 1
        case .false: 0
        case .null, .array, .object: nil
        }
    }

    /// A finite number, also one in a string.
    public var lenientDouble: Double? {
        let value =
            switch kind {
            case .number: double
            case .string: string.flatMap(Double.init)
            case .true: 1.0
            case .false: 0.0
            case .null, .array, .object: Double?.none
            }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A truth value: `true`, 1, `"1"`, `"yes"`, `"on"`, `"true"` and their opposites; an empty string is false.
    public var lenientBool: Bool? {
        switch kind {
        case .true: return true
        case .false: return false
        case .number: return double.map { $0 != 0 }
        case .string:
            switch string?.lowercased() {
            case "1", "true", "yes", "on": return true
            case "0", "false", "no", "off", "": return false
            default: return nil
            }
        case .null, .array, .object: return nil
        }
    }

    /// Text; numbers as they were written, truth values as `1` and `0`.
    public var lenientString: String? {
        switch kind {
        case .string: string
        case .number: rawText
        case .true: "1"
        case .false: "0"
        case .null, .array, .object: nil
        }
    }
}
