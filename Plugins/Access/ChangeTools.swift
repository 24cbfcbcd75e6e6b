// Tools that change users and permissions.
// SPDX-License-Identifier: MIT

import PluginKit

var changeTools: [Tool] {
    [
        Tool(
            "pve_create_user", "Create User", tier: .full, effect: .changes,
            "Create a user. It may do nothing until pve_update_acl or a group grants it a role.",
            .post("/access/users"),
            parameters: [
                .userid,
                .string("password", "8 to 64 characters; realm pve only.").secret,
            ] + person(canBeEnabled: .bool("enable", "Let it log in.", default: true)) + [moreOptions],
            answers: .nothing),
        Tool(
            "pve_update_user", "Update User", tier: .full, effect: .settles,
            "Change a user; what is not named stays.",
            .put("/access/users/{userid}"),
            parameters: [.userid] + person(canBeEnabled: .bool("enable", "Let it log in.")) + [
                .bool("append", "Add groups instead of replacing them."), moreOptions,
            ],
            answers: .nothing),
        Tool(
            "pve_delete_user", "Delete User", tier: .full, effect: .destroys,
            "Delete a user with its API tokens and permissions.",
            .delete("/access/users/{userid}"),
            parameters: [.userid],
            answers: .nothing),
        Tool(
            "pve_update_acl", "Update ACL", tier: .full, effect: .overwrites,
            "Grant roles on a path to users, groups or tokens, or take them away with delete.",
            .put("/access/acl"),
            parameters: [
                .string("path", "e.g. / or /vms/100, /pool/dev, /storage/local, /nodes/pve1.").required,
                .string("roles", "Roles, e.g. PVEVMUser,PVEAuditor.").required,
                .string("users", "e.g. alice@pve,bob@pam"), .string("groups", "e.g. admins,ops"),
                .string("tokens", "e.g. alice@pve!backup"),
                .bool("propagate", "Below the path too; assumed if absent."),
                .bool("delete", "Take the roles away instead."),
            ],
            answers: .nothing),
    ]
}

/// What is known about a user.
private func person(canBeEnabled enable: Parameter) -> [Parameter] {
    [
        .string("email", "Mail address."),
        .string("firstname", "First name."),
        .string("lastname", "Last name."), .string("groups", "e.g. admins,ops"),
        .string("comment", "Note."), enable,
        .integer("expire", "When it ends: seconds since 1970; 0: never.", in: 0...),
    ]
}

private var moreOptions: Parameter { .options("API parameters: keys (of two-factor authentication).") }

extension Parameter {
    static var userid: Parameter {
        .string("userid", "User and realm, e.g. alice@pve.").required
    }
}
