// What a caller may do, for endpoints that decide in their code.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// Whether the caller of a call has one of these privileges on a path.
    func mayAny(_ call: APICall, _ privileges: [String], on path: String) -> Bool {
        if call.isRoot { return true }
        guard let principal = Principal(call.caller) else { return false }
        let held = access.rights.privileges(of: principal, on: path)
        return privileges.contains { held.contains($0) }
    }

    /// Refuses when the caller has none of these privileges on a path.
    func demandAny(_ call: APICall, _ privileges: [String], on path: String) throws {
        guard mayAny(call, privileges, on: path) else {
            throw Refusal(status: 403, PermissionCheck.denied("\(path), \(privileges.joined(separator: "|"))"))
        }
    }

    /// Refuses when the caller may not change who has rights on a path.
    func demandModify(_ call: APICall, on path: String) throws {
        try demandAny(call, Self.privilegesToModify(path), on: path)
    }

    static func privilegesToModify(_ path: String) -> [String] {
        var wanted = ["Permissions.Modify"]
        if path.hasPrefix("/storage/") { wanted.append("Datastore.Allocate") }
        if path.hasPrefix("/vms/") { wanted.append("VM.Allocate") }
        if path.hasPrefix("/pool/") { wanted.append("Pool.Allocate") }
        return wanted
    }

    /// Whether a user, or a token and its user, can log in at this moment.
    func isActive(_ principal: Principal) -> Bool {
        guard let user = access.users[principal.user], user.isEnabled, user.expire == 0 || user.expire >= seconds else {
            return false
        }
        guard let name = principal.token else { return true }
        guard let token = user.tokens[name] else { return false }
        return token.expire == 0 || token.expire >= seconds
    }
}

extension World {
    /// The rights in force, with their revision; nil when the revision known to the caller is still the latest.
    func rights(since known: Int?) -> (revision: Int, rights: Rights)? {
        withCluster { cluster in
            known == cluster.accessRevision ? nil : (cluster.accessRevision, cluster.access.rights)
        }
    }

    /// Whether a user or a token exists, is enabled and has not expired.
    func isActive(_ principal: Principal) -> Bool { withCluster { $0.isActive(principal) } }

    /// Makes a user or a token known that was named when the simulator was started; a token gets its user's rights.
    func admit(_ principal: Principal) {
        withCluster { cluster in
            var user = cluster.access.users[principal.user] ?? User()
            if let name = principal.token, user.tokens[name] == nil { user.tokens[name] = Token(isSeparated: false) }
            cluster.access.users[principal.user] = user
        }
    }
}

extension World {
    /// The type of the realm of a user; nil when there is no such user.
    func realmType(ofUser id: String) -> String? {
        withCluster { cluster in
            cluster.access.users[id] == nil ? nil : cluster.access.realms[Cluster.realm(of: id)]?["type"] ?? "unknown"
        }
    }
}
