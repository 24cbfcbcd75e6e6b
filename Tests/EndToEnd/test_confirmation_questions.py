"""Questions while a call goes on: answered in every way there is, at every moment, or never."""
# SPDX-License-Identifier: MIT

import signal
import time

import pytest

from harness.confirmation import STOP, end_of, lacks_token, token_of, writes
from harness.person import NO, NONSENSE, YES
from harness.server import Answer

LEGACY = ["2025-06-18", "2025-11-25"]


@pytest.fixture
def asked(start, cluster):
    """A legacy client that can be asked, and answers by hand."""

    def server(revision="2025-11-25", **settings):
        return start(
            cluster, revision=revision, capabilities={"elicitation": {}}, **{"PVE_CONFIRM": "ask", **settings})

    return server


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
