// The users of the cluster.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private static let userSettings = ["firstname", "lastname", "email", "comment", "keys"]

    /// GET /access/users: those of groups the caller may look at, and the caller.
    func userList(_ call: APICall) -> APIAnswer {
        let wanted = ["User.Modify", "Sys.Audit"]
        let seesAll = mayAny(call, wanted, on: "/access/groups")
        let isFull = call.flag("full")
        return .array { array in
            for (id, user) in access.users.sorted(by: { $0.key < $1.key }) {
                if let enabled = call.values["enabled"], (enabled == "1") != user.isEnabled { continue }
                guard
                    seesAll || id == call.caller
                        || user.groups.contains(where: { mayAny(call, wanted, on: "/access/groups/\($0)") })
                else { continue }
                array.object { row in
                    row.member("userid", id)
                    write(user, to: &row)
                    if let type = access.realms[Self.realm(of: id)]?["type"] { row.member("realm-type", type) }
                    guard isFull else { return }
                    row.member("groups", user.groups.sorted().joined(separator: ","))
                    if !user.tokens.isEmpty { row.member("tokens") { writeList(of: user.tokens, to: &$0) } }
                }
            }
        }
    }

    private func write(_ user: User, to row: inout JSONWriter) {
        row.member("enable", user.isEnabled ? 1 : 0)
        row.member("expire", user.expire)
        row.settings(user.settings.filter { !$0.value.isEmpty })
    }

    static func realm(of user: String) -> String { user.split(separator: "@").last.map(String.init) ?? "" }

    /// GET /access/users/{userid}
    func userDetails(_ call: APICall) throws -> APIAnswer {
        let user = try access.user(call.required("userid"))
        return .object { answer in
            write(user, to: &answer)
            answer.member("groups") { $0.array { for group in user.groups.sorted() { $0.string(group) } } }
            answer.name("tokens")
            if user.tokens.isEmpty { return answer.null() }
            answer.object { tokens in
                for (name, token) in user.tokens.sorted(by: { $0.key < $1.key }) {
                    tokens.member(name) { $0.object { write(token, to: &$0) } }
                }
            }
        }
    }

    /// POST /access/users
    mutating func createUser(_ call: APICall) throws -> APIAnswer {
        try locked("create user failed") {
            let id = call.required("userid")
            if access.users[id] != nil { throw Refusal("user '\(id)' already exists") }
            let realm = Self.realm(of: id)
            guard let type = access.realms[realm]?["type"] else {
                throw Refusal("auth domain '\(realm)' does not exist")
            }
            if call.values["password"] != nil, type != "pam", type != "pve" {
                throw Refusal("can't set password on auth type '\(type)'")
            }
            var user = User()
            if let enable = call.values["enable"] { user.isEnabled = enable == "1" }
            user.expire = call.number("expire") ?? 0
            user.groups = try knownGroups(call)
            user.settings = call.settings(Self.userSettings).filter { !$0.value.isEmpty }
            access.users[id] = user
        }
        return .null
    }

    private func knownGroups(_ call: APICall) throws -> Set<String> {
        let names = call.names("groups")
        if let unknown = names.first(where: { access.groups[$0] == nil }) {
            throw Refusal("no such group '\(unknown)'")
        }
        return Set(names)
    }

    /// PUT /access/users/{userid}
    mutating func updateUser(_ call: APICall) throws -> APIAnswer {
        try locked("update user failed") {
            let id = call.required("userid")
            var user = try access.user(id)
            if let enable = call.values["enable"] { user.isEnabled = enable == "1" }
            if let expire = call.number("expire") { user.expire = expire }
            if call.values["groups"] != nil {
                let groups = try knownGroups(call)
                user.groups = call.flag("append") ? user.groups.union(groups) : groups
            }
            user.settings.merge(call.settings(Self.userSettings)) { $1 }
            access.users[id] = user
        }
        return .null
    }

    /// DELETE /access/users/{userid}: its tokens and what was allowed to it and them go too.
    mutating func deleteUser(_ call: APICall) throws -> APIAnswer {
        let id = call.required("userid")
        _ = try access.user(id)
        access.users[id] = nil
        access.removeEntries(of: id, .user)
        return .null
    }

    /// GET /access/users/{userid}/tfa and GET /access/tfa/{userid}: nobody has a second factor here.
    func secondFactors(_ call: APICall, _ none: String) throws -> APIAnswer {
        _ = try access.user(call.required("userid"))
        return .data(json: Array(none.utf8))
    }
}
