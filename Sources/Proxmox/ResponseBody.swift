// The bytes of an answer, owned by one place at a time.
// SPDX-License-Identifier: MIT

import Glibc

/// A body in memory from `malloc`, which is freed unless it was taken. Belongs to one thread.
final class ResponseBody {
    enum Kind {
        case empty, json, html, text
    }

    private var bytes: UnsafeMutableRawBufferPointer

    /// Takes over `start`, which came from `malloc` (or is nil) and holds `count` bytes.
    init(adopting start: UnsafeMutablePointer<UInt8>?, count: Int) {
        bytes = UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    init(_ text: String) {
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        bytes.copyBytes(from: text.utf8)
    }

    deinit {
        // Memory from `allocate` with alignment 1 is malloc's too.
        free(bytes.baseAddress)
    }

    /// Hands the bytes over; the new owner frees them.
    func take() -> UnsafeMutableRawBufferPointer {
        defer { bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0) }
        return bytes
    }

    /// What the body looks like from its first character on.
    var kind: Kind {
        guard let first = bytes.first(where: { $0 > 0x20 }) else { return .empty }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        case UInt8(ascii: "<"): return .html
        default: return .text
        }
    }

    /// The first line, for messages.
    var beginning: String {
        let line = bytes.drop { $0 <= 0x20 }.prefix(200).prefix { $0 >= 0x20 }
        return String(decoding: line, as: UTF8.self)
    }
}
