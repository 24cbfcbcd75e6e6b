"""Roles, ACL paths and the privileges that the tools' requests need."""
# SPDX-License-Identifier: MIT

import json

from documents import ROOT, TIERS, by_category, endpoints, requests, table

# What Proxmox checks in code, where the API's description has no rule, or not the whole: (path, privileges, when).
# Several privileges are needed together; "A|B" means one of them.
IN_CODE = {
    ("GET", "/nodes/{node}/qemu"): [("/vms/{vmid}", ["VM.Audit"], "of each VM that is listed")],
    ("GET", "/nodes/{node}/lxc"): [("/vms/{vmid}", ["VM.Audit"], "of each container that is listed")],
    ("POST", "/nodes/{node}/qemu"): [
        ("/vms/{vmid}", ["VM.Allocate"], "or on the pool it is put in"),
        ("/vms/{vmid}", ["VM.Config.Disk", "VM.Config.CDROM", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network",
                         "VM.Config.HWType", "VM.Config.Options", "VM.Config.Cloudinit"], "each for the settings it covers"),
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for disks"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
        ("/vms/{vmid}", ["VM.PowerMgmt"], "with start"),
    ],
    ("POST", "/nodes/{node}/lxc"): [
        ("/vms/{vmid}", ["VM.Allocate"], "or on the pool it is put in"),
        ("/vms/{vmid}", ["VM.Config.Disk", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options"],
         "each for the settings it covers"),
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for the root file system and volumes"),
        ("/storage/{storage}", ["Datastore.Audit"], "of the template"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
        ("/vms/{vmid}", ["VM.PowerMgmt"], "with start"),
    ],
    ("PUT", "/nodes/{node}/qemu/{vmid}/config"): [
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for new disks"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
    ],
    ("PUT", "/nodes/{node}/lxc/{vmid}/config"): [
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for new volumes"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
    ],
    ("POST", "/nodes/{node}/qemu/{vmid}/clone"): [
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for the copy's disks"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
    ],
    ("POST", "/nodes/{node}/lxc/{vmid}/clone"): [
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "for the copy's volumes"),
        ("/sdn/zones/{zone}", ["SDN.Use"], "for network devices"),
    ],
    ("POST", "/nodes/{node}/qemu/{vmid}/status/suspend"): [
        ("/vms/{vmid}", ["VM.Config.Disk"], "with todisk"),
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "with todisk"),
    ],
    ("GET", "/storage"): [("/storage/{storage}", ["Datastore.Audit|Datastore.AllocateSpace"], "of each that is listed")],
    ("GET", "/nodes/{node}/storage"): [
        ("/storage/{storage}", ["Datastore.Audit|Datastore.AllocateSpace"], "of each that is listed"),
    ],
    ("GET", "/cluster/resources"): [
        ("/vms/{vmid}", ["VM.Audit"], "of each guest that is listed"),
        ("/nodes/{node}", ["Sys.Audit"], "for load and memory of nodes"),
        ("/storage/{storage}", ["Datastore.Audit"], "of each storage that is listed"),
        ("/pool/{pool}", ["Pool.Audit"], "of each pool that is listed"),
    ],
    ("GET", "/cluster/log"): [("/", ["Sys.Syslog"], "for other users' entries")],
    ("GET", "/cluster/replication"): [("/vms/{vmid}", ["VM.Audit"], "of each guest whose jobs are listed")],
    ("POST", "/cluster/bulk-action/guest/start"): [("/vms/{vmid}", ["VM.PowerMgmt"], "of each guest")],
    ("POST", "/cluster/bulk-action/guest/shutdown"): [("/vms/{vmid}", ["VM.PowerMgmt"], "of each guest")],
    ("POST", "/cluster/bulk-action/guest/suspend"): [("/vms/{vmid}", ["VM.PowerMgmt"], "of each guest")],
    ("POST", "/cluster/bulk-action/guest/migrate"): [("/vms/{vmid}", ["VM.Migrate"], "of each guest")],
    ("GET", "/access/users"): [("/access/groups/{group}", ["Sys.Audit|User.Modify"], "of a group of each user that is listed")],
    ("GET", "/access/groups"): [
        ("/access/groups/{group}", ["Sys.Audit|User.Modify|Group.Allocate"], "of each that is listed"),
    ],
    ("GET", "/access/acl"): [("/", ["Sys.Audit|Permissions.Modify"], "or the latter on the path of each entry that is listed")],
    ("GET", "/pools"): [("/pool/{poolid}", ["Pool.Audit"], "of each that is listed")],
    ("PUT", "/pools"): [
        ("/vms/{vmid}", ["Permissions.Modify|VM.Allocate"], "of each guest put in or taken out"),
        ("/storage/{storage}", ["Permissions.Modify|Datastore.Allocate"], "of each storage put in or taken out"),
    ],
    ("PUT", "/pools/{poolid}"): [
        ("/vms/{vmid}", ["Permissions.Modify|VM.Allocate"], "of each guest put in or taken out"),
    ],
    ("POST", "/nodes/{node}/vzdump"): [
        ("/vms/{vmid}", ["VM.Backup"], "of each guest"),
        ("/storage/{storage}", ["Datastore.AllocateSpace"], "where backups go"),
        ("/storage/{storage}", ["Datastore.Allocate"], "with prune-backups, at tier full"),
        ("/", ["Sys.Modify"], "with bwlimit, ionice or performance"),
    ],
    ("GET", "/nodes/{node}/tasks"): [("/nodes/{node}", ["Sys.Audit"], "for other users' tasks")],
    ("GET", "/nodes/{node}/tasks/{upid}/status"): [("/nodes/{node}", ["Sys.Audit"], "for other users' tasks")],
    ("GET", "/nodes/{node}/tasks/{upid}/log"): [("/nodes/{node}", ["Sys.Audit"], "for other users' tasks")],
    ("DELETE", "/nodes/{node}/tasks/{upid}"): [("/nodes/{node}", ["Sys.Modify"], "for other users' tasks")],
}

