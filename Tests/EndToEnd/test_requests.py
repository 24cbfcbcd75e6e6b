"""The exact requests of nodes and VMs as they reached the simulator, with the server's own check against the API off.

The catalogue has the tools of all categories.
"""
# SPDX-License-Identifier: MIT

import re

import pytest

from harness.server import Server

NODE = "/nodes/pve1"
GUEST = "/nodes/pve1/qemu/100"

# Tool, arguments, verb, path, parameters as Proxmox gets them.
REQUESTS = [
    ("pve_list_nodes", {}, "GET", "/nodes", {}),
    ("pve_list_nodes", {"fields": ["node", "uptime"], "limit": 1, "cursor": "1"}, "GET", "/nodes", {}),
    ("pve_get_node_status", {"node": "pve1"}, "GET", f"{NODE}/status", {}),
    ("pve_get_node_status", {"node": "pve2", "fields": ["uptime"]}, "GET", "/nodes/pve2/status", {}),
    ("pve_get_node_version", {"node": "pve1"}, "GET", f"{NODE}/version", {}),
    ("pve_get_node_dns", {"node": "pve1"}, "GET", f"{NODE}/dns", {}),
    ("pve_get_node_time", {"node": "pve1"}, "GET", f"{NODE}/time", {}),
    ("pve_get_node_syslog", {"node": "pve1"}, "GET", f"{NODE}/syslog", None),
    ("pve_get_node_syslog", {"node": "pve1", "start": 3, "limit": 7}, "GET", f"{NODE}/syslog", {"start": "3", "limit": "7"}),
    (
        "pve_get_node_syslog",
        {"node": "pve1", "service": "pveproxy", "since": "2026-01-01 00:00:00", "until": "2026-12-31 23:59:59"},
        "GET", f"{NODE}/syslog",
        {"service": "pveproxy", "since": "2026-01-01 00:00:00", "until": "2026-12-31 23:59:59"},
    ),
    ("pve_list_node_services", {"node": "pve1"}, "GET", f"{NODE}/services", {}),
    (
        "pve_list_node_services", {"node": "pve1", "fields": ["name", "state"], "limit": 2, "cursor": "2"}, "GET",
        f"{NODE}/services", {},
    ),
    *[
        (
            "pve_manage_node_service", {"node": "pve1", "service": "pveproxy", "command": command, "wait": 0}, "POST",
            f"{NODE}/services/pveproxy/{command}", {},
        )
        for command in ("start", "stop", "restart", "reload")
    ],
    ("pve_list_qemu_vms", {"node": "pve1"}, "GET", f"{NODE}/qemu", {}),
    (
        "pve_list_qemu_vms", {"node": "pve2", "limit": 1, "fields": ["vmid"], "cursor": "1", "full": True}, "GET",
        "/nodes/pve2/qemu", {"full": "1"},
    ),
    ("pve_get_qemu_status", {"vmid": 100}, "GET", f"{GUEST}/status/current", {}),
    ("pve_get_qemu_status", {"node": "pve1", "vmid": 100, "fields": ["status"]}, "GET", f"{GUEST}/status/current", {}),
    ("pve_get_qemu_config", {"vmid": 100}, "GET", f"{GUEST}/config", {}),
    ("pve_get_qemu_config", {"vmid": 100, "current": True}, "GET", f"{GUEST}/config", {"current": "1"}),
    (
        "pve_get_qemu_config", {"node": "pve1", "vmid": 100, "snapshot": "nothing", "fields": ["name"]}, "GET",
        f"{GUEST}/config", {"snapshot": "nothing"},
    ),
    ("pve_get_qemu_rrddata", {"vmid": 100, "timeframe": "day"}, "GET", f"{GUEST}/rrddata", {"timeframe": "day"}),
    (
        "pve_get_qemu_rrddata",
        {
            "node": "pve1", "vmid": 100, "timeframe": "hour", "cf": "MAX", "fields": ["time", "cpu"], "limit": 3,
            "cursor": "3",
        },
        "GET", f"{GUEST}/rrddata", {"timeframe": "hour", "cf": "MAX"},
    ),
    ("pve_list_qemu_snapshots", {"vmid": 100}, "GET", f"{GUEST}/snapshot", {}),
    (
        "pve_list_qemu_snapshots", {"node": "pve1", "vmid": 100, "fields": ["name"], "limit": 1, "cursor": "1"}, "GET",
        f"{GUEST}/snapshot", {},
    ),
    *[
        (f"pve_{verb}_qemu_vm", {"vmid": 100, "wait": 0}, "POST", f"{GUEST}/status/{verb}", {})
        for verb in ("start", "stop", "shutdown", "reboot", "suspend", "resume", "reset")
    ],
    (
        "pve_start_qemu_vm",
        {"node": "pve1", "vmid": 100, "timeout": 30, "wait": 0, "options": {"machine": "q35"}},
        "POST", f"{GUEST}/status/start", {"timeout": "30", "machine": "q35"},
    ),
    (
        "pve_stop_qemu_vm",
        {"node": "pve1", "vmid": 100, "timeout": 5, "wait": 0, "options": {"overrule-shutdown": True, "keepActive": False}},
        "POST", f"{GUEST}/status/stop", {"timeout": "5", "overrule-shutdown": "1", "keepActive": "0"},
    ),
    (
        "pve_shutdown_qemu_vm",
        {"node": "pve1", "vmid": 100, "timeout": 9, "forceStop": True, "wait": 0, "options": {"keepActive": False}},
        "POST", f"{GUEST}/status/shutdown", {"timeout": "9", "forceStop": "1", "keepActive": "0"},
    ),
    (
        "pve_reboot_qemu_vm", {"node": "pve1", "vmid": 100, "timeout": 60, "wait": 0}, "POST",
        f"{GUEST}/status/reboot", {"timeout": "60"},
    ),
    (
        "pve_suspend_qemu_vm",
        {"node": "pve1", "vmid": 100, "todisk": True, "statestorage": "local-lvm", "wait": 0, "options": {}},
        "POST", f"{GUEST}/status/suspend", {"todisk": "1", "statestorage": "local-lvm"},
    ),
    (
        "pve_resume_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 0, "options": {}}, "POST",
        f"{GUEST}/status/resume", {},
    ),
    ("pve_reset_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 0, "options": {}}, "POST", f"{GUEST}/status/reset", {}),
    ("pve_migrate_qemu_vm", {"vmid": 100, "target": "pve2", "wait": 0}, "POST", f"{GUEST}/migrate", {"target": "pve2"}),
    (
        "pve_migrate_qemu_vm",
        {
            "node": "pve1", "vmid": 100, "target": "pve2", "online": False, "with-local-disks": True,
            "targetstorage": "local-lvm", "bwlimit": 1000, "wait": 0, "options": {},
        },
        "POST", f"{GUEST}/migrate",
        {
            "target": "pve2", "online": "0", "with-local-disks": "1", "targetstorage": "local-lvm", "bwlimit": "1000",
        },
    ),
    ("pve_create_qemu_vm", {"node": "pve1", "vmid": 7001, "wait": 0}, "POST", f"{NODE}/qemu", {"vmid": "7001"}),
    (
        "pve_create_qemu_vm",
        {
            "node": "pve1", "vmid": 7002, "name": "made-by-a-test", "memory": 1024, "cores": 2, "sockets": 1,
            "ostype": "l26", "scsi0": "local-lvm:8", "net0": "virtio,bridge=vmbr0", "scsihw": "virtio-scsi-single",
            "boot": "order=scsi0", "start": False, "wait": 0, "agent": "1", "tags": "a;b",
            "options": {"hotplug": "disk", "acpi": False},
        },
        "POST", f"{NODE}/qemu",
        {
            "vmid": "7002", "name": "made-by-a-test", "memory": "1024", "cores": "2", "sockets": "1", "ostype": "l26",
            "scsi0": "local-lvm:8", "net0": "virtio,bridge=vmbr0", "scsihw": "virtio-scsi-single",
            "boot": "order=scsi0", "start": "0", "agent": "1", "tags": "a;b", "hotplug": "disk", "acpi": "0",
        },
    ),
    ("pve_update_qemu_config", {"vmid": 100, "memory": 2048}, "PUT", f"{GUEST}/config", {"memory": "2048"}),
    (
        "pve_update_qemu_config",
        {"node": "pve1", "vmid": 100, "name": "renamed", "cores": 4, "onboot": True, "description": "ä & = ? # % +\nline two"},
        "PUT", f"{GUEST}/config",
        {"name": "renamed", "cores": "4", "onboot": "1", "description": "ä & = ? # % +\nline two"},
    ),
    ("pve_clone_qemu_vm", {"vmid": 100, "newid": 7003, "wait": 0}, "POST", f"{GUEST}/clone", {"newid": "7003"}),
    (
        "pve_clone_qemu_vm",
        {
            "node": "pve1", "vmid": 100, "newid": 7004, "name": "copy", "full": True, "description": "a copy",
            "target": "pve2", "storage": "local-lvm", "format": "raw", "bwlimit": 0, "wait": 0,
        },
        "POST", f"{GUEST}/clone",
        {
            "newid": "7004", "name": "copy", "full": "1", "description": "a copy", "target": "pve2",
            "storage": "local-lvm", "format": "raw", "bwlimit": "0",
        },
    ),
    (
        "pve_create_qemu_snapshot", {"vmid": 100, "snapname": "before"}, "POST", f"{GUEST}/snapshot",
        {"snapname": "before"},
    ),
    (
        "pve_create_qemu_snapshot", {"node": "pve1", "vmid": 100, "snapname": "second", "description": "x", "vmstate": False, "wait": 0},
        "POST", f"{GUEST}/snapshot", {"snapname": "second", "description": "x", "vmstate": "0"},
    ),
    (
        "pve_rollback_qemu_snapshot", {"vmid": 100, "snapname": "before", "wait": 0}, "POST",
        f"{GUEST}/snapshot/before/rollback", {},
    ),
    (
        "pve_rollback_qemu_snapshot", {"node": "pve1", "vmid": 100, "snapname": "before", "start": True, "wait": 0},
        "POST", f"{GUEST}/snapshot/before/rollback", {"start": "1"},
    ),
    (
        "pve_delete_qemu_snapshot", {"vmid": 100, "snapname": "before", "wait": 0}, "DELETE",
        f"{GUEST}/snapshot/before", {},
    ),
    (
        "pve_delete_qemu_snapshot", {"node": "pve1", "vmid": 100, "snapname": "before", "force": True, "wait": 0},
        "DELETE", f"{GUEST}/snapshot/before", {"force": "1"},
    ),
    ("pve_delete_qemu_vm", {"vmid": 100, "wait": 0}, "DELETE", GUEST, {}),
    (
        "pve_delete_qemu_vm",
        {"node": "pve1", "vmid": 100, "purge": True, "destroy-unreferenced-disks": False, "wait": 0, "options": {}},
        "DELETE", GUEST, {"purge": "1", "destroy-unreferenced-disks": "0"},
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
        # Before a guest is lost the server looks whether it is protected.
        and (method == "GET" or entry["method"] != "GET")
    ]
    assert len(sent) == 1, (sent, answer.text)
    (entry,) = sent
    assert (entry["method"], entry["path"].removeprefix("/api2/json")) == (method, path)
    names = re.findall(r"\{(\w+)\}", entry["template"])
    if parameters is not None:
        assert {name: value for name, value in entry["parameters"].items() if name not in names} == parameters
    assert entry["status"] not in (400, 501), f"the simulator refused it: {entry} {answer.text}"


# Arguments of the configuration tools, all of them, as given and as sent.
CONFIGURATION = {
    "name": ("all-of-it", "all-of-it"), "description": ("x", "x"), "tags": ("a;b", "a;b"), "memory": (1024, "1024"),
    "cores": (2, "2"), "sockets": (1, "1"), "cpu": ("host", "host"), "ostype": ("l26", "l26"),
    "bios": ("ovmf", "ovmf"), "machine": ("q35", "q35"), "efidisk0": ("local-lvm:1", "local-lvm:1"),
    "scsihw": ("virtio-scsi-pci", "virtio-scsi-pci"), "scsi0": ("local-lvm:8", "local-lvm:8"),
    "ide2": ("none,media=cdrom", "none,media=cdrom"),
    "net0": ("virtio,bridge=vmbr0", "virtio,bridge=vmbr0"), "boot": ("order=scsi0;net0", "order=scsi0;net0"),
    "agent": ("1", "1"), "onboot": (True, "1"),
    "protection": (False, "0"), "ciuser": ("me", "me"), "cipassword": ("hush-hush", "***"),
    # Proxmox wants this value URL-encoded by itself, before it is encoded as a parameter like any other.
    "sshkeys": ("ssh-ed25519%20AAAA%2B%2F%3D%20me%40host", "ssh-ed25519%20AAAA%2B%2F%3D%20me%40host"),
    "ipconfig0": ("ip=dhcp", "ip=dhcp"),
}
MORE = {
    "pve_create_qemu_vm": {"storage": ("local-lvm", "local-lvm"), "start": (False, "0")},
    "pve_update_qemu_config": {"delete": ("serial1", "serial1")},
}


@pytest.mark.parametrize("tool", MORE)
def test_the_configuration_tools_pass_everything_on(private_simulator, start, tool):
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, PVE_SCHEMA_CHECK="false", DEBUG="true")
    values = {**CONFIGURATION, **MORE[tool]}
    creates = tool == "pve_create_qemu_vm"
    given = {name: value for name, (value, _) in values.items()} | {"node": "pve1", "vmid": 7005 if creates else 100}
    answer = server.call(tool, given)
    (entry,) = [entry for entry in simulator.requests() if entry["method"] in ("POST", "PUT")]
    sent = {name: value for name, value in entry["parameters"].items() if name not in ("node", "vmid")}
    assert sent == {name: value for name, (_, value) in values.items()}
    assert entry["status"] not in (400, 501), answer.text
    assert "hush-hush" not in answer.text + server.stderr


def test_all_guests_of_the_cluster_are_one_request(private_simulator, start):
    simulator = private_simulator()
    answer = start(simulator, PVE_SCHEMA_CHECK="false").call("pve_list_qemu_vms")
    assert {"pve1", "pve2"} <= {row["node"] for row in answer.rows}
    (entry,) = simulator.since(0)
    assert (entry["path"].removeprefix("/api2/json"), entry["parameters"]) == ("/cluster/resources", {"type": "vm"})


def test_a_guest_without_a_vmid_gets_the_next_free_one(private_simulator, start):
    simulator = private_simulator("--task-seconds", "0.1")
    answer = start(simulator, PVE_SCHEMA_CHECK="false").call("pve_create_qemu_vm", {"node": "pve1", "wait": 10})
    assert not answer.is_error, answer.text
    asked, created = [entry for entry in simulator.since(0) if "/tasks/" not in entry["path"]]
    assert asked["path"].endswith("/cluster/nextid")
    assert created["parameters"]["vmid"] in answer.text


def test_every_argument_is_in_the_tables_above(simulator):
    used = {}
    for tool, arguments, *_ in REQUESTS:
        used.setdefault(tool, set()).update(arguments)
    for tool in MORE:
        used[tool] |= {*CONFIGURATION, *MORE[tool]}
    # These need what a plain simulated cluster does not have, or exclude others.
    left_out = {
        "pve_migrate_qemu_vm": {"migration_type", "migration_network"}, "pve_clone_qemu_vm": {"snapname", "pool"},
        "pve_create_qemu_vm": {"pool"}, "pve_update_qemu_config": {"revert", "digest", "options"},
    }
    with Server(settings=simulator.settings | {"PVE_CATEGORIES": "nodes,qemu"}) as server:
        for tool in server.tools():
            missing = set(tool["inputSchema"].get("properties", {})) - used[tool["name"]] - {"confirm"}
            assert missing == left_out.get(tool["name"], set()), tool["name"]


def test_the_table_above_has_every_tool(simulator):
    with Server(settings=simulator.settings | {"PVE_CATEGORIES": "nodes,qemu"}) as server:
        assert {request[0] for request in REQUESTS} == set(server.tool_names())
