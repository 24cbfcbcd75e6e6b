// The tree of the API's paths.
// SPDX-License-Identifier: MIT

extension FactsTable {
    /// A segment of a path. Its children are either literal segments, sorted, or one name in braces.
    ///
    /// Record: u32 segment, u16 first child, u16 number of children, u8 flags (1 name, 2 takes the rest of the path),
    /// u8 unused, u16 parent, then for each verb the u16 numbers (from 1) of its risk and of its endpoint per release.
    struct Node: Equatable {
        let index: Int

        static let root = Node(index: 0)

        private var at: Int { FactsTable.offset(.nodes, index) }
        private var segment: Int { Int(bytes.u32(at)) }

        /// The segment, without braces.
        var name: String { FactsTable.string(segment) }
        var isName: Bool { bytes[at + 8] & 1 != 0 }
        var takesRest: Bool { bytes[at + 8] & 2 != 0 }
        var parent: Node? { index == 0 ? nil : Node(index: Int(bytes.u16(at + 10))) }

        var children: Range<Int> {
            let first = Int(bytes.u16(at + 4))
            return first..<(first + Int(bytes.u16(at + 6)))
        }

        /// The child that is a name in braces.
        var namedChild: Node? {
            guard let first = children.first else { return nil }
            let child = Node(index: first)
            return child.isName ? child : nil
        }

        /// The literal child with exactly this text.
        func child(_ text: some Collection<UInt8>) -> Node? {
            var range = children
            if let first = range.first, Node(index: first).isName { return nil }
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let order = FactsTable.compare(Node(index: middle).segment, with: text)
                if order == 0 { return Node(index: middle) }
                range = order < 0 ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
            }
            return nil
        }

        /// The path from the root, with names in braces.
        var template: String {
            guard let parent else { return "" }
            return parent.template + (isName ? "/{\(name)}" : "/\(name)")
        }

        /// The names in braces on the way here.
        var names: [String] {
            guard let parent else { return [] }
            return parent.names + (isName ? [name] : [])
        }

        /// The index of the row of the risk table.
        func risk(_ method: Method) -> Int? { number(method, 0) }

        /// The index of the endpoint in a release.
        func endpoint(_ method: Method, release: Int) -> Int? { number(method, 1 + release) }

        private func number(_ method: Method, _ column: Int) -> Int? {
            let columns = 1 + FactsTable.count(.releases)
            let number = Int(bytes.u16(at + 12 + 2 * (method.column * columns + column)))
            return number == 0 ? nil : number - 1
        }
    }
}

extension Method {
    fileprivate var column: Int {
        switch self {
        case .get: 0
        case .post: 1
        case .put: 2
        case .delete: 3
        }
    }
}
