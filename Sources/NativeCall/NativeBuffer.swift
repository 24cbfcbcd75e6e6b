// Bytes with an address of their own, for functions that are handed one.
// SPDX-License-Identifier: MIT

/// Memory that stays where it is and is freed with the last reference to it.
// Sendable: nothing is written after `init`.
public final class NativeBuffer: @unchecked Sendable {
    let start: UnsafeMutablePointer<UInt8>
    /// Without the NUL of a text.
    public let count: Int

    /// A copy of `bytes`.
    public init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        start = UnsafeMutablePointer.allocate(capacity: max(1, count))
        _ = UnsafeMutableBufferPointer(start: start, count: count).initialize(from: bytes)
    }

    /// A copy of `text` with a NUL behind it; nil when there is a NUL inside, which would end it early.
    public init?(text: some Collection<UInt8>) {
        if text.contains(0) { return nil }
        count = text.count
        start = UnsafeMutablePointer.allocate(capacity: count + 1)
        _ = UnsafeMutableBufferPointer(start: start, count: count).initialize(from: text)
        (start + count).initialize(to: 0)
    }

    deinit { start.deallocate() }
}
