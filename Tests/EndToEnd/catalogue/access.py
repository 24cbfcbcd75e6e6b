"""Users, groups, roles, realms and permissions."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

BAD_CURSOR = Failure({"cursor": "last"}, ("cursor", "last"))
USER = "{unique}@pve"
MAKE_USER = ("POST /access/users", {"userid": USER})
MAKE_GROUP = ("POST /access/groups", {"groupid": "{unique}"})
NO_USER = "nobody@pve"
PERSON = {
    "email": "ada@example.org", "firstname": "Ada", "lastname": "Möller & Söhne", "groups": "{unique}",
    "comment": "a = b; c % d", "enable": False, "expire": 2000000000,
}

CASES = [
    Case(
        tool="pve_list_users",
        required={},
        all={"enabled": True, "full": True, "fields": ["userid", "tokens"], "limit": 1, "cursor": "1"},
        failure=BAD_CURSOR,
    ),
    Case(
        tool="pve_get_user",
        required={"userid": "root@pam"},
        all={"userid": USER},
        all_setup=[MAKE_USER],
        failure=Failure({"userid": NO_USER}, NO_USER),
    ),
    Case(
        tool="pve_list_roles",
        required={},
        all={"fields": ["roleid", "special"], "limit": 3, "cursor": "2"},
        failure=BAD_CURSOR,
    ),
    Case(
        tool="pve_list_groups",
        required={},
        all={"fields": ["groupid", "users"], "limit": 1, "cursor": "0"},
        setup=[MAKE_GROUP],
        failure=BAD_CURSOR,
    ),
    Case(
        tool="pve_list_acls",
        required={},
        all={"fields": ["path", "roleid"], "limit": 1, "cursor": "0"},
        setup=[MAKE_USER, ("PUT /access/acl", {"path": "/vms", "roles": "PVEAuditor", "users": USER})],
        failure=BAD_CURSOR,
    ),
    Case(
        tool="pve_list_domains",
        required={},
        all={"fields": ["realm", "comment"], "limit": 1, "cursor": "1"},
        failure=BAD_CURSOR,
    ),
    Case(
        tool="pve_create_user",
        required={"userid": USER},
        all={"userid": USER, "password": "hush-hush & =%", **PERSON},
        all_setup=[MAKE_GROUP],
        option={"keys": "x!yubico"},
        failure=Failure({"userid": "root@pam"}, ("root@pam", "already exists")),
    ),
    Case(
        tool="pve_update_user",
        required={"userid": USER, "comment": "changed"},
        all={"userid": USER, **PERSON, "append": True},
        setup=[MAKE_USER],
        all_setup=[MAKE_GROUP],
        option={"keys": "x!yubico"},
        failure=Failure({"userid": NO_USER, "comment": "changed"}, NO_USER),
    ),
    Case(
        tool="pve_delete_user",
        required={"userid": USER},
        all={"userid": USER},
        setup=[MAKE_USER],
        failure=Failure({"userid": NO_USER}, NO_USER),
    ),
    Case(
        tool="pve_update_acl",
        required={"path": "/", "roles": "PVEAuditor", "users": USER},
        all={
            "path": "/vms/100", "roles": "PVEVMUser,PVEAuditor", "users": USER, "groups": "{unique}",
            "tokens": "{unique}@pve!one", "propagate": False, "delete": False,
        },
        setup=[MAKE_USER],
        all_setup=[MAKE_GROUP, ("POST /access/users/{unique}@pve/token/one", {})],
        failure=Failure({"path": "/", "roles": "PVEBoss", "users": "root@pam"}, "PVEBoss"),
    ),
    Case(
        tool="pve_update_acl",
        required={"path": "/vms/100", "roles": "PVEVMUser", "users": USER, "delete": True},
        all={"path": "/vms/100", "roles": "PVEVMUser", "users": USER, "delete": True},
        setup=[MAKE_USER, ("PUT /access/acl", {"path": "/vms/100", "roles": "PVEVMUser", "users": USER})],
    ),
]
