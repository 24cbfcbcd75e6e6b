// Text that plugins hand over as NUL-terminated bytes: checked once, read when needed.
// SPDX-License-Identifier: MIT

import Glibc

/// What is wrong with a text of a descriptor.
public enum TextFault: Equatable, Sendable {
    case absent
    case empty
    case tooLong(limit: Int)
    case notUTF8
    /// It holds a byte that names of its kind must not have.
    case notAName(String, grammar: String)
}

/// A C string of a descriptor. The bytes are the plugin's and stay: plugins are never unmapped.
struct CText {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Measures `pointer`; reads at most `limit` + 1 bytes, so that a missing NUL is found and not followed.
    init(_ pointer: UnsafePointer<CChar>, upTo limit: Int) {
        let length = strnlen(pointer, limit + 1)
        // CChar and UInt8 have one layout, and the bytes outlive every user of this value.
        let start = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
        bytes = UnsafeBufferPointer(start: start, count: length)
    }

    /// The text, with what is not UTF-8 replaced: for messages.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the bytes are UTF-8. ASCII, nearly all there is, goes eight bytes at a time.
    var isUTF8: Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            if raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
            offset += 8
        }
        while offset < raw.count, raw[offset] < 0x80 { offset += 1 }
        return offset == raw.count || String(validating: bytes, as: UTF8.self) != nil
    }

    /// The fault of a text that must be there, have at least one byte and at most `limit`.
    static func fault(_ pointer: UnsafePointer<CChar>?, upTo limit: Int) -> TextFault? {
        guard let pointer else { return .absent }
        if pointer.pointee == 0 { return .empty }
        return optionalFault(pointer, upTo: limit)
    }

    /// The fault of a text that may be absent or empty.
    static func optionalFault(_ pointer: UnsafePointer<CChar>?, upTo limit: Int) -> TextFault? {
        guard let pointer else { return nil }
        let text = CText(pointer, upTo: limit)
        if text.bytes.count > limit { return .tooLong(limit: limit) }
        return text.isUTF8 ? nil : .notUTF8
    }

    /// The fault of a name whose every byte `admits`.
    static func nameFault(
        _ pointer: UnsafePointer<CChar>?, upTo limit: Int, _ grammar: String, _ admits: (UInt8) -> Bool
    ) -> TextFault? {
        if let fault = fault(pointer, upTo: limit) { return fault }
        guard let pointer else { return .absent }
        let text = CText(pointer, upTo: limit)
        return text.bytes.allSatisfy(admits) ? nil : .notAName(text.string, grammar: grammar)
    }
}

extension UInt8 {
    /// `a` to `z`, `0` to `9`.
    var isLowerOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    /// `isLowerOrDigit`, `A` to `Z`, `_`, `.`, `-`: what clients admit in names of arguments.
    var isNameByte: Bool {
        isLowerOrDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
            || self == UInt8(ascii: "_") || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
    }
}
