// The endpoints of users, groups, roles, realms and the access control list, and of pools.
// SPDX-License-Identifier: MIT

extension Endpoints {
    private static let user = "/access/users/{userid}"
    private static let token = "/access/users/{userid}/token/{tokenid}"

    static let access: Entries = [
        (
            "GET /access",
            { _, _ in
                .index(
                    "subdir", ["users", "groups", "roles", "acl", "domains", "openid", "tfa", "ticket", "password"])
            }
        ),
        ("GET /access/users", { $0.userList($1) }),
        ("POST /access/users", { try $0.createUser($1) }),
        ("GET \(user)", { try $0.userDetails($1) }),
        ("PUT \(user)", { try $0.updateUser($1) }),
        ("DELETE \(user)", { try $0.deleteUser($1) }),
        ("GET \(user)/token", { try $0.tokenList($1) }),
        ("GET \(token)", { try $0.tokenDetails($1) }),
        ("POST \(token)", { try $0.createToken($1) }),
        ("PUT \(token)", { try $0.updateToken($1) }),
        ("DELETE \(token)", { try $0.deleteToken($1) }),
        ("GET \(user)/tfa", { try $0.secondFactors($1, "{}") }),
        ("GET /access/tfa", { _, _ in .array { _ in } }),
        ("GET /access/tfa/{userid}", { try $0.secondFactors($1, "[]") }),
        (
            "GET /access/tfa/{userid}/{id}",
            { _, call in throw Refusal(status: 404, "No such tfa entry '\(call.required("id"))'") }
        ),
        ("GET /access/groups", { $0.groupList($1) }),
        ("POST /access/groups", { try $0.createGroup($1) }),
        ("GET /access/groups/{groupid}", { try $0.groupDetails($1) }),
        ("PUT /access/groups/{groupid}", { try $0.updateGroup($1) }),
        ("DELETE /access/groups/{groupid}", { try $0.deleteGroup($1) }),
        ("GET /access/roles", { $0.roleList($1) }),
        ("POST /access/roles", { try $0.createRole($1) }),
        ("GET /access/roles/{roleid}", { try $0.roleDetails($1) }),
        ("PUT /access/roles/{roleid}", { try $0.updateRole($1) }),
        ("DELETE /access/roles/{roleid}", { try $0.deleteRole($1) }),
        ("GET /access/acl", { $0.accessList($1) }),
        ("PUT /access/acl", { try $0.updateAccessList($1) }),
        ("GET /access/domains", { $0.realmList($1) }),
        ("POST /access/domains", { try $0.createRealm($1) }),
        ("GET /access/domains/{realm}", { try $0.realmDetails($1) }),
        ("PUT /access/domains/{realm}", { try $0.updateRealm($1) }),
        ("DELETE /access/domains/{realm}", { try $0.deleteRealm($1) }),
    ]

    static let pools: Entries = [
        ("GET /pools", { try $0.poolList($1) }),
        ("POST /pools", { try $0.createPool($1) }),
        ("PUT /pools", { try $0.updatePool($1) }),
        ("DELETE /pools", { try $0.deletePool($1) }),
        ("GET /pools/{poolid}", { try $0.poolDetails($1) }),
        ("PUT /pools/{poolid}", { try $0.updatePool($1) }),
        ("DELETE /pools/{poolid}", { try $0.deletePool($1) }),
    ]
}
