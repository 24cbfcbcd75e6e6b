"""The firewall of the cluster."""
# SPDX-License-Identifier: MIT

from .case import NOBODY, Case, Failure

MAY_NOT_LOOK = Failure({}, "Sys.Audit", settings=NOBODY)
RULE = {"action": "ACCEPT", "type": "in"}
MAKE_RULE = ("POST /cluster/firewall/rules", RULE)
SEE_DIGEST = ("pve_list_firewall_rules", {"fields": ["pos", "digest"]}, {"digest": "rules.0.digest"})
STALE = {"digest": "0" * 40}
EVERYTHING = {
    "enable": True, "source": "10.0.0.0/8,192.0.2.7", "dest": "198.51.100.0/24", "proto": "tcp", "dport": "22,8006",
    "sport": "1024:65535", "iface": "vmbr0", "log": "info", "comment": "a = b & c, ä",
}

CASES = [
    Case(
        tool="pve_get_firewall_options",
        required={},
        all={},
        setup=[("PUT /cluster/firewall/options", {"enable": 0})],
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_list_firewall_rules",
        required={},
        all={"fields": ["pos", "action"], "limit": 1, "cursor": "1"},
        setup=[MAKE_RULE, MAKE_RULE],
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_list_firewall_aliases",
        required={},
        all={"fields": ["name", "cidr"], "limit": 1, "cursor": "0"},
        setup=[("POST /cluster/firewall/aliases", {"name": "{unique}", "cidr": "192.0.2.0/24"})],
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_list_firewall_ipsets",
        required={},
        all={"fields": ["name", "digest"], "limit": 1, "cursor": "0"},
        setup=[("POST /cluster/firewall/ipset", {"name": "{unique}"})],
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_update_firewall_options",
        required={"policy_in": "DROP"},
        all={
            "enable": True, "policy_in": "REJECT", "policy_out": "ACCEPT", "policy_forward": "DROP",
            "log_ratelimit": "enable=1,burst=9,rate=2/minute", "delete": "ebtables", "digest": "{digest}",
        },
        all_setup=[("pve_get_firewall_options", {})],
        failure=Failure({"policy_in": "DROP", **STALE}, "modified"),
    ),
    Case(
        tool="pve_update_firewall_options",
        required={"enable": False},
        all={"enable": False, "ebtables": False},
    ),
    Case(
        tool="pve_create_firewall_rule",
        required=RULE,
        all={**RULE, **EVERYTHING, "pos": 1, "digest": "{digest}"},
        all_setup=[MAKE_RULE, SEE_DIGEST],
        failure=Failure({**RULE, "dport": "22"}, "dport"),
    ),
    Case(
        tool="pve_create_firewall_rule",
        required={**RULE, "macro": "SSH"},
        all={**RULE, "macro": "SSH", "enable": True},
    ),
    Case(
        tool="pve_create_firewall_rule",
        required={**RULE, "proto": "icmp", "icmp-type": "echo-request"},
        all={"action": "DROP", "type": "out", "proto": "icmp", "icmp-type": "echo-request", "enable": False},
    ),
    Case(
        tool="pve_update_firewall_rule",
        required={"pos": 0, "enable": True},
        all={"pos": 0, "action": "DROP", "type": "out", **EVERYTHING, "digest": "{digest}"},
        setup=[MAKE_RULE],
        all_setup=[SEE_DIGEST],
        failure=Failure({"pos": 0, "enable": True, **STALE}, "modified"),
    ),
    Case(
        tool="pve_update_firewall_rule",
        required={"pos": 0, "moveto": 2},
        all={"pos": 1, "moveto": 0},
        setup=[MAKE_RULE, MAKE_RULE],
    ),
    Case(
        tool="pve_update_firewall_rule",
        required={"pos": 0, "delete": "comment"},
        all={"pos": 0, "proto": "icmp", "icmp-type": "echo-request", "delete": "comment"},
        setup=[("POST /cluster/firewall/rules", {**RULE, "comment": "old"})],
    ),
    Case(
        tool="pve_update_firewall_rule",
        required={"pos": 0, "macro": "SSH"},
        all={"pos": 0, "macro": "HTTPS", "comment": "web"},
        setup=[MAKE_RULE],
    ),
    Case(
        tool="pve_delete_firewall_rule",
        required={"pos": 0},
        all={"pos": 0, "digest": "{digest}"},
        setup=[MAKE_RULE],
        all_setup=[SEE_DIGEST],
        failure=Failure({"pos": 99}, "99"),
    ),
]
