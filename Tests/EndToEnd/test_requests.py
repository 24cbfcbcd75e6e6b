"""Every tool's request, as it reached the simulator, with the server's own check against the API switched off."""
# SPDX-License-Identifier: MIT

import re

import pytest

from harness.server import Server

NODE = "/nodes/pve1"
GUEST = "/nodes/pve1/qemu/100"

# Tool, arguments, verb, path, parameters as Proxmox gets them.
REQUESTS = [
    ("pve_list_nodes", {}, "GET", "/nodes", {}),
    ("pve_get_node_status", {"node": "pve1"}, "GET", f"{NODE}/status", {}),
    ("pve_get_node_version", {"node": "pve1"}, "GET", f"{NODE}/version", {}),
    ("pve_get_node_dns", {"node": "pve1"}, "GET", f"{NODE}/dns", {}),
    ("pve_get_node_time", {"node": "pve1"}, "GET", f"{NODE}/time", {}),
    ("pve_get_node_syslog", {"node": "pve1"}, "GET", f"{NODE}/syslog", None),
    ("pve_get_node_syslog", {"node": "pve1", "start": 3, "limit": 7}, "GET", f"{NODE}/syslog", {"start": "3", "limit": "7"}),
    ("pve_list_node_services", {"node": "pve1"}, "GET", f"{NODE}/services", {}),
    *[
        (
            "pve_manage_node_service", {"node": "pve1", "service": "pveproxy", "command": command, "wait": 0}, "POST",
            f"{NODE}/services/pveproxy/{command}", {},
        )
        for command in ("start", "stop", "restart", "reload")
    ],
    ("pve_list_qemu_vms", {"node": "pve1"}, "GET", f"{NODE}/qemu", {}),
    ("pve_list_qemu_vms", {"node": "pve2", "limit": 1, "fields": ["vmid"]}, "GET", "/nodes/pve2/qemu", {}),
    ("pve_get_qemu_status", {"vmid": 100}, "GET", f"{GUEST}/status/current", {}),
    ("pve_get_qemu_config", {"vmid": 100}, "GET", f"{GUEST}/config", {}),
    ("pve_get_qemu_config", {"vmid": 100, "current": True}, "GET", f"{GUEST}/config", {"current": "1"}),
    ("pve_get_qemu_rrddata", {"vmid": 100, "timeframe": "day"}, "GET", f"{GUEST}/rrddata", {"timeframe": "day"}),
    ("pve_list_qemu_snapshots", {"vmid": 100}, "GET", f"{GUEST}/snapshot", {}),
    *[
        (f"pve_{verb}_qemu_vm", {"vmid": 100, "wait": 0}, "POST", f"{GUEST}/status/{verb}", {})
        for verb in ("start", "stop", "shutdown", "reboot", "suspend", "resume", "reset")
    ],
    (
        "pve_start_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 0, "options": {"timeout": 30}}, "POST",
        f"{GUEST}/status/start", {"timeout": "30"},
    ),
    (
        "pve_shutdown_qemu_vm", {"vmid": 100, "wait": 0, "options": {"timeout": 9, "forceStop": True}}, "POST",
        f"{GUEST}/status/shutdown", {"timeout": "9", "forceStop": "1"},
    ),
    ("pve_migrate_qemu_vm", {"vmid": 100, "target": "pve2", "wait": 0}, "POST", f"{GUEST}/migrate", {"target": "pve2"}),
    (
        "pve_migrate_qemu_vm", {"vmid": 100, "target": "pve2", "online": False, "wait": 0}, "POST", f"{GUEST}/migrate",
        {"target": "pve2", "online": "0"},
    ),
    ("pve_create_qemu_vm", {"node": "pve1", "vmid": 7001, "wait": 0}, "POST", f"{NODE}/qemu", {"vmid": "7001"}),
    (
        "pve_create_qemu_vm",
        {
            "node": "pve1", "vmid": 7002, "name": "made-by-a-test", "memory": 1024, "cores": 2, "sockets": 1,
            "ostype": "l26", "scsi0": "local-lvm:8", "net0": "virtio,bridge=vmbr0", "scsihw": "virtio-scsi-single",
            "boot": "order=scsi0", "start": False, "wait": 0, "options": {"agent": "1", "tags": "a;b"},
        },
        "POST", f"{NODE}/qemu",
        {
            "vmid": "7002", "name": "made-by-a-test", "memory": "1024", "cores": "2", "sockets": "1", "ostype": "l26",
            "scsi0": "local-lvm:8", "net0": "virtio,bridge=vmbr0", "scsihw": "virtio-scsi-single",
            "boot": "order=scsi0", "start": "0", "agent": "1", "tags": "a;b",
        },
    ),
    ("pve_update_qemu_config", {"vmid": 100, "memory": 2048}, "PUT", f"{GUEST}/config", {"memory": "2048"}),
    (
        "pve_update_qemu_config",
        {"vmid": 100, "name": "renamed", "cores": 4, "onboot": True, "description": "ä & = ? # % +\nline two"},
        "PUT", f"{GUEST}/config",
        {"name": "renamed", "cores": "4", "onboot": "1", "description": "ä & = ? # % +\nline two"},
    ),
    ("pve_clone_qemu_vm", {"vmid": 100, "newid": 7003, "wait": 0}, "POST", f"{GUEST}/clone", {"newid": "7003"}),
    (
        "pve_clone_qemu_vm",
        {"vmid": 100, "newid": 7004, "name": "copy", "full": True, "description": "a copy", "wait": 0},
        "POST", f"{GUEST}/clone", {"newid": "7004", "name": "copy", "full": "1", "description": "a copy"},
    ),
    (
        "pve_create_qemu_snapshot", {"vmid": 100, "snapname": "before"}, "POST", f"{GUEST}/snapshot",
        {"snapname": "before"},
    ),
    (
        "pve_create_qemu_snapshot", {"vmid": 100, "snapname": "second", "description": "x", "vmstate": False, "wait": 0},
        "POST", f"{GUEST}/snapshot", {"snapname": "second", "description": "x", "vmstate": "0"},
    ),
    (
        "pve_rollback_qemu_snapshot", {"vmid": 100, "snapname": "before", "wait": 0}, "POST",
        f"{GUEST}/snapshot/before/rollback", {},
    ),
    (
        "pve_delete_qemu_snapshot", {"vmid": 100, "snapname": "before", "wait": 0}, "DELETE",
        f"{GUEST}/snapshot/before", {},
    ),
    ("pve_delete_qemu_vm", {"vmid": 100, "wait": 0}, "DELETE", GUEST, {}),
    (
        "pve_delete_qemu_vm", {"vmid": 100, "purge": True, "destroy-unreferenced-disks": False, "wait": 0}, "DELETE",
        GUEST, {"purge": "1", "destroy-unreferenced-disks": "0"},
    ),
]


def identifier(request):
    return f"{request[0]}({', '.join(request[1])})"


@pytest.mark.parametrize("request_", REQUESTS, ids=identifier)
def test_a_tool_sends_exactly_its_request(private_simulator, start, request_):
    tool, arguments, method, path, parameters = request_
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, PVE_SCHEMA_CHECK="false")
    answer = server.call(tool, arguments)
    sent = [
        entry for entry in simulator.requests()
        if entry.get("template") not in ("/version", "/cluster/resources", "/access/permissions")
        and "/tasks/" not in entry["path"]
    ]
    assert len(sent) == 1, (sent, answer.text)
    (entry,) = sent
    assert (entry["method"], entry["path"].removeprefix("/api2/json")) == (method, path)
    names = re.findall(r"\{(\w+)\}", entry["template"])
    if parameters is not None:
        assert {name: value for name, value in entry["parameters"].items() if name not in names} == parameters
    assert entry["status"] not in (400, 501), f"the simulator refused it: {entry} {answer.text}"


def test_the_table_above_has_every_tool(simulator):
    with Server(settings=simulator.settings) as server:
        assert {request[0] for request in REQUESTS} == set(server.tool_names())
