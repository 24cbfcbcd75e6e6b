// What the dynamic linker reads of a shared library: its segments and its dynamic entries.
// SPDX-License-Identifier: MIT

/// A view of a 64-bit little-endian ELF file through its program headers (System V ABI, chapter 5).
///
/// Section headers are not read: they can be stripped, or say something else than what is loaded.
struct ELFImage {
    /// A part of the file and where it goes in memory.
    private struct Segment {
        let offset: UInt64
        let address: UInt64
        let size: UInt64
    }

    /// Tags of dynamic entries.
    enum Tag: UInt64 {
        case needed = 1, pltRelocationSize = 2, hash = 4, stringTable = 5, symbolTable = 6, relocations = 7
        case relocationSize = 8, initializer = 12, soname = 14, rpath = 15, textRelocations = 22
        case pltRelocations = 23, bindNow = 24, initializerArraySize = 27, runpath = 29, flags = 30
        case gnuHash = 0x6fff_fef5, flags1 = 0x6fff_fffb
    }

    let bytes: ELFBytes
    /// Flags of PT_GNU_STACK; nil when the file does not say.
    private(set) var stackFlags: UInt32?
    private(set) var hasRelro = false
    private(set) var hasDynamicSegment = false
    private var segments: [Segment] = []
    private var entries: [(tag: UInt64, value: UInt64)] = []
    private var firstValues: [UInt64: UInt64] = [:]

    /// More of either is nothing a linker writes.
    private static let headerLimit: UInt64 = 256
    private static let entryLimit: UInt64 = 4096

    /// Throws when the file is not a shared library for this machine.
    init(_ file: [UInt8]) throws(RefusalReason) {
        bytes = ELFBytes(file)
        try SharedObject.check(header: bytes.prefix(64))
        readSegments()
    }

    private mutating func readSegments() {
        guard let start = bytes.number(UInt64.self, at: 32), let stride = bytes.number(UInt16.self, at: 54),
            let count = bytes.number(UInt16.self, at: 56), stride >= 56
        else { return }
        var dynamic: Segment?
        for index in 0..<min(UInt64(count), ELFImage.headerLimit) {
            guard let header = start.advanced(index, by: UInt64(stride)),
                let last = header.advanced(1, by: 48), bytes.number(UInt64.self, at: last) != nil,
                let type = bytes.number(UInt32.self, at: header),
                let flags = bytes.number(UInt32.self, at: header &+ 4),
                let offset = bytes.number(UInt64.self, at: header &+ 8),
                let address = bytes.number(UInt64.self, at: header &+ 16),
                let size = bytes.number(UInt64.self, at: header &+ 32)
            else { return }
            let segment = Segment(offset: offset, address: address, size: size)
            switch type {
            case 1: segments.append(segment)
            case 2: dynamic = segment
            case 0x6474_e551: stackFlags = flags
            case 0x6474_e552: hasRelro = true
            default: break
            }
        }
        if let dynamic { readEntries(dynamic) }
    }

    private mutating func readEntries(_ segment: Segment) {
        hasDynamicSegment = true
        for index in 0..<min(segment.size / 16, ELFImage.entryLimit) {
            guard let place = segment.offset.advanced(index, by: 16), let second = place.advanced(1, by: 8),
                let tag = bytes.number(UInt64.self, at: place), let value = bytes.number(UInt64.self, at: second),
                tag != 0
            else { return }
            entries.append((tag, value))
            if firstValues[tag] == nil { firstValues[tag] = value }
        }
    }

    /// Where in the file the byte is that is loaded at `address`; nil when none is.
    func offset(ofAddress address: UInt64) -> UInt64? {
        for segment in segments where address >= segment.address && address - segment.address < segment.size {
            return segment.offset.advanced(address - segment.address, by: 1)
        }
        return nil
    }

    /// The values of the entries with this tag, in their order.
    func values(_ tag: Tag) -> [UInt64] { entries.filter { $0.tag == tag.rawValue }.map(\.value) }

    /// The value of the first of them.
    func value(_ tag: Tag) -> UInt64? { firstValues[tag.rawValue] }

    /// The text at this place of the string table.
    func string(_ index: UInt64) -> String? {
        guard let address = value(.stringTable), let start = address.advanced(index, by: 1),
            let offset = offset(ofAddress: start)
        else { return nil }
        return bytes.text(at: offset)
    }
}
