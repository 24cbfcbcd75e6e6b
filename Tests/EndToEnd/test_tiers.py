"""The tier is enforced by what is about to be sent, not by what a tool calls itself."""
# SPDX-License-Identifier: MIT

import pytest


def changes(simulator, mark):
    return [entry for entry in simulator.since(mark) if entry["method"] != "GET"]


@pytest.mark.parametrize("option,value", [("force", 1), ("skiplock", 1), ("with-local-disks", 1)])
@pytest.mark.parametrize("check", ["true", "false"])
def test_options_cannot_raise_a_lesser_tool(start, simulator, option, value, check):
    server = start(simulator, PVE_ACCESS_TIER="read-execute", PVE_SCHEMA_CHECK=check)
    mark = simulator.mark()
    answer = server.call("pve_migrate_qemu_vm", {"vmid": 100, "target": "pve2", "options": {option: value}})
    if option == "with-local-disks":
        assert answer.is_error or changes(simulator, mark), "moving disks along overwrites nothing"
        return
    assert answer.is_error
    assert option in answer.text, answer.text
    assert "full" in answer.text, answer.text
    assert changes(simulator, mark) == []


@pytest.mark.parametrize("tool", ["pve_start_qemu_vm", "pve_stop_qemu_vm", "pve_resume_qemu_vm", "pve_shutdown_qemu_vm"])
def test_skipping_the_lock_needs_full(start, simulator, tool):
    server = start(simulator, PVE_ACCESS_TIER="read-execute")
    mark = simulator.mark()
    answer = server.call(tool, {"vmid": 100, "options": {"skiplock": True}})
    assert answer.is_error
    assert "skiplock" in answer.text and "full" in answer.text, answer.text
    assert changes(simulator, mark) == []


@pytest.mark.parametrize("tool", ["pve_stop_qemu_vm", "pve_start_qemu_vm"])
def test_options_that_no_endpoint_has_are_named(start, simulator, tool):
    server = start(simulator)
    mark = simulator.mark()
    answer = server.call(tool, {"vmid": 100, "options": {"archive": "local:backup/x.vma"}})
    assert answer.is_error
    assert "archive" in answer.text, answer.text
    assert changes(simulator, mark) == []


def test_options_do_not_reach_other_path_values(start, simulator):
    server = start(simulator)
    mark = simulator.mark()
    answer = server.call("pve_stop_qemu_vm", {"node": "pve1", "vmid": 100, "options": {"vmid": 101, "node": "pve2"}})
    assert answer.is_error
    assert not [entry for entry in changes(simulator, mark) if "101" in entry["path"] or "pve2" in entry["path"]]


def test_overwriting_by_create_is_full(start, simulator):
    server = start(simulator, PVE_ACCESS_TIER="read-execute")
    answer = server.call("pve_create_qemu_vm", {"node": "pve1", "vmid": 100, "options": {"force": True}})
    assert answer.error["code"] == -32602


def test_at_full_the_option_is_sent_and_proxmox_decides(start, simulator):
    server = start(simulator)
    mark = simulator.mark()
    answer = server.call("pve_stop_qemu_vm", {"node": "pve1", "vmid": 100, "options": {"skiplock": True}})
    assert [entry.get("template") for entry in changes(simulator, mark)] == ["/nodes/{node}/qemu/{vmid}/status/stop"]
    assert answer.is_error
    assert "skiplock" in answer.text and "root" in answer.text
