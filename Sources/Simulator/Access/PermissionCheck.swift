// Decides whether somebody may call an endpoint, by the check the API facts name for it.
// SPDX-License-Identifier: MIT

import JSON

/// One request's check against the rights of who sent it.
struct PermissionCheck {
    let principal: Principal
    let rights: Rights
    /// Values by name, for the placeholders in paths.
    let values: [String: String]

    /// Why the call is refused, as in `403 Permission check failed (/vms/100, VM.Allocate)`; nil when it is allowed.
    func denial(of endpoint: APIEndpoint) -> String? {
        if principal.token != nil, !endpoint.allowsTokens {
            return "Permission check failed - API tokens may not call this method"
        }
        if principal.isRoot { return nil }
        guard let permissions = endpoint.permissions else { return Self.denied("user != root@pam") }
        if let user = permissions["user"]?.string, user == "all" || user == "world" { return codeDenial(of: endpoint) }
        guard let check = permissions["check"] else { return Self.denied() }
        return denial(Array(check.elements)) ?? configDenial(of: endpoint)
    }

    static func denied(_ detail: String? = nil) -> String {
        "Permission check failed" + (detail.map { " (\($0))" } ?? "")
    }

    private func denial(_ check: [JSONValue]) -> String? {
        switch check.first?.string {
        case "and": return check.dropFirst().lazy.compactMap { denial(Array($0.elements)) }.first
        case "or":
            return check.dropFirst().contains { denial(Array($0.elements)) == nil } ? nil : Self.denied()
        case "perm": return perm(check)
        case "userid-group": return userGroup(check)
        case "userid-param": return userParameter(check)
        case "perm-modify": return modify(check)
        default: return Self.denied()
        }
    }

    private func perm(_ check: [JSONValue]) -> String? {
        guard check.count >= 3, let template = check[1].string else { return Self.denied() }
        if let needed = option("require_param", in: check)?.string, values[needed] == nil { return Self.denied() }
        let wanted = check[2].elements.compactMap { $0.string }
        return missing(wanted, on: filled(template), any: option("any", in: check)?.int == 1)
    }

    private func option(_ name: String, in check: [JSONValue]) -> JSONValue? {
        guard let place = check.firstIndex(where: { $0.string == name }), place + 1 < check.count else { return nil }
        return check[place + 1]
    }

    func missing(_ wanted: [String], on path: String, any: Bool) -> String? {
        let held = rights.privileges(of: principal, on: path)
        if any {
            return wanted.contains { held.contains($0) }
                ? nil : Self.denied("\(path), \(wanted.joined(separator: "|"))")
        }
        return wanted.first { !held.contains($0) }.map { Self.denied("\(path), \($0)") }
    }

    /// The path with its placeholders filled, without doubled and trailing slashes.
    func filled(_ template: String) -> String {
        var path = ""
        for part in template.split(separator: "/") {
            let name = part.hasPrefix("{") ? values[String(part.dropFirst().dropLast())] ?? "" : String(part)
            let clean = name.split(separator: "/").joined(separator: "/")
            if !clean.isEmpty { path += "/" + clean }
        }
        return path.isEmpty ? "/" : path
    }

    /// Rights over a user come from rights over one of its groups.
    private func userGroup(_ check: [JSONValue]) -> String? {
        guard check.count >= 2 else { return Self.denied() }
        let wanted = check[1].elements.compactMap { $0.string }
        if missing(wanted, on: "/access/groups", any: true) == nil { return nil }
        let mode = option("groups_param", in: check)?.string
        if mode != nil {
            let named = Validator.splitList(values["groups"] ?? "")
            if named.isEmpty { return missing(wanted, on: "/access/groups", any: true) }
            for group in named {
                if let denial = missing(wanted, on: "/access/groups/\(group)", any: true) { return denial }
            }
        }
        if mode == "create" { return nil }
        let memberships = rights.groups[values["userid"] ?? ""] ?? []
        let allowed = memberships.contains { missing(wanted, on: "/access/groups/\($0)", any: true) == nil }
        return allowed ? nil : Self.denied()
    }

    private func userParameter(_ check: [JSONValue]) -> String? {
        let user = values["userid"] ?? ""
        if check.count > 1, check[1].string == "self" { return user == principal.id ? nil : Self.denied() }
        let realm = user.split(separator: "@").last.map { String($0) } ?? ""
        return missing(["Realm.AllocateUser"], on: "/access/realm/\(realm)", any: false)
    }

    private func modify(_ check: [JSONValue]) -> String? {
        let path = "/" + (values["path"] ?? "").split(separator: "/").joined(separator: "/")
        return missing(Cluster.privilegesToModify(path), on: path, any: true)
    }
}
