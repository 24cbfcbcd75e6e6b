// Whether a default or a choice is JSON of its parameter's type: the host copies it into schemas as it is.
// SPDX-License-Identifier: MIT

/// Reads JSON (RFC 8259) without keeping anything.
struct DefaultValue {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// What a value turned out to be.
    private enum Kind { case null, bool, integer, number, string, emptyList, stringList, integerList, list, object }

    private static let depthLimit = 16

    static func isJSON(_ bytes: UnsafeBufferPointer<UInt8>, of type: ParameterType) -> Bool {
        var reader = DefaultValue(bytes: bytes)
        guard let kind = reader.value(depth: 0), reader.position == bytes.count else { return false }
        switch type {
        case .bool: return kind == .bool
        case .i32, .u32, .i64, .u64: return kind == .integer
        case .f64: return kind == .integer || kind == .number
        case .utf8, .bytes: return kind == .string
        case .utf8List: return kind == .stringList || kind == .emptyList
        case .i64List: return kind == .integerList || kind == .emptyList
        case .object: return kind == .object
        case .json: return true
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func blanks() {
        // No line breaks: a schema is part of a line.
        while let byte = next, byte == 0x20 || byte == 0x09 { position += 1 }
    }

    private mutating func word(_ word: StaticString, _ kind: Kind) -> Kind? {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length else { return nil }
        for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] { return nil }
        position += length
        return kind
    }

    private mutating func value(depth: Int) -> Kind? {
        guard depth < DefaultValue.depthLimit, let byte = next else { return nil }
        switch byte {
        case UInt8(ascii: "n"): return word("null", .null)
        case UInt8(ascii: "t"): return word("true", .bool)
        case UInt8(ascii: "f"): return word("false", .bool)
        case UInt8(ascii: "\""): return string() ? .string : nil
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "{"): return object(depth) ? .object : nil
        default: return number()
        }
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position > start
    }

    private mutating func number() -> Kind? {
        var kind = Kind.integer
        _ = take("-")
        if !take("0"), !digits() { return nil }
        if take(".") {
            guard digits() else { return nil }
            kind = .number
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { return nil }
            kind = .number
        }
        return kind
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case ..<0x20: return false
            case UInt8(ascii: "\\"):
                guard let escaped = next else { return false }
                position += 1
                if escaped == UInt8(ascii: "u") {
                    for _ in 0..<4 {
                        guard let digit = next, Character(UnicodeScalar(digit)).isHexDigit else { return false }
                        position += 1
                    }
                } else if !"\"\\/bfnrt".utf8.contains(escaped) {
                    return false
                }
            default: break
            }
        }
        return false
    }

    private mutating func array(_ depth: Int) -> Kind? {
        guard take("[") else { return nil }
        var kinds: [Kind] = []
        blanks()
        if take("]") { return .emptyList }
        repeat {
            blanks()
            guard let kind = value(depth: depth + 1) else { return nil }
            kinds.append(kind)
            blanks()
        } while take(",")
        guard take("]") else { return nil }
        if kinds.allSatisfy({ $0 == .string }) { return .stringList }
        return kinds.allSatisfy { $0 == .integer } ? .integerList : .list
    }

    private mutating func object(_ depth: Int) -> Bool {
        guard take("{") else { return false }
        blanks()
        if take("}") { return true }
        repeat {
            blanks()
            guard string() else { return false }
            blanks()
            guard take(":") else { return false }
            blanks()
            guard value(depth: depth + 1) != nil else { return false }
            blanks()
        } while take(",")
        return take("}")
    }
}
