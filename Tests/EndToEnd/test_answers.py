"""What answers and refusals say beyond Proxmox's own words."""
# SPDX-License-Identifier: MIT

import datetime

import pytest

OCI = {"node": "pve1", "storage": "local", "reference": "docker.io/library/nginx:latest"}


@pytest.fixture
def server(start, simulator):
    return start(simulator, PVE_CONFIRM="never")


def test_the_end_of_a_task_can_be_waited_for_afterwards(start, private_simulator):
    server = start(private_simulator("--task-seconds", "2"))
    upid = server.call("pve_start_qemu_vm", {"vmid": 100, "wait": 0}).data["upid"]
    assert server.call("pve_get_task_status", {"upid": upid}).data["status"] == "running"
    ended = server.call("pve_get_task_status", {"upid": upid, "wait": 30}).data
    assert (ended["status"], ended["exitstatus"]) == ("stopped", "OK")
    started = datetime.datetime.fromtimestamp(ended["starttime"], datetime.timezone.utc)
    assert ended["starttime_utc"] == started.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_node_that_is_not_there_is_answered_with_those_that_are(server):
    text = server.call("pve_get_node_status", {"node": "pve9"}).text
    assert "No node is called pve9" in text and "pve1 (online)" in text


def test_a_guest_that_is_elsewhere_is_answered_with_its_node(server):
    assert "is on node pve1, not on pve2" in server.call("pve_get_qemu_status", {"vmid": 100, "node": "pve2"}).text


@pytest.mark.parametrize("check", ["true", "false"])
def test_an_older_release_is_answered_with_the_one_that_is_needed(start, simulators, check):
    server = start(simulators("--release", "8.4"), PVE_CONFIRM="never", PVE_SCHEMA_CHECK=check)
    answer = server.call("pve_pull_oci_image", OCI)
    assert answer.is_error and "9.2" in answer.text and "/nodes/{node}/aplinfo" in answer.text


def test_a_tool_above_the_tier_is_named_with_its_tier(start, simulator):
    server = start(simulator, PVE_ACCESS_TIER="read-only")
    answer = server.request("tools/call", {"name": "pve_delete_qemu_vm", "arguments": {"vmid": 100}})
    assert "it needs tier full (PVE_ACCESS_TIER=full)" in answer["error"]["message"]


def test_network_changes_that_wait_stand_beside_the_list(start, private_simulator):
    server = start(private_simulator(), PVE_CONFIRM="never")
    assert "changes" not in server.call("pve_list_networks", {"node": "pve1"}).data
    server.call("pve_create_network", {"node": "pve1", "iface": "vmbr7", "type": "bridge"}).data
    assert "+iface vmbr7" in server.call("pve_list_networks", {"node": "pve1", "limit": 1}).data["changes"]


def test_all_guests_of_a_node_are_named_without_those_of_others(start, simulator):
    server = start(simulator, PVE_CONFIRM="ask")
    arguments = {"node": "pve3", "all": True, "storage": "shared", "options": {"prune-backups": "keep-last=1"}}
    text = server.call("pve_run_backup", arguments).text
    assert "109 (build1" in text and "110 (proxy1" in text and "100 (" not in text


@pytest.mark.parametrize(
    "tool, arguments, hint",
    [
        ("pve_delete_qemu_vm", {"vmid": 102}, "Stop it first."),
        ("pve_clone_qemu_vm", {"vmid": 102, "newid": 900, "full": False}, "Copy it in full"),
        ("pve_delete_lxc_container", {"vmid": 110}, "Stop it first"),
        ("pve_migrate_qemu_vm", {"vmid": 102, "target": "pve1"}, "Give `online` true"),
        ("pve_delete_firewall_rule", {"pos": 99}, "List the rules"),
        ("pve_clone_lxc_container", {"vmid": 110, "newid": 901}, "snapname"),
    ],
)
def test_refusals_say_the_way_out(server, tool, arguments, hint):
    answer = server.call(tool, arguments)
    assert answer.is_error and hint in answer.text


def test_a_wrong_keyboard_is_no_secret(server):
    assert "got `xx`" in server.call("pve_update_cluster_options", {"keyboard": "xx"}).text
