// Whether a default can be handed to a C function.
// SPDX-License-Identifier: MIT

import NativeCall

enum NativeDefault {
    /// `json` is known to be JSON of the parameter's type.
    static func isPassable(_ json: String, as type: NativeType) -> Bool {
        switch type {
        case .bool: true
        case .i32: Int32(json) != nil
        case .u32: UInt32(json) != nil
        case .i64: Int64(json) != nil
        case .u64: UInt64(json) != nil
        case .f64: Double(json)?.isFinite ?? false
        case .text: !holdsNUL(json)
        case .bytes: isBase64(json.utf8.dropFirst().dropLast())
        }
    }

    /// Whether the string has the escape of the character that would end it in C.
    private static func holdsNUL(_ json: String) -> Bool {
        var rest = Array(json.utf8)[...]
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            rest = rest[backslash...].dropFirst()
            if rest.starts(with: "u0000".utf8) { return true }
            // What is escaped may be a backslash itself.
            rest = rest.dropFirst()
        }
        return false
    }

    /// RFC 4648, section 4, with its padding.
    private static func isBase64(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        var digits = text[...]
        var padding = 0
        while digits.last == UInt8(ascii: "="), padding < 2 {
            digits.removeLast()
            padding += 1
        }
        return (digits.count + padding) % 4 == 0
            && digits.allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0.isLowerOrDigit || $0 == UInt8(ascii: "+")
                    || $0 == UInt8(ascii: "/")
            }
    }
}
