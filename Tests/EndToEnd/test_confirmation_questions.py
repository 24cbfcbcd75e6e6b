"""Questions to the person behind the client: answered in every way there is, at every moment, or never."""
# SPDX-License-Identifier: MIT

import signal
import time

import pytest

from harness.confirmation import lacks_token, token_of, writes
from harness.person import FORMS, Person, accept, agreeing
from harness.schemas import MODERN
from harness.server import Answer

STOP = "pve_stop_qemu_vm"
LEGACY = ["2025-06-18", "2025-11-25"]
YES = {"action": "accept", "content": {"confirm": True}}
NO = {"action": "accept", "content": {"confirm": False}}

# Results that are no yes, as a client might send them by mistake or on purpose.
NONSENSE = [
    {}, None, True, "accept", [YES], {"action": "accept"}, {"action": "accept", "content": None},
    {"action": "accept", "content": {}}, {"action": "accept", "content": True},
    {"action": "accept", "content": {"confirm": "true"}}, {"action": "accept", "content": {"confirm": 1}},
    {"action": "accept", "content": {"confirm": [True]}}, {"action": "accept", "content": {"Confirm": True}},
    {"action": "ACCEPT", "content": {"confirm": True}}, {"action": "yes", "content": {"confirm": True}},
    {"action": ["accept"], "content": {"confirm": True}}, {"content": {"confirm": True}}, {"confirm": True},
    {"result": YES}, {"action": "decline", "content": {"confirm": True}}, {"action": "cancel", **{"confirm": True}},
]


@pytest.fixture
def cluster(private_simulator):
    return private_simulator("--task-seconds", "0.1")


@pytest.fixture
def asked(start, cluster):
    """A legacy client that can be asked, and answers by hand."""

    def server(revision="2025-11-25", **settings):
        return start(
            cluster, revision=revision, capabilities={"elicitation": {}}, **{"PVE_CONFIRM": "ask", **settings})

    return server


def end_of(server, id):
    """The result of a call, whatever else comes before it."""
    message = server.wait_for(id)
    assert "result" in message, message
    return message["result"]


# The client is asked while the call goes on


@pytest.mark.parametrize("revision", LEGACY)
def test_a_yes_sends_the_request_once(asked, cluster, revision):
    server = asked(revision)
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    assert "101" in question["params"]["message"]
    assert writes(cluster) == []
    server.answer(question["id"], YES)
    assert not end_of(server, id)["isError"]
    assert len(writes(cluster)) == 1


@pytest.mark.parametrize("revision", LEGACY)
@pytest.mark.parametrize("answer", [NO, {"action": "decline"}, {"action": "cancel"}], ids=["no", "decline", "cancel"])
def test_anything_else_sends_nothing(asked, cluster, revision, answer):
    server = asked(revision)
    id = server.start_call(STOP, {"vmid": 101})
    server.answer(server.wait_for_question()["id"], answer)
    result = end_of(server, id)
    assert result["isError"]
    assert "not sent" in result["content"][0]["text"]
    assert writes(cluster) == []


def test_nonsense_is_no_yes(asked, cluster):
    server = asked()
    for nonsense in NONSENSE:
        id = server.start_call(STOP, {"vmid": 101})
        server.answer(server.wait_for_question()["id"], nonsense, check=False)
        assert end_of(server, id)["isError"], nonsense
    assert writes(cluster) == []


@pytest.mark.parametrize("error", [
    {"code": -32603, "message": "Internal error", "data": YES},
    {"code": -1, "message": "accept"}, {"code": "accept", "message": YES}, {}, "no", None,
])
def test_an_error_is_no_yes(asked, cluster, error):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    server.send({"jsonrpc": "2.0", "id": question["id"], "error": error}, check=False)
    assert end_of(server, id)["isError"]
    server.send({"jsonrpc": "2.0", "id": question["id"], "result": YES})
    assert not server.result("tools/list", {}) == {}
    assert writes(cluster) == []


