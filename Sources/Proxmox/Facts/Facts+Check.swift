// Checking a request before it is sent, as the server will check it.
// SPDX-License-Identifier: MIT

extension Facts {
    /// What the server would object to, in the order of the request. Empty does not mean that it will accept: formats,
    /// patterns, privileges and the state of things are its own to judge.
    ///
    /// `release` is the server's, for messages; these facts' own when it is nil.
    public func check(_ request: Request, release: String? = nil) -> [Problem] {
        let release = release ?? name
        guard let route = Route(template: request.template, values: request.path),
            let endpoint = endpoint(request.method, at: route.node)
        else { return [unknown(request, release)] }
        let what = "\(request.method.rawValue) \(endpoint.template)"
        var problems: [Problem] = []
        for (name, value) in route.values {
            if value.isEmpty {
                problems.append(missing(name, endpoint.parameter(name), what))
            } else if let parameter = endpoint.parameter(name) {
                problems += check(.string(value), of: name, against: parameter)
            }
        }
        var seen = Set(route.values.map(\.name))
        for (position, given) in request.parameters.enumerated() {
            let repeated = !seen.insert(given.name).inserted
            guard let parameter = endpoint.parameter(given.name) else {
                if !endpoint.allowsOthers {
                    problems.append(
                        Problem(
                            kind: .unknownParameter, parameter: given.name,
                            text: unknown(given, endpoint, request, release)))
                }
                continue
            }
            if route.values.contains(where: { $0.name == given.name }) {
                let text = "`\(given.name.shortened)` is in the path of \(what) already; give it once"
                problems.append(Problem(kind: .repeated, parameter: given.name, text: text))
            } else if repeated, parameter.kind != .array {
                let text =
                    "`\(given.name.shortened)` takes \(parameter.takes) and was given more than once; give it once"
                if request.parameters[..<position].filter({ $0.name == given.name }).count == 1 {
                    problems.append(Problem(kind: .repeated, parameter: given.name, text: text))
                }
            } else {
                problems += check(given.value, of: given.name, against: parameter)
            }
            if !parameter.requires.isEmpty, !request.parameters.contains(where: { $0.name == parameter.requires }) {
                let text =
                    "`\(parameter.requires)` is missing: `\(given.name.shortened)` has to be given together with it"
                problems.append(Problem(kind: .missing, parameter: parameter.requires, text: text))
            }
        }
        for parameter in endpoint.parameters where !parameter.isOptional && !seen.contains(parameter.name) {
            problems.append(missing(parameter.name, parameter, what))
        }
        return problems
    }

    /// The problems of a request in one message, or nil when there are none.
    ///
    /// `release` is the server's, as `GET /version` has it. While it is not known (nil), a request is refused only when
    /// all known releases would refuse it; one there are no facts for is not checked.
    public static func refusal(of request: Request, release: String?) -> String? {
        let candidates = release == nil ? all.reversed() : Facts.release(release).map { [$0] } ?? []
        var first: [Problem] = []
        for facts in candidates {
            let problems = facts.check(request, release: release)
            if problems.isEmpty { return nil }
            if first.isEmpty { first = problems }
        }
        guard !first.isEmpty else { return nil }
        return "not sent: " + first.map(\.text).joined(separator: "; ")
    }

    private func missing(_ name: String, _ parameter: Parameter?, _ what: String) -> Problem {
        let takes = parameter.map { " (\($0.takes))" } ?? ""
        return Problem(kind: .missing, parameter: name, text: "`\(name)` is missing: \(what) needs it\(takes)")
    }

    private func unknown(_ request: Request, _ release: String) -> Problem {
        if let gap = ReleaseGap(methodOf: request, release: release) {
            return Problem(kind: .unknownEndpoint, parameter: nil, text: gap.text)
        }
        let what = "\(request.method.rawValue) \(request.template)"
        let route = Route(template: request.template, values: request.path)
        var text = "Proxmox VE \(name) has no \(what)"
        let verbs = route.map { found in Method.allCases.filter { endpoint($0, at: found.node) != nil } } ?? []
        if !verbs.isEmpty {
            text += "; there it takes " + verbs.map(\.rawValue).joined(separator: ", ")
        } else if let slashed = request.path.filter({ $0.value.utf8.contains(UInt8(ascii: "/")) }).keys.min() {
            text += "; `\(slashed.shortened)` holds a slash, which ends a segment of the path here"
        } else {
            text += "; look at the API's own list for the path that does this"
        }
        return Problem(kind: .unknownEndpoint, parameter: nil, text: text)
    }

    private func unknown(
        _ given: Request.Parameter, _ endpoint: Endpoint, _ request: Request, _ release: String
    ) -> String {
        if let gap = ReleaseGap(parameter: given.name, of: request, release: release) { return gap.text }
        let what = "\(endpoint.method.rawValue) \(endpoint.template)"
        let digits = given.name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
        let base = String(given.name.dropLast(digits))
        if let numbered = endpoint.parameters.first(where: { $0.isIndexed && $0.name == base + "[n]" }) {
            return "`\(given.name.shortened)` is not a parameter of \(what): its numbers go from \(base)0 to "
                + "\(base)\(numbered.highestIndex)"
        }
        var text = "`\(given.name.shortened)` is not a parameter of \(what) in Proxmox VE \(name)"
        let near = Nearest.names(to: given.name, in: endpoint.parameters.map(\.name))
        if !near.isEmpty {
            text += "; did you mean " + near.map { "`\($0)`" }.joined(separator: " or ") + "?"
        } else if endpoint.parameters.count <= 12 {
            let names = endpoint.parameters.map { "`\($0.name)`" }.joined(separator: ", ")
            text += names.isEmpty ? "; it takes none" : "; it takes \(names)"
        } else {
            text += "; leave it out"
        }
        return text
    }
}
