// Fingerprints of values.
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

    /// The digest of a file's bytes alone, as `sha256sum` prints it. Nil when libcrypto cannot be used.
    init?(ofFile content: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Int(CCRYPTO_DIGEST_SIZE))
        guard ccrypto_sha256(content, content.count, &digest) == 0 else { return nil }
        bytes = digest
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
