// The value of a declared field, however Proxmox sent it.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// What is written for a field, so that the answer agrees with the tool's output schema.
enum FieldValue {
    /// As it came.
    case asItCame(JSONValue)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    /// A list of one, where a list is declared.
    case listOf(JSONValue)

    /// Nil when the value cannot be of that type.
    init?(_ value: JSONValue, as type: ParameterType) {
        switch type {
        case .bool:
            guard let bool = value.lenientBool else { return nil }
            self = .bool(bool)
        case .i32, .u32, .i64, .u64:
            guard let whole = FieldValue.whole(value) else { return nil }
            self = whole
        case .f64:
            if value.kind == .number {
                self = .asItCame(value)
            } else if let double = value.lenientDouble {
                self = .double(double)
            } else {
                return nil
            }
        case .utf8, .bytes:
            switch value.kind {
            case .string: self = .asItCame(value)
            case .number, .true, .false: self = .string(value.rawText)
            case .null, .array, .object: return nil
            }
        case .utf8List, .i64List:
            switch value.kind {
            case .array: self = .asItCame(value)
            case .null, .object: return nil
            default: self = .listOf(value)
            }
        case .object:
            guard value.isObject else { return nil }
            self = .asItCame(value)
        case .json:
            self = .asItCame(value)
        }
    }

    /// Whole numbers; fractions are rounded, since counters are sometimes averaged on the way.
    private static func whole(_ value: JSONValue) -> FieldValue? {
        // As it came, whatever its size: most are, and need not be read and written again.
        if value.isPlainInteger { return .asItCame(value) }
        if let int = value.lenientInt { return .int(int) }
        return value.lenientDouble.flatMap { Int64(exactly: $0.rounded()) }.map(FieldValue.int)
    }
}

extension JSONWriter {
    mutating func fieldValue(_ value: FieldValue) {
        switch value {
        case .asItCame(let json): self.value(json)
        case .bool(let bool): self.bool(bool)
        case .int(let int): self.int(int)
        case .double(let double): self.double(double)
        case .string(let text): string(text)
        case .listOf(let json): array { $0.value(json) }
        }
    }
}
