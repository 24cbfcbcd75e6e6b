// Asks the cluster for what a refusal leaves open: which nodes and storages there are, and where a guest is.
// SPDX-License-Identifier: MIT

import JSON

extension Client {
    /// Completes with the failure, and what one look at the cluster adds to it: the names near one that does not exist, and
    /// which nodes are online. As it is when nothing can be added, or the look fails.
    ///
    /// A guest that is not where it was looked for is sought (GET /cluster/resources), nodes and storages are listed
    /// (GET /nodes, GET /storage).
    public func explain(_ failure: Failure, of request: Request, completion: @escaping (Failure) -> Void) {
        if failure.isMissingGuest, let vmid = request.path["vmid"].flatMap({ Int64($0) }) {
            return whereabouts(ofGuest: vmid, request) { text in
                completion(text.map { .explained(failure, $0) } ?? failure)
            }
        }
        guard let doubt = Doubt(failure, request) else { return completion(failure) }
        send(Request(.get, doubt.isOfNode ? "/nodes" : "/storage")) { result in
            guard case .success(let answer) = result, let text = doubt.resolved(answer.data) else {
                return completion(failure)
            }
            completion(.explained(failure, text))
        }
    }

    /// Where a guest is that was not where `request` looked for it, or which are near it when it is nowhere; nil when it is
    /// where it was looked for after all, or cannot be found out.
    public func whereabouts(ofGuest vmid: Int64, _ request: Request, completion: @escaping (String?) -> Void) {
        forgetGuest(vmid)
        node(ofGuest: vmid) { result in
            switch result {
            case .success(let guest): completion(guest.contradiction(to: request))
            case .failure(let failure):
                if case .unknownGuest = failure { return completion(failure.message) }
                completion(nil)
            }
        }
    }
}

extension GuestLocation {
    /// What a request that names another node, or another kind of guest, has wrong; nil when it has neither.
    fileprivate func contradiction(to request: Request) -> String? {
        let itself = "\(kind == .qemu ? "VM" : "Container") \(vmid)" + (name.map { " (\($0.shortened))" } ?? "")
        let segments = request.template.split(separator: "/")
        if let place = segments.firstIndex(of: "{vmid}"), place > 0,
            let wanted = Kind(rawValue: String(segments[place - 1])), wanted != kind
        {
            return "\(itself) on node \(node) is not a \(wanted == .qemu ? "VM" : "container")."
        }
        guard let asked = request.path["node"], asked != node else { return nil }
        return "\(itself) is on node \(node), not on \(asked.shortened); leave the node out to have it found."
    }
}

/// A name in a refusal that a list can be held against.
private struct Doubt {
    let name: String
    let isOfNode: Bool
    /// Whether the node is known to be there, and only its state is in doubt.
    private let wasReached: Bool

    init?(_ failure: Failure, _ request: Request) {
        wasReached = if case .proxyFailed = failure { true } else { false }
        switch failure {
        case .nodeUnreachable(_, let node?, _):
            (name, isOfNode) = (node, true)
        case .proxyFailed:
            guard let node = request.path["node"] else { return nil }
            (name, isOfNode) = (node, true)
        case .rejected(_, _, let text):
            guard let found = Doubt.read(text) else { return nil }
            (name, isOfNode) = found
        case .parameters(_, let problems):
            guard let found = problems.lazy.compactMap({ Doubt.read($0.text) }).first else { return nil }
            (name, isOfNode) = found
        default: return nil
        }
    }

    /// The name between quotes after what it is the name of.
    private static func read(_ text: String) -> (String, isOfNode: Bool)? {
        for (phrase, end, isOfNode) in [
            ("hostname lookup '", "", true), ("node '", "does not exist", true), ("no such cluster node '", "", true),
            ("no such node '", "", true), ("storage '", "does not exist", false), ("no such storage '", "", false),
        ] where text.mentions(end) {
            guard let name = text.quoted(after: phrase), !name.isEmpty else { continue }
            return (name, isOfNode)
        }
        return nil
    }

    /// What the list says of the name; nil when that is nothing new.
    func resolved(_ list: JSONValue?) -> String? {
        guard let list, list.isArray, list.count > 0 else { return nil }
        return isOfNode
            ? node(among: Array(list.elements)) : storage(among: list.elements.compactMap { $0["storage"]?.string })
    }

    private func node(among list: [JSONValue]) -> String? {
        let nodes = list.compactMap { node in node["node"]?.string.map { ($0, node["status"]?.string ?? "unknown") } }
            .sorted { $0.0 < $1.0 }
        if let (_, status) = nodes.first(where: { $0.0 == name }) {
            if status == "online" {
                return wasReached
                    ? nil : "The cluster lists it as online, so the way between the nodes may be cut; try again."
            }
            let online = nodes.filter { $0.1 == "online" }.map(\.0)
            return
                "The cluster lists it as \(status.shortened); online \(online.count == 1 ? "is" : "are") \(Doubt.some(online))."
        }
        return Doubt.unknown("node", name, nodes.map(\.0), shown: nodes.map { "\($0.0) (\($0.1))" })
    }

    private func storage(among names: [String]) -> String? {
        if names.contains(name) { return nil }
        return Doubt.unknown("storage", name, names, shown: names.sorted())
    }

    private static func unknown(_ kind: String, _ name: String, _ names: [String], shown: [String]) -> String {
        let near = Nearest.names(to: name, in: names).joined(separator: " or ")
        let meant = near.isEmpty ? "." : "; did you mean \(near)?"
        return "No \(kind) is called \(name.shortened)\(meant) There \(names.count == 1 ? "is" : "are") \(some(shown))."
    }

    /// As many as a message can bear.
    private static func some(_ names: [String]) -> String {
        let shown = names.prefix(12).map(\.shortened).joined(separator: ", ")
        if shown.isEmpty { return "none" }
        return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
    }
}

extension String {
    /// What stands between `phrase`, which ends with a quote, and the next one.
    fileprivate func quoted(after phrase: String) -> String? {
        let text = Array(utf8)
        let phrase = Array(phrase.utf8)
        guard text.count > phrase.count,
            let start = (0..<(text.count - phrase.count)).first(where: { text[$0..<($0 + phrase.count)] == phrase[...] }
            )
        else { return nil }
        let rest = text[(start + phrase.count)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "'")) else { return nil }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
