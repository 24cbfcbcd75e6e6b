// Bytes and names that nobody can guess.
// SPDX-License-Identifier: MIT

import CCrypto

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
