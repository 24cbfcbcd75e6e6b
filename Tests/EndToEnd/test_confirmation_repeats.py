"""Calls that end with a question and come again with its answer (2026-07-28)."""
# SPDX-License-Identifier: MIT

import time

import pytest

from harness.confirmation import STOP, end_of, token_of, writes
from harness.person import FORMS, NO, NONSENSE, YES, Person, accept, agreeing
from harness.schemas import MODERN


@pytest.fixture
def modern(start, cluster):
    return start(cluster, revision=MODERN, capabilities=FORMS, PVE_CONFIRM="ask")


def ask(server, tool=STOP, arguments=None):
    """Sends a call and returns the key and the state of the question it ends with."""
    result = end_of(server, server.start_call(tool, arguments or {"vmid": 101}))
    assert result["resultType"] == "input_required", result
    (key,) = result["inputRequests"]
    return key, result["requestState"]


def repeat(server, key, state, answer=YES, tool=STOP, arguments=None, check=True):
    """Sends the call again with an answer, and returns its result."""
    params = {"name": tool, "arguments": arguments or {"vmid": 101}}
    if answer is not ...:
        params["inputResponses"] = {key: answer}
    if state is not ...:
        params["requestState"] = state
    return end_of(server, server.start("tools/call", params, check))


def is_done(result):
    return result["resultType"] == "complete" and not result["isError"]


def test_a_repeated_call_with_a_yes_sends_the_request_once(modern, cluster):
    key, state = ask(modern)
    assert writes(cluster) == []
    assert is_done(repeat(modern, key, state))
    assert len(writes(cluster)) == 1


@pytest.mark.parametrize("answer", [NO, {"action": "decline"}, {"action": "cancel"}], ids=["no", "decline", "cancel"])
def test_a_repeated_call_without_a_yes_sends_nothing(modern, cluster, answer):
    key, state = ask(modern)
    result = repeat(modern, key, state, answer)
    assert result["resultType"] == "complete" and result["isError"]
    assert writes(cluster) == []


def test_nonsense_in_a_repeated_call_is_no_yes(modern, cluster):
    for nonsense in NONSENSE:
        key, state = ask(modern)
        assert not is_done(repeat(modern, key, state, nonsense, check=False)), nonsense
    for key in ("", "confirm", "ask", "other"):
        _, state = ask(modern)
        assert not is_done(repeat(modern, key, state)), key
    assert writes(cluster) == []


def test_a_repeated_call_needs_state_and_answer(modern, cluster):
    key, state = ask(modern)
    assert not is_done(repeat(modern, key, ...))
    assert not is_done(repeat(modern, key, ""))
    assert not is_done(repeat(modern, key, state, ...))
    assert not is_done(end_of(modern, modern.start_call(STOP, {"vmid": 101})))
    assert writes(cluster) == []


@pytest.mark.parametrize("params", [
    {"requestState": 1}, {"requestState": {}}, {"inputResponses": []}, {"inputResponses": "ask_confirm"},
    {"inputResponses": True, "requestState": "x"},
])
def test_a_repeated_call_has_the_shape_of_the_revision(modern, cluster, params):
    id = modern.start("tools/call", {"name": STOP, "arguments": {"vmid": 101}, **params}, check=False)
    assert modern.wait_for(id)["error"]["code"] == -32602
    assert writes(cluster) == []


def test_an_altered_state_does_not_count(modern, cluster):
    key, state = ask(modern)
    middle = len(state) // 2
    altered = {
        state[:-1], state[1:], state + "a", state * 2, state.swapcase(), " " + state, state + "\n", "x", state[:middle],
        *(state[:place] + ("b" if state[place] == "a" else "a") + state[place + 1:] for place in range(len(state))),
    } - {state}
    for other in altered:
        assert not is_done(repeat(modern, key, other)), other
    assert writes(cluster) == []
    assert is_done(repeat(modern, key, state))


