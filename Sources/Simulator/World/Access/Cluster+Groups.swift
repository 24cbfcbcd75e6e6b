// Groups of users, and roles.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /access/groups
    func groupList(_ call: APICall) -> APIAnswer {
        .array { array in
            for (id, comment) in access.groups.sorted(by: { $0.key < $1.key })
            where mayAny(call, ["User.Modify", "Sys.Audit", "Group.Allocate"], on: "/access/groups/\(id)") {
                array.object {
                    $0.member("groupid", id)
                    if let comment { $0.member("comment", comment) }
                    $0.member("users", access.members(of: id).joined(separator: ","))
                }
            }
        }
    }

    private func comment(ofGroup id: String) throws -> String? {
        guard let comment = access.groups[id] else { throw Refusal("group '\(id)' does not exist") }
        return comment
    }

    /// GET /access/groups/{groupid}
    func groupDetails(_ call: APICall) throws -> APIAnswer {
        let id = call.required("groupid")
        let comment = try comment(ofGroup: id)
        return .object { answer in
            answer.member("members") { $0.array { for user in access.members(of: id) { $0.string(user) } } }
            if let comment { answer.member("comment", comment) }
        }
    }

    /// POST /access/groups
    mutating func createGroup(_ call: APICall) throws -> APIAnswer {
        try locked("create group failed") {
            let id = call.required("groupid")
            if access.groups[id] != nil { throw Refusal("group '\(id)' already exists") }
            access.groups[id] = .some(call.values["comment"])
        }
        return .null
    }

    /// PUT /access/groups/{groupid}
    mutating func updateGroup(_ call: APICall) throws -> APIAnswer {
        try locked("update group failed") {
            let id = call.required("groupid")
            _ = try comment(ofGroup: id)
            if let comment = call.values["comment"] { access.groups[id] = .some(comment) }
        }
        return .null
    }

    /// DELETE /access/groups/{groupid}
    mutating func deleteGroup(_ call: APICall) throws -> APIAnswer {
        try locked("delete group failed") {
            let id = call.required("groupid")
            _ = try comment(ofGroup: id)
            access.groups.removeValue(forKey: id)
            for user in access.members(of: id) { access.users[user]?.groups.remove(id) }
            access.removeEntries(of: id, .group)
        }
        return .null
    }

    /// GET /access/roles
    func roleList(_ call: APICall) -> APIAnswer {
        .array { array in
            for (id, privileges) in access.roles.sorted(by: { $0.key < $1.key }) {
                array.object {
                    $0.member("roleid", id)
                    $0.member("privs", privileges.sorted().joined(separator: ","))
                    $0.member("special", access.builtInRoles.contains(id) ? 1 : 0)
                }
            }
        }
    }

    private func privileges(ofRole id: String) throws -> Set<String> {
        guard let privileges = access.roles[id] else { throw Refusal("role '\(id)' does not exist") }
        return privileges
    }

    /// GET /access/roles/{roleid}
    func roleDetails(_ call: APICall) throws -> APIAnswer {
        let privileges = try privileges(ofRole: call.required("roleid"))
        return .object { for privilege in privileges.sorted() { $0.member(privilege, 1) } }
    }

    private func knownPrivileges(_ call: APICall) throws -> Set<String> {
        let known = access.roles[Rights.administrator] ?? []
        let named = Set(call.names("privs"))
        if let unknown = named.subtracting(known).sorted().first {
            throw Refusal(parameter: "privs", "invalid format - invalid privilege '\(unknown)'\n")
        }
        return named
    }

    /// POST /access/roles
    mutating func createRole(_ call: APICall) throws -> APIAnswer {
        let id = call.required("roleid")
        let privileges = try knownPrivileges(call)
        if id.lowercased().hasPrefix("pve") {
            let text = "cannot use role ID starting with the (case-insensitive) 'PVE' namespace"
            throw Refusal(parameter: "roleid", text)
        }
        try locked("create role failed") {
            if access.roles[id] != nil { throw Refusal("role '\(id)' already exists") }
            access.roles[id] = privileges
        }
        return .null
    }

    /// PUT /access/roles/{roleid}: replaces its privileges, or with `append` adds to them.
    mutating func updateRole(_ call: APICall) throws -> APIAnswer {
        let id = call.required("roleid")
        let privileges = try knownPrivileges(call)
        if access.builtInRoles.contains(id) { throw Refusal("auto-generated role '\(id)' cannot be modified") }
        try locked("update role failed") {
            let old = try self.privileges(ofRole: id)
            access.roles[id] = call.flag("append") ? old.union(privileges) : privileges
        }
        return .null
    }

    /// DELETE /access/roles/{roleid}
    mutating func deleteRole(_ call: APICall) throws -> APIAnswer {
        let id = call.required("roleid")
        if access.builtInRoles.contains(id) { throw Refusal("auto-generated role '\(id)' cannot be deleted") }
        try locked("delete role failed") {
            _ = try privileges(ofRole: id)
            access.roles[id] = nil
            // Entries of a role that is gone are dropped when the file is read again.
            access.entries.removeAll { $0.role == id }
        }
        return .null
    }
}
