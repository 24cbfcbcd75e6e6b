// The SHA-256 fingerprint of a certificate.
// SPDX-License-Identifier: MIT

/// The SHA-256 of a certificate, as Proxmox VE shows it (`AA:BB:…`, 32 bytes).
public struct Fingerprint: Equatable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Reads 32 bytes in hexadecimal, with or without colons.
    public init(_ text: String) throws(SettingError) {
        let example = "example: 7A:0C:…:9F, as `pvenode cert info` or the node's certificate page shows it"
        var digits: [UInt8] = []
        for character in text where character != ":" && character != " " && character != "\n" {
            guard let digit = character.hexDigitValue else {
                throw SettingError(
                    "a SHA-256 fingerprint has hexadecimal digits and colons, found \"\(character)\"; \(example)")
            }
            digits.append(UInt8(digit))
        }
        guard digits.count == 64 else {
            let hint = digits.count == 40 ? " (this is the length of a SHA-1)" : ""
            throw SettingError(
                "a SHA-256 fingerprint has 64 hexadecimal digits, got \(digits.count)\(hint); \(example)")
        }
        bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// A digest of 32 bytes; nil for another length.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Upper-case hexadecimal with colons.
    public var description: String {
        let digits = Array("0123456789ABCDEF")
        return bytes.map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined(separator: ":")
    }
}
