// Fingerprints of values, and the seal that nobody outside this process can make.
// SPDX-License-Identifier: MIT

import CCrypto

/// A SHA-256 digest of parts, each with its length, so that no two lists of parts are alike.
struct Digest: Hashable, Sendable {
    let bytes: [UInt8]

    /// Nil when libcrypto cannot be used.
    init?(of parts: [[UInt8]]) {
        let message = Digest.framed(parts)
        var digest = [UInt8](repeating: 0, count: Int(CCRYPTO_DIGEST_SIZE))
        guard ccrypto_sha256(message, message.count, &digest) == 0 else { return nil }
        bytes = digest
    }

    /// Nil when libcrypto cannot be used.
    init?(_ texts: String...) {
        self.init(of: texts.map { Array($0.utf8) })
    }

    /// As lower-case hexadecimal digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func framed(_ parts: [[UInt8]]) -> [UInt8] {
        var message: [UInt8] = []
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { message.append(contentsOf: $0) }
            message.append(contentsOf: part)
        }
        return message
    }
}

/// An HMAC-SHA-256 key of this process. What it has sealed cannot be made or altered by anybody else.
struct Seal: Sendable {
    private let key: [UInt8]

    init(key: [UInt8]) {
        self.key = key
    }

    /// Half of the HMAC of the parts, which is as much as anybody can forge; nil when libcrypto cannot be used.
    func mark(on parts: [[UInt8]]) -> [UInt8]? {
        let message = Digest.framed(parts)
        var mark = [UInt8](repeating: 0, count: Int(CCRYPTO_DIGEST_SIZE))
        guard ccrypto_hmac_sha256(key, key.count, message, message.count, &mark) == 0 else { return nil }
        return Array(mark.prefix(mark.count / 2))
    }

    /// Whether a mark is the one on these parts, in a time that tells nothing about it.
    func admits(_ mark: [UInt8], on parts: [[UInt8]]) -> Bool {
        guard let expected = self.mark(on: parts), mark.count == expected.count else { return false }
        return ccrypto_compare(mark, expected, expected.count) == 0
    }
}

/// Where unguessable bytes come from.
struct RandomSource: Sendable {
    let bytes: @Sendable (_ count: Int) -> [UInt8]?

    /// The kernel's.
    static let system = RandomSource { count in
        var bytes = [UInt8](repeating: 0, count: count)
        return ccrypto_random(&bytes, count) == 0 ? bytes : nil
    }

    /// A short name, easily read and typed: eight letters and digits, 40 bits.
    func name() -> String? {
        bytes(8).map { Base32.text($0.map { $0 & 31 }) }
    }
}

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
