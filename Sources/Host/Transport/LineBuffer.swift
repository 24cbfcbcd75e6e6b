// Cuts what arrives on standard input into lines.
// SPDX-License-Identifier: MIT

/// Collects bytes until a line is whole. A line over the limit is dropped as it arrives and reported once.
struct LineBuffer {
    enum Line {
        case whole([UInt8])
        case overlong
    }

    private var pending: [UInt8] = []
    private var dropping = false
    private let limit: Int

    /// How long a line may be, in bytes.
    static let standardLimit = 16 << 20

    init(limit: Int = standardLimit) {
        self.limit = limit
    }

    /// Takes the bytes just read and calls `line` for each line that they complete.
    mutating func append(_ chunk: UnsafeRawBufferPointer, _ line: (Line) -> Void) {
        var rest = chunk[...]
        while let newline = rest.firstIndex(of: 0x0A) {
            take(rest[..<newline])
            finish(line)
            rest = rest[(newline + 1)...]
        }
        take(rest)
    }

    /// The input has ended: what stands after the last newline is a line too.
    mutating func end(_ line: (Line) -> Void) {
        if !pending.isEmpty || dropping { finish(line) }
    }

    private mutating func take(_ bytes: Slice<UnsafeRawBufferPointer>) {
        if dropping { return }
        guard pending.count + bytes.count <= limit else {
            dropping = true
            pending = []
            return
        }
        pending.append(contentsOf: bytes)
    }

    private mutating func finish(_ line: (Line) -> Void) {
        if dropping {
            dropping = false
            line(.overlong)
        } else {
            line(.whole(pending))
            pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
        }
    }
}
