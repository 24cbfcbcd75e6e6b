// One parameter of a method of the API.
// SPDX-License-Identifier: MIT

extension Facts {
    /// What a method takes under a name.
    ///
    /// Record: u32 name, u8 type, u8 type of elements, u16 flags (1 optional, 2 has a minimum, 4 a maximum, 8 a pattern,
    /// 16 numbered, 32 a list in a string, 64 true by default, 128 false by default), f64 minimum, f64 maximum, u32 least and u32 greatest length, u32 choices,
    /// u32 format, u32 pattern, u32 required with it, u16 highest number, u16 unused. For arrays the bounds, lengths,
    /// choices and the pattern are those of the elements.
    public struct Parameter: Equatable, Sendable {
        let index: Int

        public enum Kind: UInt8, Sendable {
            case string, integer, number, boolean, array
        }

        private var at: Int { FactsTable.offset(.parameters, index) }
        private var bytes: UnsafeRawBufferPointer { FactsTable.bytes }
        private var flags: UInt16 { bytes.u16(at + 6) }
        var nameStart: Int { Int(bytes.u32(at)) }

        /// As the API lists it: `memory`, or `net[n]` for `net0`, `net1` and so on.
        public var name: String { FactsTable.string(nameStart) }
        public var kind: Kind { Kind(rawValue: bytes[at + 4]) ?? .string }
        /// The type of an array's elements.
        public var elementKind: Kind { Kind(rawValue: bytes[at + 5]) ?? .string }
        public var isOptional: Bool { flags & 1 != 0 }
        public var minimum: Double? { flags & 2 != 0 ? bytes.f64(at + 8) : nil }
        public var maximum: Double? { flags & 4 != 0 ? bytes.f64(at + 16) : nil }
        /// In characters.
        public var minimumLength: Int { Int(bytes.u32(at + 24)) }
        /// In characters.
        public var maximumLength: Int? { bytes.u32(at + 28) == .max ? nil : Int(bytes.u32(at + 28)) }
        /// Whether it is numbered: `net[n]`.
        public var isIndexed: Bool { flags & 16 != 0 }
        /// The highest number of a numbered one.
        public var highestIndex: Int { Int(bytes.u16(at + 48)) }
        /// Whether it is a string that holds several values, separated by commas.
        public var isListInString: Bool { flags & 32 != 0 }
        /// What a truth value is when it is left out; nil for other types, and when the API does not say.
        public var defaultTruth: Bool? { flags & 64 != 0 ? true : flags & 128 != 0 ? false : nil }
        /// The name of the format, such as `pve-storage-id`; empty when it has none or one of its own.
        public var format: String { FactsTable.string(Int(bytes.u32(at + 36))) }
        /// A Perl regular expression the server matches; it is not checked here. Empty when there is none.
        public var pattern: String { FactsTable.string(Int(bytes.u32(at + 40))) }
        /// Another parameter that has to be given with this one; empty when there is none.
        public var requires: String { FactsTable.string(Int(bytes.u32(at + 44))) }

        /// The values it takes; empty when they are not listed.
        public var choices: [String] {
            let run = Int(bytes.u32(at + 32))
            guard run != 0 else { return [] }
            return (0..<FactsTable.word(run)).map { FactsTable.string(FactsTable.word(run + 1 + $0)) }
        }

        /// What it takes, for messages: `an integer of 16 or more`, `one of on, off`.
        public var takes: String {
            kind == .array ? "a list, each element \(takes(elementKind))" : takes(kind)
        }

        func takes(_ kind: Kind) -> String {
            if !choices.isEmpty { return "one of " + choices.joined(separator: ", ") }
            switch kind {
            case .string:
                switch (minimumLength, maximumLength) {
                case (0, nil): return "text"
                case (0, let most?): return "text of at most \(most) characters"
                case (let least, nil): return "text of at least \(least) characters"
                case (let least, let most?): return "text of \(least) to \(most) characters"
                }
            case .boolean: return "true or false"
            case .array: return "a list"
            case .integer, .number:
                let noun = kind == .integer ? "an integer" : "a number"
                switch (minimum, maximum) {
                case (nil, nil): return noun
                case (let low?, nil): return "\(noun) of \(Facts.text(low)) or more"
                case (nil, let high?): return "\(noun) of at most \(Facts.text(high))"
                case (let low?, let high?): return "\(noun) of \(Facts.text(low)) to \(Facts.text(high))"
                }
            }
        }
    }

    /// A bound as people write it: `100`, not `100.0`.
    static func text(_ bound: Double) -> String {
        Int64(exactly: bound).map { String($0) } ?? "\(bound)"
    }
}
