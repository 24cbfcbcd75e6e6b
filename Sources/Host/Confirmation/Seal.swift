// The seal that nobody outside this process can make.
// SPDX-License-Identifier: MIT

import CCrypto

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
