"""A plugin's own code cannot lose anything without a yes either."""
# SPDX-License-Identifier: MIT

import pytest

from harness.confirmation import token_of, writes
from harness.fixtures import compile_plugin
from harness.person import ASKING, CLIENTS, SILENT, Person, accept

CLEAN = "pve_hasty_clean"


@pytest.fixture
def serve(start, cluster, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    compile_plugin(folder, "hasty", category="hasty")

    def server(client, person=None, **settings):
        revision, capabilities = CLIENTS[client]
        return start(
            cluster, "--plugin-dir", folder, "--categories", "default,hasty", revision=revision,
            capabilities=capabilities, person=person, **{"PVE_CONFIRM": "ask", **settings})

    return server


def deleted(cluster):
    return [entry["path"].rsplit("/", 1)[1] for entry in writes(cluster)]


@pytest.mark.parametrize("client", SILENT)
def test_a_token_is_for_one_request_of_the_code(serve, cluster, client):
    server = serve(client)
    answer = server.call(CLEAN)
    token = token_of(answer)
    assert "100" in answer.text
    assert deleted(cluster) == []
    again = server.call(CLEAN, {"confirm": token})
    assert again.is_error, "it deleted more than it had asked for"
    assert deleted(cluster) == ["100"]
    assert "101" in again.text, again.text


@pytest.mark.parametrize("client", ASKING)
def test_a_no_ends_the_call_whatever_its_code_does(serve, cluster, client):
    person = Person({"action": "decline"})
    server = serve(client, person)
    assert server.call(CLEAN).is_error
    assert len(person.questions) == 1
    assert deleted(cluster) == []
    assert not server.call("pve_list_nodes", {}).is_error


def test_each_request_of_the_code_is_asked_about(serve, cluster):
    replies = iter([accept(True), {"action": "decline"}])
    person = Person(None)
    person.reply = lambda params: answer(next(replies), params)
    server = serve("legacy that can be asked", person)
    assert server.call(CLEAN).is_error
    assert len(person.questions) == 2
    assert "100" in person.questions[0] and "101" in person.questions[1]
    assert deleted(cluster) == ["100"]


def answer(reply, params):
    return reply(params) if callable(reply) else reply


def test_a_cancelled_call_of_code_sends_nothing(serve, cluster):
    server = serve("legacy that can be asked")
    id = server.start_call(CLEAN)
    question = server.wait_for_question()
    server.notify("notifications/cancelled", {"requestId": id})
    assert server.receive()["params"]["requestId"] == question["id"]
    server.answer(question["id"], {"action": "accept", "content": {"confirm": True}})
    assert server.result("ping") == {}
    assert not server.call("pve_get_qemu_status", {"vmid": 101}).is_error
    assert deleted(cluster) == []


@pytest.mark.parametrize("client", CLIENTS)
def test_protected_guests_are_safe_from_code(serve, cluster, client):
    server = serve(client, Person(accept(True)) if client in ASKING else None, PVE_PROTECT="100-110")
    server.call(CLEAN)
    assert deleted(cluster) == []
