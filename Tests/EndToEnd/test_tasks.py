"""Tools that start a task: progress, how it ended, waiting and not waiting, cancelling."""
# SPDX-License-Identifier: MIT

import pytest

from harness.schemas import REVISIONS


def guest_named(server, name):
    rows = [row for node in ("pve1", "pve2", "pve3") for row in server.call("pve_list_qemu_vms", {"node": node}).rows]
    found = [row["vmid"] for row in rows if row.get("name") == name]
    assert len(found) == 1, f"no guest named {name}: {rows}"
    return found[0]


@pytest.mark.parametrize("revision", REVISIONS)
def test_starting_a_guest_reports_progress_and_the_end(start, private_simulator, revision):
    server = start(private_simulator("--task-seconds", "3"), revision=revision)
    before = server.call("pve_get_qemu_status", {"node": "pve1", "vmid": 100})
    assert '"stopped"' in before.text
    started = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100}, token="start")
    assert not started.is_error, started.text
    assert "UPID:pve1:" in started.text
    steps = [message["params"] for message in started.progress if message["method"] == "notifications/progress"]
    assert len(steps) >= 2
    assert {step["progressToken"] for step in steps} == {"start"}
    values = [step["progress"] for step in steps]
    assert values == sorted(set(values))
    after = server.call("pve_get_qemu_status", {"node": "pve1", "vmid": 100})
    assert '"running"' in after.text


def test_without_a_token_there_is_no_progress(start, private_simulator):
    answer = start(private_simulator("--task-seconds", "1")).call("pve_start_qemu_vm", {"vmid": 100})
    assert not answer.is_error
    assert answer.progress == []


def test_the_node_is_looked_up(start, private_simulator):
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator)
    assert not server.call("pve_start_qemu_vm", {"vmid": 100}).is_error
    (sent,) = [entry for entry in simulator.requests() if entry["method"] == "POST"]
    assert sent["path"].endswith("/nodes/pve1/qemu/100/status/start")


def test_a_guest_that_is_nowhere_is_said_so(start, simulator):
    mark = simulator.mark()
    answer = start(simulator).call("pve_start_qemu_vm", {"vmid": 987654})
    assert answer.is_error
    assert "987654" in answer.text
    assert not [entry for entry in simulator.since(mark) if entry["method"] == "POST"]


def test_not_waiting_returns_the_upid_at_once(start, private_simulator):
    simulator = private_simulator("--task-seconds", "30")
    answer = start(simulator).call("pve_start_qemu_vm", {"vmid": 100, "wait": 0}, timeout=5)
    assert not answer.is_error
    assert answer.data["upid"].startswith("UPID:pve1:")
    assert answer.data["status"] == "running"


def test_a_wait_that_is_too_short_returns_the_upid_and_how_to_go_on(start, private_simulator):
    answer = start(private_simulator("--task-seconds", "30")).call("pve_start_qemu_vm", {"vmid": 100, "wait": 1})
    assert not answer.is_error
    assert answer.data["upid"].startswith("UPID:pve1:")
    assert answer.data["status"] == "running"
    assert answer.data["next"]


def test_a_task_that_fails_is_an_error_with_the_end_of_its_log(start, private_simulator):
    server = start(private_simulator("--task-seconds", "0.3"))
    vmid = guest_named(server, "fails")
    answer = server.call("pve_start_qemu_vm", {"vmid": vmid})
    assert answer.is_error
    assert answer.error is None
    assert str(vmid) in answer.text
    assert "TASK ERROR" in answer.text or "failed" in answer.text.lower()


def test_a_task_with_warnings_is_a_success(start, private_simulator):
    server = start(private_simulator("--task-seconds", "0.3"))
    answer = server.call("pve_start_qemu_vm", {"vmid": guest_named(server, "warns")})
    assert not answer.is_error, answer.text
    assert "WARNINGS" in answer.text


def test_starting_a_running_guest_is_an_error_that_says_so(start, private_simulator):
    server = start(private_simulator("--task-seconds", "0.1"))
    assert not server.call("pve_start_qemu_vm", {"vmid": 100}).is_error
    again = server.call("pve_start_qemu_vm", {"vmid": 100})
    assert again.is_error
    assert "already running" in again.text


def test_a_locked_guest_is_an_error_that_says_so(start, private_simulator):
    server = start(private_simulator("--task-seconds", "0.1"))
    answer = server.call("pve_start_qemu_vm", {"vmid": guest_named(server, "locked")})
    assert answer.is_error
    assert "lock" in answer.text


def test_a_protected_guest_is_not_deleted(start, private_simulator):
    server = start(private_simulator("--task-seconds", "0.1"))
    vmid = guest_named(server, "protected")
    answer = server.call("pve_delete_qemu_vm", {"vmid": vmid})
    assert answer.is_error
    assert "protect" in answer.text
    assert guest_named(server, "protected") == vmid


def test_cancelling_stops_the_waiting_and_not_the_task(start, private_simulator):
    simulator = private_simulator("--task-seconds", "2")
    server = start(simulator)
    id = server.start_call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    simulator.wait_for(lambda entry: entry["method"] == "POST")
    server.notify("notifications/cancelled", {"requestId": id})
    ping = server.start("ping")
    assert server.receive()["id"] == ping
    # The task goes on: a second start finds it running, or fails because the first has succeeded.
    again = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 30}, timeout=40)
    assert again.is_error
    assert '"running"' in server.call("pve_get_qemu_status", {"node": "pve1", "vmid": 100}).text
    assert not [entry for entry in simulator.requests() if entry["method"] == "DELETE"]


def test_end_of_input_while_waiting_answers_with_the_upid(start, private_simulator):
    server = start(private_simulator("--task-seconds", "60"))
    server.start_call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 300})
    server.end_input()
    answers = server.rest()
    assert len(answers) <= 1
    server.wait_for_exit(15)
