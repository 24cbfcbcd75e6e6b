// The bytes of a file that may say anything: every read is checked.
// SPDX-License-Identifier: MIT

/// Little-endian numbers and NUL-terminated texts at offsets that nobody has checked before.
struct ELFBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// The first bytes, at most `length`.
    func prefix(_ length: Int) -> [UInt8] { Array(bytes.prefix(length)) }

    /// The number at `offset`; nil when it is not all in the file.
    func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: UInt64) -> Number? {
        let size = MemoryLayout<Number>.size
        guard bytes.count >= size, offset <= UInt64(bytes.count - size) else { return nil }
        return bytes.withUnsafeBytes { raw in
            Number(littleEndian: raw.loadUnaligned(fromByteOffset: Int(offset), as: Number.self))
        }
    }

    /// The text that begins at `offset`, at most `limit` bytes of it; nil when it begins outside of the file or does not
    /// end in it.
    func text(at offset: UInt64, limit: Int = 1024) -> String? {
        guard offset < UInt64(bytes.count) else { return nil }
        let tail = bytes[Int(offset)...].prefix(limit)
        guard let end = tail.firstIndex(of: 0) else {
            return tail.count == limit ? String(decoding: tail, as: UTF8.self) : nil
        }
        return String(decoding: tail[..<end], as: UTF8.self)
    }
}

extension UInt64 {
    /// `self + index * stride`; nil when that is no offset at all.
    func advanced(_ index: UInt64, by stride: UInt64) -> UInt64? {
        let (distance, isTooFar) = index.multipliedReportingOverflow(by: stride)
        let (sum, isBeyond) = addingReportingOverflow(distance)
        return isTooFar || isBeyond ? nil : sum
    }
}
