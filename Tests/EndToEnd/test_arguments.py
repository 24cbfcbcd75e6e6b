"""Wrong arguments: named, with what the argument takes and what it got; nothing is sent."""
# SPDX-License-Identifier: MIT

import pytest

WRONG = {
    "missing": ("pve_get_qemu_status", {}, ["vmid", "missing"]),
    "missing node": ("pve_get_node_status", {}, ["node", "missing"]),
    "extra": ("pve_list_nodes", {"bogus": 1}, ["bogus"]),
    "extra, nearly right": ("pve_get_qemu_status", {"vmid": 100, "nodee": "pve1"}, ["nodee", '"node"']),
    "text for a number": ("pve_get_qemu_status", {"vmid": "one hundred"}, ["vmid", "integer", "one hundred"]),
    "fraction": ("pve_get_qemu_status", {"vmid": 100.5}, ["vmid", "integer", "100.5"]),
    "null": ("pve_get_qemu_status", {"vmid": None}, ["vmid", "missing", "integer"]),
    "list": ("pve_get_qemu_status", {"vmid": [100]}, ["vmid", "integer", "[100]"]),
    "number for text": ("pve_get_node_status", {"node": 7}, ["node", "string", "7"]),
    "text for a truth value": ("pve_delete_qemu_snapshot", {"vmid": 100, "snapname": True}, ["snapname", "string", "true"]),
    "below the minimum": ("pve_get_qemu_status", {"vmid": 99}, ["vmid", "100", "99"]),
    "above the maximum": ("pve_get_qemu_status", {"vmid": 1000000000}, ["vmid", "999999999", "1000000000"]),
    "beyond 64 bits": ("pve_get_qemu_status", {"vmid": 10**30}, ["vmid", "integer"]),
    "wait below 0": ("pve_start_qemu_vm", {"vmid": 100, "wait": -1}, ["wait", "0", "3600", "-1"]),
    "wait above 3600": ("pve_start_qemu_vm", {"vmid": 100, "wait": 3601}, ["wait", "3600", "3601"]),
    "not one of the choices": (
        "pve_get_qemu_rrddata", {"vmid": 100, "timeframe": "minute"}, ["timeframe", "hour", "minute"],
    ),
    "not a command": (
        "pve_manage_node_service", {"node": "pve1", "service": "pveproxy", "command": "explode"},
        ["command", "restart", "explode"],
    ),
    "options that are no object": ("pve_start_qemu_vm", {"vmid": 100, "options": "x"}, ["options", "object"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_argument_is_named_and_nothing_is_sent(start, simulator, case):
    tool, arguments, words = WRONG[case]
    server = start(simulator)
    server.call("pve_list_nodes")
    mark = simulator.mark()
    answer = server.call(tool, arguments)
    assert answer.error is None
    assert answer.result["isError"] is True
    for word in words:
        assert word in answer.text, answer.text
    assert simulator.since(mark) == []


def test_every_fault_is_named_at_once(start, simulator):
    text = start(simulator).call("pve_start_qemu_vm", {"vmid": "x", "wait": -1, "bogus": 1}).text
    for name in ("vmid", "wait", "bogus"):
        assert f'"{name}"' in text


def test_an_argument_given_twice_is_refused(start, simulator):
    server = start(simulator)
    server.call("pve_list_nodes")
    mark = simulator.mark()
    server.methods[77] = "tools/call"
    server.send_raw(
        b'{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"pve_get_qemu_status",'
        b'"arguments":{"vmid":100,"vmid":101}}}\n'
    )
    answer = server.receive()
    assert answer["result"]["isError"] is True
    assert "twice" in answer["result"]["content"][0]["text"]
    assert simulator.since(mark) == []


def test_a_whole_number_may_be_written_as_a_fraction(start, simulator):
    assert not start(simulator).call("pve_get_qemu_status", {"vmid": 100.0}).is_error


def test_a_large_wrong_argument_is_not_repeated_in_full(start, simulator):
    text = start(simulator).call("pve_get_qemu_status", {"vmid": "y" * 100_000}).text
    assert "vmid" in text
    assert len(text) < 1000
