// The endpoints about logins themselves: tickets, passwords, and what somebody may do.
// SPDX-License-Identifier: MIT

import JSON

extension APIServer {
    /// Answers the calls that need credentials or rights; nil for all others.
    func accessAnswer(_ call: APICall, _ principal: Principal?) -> APIAnswer? {
        switch (call.method, call.template) {
        case ("GET", "/access/ticket"): .null
        case ("POST", "/access/ticket"): ticket(call)
        case ("GET", "/access/permissions"): principal.map { permissions(call, $0) }
        case ("PUT", "/access/password"): principal.map { changePassword(call, $0) }
        default: nil
        }
    }

    private func ticket(_ call: APICall) -> APIAnswer {
        var user = call.values["username"] ?? ""
        if !user.contains("@") { user += "@" + (call.values["realm"] ?? "pam") }
        guard let principal = Principal(user), principal.token == nil,
            world.isActive(principal), credentials.isPassword(call.values["password"] ?? "", ofUser: user)
        else { return .failure(status: 401, message: "authentication failure") }
        world.noteLogin(of: user)
        let (ticket, preventionToken) = credentials.issueTicket(for: user)
        let rights = rights(for: principal)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("username", user)
            writer.member("ticket", ticket)
            writer.member("CSRFPreventionToken", preventionToken)
            if let name = world.clusterName { writer.member("clustername", name) }
            writer.member("cap") { writer in writer.object { Self.capabilities(of: principal, rights, to: &$0) } }
        }
        return .data(json: writer.bytes)
    }

    /// What the web interface enables: privileges by area.
    private static func capabilities(of principal: Principal, _ rights: Rights, to writer: inout JSONWriter) {
        let areas = [
            ("access", "/access/groups", ["User.", "Group.", "Permissions.Modify"]),
            ("dc", "/", ["Sys.Audit", "Sys.Modify", "SDN."]),
            ("mapping", "/mapping", ["Mapping.", "Permissions.Modify"]),
            ("nodes", "/nodes", ["Sys.", "Permissions.Modify"]),
            ("sdn", "/sdn", ["SDN.", "Permissions.Modify"]),
            ("storage", "/storage", ["Datastore.", "Permissions.Modify"]),
            ("vms", "/vms", ["VM.", "Permissions.Modify"]),
        ]
        for (area, path, prefixes) in areas {
            writer.member(area) { writer in
                writer.object { writer in
                    for privilege in rights.privileges(of: principal, on: path).sorted()
                    where prefixes.contains(where: { privilege.hasPrefix($0) }) {
                        writer.member(privilege, 1)
                    }
                }
            }
        }
    }

    private func permissions(_ call: APICall, _ principal: Principal) -> APIAnswer {
        let rights = rights(for: principal)
        var subject = principal
        if let wanted = call.values["userid"], wanted != principal.id {
            let mayLook = rights.privileges(of: principal, on: "/access").contains("Sys.Audit")
            guard mayLook else { return .failure(status: 403, message: "Permission check failed (/access, Sys.Audit)") }
            guard let other = Principal(wanted) else {
                return Self.parameterFailure([("userid", "value '\(wanted)' does not look like a valid user name")])
            }
            subject = other
        }
        var writer = JSONWriter()
        writer.object { writer in
            for path in call.values["path"].map({ [$0] }) ?? rights.paths {
                let held = rights.privileges(of: subject, on: path)
                if held.isEmpty { continue }
                writer.member(path) { writer in
                    writer.object { writer in for privilege in held.sorted() { writer.member(privilege, 1) } }
                }
            }
        }
        return .data(json: writer.bytes)
    }

    /// PUT /access/password. Everybody but root@pam has to give a password of their own with it.
    private func changePassword(_ call: APICall, _ principal: Principal) -> APIAnswer {
        guard let user = call.values["userid"], let password = call.values["password"] else { return .null }
        guard let realmType = world.realmType(ofUser: user) else {
            return .failure(status: 500, message: "no such user ('\(user)')")
        }
        if !principal.isRoot {
            if user != principal.user, user.hasSuffix("@pam") {
                return .failure(status: 403, message: PermissionCheck.denied())
            }
            guard let confirmation = call.values["confirmation-password"] else {
                let text = "password is required to modify user"
                return Self.parameterFailure([("confirmation-password", text)])
            }
            guard credentials.isPassword(confirmation, ofUser: principal.user) else {
                return .failure(status: 401, message: "authentication failure")
            }
        }
        guard ["pam", "pve"].contains(realmType) else {
            return .failure(status: 500, message: "can't set password on auth type '\(realmType)'")
        }
        credentials.setPassword(password, ofUser: user)
        return .null
    }
}