def test_a_state_counts_once(modern, cluster):
    key, state = ask(modern, "pve_reset_qemu_vm")
    assert is_done(repeat(modern, key, state, tool="pve_reset_qemu_vm"))
    assert not is_done(repeat(modern, key, state, tool="pve_reset_qemu_vm"))
    assert len(writes(cluster)) == 1


def test_a_state_counts_once_among_calls_at_the_same_time(modern, cluster):
    key, state = ask(modern, "pve_reset_qemu_vm")
    ids = [
        modern.start_call("pve_reset_qemu_vm", {"vmid": 101}, inputResponses={key: YES}, requestState=state)
        for _ in range(8)
    ]
    done = 0
    for _ in ids:
        done += is_done(modern.receive()["result"])
    assert done == 1
    assert len(writes(cluster)) == 1


def test_a_state_is_for_its_call(start, modern, cluster):
    assert not start(cluster).call("pve_start_qemu_vm", {"vmid": 100}).is_error
    mark = cluster.mark()
    key, state = ask(modern)
    assert not is_done(repeat(modern, key, state, arguments={"vmid": 100}))
    assert not is_done(repeat(modern, key, state, arguments={"vmid": 101, "timeout": 1}))
    assert not is_done(repeat(modern, key, state, tool="pve_reset_qemu_vm"))
    other = start(cluster, revision=MODERN, capabilities=FORMS, PVE_CONFIRM="ask")
    assert not is_done(repeat(other, key, state))
    assert writes(cluster, mark) == []


def test_a_state_ends_when_the_guest_changes(start, modern, cluster):
    delete = {"tool": "pve_delete_qemu_vm", "arguments": {"vmid": 100}}
    key, state = ask(modern, **delete)
    assert not start(cluster).call("pve_update_qemu_config", {"vmid": 100, "name": "precious"}).is_error
    mark = cluster.mark()
    result = repeat(modern, key, state, **delete)
    assert result["resultType"] == "input_required"
    assert "precious" in result["inputRequests"][key]["params"]["message"]
    assert writes(cluster, mark) == []
    assert is_done(repeat(modern, key, result["requestState"], **delete))


def test_a_state_expires(start, cluster):
    server = start(cluster, revision=MODERN, capabilities=FORMS, PVE_CONFIRM="ask", PVE_CONFIRM_SECONDS="1")
    key, state = ask(server)
    time.sleep(1.2)
    assert not is_done(repeat(server, key, state))
    assert writes(cluster) == []


def test_a_state_is_no_token_and_a_token_is_no_state(start, modern, cluster):
    key, state = ask(modern)
    silent = start(cluster, revision=MODERN, PVE_CONFIRM="ask")
    assert silent.call(STOP, {"vmid": 101, "confirm": state}).is_error
    # The same process, told in each request what its client can do.
    modern.capabilities = {}
    token = token_of(modern.call(STOP, {"vmid": 101}))
    assert modern.call(STOP, {"vmid": 101, "confirm": state}).is_error
    modern.capabilities = FORMS
    assert not is_done(repeat(modern, key, token))
    result = end_of(modern, modern.start_call(STOP, {"vmid": 101, "confirm": token}))
    assert not is_done(result), "the model gave itself the person's yes"
    assert writes(cluster) == []


def test_requests_of_both_kinds_on_one_connection(start, cluster):
    """A client that shook hands may send requests that stand alone; each is asked in its own way."""
    person = agreeing()
    server = start(cluster, revision="2025-11-25", capabilities=FORMS, person=person, PVE_CONFIRM="ask")
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error
    server.revision = MODERN
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error
    assert len(person.questions) == 2
    assert len(writes(cluster)) == 2


def test_a_person_who_says_no_and_then_yes(start, cluster):
    for revision in ("2025-11-25", MODERN):
        person = Person(accept(False))
        server = start(cluster, revision=revision, capabilities=FORMS, person=person, PVE_CONFIRM="ask")
        mark = cluster.mark()
        assert server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error
        assert writes(cluster, mark) == []
        person.reply = accept(True)
        assert not server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error
        assert len(writes(cluster, mark)) == 1
