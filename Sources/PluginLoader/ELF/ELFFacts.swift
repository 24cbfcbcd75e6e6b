// What a shared library says about itself without being loaded.
// SPDX-License-Identifier: MIT

/// Facts of a shared library's file. Nothing of it has run, and a hostile file can say less than it does.
public struct ELFFacts: Equatable, Sendable {
    public enum SymbolKind: String, Sendable {
        case function
        /// A function whose address a function of the library decides while it is loaded.
        case resolvedFunction = "resolved function"
        case data
        case unspecified
    }

    public struct Symbol: Equatable, Sendable {
        public let name: String
        public let kind: SymbolKind
        public let isWeak: Bool
    }

    /// Whether what the dynamic linker writes to is made read-only afterwards.
    public enum Relro: String, Sendable {
        case none
        /// All but the table of functions that are looked up at their first call.
        case partial
        case full
    }

    public var soname: String?
    /// Libraries that are loaded with it.
    public var needed: [String] = []
    /// Where they are looked for first; both lists have colons between directories.
    public var rpath: String?
    public var runpath: String?
    /// Defined here for others, at most `listLimit`.
    public var exports: [Symbol] = []
    public var exportCount = 0
    /// Wanted from others, at most `listLimit`.
    public var imports: [String] = []
    public var importCount = 0
    /// Functions that run when the library is loaded, as far as they are counted: DT_INIT and DT_INIT_ARRAY.
    public var constructors = 0
    public var hasExecutableStack = false
    public var hasTextRelocations = false
    public var relro = Relro.none
    /// Whether every function is looked up when the library is loaded.
    public var bindsNow = false

    public static let listLimit = 4096

    /// Reads the bytes of a file. Throws when they are not a shared library for this machine.
    public init(_ file: [UInt8]) throws(RefusalReason) {
        let image = try ELFImage(file)
        guard image.hasDynamicSegment else { throw .notDynamic }
        soname = image.value(.soname).flatMap(image.string)
        needed = image.values(.needed).prefix(256).compactMap(image.string)
        rpath = image.value(.rpath).flatMap(image.string)
        runpath = image.value(.runpath).flatMap(image.string)
        constructors = (image.value(.initializer) == nil ? 0 : 1)
        constructors += Int(min((image.value(.initializerArraySize) ?? 0) / 8, 1 << 20))
        // Without the header the kernel's old default holds: an executable one.
        hasExecutableStack = image.stackFlags.map { $0 & 1 != 0 } ?? true
        let flags = image.value(.flags) ?? 0
        hasTextRelocations = image.value(.textRelocations) != nil || flags & 4 != 0
        bindsNow = image.value(.bindNow) != nil || flags & 8 != 0 || (image.value(.flags1) ?? 0) & 1 != 0
        relro = !image.hasRelro ? .none : bindsNow ? .full : .partial
        readSymbols(image)
    }

    private mutating func readSymbols(_ image: ELFImage) {
        var exports: [Symbol] = []
        var imports: [String] = []
        var exportCount = 0
        var importCount = 0
        ELFSymbols(image).forEach { name, isDefined, kind, isWeak in
            if isDefined {
                exportCount += 1
                if exports.count < ELFFacts.listLimit {
                    exports.append(Symbol(name: name, kind: kind, isWeak: isWeak))
                }
            } else {
                importCount += 1
                if imports.count < ELFFacts.listLimit { imports.append(name) }
            }
            return true
        }
        (self.exports, self.imports) = (exports, imports)
        (self.exportCount, self.importCount) = (exportCount, importCount)
    }
}