# Privileges that allow far more than the few requests of a lower tier they are asked for; its roles do without them.
BEYOND = {"Datastore.Allocate": "full", "Permissions.Modify": "full"}
# What is only asked for at tier full says so.
AT_FULL = "at tier full"

RESOURCES = ("GET", "/cluster/resources")

PATHS = [
    ("/", "everything; what is granted here holds below too, unless the entry does not propagate"),
    ("/nodes/{node}", "a node: status, services, network, tasks"),
    ("/vms/{vmid}", "a guest, VM or container"),
    ("/pool/{pool}", "a pool; what is granted here holds for the guests and storages in it"),
    ("/storage/{storage}", "a storage and what is on it"),
    ("/sdn/zones/{zone}", "a network zone; plain bridges are in the zone `localnetwork`, as in `/sdn/zones/localnetwork/vmbr0`"),
    ("/access/groups/{group}", "the users of a group"),
    ("/access/realm/{realm}", "the users of a realm"),
    ("/mapping/{type}/{id}", "a mapped device or directory"),
]


def rules(check):
    """A rule of the API's description as alternatives: each a list of (path, privileges)."""
    if not check:
        return [[]]
    word, *rest = check
    if word == "and":
        found = [[]]
        for part in rest:
            found = [left + right for left in found for right in rules(part)]
        return found
    if word == "or":
        return [alternative for part in rest for alternative in rules(part)]
    if word == "perm":
        path, privileges, *more = rest
        options = dict(zip(more[::2], more[1::2]))
        if options.get("any"):
            return [[(path, ["|".join(privileges)])]]
        return [[(path, privileges)]]
    if word == "perm-modify":
        return [[("the path", ["Permissions.Modify"])]]
    if word == "userid-group":
        return [[("/access/groups/{group}", ["|".join(rest[0])])]]
    if word == "userid-param":
        return [[("/access/realm/{realm}", [rest[0]])]] if rest[0] != "self" else [[]]
    raise ValueError(f"unknown rule {check}")


def needs(tool):
    """What a tool's requests need, the first alternative of each: (path, privileges, when), without repetitions."""
    found = []
    for key in requests(tool):
        endpoint = endpoints().get(key)
        if endpoint is None:
            continue
        for path, privileges in rules(endpoint.get("permissions", {}).get("check"))[0]:
            found.append((path, tuple(privileges), ""))
        for path, privileges, when in IN_CODE.get(key, ()):
            # Tools of guests ask for guests alone.
            if key == RESOURCES and len(tool["requests"]) > 1 and not path.startswith("/vms"):
                continue
            found.append((path, tuple(privileges), when))
    return list({one[:2]: one for one in reversed(found)}.values())[::-1]


def chosen(wanted):
    """The fewest privileges that fulfil all of `wanted`, where "A|B" is one of them and VM.Config.* all of them."""
    sure = {one for one in wanted if "|" not in one}
    for one in sorted(set(wanted) - sure):
        names = one.split("|")
        if names[0].startswith("VM.Config."):
            # Each setting has a privilege of its own.
            sure.update(names)
        elif not sure & set(names):
            sure.add(names[0])
    return sorted(sure)


