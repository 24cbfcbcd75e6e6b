// Tools that look at users and permissions.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_users", "List Users", tier: .readOnly, effect: .reads,
            "Users of all realms. expire 0: never.",
            .get("/access/users"),
            parameters: [
                .bool("enabled", "Only enabled users, or only disabled ones."),
                .bool("full", "With groups and API tokens."), .fields, .limit, .cursor,
            ],
            answers: .list(
                "users",
                [
                    .string("userid").always, .bool("enable"), .integer("expire", .epoch), .string("firstname"),
                    .string("lastname"), .string("email"), .string("comment"), .string("groups"), .any("tokens"),
                    .string("realm-type").onRequest, .string("keys").onRequest, .bool("totp-locked").onRequest,
                    .integer("tfa-locked-until", .epoch).onRequest,
                ])),
        Tool(
            "pve_get_user", "Get User", tier: .readOnly, effect: .reads,
            "One user with groups and API tokens. expire 0: never.",
            .get("/access/users/{userid}"),
            parameters: [.userid],
            answers: .object([
                .bool("enable"), .integer("expire", .epoch), .string("firstname"), .string("lastname"),
                .string("email"), .string("comment"), .strings("groups"), .object("tokens"),
            ])),
        Tool(
            "pve_list_roles", "List Roles", tier: .readOnly, effect: .reads,
            "Roles and the privileges each grants. special: built in.",
            .get("/access/roles"),
            parameters: [.fields, .limit, .cursor],
            answers: .list("roles", [.string("roleid").always, .string("privs"), .bool("special")])),
        Tool(
            "pve_list_groups", "List Groups", tier: .readOnly, effect: .reads,
            "Groups and their users.",
            .get("/access/groups"),
            parameters: [.fields, .limit, .cursor],
            answers: .list("groups", [.string("groupid").always, .string("users"), .string("comment")])),
        Tool(
            "pve_list_acls", "List ACLs", tier: .readOnly, effect: .reads,
            "Who has which role on which path. ugid: user, group or token, as type says; propagate: below the path too.",
            .get("/access/acl"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "acls",
                [
                    .string("path").always, .string("ugid").always, .string("roleid").always,
                    .string("type").always, .bool("propagate"),
                ])),
        Tool(
            "pve_list_domains", "List Domains", tier: .readOnly, effect: .reads,
            "Realms that users log in by: pam, pve, LDAP, Active Directory, OpenID.",
            .get("/access/domains"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "domains", [.string("realm").always, .string("type").always, .string("comment"), .string("tfa")])),
    ]
}