@pytest.mark.parametrize("mode", ["ask", "person"])
def test_a_client_that_does_not_know_forms_after_all_is_one_that_cannot_ask(asked, cluster, tmp_path, mode):
    (tmp_path / "run").mkdir(mode=0o700)
    server = asked(PVE_CONFIRM=mode, XDG_RUNTIME_DIR=tmp_path / "run")

    def call(**arguments):
        id = server.start_call(STOP, {"vmid": 101, **arguments})
        question = server.wait_for_question()["id"]
        unknown = {"code": -32601, "message": "Method not found"}
        server.send({"jsonrpc": "2.0", "id": question, "error": unknown})
        server.answer(question, YES)
        return Answer(server.wait_for(id), [])

    first = call()
    assert writes(cluster) == []
    if mode == "person":
        assert "pve-mcp approve" in first.text and lacks_token(first)
        return
    assert not call(confirm=token_of(first)).is_error
    assert len(writes(cluster)) == 1


def test_a_result_beside_an_error_is_no_yes(asked, cluster):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    server.send({"jsonrpc": "2.0", "id": question["id"], "result": YES, "error": {"code": 1, "message": "x"}}, False)
    assert end_of(server, id)["isError"]
    assert writes(cluster) == []


def test_answers_to_other_ids_are_none(asked, cluster):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    for other in (id, 0, -1, "", question["id"] + "x", question["id"][:-1] + "0", question["id"].upper(), "pve-1", "pve-0-1"):
        if other != question["id"]:
            server.answer(other, YES, check=False)
    server.send({"jsonrpc": "2.0", "id": None, "result": YES}, check=False)
    server.send({"jsonrpc": "2.0", "result": YES}, check=False)
    server.send([{"jsonrpc": "2.0", "id": question["id"], "result": YES}], check=False)
    assert server.receive()["error"]["code"] == -32600
    assert server.result("ping") == {}
    assert writes(cluster) == []
    server.answer(question["id"], {"action": "decline"})
    assert end_of(server, id)["isError"]
    assert writes(cluster) == []


def test_only_the_first_answer_counts(asked, cluster):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()["id"]
    for answer in ({"action": "decline"}, YES, YES):
        server.answer(question, answer)
    assert end_of(server, id)["isError"]
    assert writes(cluster) == []
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()["id"]
    for answer in (YES, {"action": "decline"}, YES):
        server.answer(question, answer)
    assert not end_of(server, id)["isError"]
    assert len(writes(cluster)) == 1


def test_a_yes_is_for_its_own_call(asked, cluster):
    server = asked()
    first = server.start_call(STOP, {"vmid": 101})
    one = server.wait_for_question()
    second = server.start_call("pve_delete_qemu_vm", {"vmid": 100})
    other = server.wait_for_question()
    assert "101" in one["params"]["message"] and "100" in other["params"]["message"]
    server.answer(one["id"], {"action": "decline"})
    assert end_of(server, first)["isError"]
    assert writes(cluster) == []
    server.answer(other["id"], YES)
    assert not end_of(server, second)["isError"]
    assert [entry["method"] for entry in writes(cluster)] == ["DELETE"]


def test_other_calls_go_on_while_a_person_thinks(asked, cluster):
    server = asked()
    server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    assert server.result("ping") == {}
    assert not server.call("pve_list_nodes", {}).is_error
    started = server.call("pve_start_qemu_vm", {"vmid": 100}, token="t")
    assert not started.is_error, started.text
    assert len(writes(cluster)) == 1
    server.answer(question["id"], {"action": "decline"})
    assert server.receive()["result"]["isError"]


def test_a_cancelled_call_withdraws_its_question(asked, cluster):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    server.notify("notifications/cancelled", {"requestId": id})
    withdrawal = server.receive()
    assert withdrawal["method"] == "notifications/cancelled"
    assert withdrawal["params"]["requestId"] == question["id"]
    server.answer(question["id"], YES)
    ping = server.start("ping")
    assert server.receive()["id"] == ping
    assert not server.call("pve_get_qemu_status", {"vmid": 101}).is_error
    assert writes(cluster) == []


