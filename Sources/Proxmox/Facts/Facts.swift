// What is known about the API of one release of Proxmox VE.
// SPDX-License-Identifier: MIT

/// The methods of the API of one release: their paths, parameters and permissions.
///
/// Source: the API schemas of Proxmox VE 8.4 and 9.2. A value is an index; looking something up reads a table in the
/// program file.
public struct Facts: Equatable, Sendable {
    /// The place of the release among those there are facts for.
    let index: Int

    /// All releases there are facts for, the oldest first.
    public static var all: [Facts] { (0..<FactsTable.count(.releases)).map(Facts.init(index:)) }

    /// The newest release there are facts for.
    public static var newest: Facts { Facts(index: FactsTable.count(.releases) - 1) }

    /// The facts to check requests to a server against.
    ///
    /// `text` is its release as `GET /version` has it, such as `9.2.11`. Facts of the same major and minor number are
    /// taken, or else the nearest older ones of the same major number, or else the nearest newer ones. Nil for a major
    /// number there are no facts for, and for text that is not a release.
    public static func release(_ text: String?) -> Facts? {
        guard let text, let wanted = parse(text) else { return nil }
        let same = all.filter { $0.version.major == wanted.major }
        return same.last { $0.version.minor <= wanted.minor } ?? same.first
    }

    static func parse(_ text: String?) -> (major: Int, minor: Int)? {
        guard let text else { return nil }
        let parts = text.split(separator: ".", maxSplits: 2).map { $0.prefix { $0 >= "0" && $0 <= "9" } }
        guard let major = parts.first.flatMap({ Int($0) }) else { return nil }
        return (major, parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }

    /// Such as (9, 2).
    public var version: (major: Int, minor: Int) {
        let at = FactsTable.offset(.releases, index)
        return (Int(FactsTable.bytes.u16(at)), Int(FactsTable.bytes.u16(at + 2)))
    }

    /// Such as `9.2`.
    public var name: String { "\(version.major).\(version.minor)" }

    /// The method with this verb at this path of the API, such as `/nodes/{node}/qemu`; nil when the release has none.
    public func endpoint(_ method: Method, _ template: String) -> Endpoint? {
        guard let route = Route(template: template, values: [:]) else { return nil }
        return endpoint(method, at: route.node)
    }

    /// All methods of the release, in no particular order.
    public var endpoints: [Endpoint] {
        (0..<FactsTable.count(.nodes)).flatMap { index in
            Method.allCases.compactMap { endpoint($0, at: FactsTable.Node(index: index)) }
        }
    }

    /// The path of the API that a path with its values in place (not encoded) belongs to, and those values.
    ///
    /// `/nodes/pve1/qemu/100/config` is `/nodes/{node}/qemu/{vmid}/config`. Nil when no release has such a path, or this
    /// one has no method there.
    public func match(path: String) -> (template: String, values: [String: String])? {
        guard let route = Route(path: path),
            Method.allCases.contains(where: { endpoint($0, at: route.node) != nil })
        else { return nil }
        return (route.node.template, Dictionary(route.values.map { ($0.name, $0.value) }) { $1 })
    }

    /// The method the server will take a request for: that of its template, or of the template with values put in where
    /// it has names that the API has not. Nil when the release has none.
    public func resolve(_ request: Request) -> (template: String, endpoint: Endpoint)? {
        guard let route = Route(template: request.template, values: request.path),
            let endpoint = endpoint(request.method, at: route.node)
        else { return nil }
        return (route.node.template, endpoint)
    }

    func endpoint(_ method: Method, at node: FactsTable.Node) -> Endpoint? {
        node.endpoint(method, release: index).map { Endpoint(facts: self, index: $0) }
    }
}
