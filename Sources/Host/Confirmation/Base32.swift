// Bytes as letters and digits that people can read to each other.
// SPDX-License-Identifier: MIT

/// Thirty-two letters and digits that are not mistaken for each other.
enum Base32 {
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

    /// Writes values below 32.
    static func text(_ values: [UInt8]) -> String {
        String(decoding: values.map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }

    /// Writes bytes, five bits a letter.
    static func encode(_ bytes: [UInt8]) -> String {
        var values: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                values.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)) & 31)
            }
        }
        if count > 0 { values.append(UInt8(truncatingIfNeeded: bits << UInt32(5 - count)) & 31) }
        return text(values)
    }

    /// Reads what ``encode(_:)`` wrote, and nothing else.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for letter in text.utf8 {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return encode(bytes).utf8.elementsEqual(text.utf8) ? bytes : nil
    }
}
