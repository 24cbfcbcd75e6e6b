// The dynamic symbols of a shared library: what it gives and what it wants.
// SPDX-License-Identifier: MIT

/// Reads the dynamic symbol table. It has no size of its own: the hash tables and the relocations tell how far it goes.
struct ELFSymbols {
    private let image: ELFImage

    /// More symbols than any library has; what is behind them is not read.
    static let limit: UInt64 = 1 << 18
    private static let size: UInt64 = 24

    init(_ image: ELFImage) { self.image = image }

    /// Calls `body` with each symbol that is defined here for others, or wanted from others, until it returns false.
    func forEach(_ body: (_ name: String, _ isDefined: Bool, _ kind: ELFFacts.SymbolKind, _ isWeak: Bool) -> Bool) {
        guard let address = image.value(.symbolTable), let table = image.offset(ofAddress: address) else { return }
        for index in 1..<max(1, min(count, ELFSymbols.limit)) {
            guard let place = table.advanced(index, by: ELFSymbols.size),
                let last = place.advanced(1, by: 16), image.bytes.number(UInt64.self, at: last) != nil,
                let name = image.bytes.number(UInt32.self, at: place),
                let information = image.bytes.number(UInt8.self, at: place &+ 4),
                let other = image.bytes.number(UInt8.self, at: place &+ 5),
                let section = image.bytes.number(UInt16.self, at: place &+ 6)
            else { return }
            let binding = information >> 4
            // Global, weak or unique; default or protected visibility.
            guard binding == 1 || binding == 2 || binding == 10, other & 3 == 0 || other & 3 == 3,
                let text = image.string(UInt64(name)), !text.isEmpty
            else { continue }
            let kind: ELFFacts.SymbolKind =
                switch information & 15 {
                case 2: .function
                case 10: .resolvedFunction
                case 1, 5, 6: .data
                default: .unspecified
                }
            guard body(text, section != 0, kind, binding == 2) else { return }
        }
    }

    /// How many symbols there are, by whatever tells most.
    private var count: UInt64 { max(hashCount, gnuHashCount, relocationCount) }

    /// The second number of DT_HASH is the size of the symbol table.
    private var hashCount: UInt64 {
        guard let address = image.value(.hash), let table = image.offset(ofAddress: address),
            let place = table.advanced(1, by: 4), let count = image.bytes.number(UInt32.self, at: place)
        else { return 0 }
        return UInt64(count)
    }

    /// DT_GNU_HASH: the last chain of the last bucket ends at the last symbol.
    private var gnuHashCount: UInt64 {
        guard let address = image.value(.gnuHash), let table = image.offset(ofAddress: address),
            let bucketCount = image.bytes.number(UInt32.self, at: table),
            let first = table.advanced(1, by: 4).flatMap({ image.bytes.number(UInt32.self, at: $0) }),
            let bloomSize = table.advanced(2, by: 4).flatMap({ image.bytes.number(UInt32.self, at: $0) }),
            let bloom = table.advanced(1, by: 16), let buckets = bloom.advanced(UInt64(bloomSize), by: 8),
            let chains = buckets.advanced(UInt64(bucketCount), by: 4)
        else { return 0 }
        var last: UInt32 = 0
        for index in 0..<min(UInt64(bucketCount), ELFSymbols.limit) {
            guard let place = buckets.advanced(index, by: 4), let bucket = image.bytes.number(UInt32.self, at: place)
            else { return 0 }
            last = max(last, bucket)
        }
        guard last >= first else { return UInt64(first) }
        var index = UInt64(last)
        while index < ELFSymbols.limit, let place = chains.advanced(index - UInt64(first), by: 4),
            let hash = image.bytes.number(UInt32.self, at: place)
        {
            index += 1
            if hash & 1 == 1 { break }
        }
        return index
    }

    /// One more than the highest symbol that a relocation names.
    private var relocationCount: UInt64 {
        max(
            highestSymbol(image.value(.relocations), image.value(.relocationSize)),
            highestSymbol(image.value(.pltRelocations), image.value(.pltRelocationSize)))
    }

    private func highestSymbol(_ address: UInt64?, _ size: UInt64?) -> UInt64 {
        guard let address, let size, let table = image.offset(ofAddress: address) else { return 0 }
        var highest: UInt64 = 0
        // The file's size bounds the count: each entry is read from it.
        for index in 0..<min(size / 24, UInt64(image.bytes.count) / 24) {
            guard let place = table.advanced(index, by: 24), let second = place.advanced(1, by: 8),
                let information = image.bytes.number(UInt64.self, at: second)
            else { break }
            highest = max(highest, (information >> 32) &+ 1)
        }
        return highest
    }
}
