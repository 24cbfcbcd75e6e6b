// Who holds which privileges where.
// SPDX-License-Identifier: MIT

/// Roles, groups and access control entries at one moment.
struct Rights: Sendable {
    /// An entry of the access control list.
    struct Entry: Sendable {
        var path: String
        /// A user, a group or a token, by `kind`.
        var subject: String
        var kind: Kind
        var role: String
        var propagates = true
    }

    enum Kind: String, Sendable {
        case user, group, token
    }

    var entries: [Entry] = []
    /// Privileges by role.
    var roles: [String: Set<String>] = [:]
    /// Groups by user.
    var groups: [String: Set<String>] = [:]
    /// Paths of guests and storages, and the pools they are in.
    var pools: [String: Set<String>] = [:]
    /// Tokens that only have rights given to themselves.
    var separatedTokens: Set<String> = []
    /// Tokens that are known at all.
    var tokens: Set<String> = []

    /// The role that stands for every privilege.
    static let administrator = "Administrator"

    /// The privileges of a user or a token on a path such as `/vms/100`.
    func privileges(of principal: Principal, on path: String) -> Set<String> {
        let owner = userPrivileges(principal.user, on: path)
        guard principal.token != nil else { return owner }
        guard separatedTokens.contains(principal.id) else { return owner }
        return owner.intersection(privileges(ofRoles: rolesWithPools(.token, principal.id, on: path)))
    }

    private func userPrivileges(_ user: String, on path: String) -> Set<String> {
        if user == "root@pam" { return roles[Self.administrator] ?? [] }
        return privileges(ofRoles: rolesWithPools(.user, user, on: path))
    }

    private func privileges(ofRoles names: Set<String>) -> Set<String> {
        names.contains("NoAccess") ? [] : names.reduce(into: []) { $0.formUnion(roles[$1] ?? []) }
    }

    private func rolesWithPools(_ kind: Kind, _ subject: String, on path: String) -> Set<String> {
        var names = roleNames(kind, subject, on: path)
        guard !names.contains("NoAccess") else { return names }
        for pool in pools[path] ?? [] { names.formUnion(roleNames(kind, subject, on: "/pool/\(pool)")) }
        return names
    }

    /// Roles on a path: entries further down replace those further up, a user's own entries those of its groups.
    private func roleNames(_ kind: Kind, _ subject: String, on path: String) -> Set<String> {
        var names: Set<String> = []
        for level in Self.levels(of: path) {
            let here = entries.filter { $0.path == level && ($0.propagates || level == path) }
            let own = here.filter { $0.kind == kind && $0.subject == subject }
            let memberships = kind == .user ? groups[subject] ?? [] : []
            let shared = here.filter { $0.kind == .group && memberships.contains($0.subject) }
            let found = own.isEmpty ? shared : own
            if !found.isEmpty { names = Set(found.map { $0.role }) }
        }
        return names
    }

    /// `/`, `/vms`, `/vms/100` for `/vms/100`.
    private static func levels(of path: String) -> [String] {
        var levels = ["/"]
        var level = ""
        for part in path.split(separator: "/") {
            level += "/\(part)"
            levels.append(level)
        }
        return levels
    }

    /// The paths that appear in the entries and pools, beside the ones every cluster has.
    var paths: [String] {
        let always = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"]
        return Set(always + entries.map { $0.path } + pools.keys).sorted()
    }
}
