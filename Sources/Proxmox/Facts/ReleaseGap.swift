// What a server lacks because of its release.
// SPDX-License-Identifier: MIT

/// A method or a parameter that some known release has and a server's has not.
struct ReleaseGap: Equatable {
    /// `POST /cluster/ha/rules`, or a parameter and its method.
    private let what: String
    /// The releases that have it, the oldest first; never none.
    private let having: [Facts]
    /// The server's, as `GET /version` has it; nil when it is not known.
    private let release: String?
    /// What does it in the releases that have not got it.
    private let instead: String?

    /// Nil when no release has the method, or the one that the server runs has it.
    init?(methodOf request: Request, release: String?) {
        guard let node = Route(template: request.template, values: request.path)?.node else { return nil }
        what = "\(request.method.rawValue) \(node.template)"
        having = Facts.all.filter { $0.endpoint(request.method, at: node) != nil }
        self.release = release
        instead = Substitute.method(node.template)
        if having.isEmpty || isFilled { return nil }
    }

    /// Nil when no release has the parameter, or the one that the server runs has it.
    init?(parameter name: String, of request: Request, release: String?) {
        guard let node = Route(template: request.template, values: request.path)?.node else { return nil }
        what = "`\(name.shortened)` on \(request.method.rawValue) \(node.template)"
        having = Facts.all.filter { $0.endpoint(request.method, at: node)?.parameter(name) != nil }
        self.release = release
        instead = Substitute.parameter(name, node.template)
        if having.isEmpty || isFilled { return nil }
    }

    /// Whether there are facts for the server's very release, and they have it.
    private var isFilled: Bool {
        guard let wanted = Facts.parse(release) else { return having.count == Facts.all.count }
        return having.contains { $0.version == wanted }
    }

    /// Which release is needed, which the server runs, and what does it there. Without a mark at the end.
    var text: String {
        let names = having.map(\.name).joined(separator: " and ")
        var text = "\(what) "
        let first = having.first?.version ?? (0, 0)
        if let release, let wanted = Facts.parse(release) {
            text +=
                wanted < first
                ? "needs a newer Proxmox VE, such as \(names); this server runs \(release.shortened)"
                : "is gone from newer Proxmox VE: \(names) had it; this server runs \(release.shortened)"
        } else {
            text += "is not in every Proxmox VE: \(names) has it, this server's may not"
        }
        return instead.map { "\(text). There, \($0)" } ?? text
    }
}

extension Facts {
    /// The request without what only other releases have and says nothing: a truth value that is the case without it, such as
    /// `with-conntrack-state` off, whose effect the server's release has anyway. Nil when there is no such thing in it.
    ///
    /// Everything else that a release lacks is refused by name: dropping it would do something else than was asked for.
    public static func adaptation(of request: Request, release: String?) -> Request? {
        guard !request.parameters.isEmpty, let facts = Facts.release(release),
            let node = Route(template: request.template, values: request.path)?.node,
            let endpoint = facts.endpoint(request.method, at: node), !endpoint.allowsOthers
        else { return nil }
        let kept = request.parameters.filter { given in
            guard endpoint.parameter(given.name) == nil else { return true }
            let others = all.compactMap { $0.endpoint(request.method, at: node)?.parameter(given.name) }
            return others.isEmpty
                || !others.allSatisfy { $0.defaultTruth != nil && $0.defaultTruth == given.value.truth }
        }
        guard kept.count < request.parameters.count else { return nil }
        var adapted = request
        adapted.parameters = kept
        return adapted
    }
}

extension ParameterValue {
    /// The truth value that it is sent as; nil for everything else.
    fileprivate var truth: Bool? {
        switch text {
        case "1": true
        case "0": false
        default: nil
        }
    }
}
