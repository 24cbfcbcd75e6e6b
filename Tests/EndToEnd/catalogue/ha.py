"""High availability: resources, rules, and whether it acts."""
# SPDX-License-Identifier: MIT

from .case import NOBODY, Case, Failure

GUEST = "vm:100"
OTHER = "ct:111"
MANAGE = ("POST /cluster/ha/resources", {"sid": GUEST, "state": "stopped"})
MANAGE_OTHER = ("POST /cluster/ha/resources", {"sid": OTHER, "state": "stopped"})
# What HA has in release 8 in place of rules.
OLDER = ("--release", "8.4")
MAKE_GROUP = ("POST /cluster/ha/groups", {"group": "{unique}", "nodes": "pve1,pve2"})
MAKE_RULE = ("POST /cluster/ha/rules", {"rule": "{unique}", "type": "node-affinity", "resources": GUEST, "nodes": "pve1"})
MAKE_OTHER_RULE = (
    "POST /cluster/ha/rules",
    {"rule": "{unique}", "type": "resource-affinity", "resources": f"{GUEST},{OTHER}", "affinity": "positive"},
)
STALE = {"digest": "0" * 40}
MAY_NOT_CHANGE = {"text": "Sys.Console", "settings": NOBODY}
WANTED = {"state": "stopped", "max_restart": 2, "max_relocate": 3, "failback": False, "comment": "a = b & c"}

CASES = [
    Case(
        tool="pve_list_ha_resources",
        required={},
        all={"type": "vm", "fields": ["sid", "state"], "limit": 1, "cursor": "0"},
        setup=[MANAGE],
        failure=Failure({}, "Sys.Audit", settings=NOBODY),
    ),
    Case(
        tool="pve_get_ha_resource",
        required={"sid": GUEST},
        all={"sid": GUEST},
        setup=[MANAGE],
        failure=Failure({"sid": "vm:199"}, "vm:199"),
    ),
    Case(
        tool="pve_create_ha_resource",
        required={"sid": GUEST},
        all={"sid": GUEST, **WANTED},
        failure=Failure({"sid": GUEST}, (GUEST, "already"), setup=[MANAGE]),
    ),
    Case(
        tool="pve_create_ha_resource",
        required={"sid": GUEST, "group": "{unique}"},
        all={"sid": GUEST, "group": "{unique}", "state": "started"},
        setup=[MAKE_GROUP],
        simulator=OLDER,
    ),
    Case(
        tool="pve_update_ha_resource",
        required={"sid": GUEST, "state": "ignored"},
        all={"sid": GUEST, **WANTED, "digest": "{digest}"},
        setup=[MANAGE],
        all_setup=[("pve_get_ha_resource", {"sid": GUEST})],
        failure=Failure({"sid": GUEST, "state": "started", **STALE}, "modified"),
    ),
    Case(
        tool="pve_update_ha_resource",
        required={"sid": GUEST, "group": "{unique}"},
        all={"sid": GUEST, "group": "{unique}", "delete": "comment"},
        setup=[MANAGE, MAKE_GROUP],
        simulator=OLDER,
    ),
    Case(
        tool="pve_delete_ha_resource",
        required={"sid": GUEST},
        all={"sid": GUEST, "purge": True},
        setup=[MANAGE],
        failure=Failure({"sid": "vm:199"}, "vm:199"),
    ),
    Case(
        tool="pve_list_ha_rules",
        required={},
        all={"type": "node-affinity", "resource": GUEST, "fields": ["rule", "nodes"], "limit": 1, "cursor": "0"},
        setup=[MANAGE, MAKE_RULE],
        failure=Failure({}, "Sys.Audit", settings=NOBODY),
    ),
    Case(
        tool="pve_get_ha_rule",
        required={"rule": "{unique}"},
        all={"rule": "{unique}"},
        setup=[MANAGE, MAKE_RULE],
        failure=Failure({"rule": "nowhere"}, "nowhere"),
    ),
    Case(
        tool="pve_create_ha_rule",
        required={"rule": "{unique}", "type": "node-affinity", "resources": GUEST, "nodes": "pve1"},
        all={
            "rule": "{unique}", "type": "node-affinity", "resources": f"{GUEST},{OTHER}", "nodes": "pve1:2,pve2:1",
            "strict": True, "disable": False, "comment": "near the storage",
        },
        setup=[MANAGE, MANAGE_OTHER],
        failure=Failure(
            {"rule": "{unique}", "type": "node-affinity", "resources": GUEST, "nodes": "pve1"},
            ("{unique}", "already"), setup=[MAKE_RULE],
        ),
    ),
    Case(
        tool="pve_create_ha_rule",
        required={
            "rule": "{unique}", "type": "resource-affinity", "resources": f"{GUEST},{OTHER}", "affinity": "negative",
        },
        all={
            "rule": "{unique}", "type": "resource-affinity", "resources": f"{GUEST},{OTHER}", "affinity": "positive",
            "disable": True, "comment": "together",
        },
        setup=[MANAGE, MANAGE_OTHER],
    ),
    Case(
        tool="pve_update_ha_rule",
        required={"rule": "{unique}", "comment": "changed"},
        all={
            "rule": "{unique}", "resources": f"{GUEST},{OTHER}", "nodes": "pve2,pve3", "disable": True,
            "comment": "changed", "delete_settings": "strict", "digest": "{digest}",
        },
        setup=[MANAGE, MANAGE_OTHER, MAKE_RULE],
        all_setup=[("pve_get_ha_rule", {"rule": "{unique}"})],
        translated=["delete_settings"],
        failure=Failure({"rule": "nowhere", "comment": "changed"}, "nowhere"),
    ),
    Case(
        tool="pve_update_ha_rule",
        required={"rule": "{unique}", "strict": True},
        all={"rule": "{unique}", "strict": True},
        setup=[MANAGE, MAKE_RULE],
    ),
    Case(
        tool="pve_update_ha_rule",
        required={"rule": "{unique}", "affinity": "negative"},
        all={"rule": "{unique}", "affinity": "negative", "comment": "apart"},
        setup=[MANAGE, MANAGE_OTHER, MAKE_OTHER_RULE],
    ),
    Case(
        tool="pve_delete_ha_rule",
        required={"rule": "{unique}"},
        all={"rule": "{unique}"},
        setup=[MANAGE, MAKE_RULE],
        failure=Failure({"rule": "{unique}"}, **MAY_NOT_CHANGE),
    ),
    Case(
        tool="pve_disarm_ha",
        required={"resource_mode": "freeze"},
        all={"resource_mode": "ignore"},
        setup=[MANAGE],
        translated=["resource_mode"],
        failure=Failure({"resource_mode": "freeze"}, **MAY_NOT_CHANGE),
    ),
    Case(
        tool="pve_arm_ha",
        required={},
        all={},
        setup=[MANAGE, ("POST /cluster/ha/status/disarm-ha", {"resource-mode": "freeze"})],
        failure=Failure({}, **MAY_NOT_CHANGE),
    ),
]
