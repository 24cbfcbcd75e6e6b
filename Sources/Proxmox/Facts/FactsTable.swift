// Reading the table of API facts that is built into the program.
// SPDX-License-Identifier: MIT

import CFacts

/// The table scripts/generate-facts makes: sections of records that refer to each other by index.
///
/// Nothing is read before it is asked for, and nothing is kept. The bytes are this program's own, so offsets in them
/// are not doubted; a test walks all of it.
enum FactsTable {
    /// The sections in the order of the table, with the size of their records.
    enum Section: Int {
        /// u16 major, u16 minor; ascending.
        case releases
        /// A segment of a path and what hangs below it; see ``Node``.
        case nodes
        /// See ``Facts/Endpoint``.
        case endpoints
        /// See ``Facts/Parameter``.
        case parameters
        /// u16 indices of parameters, sorted by name for each endpoint.
        case lists
        /// See ``Risk``.
        case risks
        /// u32 words: choices of parameters, and what raises a risk.
        case words
        /// u16 length and UTF-8 bytes each.
        case strings

        var stride: Int {
            switch self {
            case .releases, .words: 4
            case .nodes: 36
            case .endpoints: 16
            case .parameters: 52
            case .lists: 2
            case .risks: 12
            case .strings: 1
            }
        }
    }

    static var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: cfacts_bytes(), count: cfacts_size()) }

    static func count(_ section: Section) -> Int { Int(bytes.u32(20 + 8 * section.rawValue)) }

    /// The offset of a record.
    static func offset(_ section: Section, _ index: Int) -> Int {
        Int(bytes.u32(16 + 8 * section.rawValue)) + index * section.stride
    }

    /// A word of the words section; words are counted from 1, so that 0 can mean none.
    static func word(_ number: Int) -> Int { Int(bytes.u32(offset(.words, number - 1))) }

    /// A string by its offset in the strings section.
    static func string(_ start: Int) -> String { String(decoding: utf8(start), as: UTF8.self) }

    static func utf8(_ start: Int) -> UnsafeRawBufferPointer {
        let bytes = bytes
        let at = offset(.strings, start)
        let length = Int(bytes.u16(at))
        return UnsafeRawBufferPointer(rebasing: bytes[(at + 2)..<(at + 2 + length)])
    }

    /// Less than, equal to or more than 0 as the string in the table stands before, at or after `text`.
    static func compare(_ start: Int, with text: some Collection<UInt8>) -> Int {
        let mine = utf8(start)
        var at = mine.startIndex
        for byte in text {
            if at == mine.endIndex { return -1 }
            if mine[at] != byte { return mine[at] < byte ? -1 : 1 }
            at += 1
        }
        return at == mine.endIndex ? 0 : 1
    }
}

extension UnsafeRawBufferPointer {
    // The table is little-endian, whatever the machine is.
    func u16(_ offset: Int) -> UInt16 { UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
    func u32(_ offset: Int) -> UInt32 { UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    func f64(_ offset: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
}
