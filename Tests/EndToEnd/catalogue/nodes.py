"""Nodes: what they are, how they fare, their services."""
# SPDX-License-Identifier: MIT

from .case import NOBODY, Case, Failure

WRONG_NODE = Failure({"node": "pve9"}, ("pve9", "pve1"))

CASES = [
    Case(
        tool="pve_list_nodes",
        required={},
        all={"fields": ["node", "uptime"], "limit": 1, "cursor": "1"},
        failure=Failure({}, "Token or secret is wrong", settings={"PVE_TOKEN_SECRET": "00000000-0000-0000-0000-000000000000"}),
    ),
    Case(
        tool="pve_get_node_status",
        required={"node": "pve1"},
        all={"node": "pve2", "fields": ["uptime", "memory"]},
        failure=WRONG_NODE,
    ),
    Case(tool="pve_get_node_version", required={"node": "pve1"}, all={"node": "pve2"}, failure=WRONG_NODE),
    Case(
        tool="pve_get_node_dns",
        required={"node": "pve1"},
        all={"node": "pve2"},
        failure=Failure({"node": "pve1"}, ("Sys.Audit", "/nodes/pve1"), settings=NOBODY),
    ),
    Case(
        tool="pve_get_node_time",
        required={"node": "pve1"},
        all={"node": "pve2"},
        failure=Failure({"node": "pve1"}, ("Sys.Audit", "/nodes/pve1"), settings=NOBODY),
    ),
    Case(
        tool="pve_get_node_syslog",
        required={"node": "pve1"},
        all={
            "node": "pve1", "start": 3, "limit": 7, "service": "pveproxy", "since": "2026-01-01 00:00:00",
            "until": "2026-12-31 23:59:59",
        },
        failure=Failure({"node": "pve1"}, ("Sys.Syslog", "/nodes/pve1"), settings=NOBODY),
    ),
    Case(
        tool="pve_list_node_services",
        required={"node": "pve1"},
        all={"node": "pve1", "fields": ["name", "state"], "limit": 2, "cursor": "2"},
        failure=WRONG_NODE,
    ),
    Case(
        tool="pve_manage_node_service",
        required={"node": "pve1", "service": "pveproxy", "command": "restart"},
        all={"node": "pve1", "service": "cron", "command": "stop", "wait": 10},
        failure=Failure({"node": "pve1", "service": "pveprox", "command": "start"}, "pveprox"),
        cancel=True,
    ),
]
