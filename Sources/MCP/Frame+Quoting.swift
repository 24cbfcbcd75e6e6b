// The two byte loops of a frame: quoting a text, and keeping a value on one line.
// SPDX-License-Identifier: MIT

import Glibc

extension [UInt8] {
    /// Appends UTF-8 text as a JSON string.
    mutating func appendQuoted(_ utf8: UnsafeRawBufferPointer) {
        append(0x22)
        var start = 0
        while start < utf8.count {
            let end = Swift.min(start + Quoting.piece, utf8.count)
            let piece = UnsafeRawBufferPointer(rebasing: utf8[start..<end])
            let room = Quoting.room(for: piece.count)
            // Asked for by hand, because `append(addingCapacity:)` grows by no more than it needs, every time.
            if capacity - count < room { reserveCapacity(Swift.max(count + room, capacity * 2)) }
            append(addingCapacity: room) { span in
                // The pointer has room for as many bytes as were asked for above.
                span.withUnsafeMutableBufferPointer { buffer, count in
                    guard let base = buffer.baseAddress else { return }
                    count += Quoting.escape(piece, to: UnsafeMutableRawPointer(base + count))
                }
            }
            start = end
        }
        append(0x22)
    }

    /// Appends JSON text with its line breaks turned into blanks: JSON has none inside strings.
    mutating func appendOneLine(_ json: [UInt8]) {
        let start = count
        append(contentsOf: json)
        let hasBreak = json.withUnsafeBytes { text in
            guard let base = text.baseAddress else { return false }
            return memchr(base, 0x0A, text.count) != nil || memchr(base, 0x0D, text.count) != nil
        }
        guard hasBreak else { return }
        for index in start..<count where self[index] == 0x0A || self[index] == 0x0D { self[index] = 0x20 }
    }
}

/// Escaping eight bytes at a time.
private enum Quoting {
    /// How much text is escaped before room for more is made.
    static let piece = 128

    /// The most that can be written for `count` bytes: six for each, and a word that is stored whole at the end.
    static func room(for count: Int) -> Int { count * 6 + 8 }

    /// Writes what a JSON string holds for `text` and returns its length.
    static func escape(_ text: UnsafeRawBufferPointer, to out: UnsafeMutableRawPointer) -> Int {
        var to = out
        func put(_ byte: UInt8) {
            to.storeBytes(of: byte, as: UInt8.self)
            to += 1
        }
        var from = 0
        while from + 8 <= text.count {
            let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: from, as: UInt64.self))
            to.storeBytes(of: word.littleEndian, as: UInt64.self)
            let plain = plainBytes(word)
            to += plain
            from += plain
            if plain < 8 {
                escape(text[from], put)
                from += 1
            }
        }
        while from < text.count {
            let byte = text[from]
            if byte >= 0x20, byte != 0x22, byte != 0x5C { put(byte) } else { escape(byte, put) }
            from += 1
        }
        return out.distance(to: to)
    }

    /// How many of the eight bytes, from the lowest, can stand in a JSON string as they are.
    @inline(__always)
    private static func plainBytes(_ word: UInt64) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        // Each term has the top bit of a byte set where it is what is looked for. A borrow can set bits above the
        // first such byte only.
        let found =
            ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- (ones &* 0x20)) & ~word)
        return (found & tops).trailingZeroBitCount / 8
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, _ put: (UInt8) -> Void) {
        put(0x5C)
        switch byte {
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x22, 0x5C: put(byte)
        default:
            for digit in [0x75, 0x30, 0x30, 0x30 + byte >> 4] as [UInt8] { put(digit) }
            let low = byte & 15
            put(low < 10 ? 0x30 + low : 0x61 + low - 10)
        }
    }
}