def test_a_call_that_is_cancelled_before_the_question_asks_nothing(asked, cluster):
    server = asked()
    for _ in range(20):
        id = server.start_call(STOP, {"vmid": 101})
        server.notify("notifications/cancelled", {"requestId": id})
    ping = server.start("ping")
    seen = {}
    while (message := server.receive()).get("id") != ping or "method" in message:
        # A question that was on its way already is taken back.
        if message.get("method") == "elicitation/create":
            seen[message["id"]] = False
            server.answer(message["id"], YES)
        elif message.get("method") == "notifications/cancelled":
            seen[message["params"]["requestId"]] = True
    assert all(seen.values()), seen
    assert not server.call("pve_get_qemu_status", {"vmid": 101}).is_error
    assert writes(cluster) == []


def test_a_client_that_goes_away_said_no(asked, cluster):
    server = asked()
    server.start_call(STOP, {"vmid": 101})
    server.wait_for_question()
    began = time.monotonic()
    server.end_input()
    results = [message["result"] for message in server.rest() if "result" in message]
    assert server.wait_for_exit() == 0
    assert time.monotonic() - began < 5, "nobody can answer any more, and it waited"
    assert all(result["isError"] for result in results)
    assert writes(cluster) == []


def test_a_client_that_asks_and_goes_away_at_once_said_no(asked, cluster):
    server = asked()
    server.start_call(STOP, {"vmid": 101})
    server.end_input()
    results = [message["result"] for message in server.rest() if "result" in message]
    assert server.wait_for_exit() == 0
    assert all(result["isError"] for result in results)
    assert writes(cluster) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_person_thinks_sends_nothing(asked, cluster, number):
    server = asked()
    server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    server.process.send_signal(number)
    rest = server.rest()
    server.wait_for_exit()
    withdrawn = [message["params"]["requestId"] for message in rest if message.get("method") == "notifications/cancelled"]
    answered = [message for message in rest if "result" in message]
    assert withdrawn == [question["id"]] or answered
    assert writes(cluster) == []


def test_a_client_that_begins_anew_said_no(asked, cluster):
    server = asked()
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    again = server.start("initialize", {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "again", "version": "1"},
    })
    server.answer(question["id"], YES)
    results = {}
    while len(results) < 2:
        message = server.receive()
        assert "result" in message, message
        results[message["id"]] = message["result"]
    assert results[again]["protocolVersion"] == "2025-11-25"
    assert results[id]["isError"]
    assert writes(cluster) == []
    server.capabilities = {}
    token_of(server.call(STOP, {"vmid": 101}))


def test_a_guest_that_changed_is_asked_about_again(start, asked, cluster):
    server = asked()
    id = server.start_call("pve_delete_qemu_vm", {"vmid": 100})
    first = server.wait_for_question()
    assert not start(cluster).call("pve_update_qemu_config", {"vmid": 100, "name": "precious"}).is_error
    mark = cluster.mark()
    server.answer(first["id"], YES)
    second = server.wait_for_question()
    assert second["id"] != first["id"]
    assert "precious" in second["params"]["message"]
    server.answer(first["id"], YES)
    assert writes(cluster, mark) == []
    server.answer(second["id"], {"action": "decline"})
    assert end_of(server, id)["isError"]
    assert writes(cluster, mark) == []


def test_a_guest_that_changes_all_the_time_is_left_alone(start, asked, cluster):
    server, other = asked(), start(cluster)
    id = server.start_call("pve_delete_qemu_vm", {"vmid": 100})
    for number in range(20):
        message = server.receive()
        if "result" in message:
            assert message["id"] == id and message["result"]["isError"]
            break
        assert not other.call("pve_update_qemu_config", {"vmid": 100, "name": f"n{number}"}).is_error
        server.answer(message["id"], YES)
    else:
        raise AssertionError("it asked twenty times")
    assert not [entry for entry in writes(cluster) if entry["method"] == "DELETE"]


def test_a_question_does_not_stand_for_ever(asked, cluster):
    server = asked(PVE_CONFIRM_SECONDS="1")
    id = server.start_call(STOP, {"vmid": 101})
    question = server.wait_for_question()
    withdrawal = server.receive()
    assert withdrawal["method"] == "notifications/cancelled"
    assert withdrawal["params"]["requestId"] == question["id"]
    assert end_of(server, id)["isError"]
    server.answer(question["id"], YES)
    assert server.result("ping") == {}
    assert writes(cluster) == []


# The call is repeated with the answer


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