def role(tools, tier):
    wanted = chosen([privilege for tool in tools for _, privileges, _ in needs(tool) for privilege in privileges])
    return [one for one in wanted if TIERS.index(tier) >= TIERS.index(BEYOND.get(one, TIERS[0]))]


def left_out():
    """What the roles of the lower tiers leave out: (privilege, tools that go without it)."""
    for privilege, tier in BEYOND.items():
        below = [tool for tool in every() if TIERS.index(tool["tier"]) < TIERS.index(tier)]
        lacking = [
            tool["name"] for tool in below
            if any(privilege in privileges and AT_FULL not in when for _, privileges, when in needs(tool))
        ]
        if lacking:
            yield privilege, lacking


def within(tools, tier):
    return [tool for tool in tools if TIERS.index(tool["tier"]) <= TIERS.index(tier)]


def every():
    return [tool for own in by_category().values() for tool in own]


def tiers_table():
    rows, before = [], set()
    for tier in TIERS:
        now = role(within(every(), tier), tier)
        new = [privilege for privilege in now if privilege not in before]
        before |= set(now)
        rows.append([f"`{tier}`", ("" if tier == TIERS[0] else "also ") + ", ".join(f"`{name}`" for name in new)])
    return table(["tier", "privileges"], rows)


def built_in_roles():
    """The roles of an installation as the API answers them."""
    observed = json.loads((ROOT / "Tests/Data/observed-gets.json").read_text())
    answer = next(one for one in observed if one["path"] == "/access/roles" and one["status"] == 200)
    for entry in sorted(answer["body"]["data"], key=lambda entry: entry["roleid"]):
        if entry.get("special"):
            yield entry["roleid"], [name for name in entry["privs"].split(",") if name]


def command(name, privileges):
    return f"pveum role add {name} --privs '{','.join(privileges)}'"


def reference(head):
    lines = [
        "# Roles and privileges", "", head, "",
        "Proxmox VE grants a *role*, a set of privileges, to a user, group or token on an *ACL path*:", "",
        "```sh",
        "pveum role add McpReader --privs 'Sys.Audit,VM.Audit'",
        "pveum acl modify /vms/100 --users agent@pve --roles McpReader",
        "```", "",
        "A token with privilege separation (`--privsep 1`, the default) has what both it and its user were granted; it needs",
        "an entry of its own: `--tokens 'agent@pve!mcp'`.", "",
        "## Roles for the tiers", "",
        "What all tools of a tier need together. Grant them on `/`, or on less: the paths are below.", "", "```sh",
        *(command("Mcp" + "".join(part.title() for part in tier.split("-")), role(within(every(), tier), tier)) for tier in TIERS),
        "```", "",
        *(f"Below `full`, roles leave out `{privilege}`, which allows far more than they are for: "
          + ", ".join(f"`{name}`" for name in names) + (" needs it." if len(names) == 1 else " need it.") for privilege, names in left_out()),
        "", "## Roles for one category", "", "```sh",
    ]
    for category, own in by_category().items():
        before = None
        for tier in TIERS:
            privileges = role(within(own, tier), tier)
            if privileges and privileges != before:
                name = f"Mcp{category.title()}" + "".join(part.title() for part in tier.split("-"))
                lines.append(command(name, privileges))
            before = privileges
    lines += ["```", "", "A tier that needs no more than the one before it has no line of its own.", ""]
    lines += ["## Paths", "", table(["path", "what it covers"], [[f"`{path}`", text] for path, text in PATHS]), ""]
    lines += ["## What each tool needs", ""]
    lines += ["“A or B”: one of them. A tool that lists shows what the caller may see.", ""]
    for category, own in by_category().items():
        rows = []
        for tool in own:
            wants = [
                " and ".join(f"`{name}`".replace("|", "` or `") for name in privileges)
                + (f" on `{path}`" if path.startswith("/") else f" on {path}") + (f" ({when})" if when else "")
                for path, privileges, when in needs(tool)
            ]
            rows.append([f"`{tool['name']}`", tool["tier"], "; ".join(wants) or "to be logged in"])
        lines += [f"### {category}", "", table(["tool", "tier", "privileges"], rows), ""]
    lines += ["## Built-in roles", ""]
    rows = [[f"`{name}`", ", ".join(f"`{one}`" for one in privileges) or "none"] for name, privileges in built_in_roles()]
    lines += [table(["role", "privileges"], rows), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
