// One method of the API.
// SPDX-License-Identifier: MIT

extension Facts {
    /// A verb and a path of the API with all that a request to it may carry.
    ///
    /// Record: u16 node, u8 verb, u8 flags (1 tokens allowed, 2 root@pam only, 4 other parameters allowed), u8 what it
    /// returns, u8 unused, u16 number of parameters, u32 the first of them in the lists, u32 permission.
    public struct Endpoint: Equatable, Sendable {
        public let facts: Facts
        let index: Int

        /// The type of `data` in the answer.
        public enum Returns: UInt8, Sendable {
            case any, null, string, integer, boolean, array, object
            /// The UPID of a task that has begun.
            case task
            /// The UPID of a task, or null when it was done at once.
            case taskOrNull
        }

        private var at: Int { FactsTable.offset(.endpoints, index) }
        private var flags: UInt8 { FactsTable.bytes[at + 3] }
        var node: FactsTable.Node { FactsTable.Node(index: Int(FactsTable.bytes.u16(at))) }

        public var method: Method {
            switch FactsTable.bytes[at + 2] {
            case 0: .get
            case 1: .post
            case 2: .put
            default: .delete
            }
        }

        /// Such as `/nodes/{node}/qemu/{vmid}/config`.
        public var template: String { node.template }

        /// Whether API tokens may call it.
        public var allowsToken: Bool { flags & 1 != 0 }

        /// Whether only the user root@pam may call it, and none of its tokens.
        public var isRootOnly: Bool { flags & 2 != 0 }

        /// Whether it takes parameters that are not listed.
        public var allowsOthers: Bool { flags & 4 != 0 }

        public var returns: Returns { Returns(rawValue: FactsTable.bytes[at + 4]) ?? .any }

        /// The privileges a caller needs, for messages: `VM.PowerMgmt on /vms/{vmid}`.
        public var permission: String { FactsTable.string(Int(FactsTable.bytes.u32(at + 12))) }

        /// Its parameters, those in the path included, sorted by name.
        public var parameters: [Parameter] { (0..<count).map(parameter(number:)) }

        /// The parameter a request's value of this name is for; `net0` is for `net[n]`, `net99` and `net00` for none.
        public func parameter(_ name: String) -> Parameter? {
            if let exact = find(name.utf8[...]) { return exact.isIndexed ? nil : exact }
            let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
            guard digits > 0, digits < name.utf8.count, let number = Int(name.suffix(digits)),
                String(number).utf8.count == digits,
                let numbered = find((name.dropLast(digits) + "[n]").utf8[...]), number <= numbered.highestIndex
            else { return nil }
            return numbered
        }

        private var count: Int { Int(FactsTable.bytes.u16(at + 6)) }

        private func parameter(number: Int) -> Parameter {
            let list = FactsTable.offset(.lists, Int(FactsTable.bytes.u32(at + 8)) + number)
            return Parameter(index: Int(FactsTable.bytes.u16(list)))
        }

        private func find(_ name: Substring.UTF8View) -> Parameter? {
            var range = 0..<count
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let candidate = parameter(number: middle)
                let order = FactsTable.compare(candidate.nameStart, with: name)
                if order == 0 { return candidate }
                range = order < 0 ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
            }
            return nil
        }
    }
}
