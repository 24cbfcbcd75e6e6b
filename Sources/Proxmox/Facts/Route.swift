// Finding the API path that the server will take a request for.
// SPDX-License-Identifier: MIT

/// Where a path leads, and the values of the names on the way; the value of a name that was given none is empty.
///
/// The server decodes a path before it splits it, so a value with a slash in it is several segments to it. That is
/// followed here: `/nodes/{node}/qemu/{vmid}` with a vmid of `100/agent/file-read` is found to read a file.
struct Route {
    var node = FactsTable.Node.root
    var values: [(name: String, value: String)] = []

    /// Follows a template. Names that are given a value are replaced by what they stand for, so a template may hold names the
    /// API does not, such as `/nodes/{node}/services/{service}/{command}`; others have to be names of the API.
    init?(template: String, values given: [String: String]) {
        var rest = template.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "/") else { return nil }
        for segment in rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.first == UInt8(ascii: "{"), segment.last == UInt8(ascii: "}") {
                let name = String(decoding: segment.dropFirst().dropLast(), as: UTF8.self)
                if let value = given[name], !value.isEmpty {
                    for part in value.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                        guard step(part) else { return nil }
                    }
                } else if let child = node.namedChild, child.name == name {
                    node = child
                    values.append((name, ""))
                } else {
                    return nil
                }
            } else {
                // Escapes, queries and fragments in a template would be read differently by the server.
                guard segment.allSatisfy(Route.isPlain), step(segment) else { return nil }
            }
        }
    }

    /// Follows a path whose values are in place, not encoded.
    init?(path: String) {
        var rest = path.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "/") else { return nil }
        for segment in rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard step(segment) else { return nil }
        }
    }

    /// Everywhere a template may lead once its names have values: a name the API does not have there stands for any of
    /// the segments it has.
    static func ends(of template: String) -> [FactsTable.Node] {
        var rest = template.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "/") else { return [] }
        var ends = [FactsTable.Node.root]
        for segment in rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let isName = segment.first == UInt8(ascii: "{") && segment.last == UInt8(ascii: "}")
            ends = ends.flatMap { node -> [FactsTable.Node] in
                if isName { return node.children.map(FactsTable.Node.init(index:)) }
                guard !segment.isEmpty, segment.allSatisfy(isPlain) else { return [] }
                return [node.namedChild ?? node.child(segment)].compactMap { $0 }
            }
        }
        return ends
    }

    private mutating func step(_ segment: Substring.UTF8View) -> Bool {
        if node.takesRest {
            values[values.count - 1].value += "/" + String(decoding: segment, as: UTF8.self)
            return true
        }
        if segment.isEmpty { return false }
        if let child = node.namedChild {
            node = child
            values.append((child.name, String(decoding: segment, as: UTF8.self)))
            return true
        }
        guard let child = node.child(segment) else { return false }
        node = child
        return true
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "="), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}
