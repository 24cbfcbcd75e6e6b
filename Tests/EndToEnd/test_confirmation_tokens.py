"""Tokens: what they are bound to, and everything that is none."""
# SPDX-License-Identifier: MIT

import time

import pytest

from harness.confirmation import STOP, described, token_of, writes
from harness.person import CLIENTS, SILENT


@pytest.fixture
def server(start, cluster):
    return start(cluster, PVE_CONFIRM="ask")


def refused(answer, *words):
    """The new token of a call whose token did not count."""
    token = token_of(answer)
    for word in words:
        assert word in answer.text, answer.text
    return token


@pytest.mark.parametrize("client", SILENT)
def test_the_answer_says_what_would_be_lost_and_how_to_go_on(start, cluster, client):
    revision, capabilities = CLIENTS[client]
    server = start(cluster, revision=revision, capabilities=capabilities, PVE_CONFIRM="ask")
    answer = server.call("pve_delete_qemu_vm", {"vmid": 100})
    assert token_of(answer)
    name = server.call("pve_get_qemu_config", {"vmid": 100}).data["name"]
    for word in ("100", name, "stopped", "pve1", "scsi0", "lost", "repeat", "same arguments"):
        assert word in answer.text, answer.text
    assert writes(cluster) == []


def test_a_token_counts_once(server, cluster):
    token = token_of(server.call("pve_delete_qemu_snapshot", {"vmid": 101, "snapname": snapshot(server)}))
    arguments = {"vmid": 101, "snapname": snapshot(server), "confirm": token}
    assert not server.call("pve_delete_qemu_snapshot", arguments).is_error
    assert len(writes(cluster)) == 1
    assert server.call("pve_delete_qemu_snapshot", arguments).is_error
    assert len(writes(cluster)) == 1


def test_a_token_is_not_replayed_when_the_object_is_back(server, cluster):
    """The same call on the same guest in the same state, a second time."""
    token = token_of(server.call("pve_reset_qemu_vm", {"vmid": 101}))
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101, "confirm": token}).is_error
    assert len(writes(cluster)) == 1
    again = refused(server.call("pve_reset_qemu_vm", {"vmid": 101, "confirm": token}), "used")
    assert len(writes(cluster)) == 1
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101, "confirm": again}).is_error
    assert len(writes(cluster)) == 2


def test_a_call_that_ran_at_the_same_time_does_not_use_a_token_again(server, cluster):
    token = token_of(server.call("pve_reset_qemu_vm", {"vmid": 101}))
    ids = [server.start_call("pve_reset_qemu_vm", {"vmid": 101, "confirm": token}) for _ in range(8)]
    answers = {}
    while len(answers) < len(ids):
        message = server.receive()
        answers[message["id"]] = message["result"]["isError"]
    assert sorted(answers.values()) == [False] + [True] * 7
    assert len(writes(cluster)) == 1


def alterations(token):
    middle = len(token) // 2
    other = {"a": "b"}
    yield "nothing", ""
    yield "a blank", " "
    yield "half", token[:middle]
    yield "without its end", token[:-1]
    yield "without its beginning", token[1:]
    yield "longer", token + "a"
    yield "twice", token + token
    yield "in other letters", token.swapcase()
    yield "with a blank before it", " " + token
    yield "with a line break behind it", token + "\n"
    yield "with a NUL behind it", token + "\0"
    yield "with other dashes", token.replace("-", "–")
    yield "turned around", "-".join(reversed(token.split("-")))
    yield "very long", token * 20_000
    yield "not ASCII", "é" * len(token)
    for place in (0, 1, middle, len(token) - 2, len(token) - 1):
        letter = other.get(token[place], "a")
        yield f"with another letter at {place}", token[:place] + letter + token[place + 1:]


def test_altered_tokens_do_not_count(server, cluster):
    token = token_of(server.call(STOP, {"vmid": 101}))
    for how, altered in alterations(token):
        if altered == token:
            continue
        answer = server.call(STOP, {"vmid": 101, "confirm": altered})
        assert answer.is_error, f"a token {how} counted"
    assert writes(cluster) == []
    # They did it no harm either.
    assert not server.call(STOP, {"vmid": 101, "confirm": token}).is_error


@pytest.mark.parametrize("value", [True, 1, None, [], {}, ["x"], {"confirm": True}])
def test_what_is_no_text_is_no_token(server, cluster, value):
    answer = server.call(STOP, {"vmid": 101, "confirm": value})
    assert answer.is_error
    assert writes(cluster) == []


def test_a_token_is_for_its_guest(server, cluster):
    server.call("pve_start_qemu_vm", {"vmid": 100})
    mark = cluster.mark()
    token = token_of(server.call(STOP, {"vmid": 100}))
    refused(server.call(STOP, {"vmid": 101, "confirm": token}), "101")
    assert writes(cluster, mark) == []


def test_a_token_is_for_its_tool(server, cluster):
    token = token_of(server.call(STOP, {"vmid": 101}))
    refused(server.call("pve_reset_qemu_vm", {"vmid": 101, "confirm": token}), STOP)
    assert writes(cluster) == []


@pytest.mark.parametrize(
    "changed", [{"purge": True}, {"destroy-unreferenced-disks": True}, {"wait": 1}, {"node": "pve2"}]
)
def test_a_token_is_for_its_arguments(server, cluster, changed):
    token = token_of(server.call("pve_delete_qemu_vm", {"vmid": 100}))
    assert server.call("pve_delete_qemu_vm", {"vmid": 100, **changed, "confirm": token}).is_error
    assert writes(cluster) == []


def test_the_order_of_the_arguments_does_not_matter(server, cluster):
    token = token_of(server.call("pve_delete_qemu_vm", {"vmid": 100, "purge": True}))
    answer = server.call("pve_delete_qemu_vm", {"confirm": token, "purge": True, "vmid": 100})
    assert not answer.is_error, answer.text
    assert len(writes(cluster)) == 1


# What others do to the guest between the question and the answer: a tool and its arguments.
CHANGES = {
    "its configuration": ("pve_update_qemu_config", {"vmid": 100, "memory": 777}),
    "its name": ("pve_update_qemu_config", {"vmid": 100, "name": "another"}),
    "its snapshots": ("pve_create_qemu_snapshot", {"vmid": 100, "snapname": "precious"}),
    "its state": ("pve_start_qemu_vm", {"vmid": 100}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_token_ends_when_the_guest_changes(start, server, cluster, change):
    token = token_of(server.call("pve_delete_qemu_vm", {"vmid": 100}))
    tool, arguments = CHANGES[change]
    assert not start(cluster).call(tool, arguments).is_error
    mark = cluster.mark()
    again = refused(server.call("pve_delete_qemu_vm", {"vmid": 100, "confirm": token}), "changed")
    assert writes(cluster, mark) == []
    # Nor does it count again when the guest is as it was.
    assert server.call("pve_delete_qemu_vm", {"vmid": 100, "confirm": token}).is_error
    assert writes(cluster, mark) == []
    assert again != token


def test_a_token_is_of_its_server(start, server, cluster):
    token = token_of(server.call(STOP, {"vmid": 101}))
    other = start(cluster, PVE_CONFIRM="ask")
    refused(other.call(STOP, {"vmid": 101, "confirm": token}))
    token_of(other.call(STOP, {"vmid": 101}))
    refused(other.call(STOP, {"vmid": 101, "confirm": token}))
    assert writes(cluster) == []


def test_an_expired_token_does_not_count(start, cluster):
    server = start(cluster, PVE_CONFIRM="ask", PVE_CONFIRM_SECONDS="1")
    token = token_of(server.call(STOP, {"vmid": 101}))
    deadline = cluster.mark()
    time.sleep(1.2)
    again = refused(server.call(STOP, {"vmid": 101, "confirm": token}), "expired")
    assert writes(cluster, deadline) == []
    assert not server.call(STOP, {"vmid": 101, "confirm": again}).is_error


def test_many_questions_do_not_fill_the_memory(server, cluster):
    first = token_of(server.call(STOP, {"vmid": 101}))
    last = first
    for _ in range(600):
        last = token_of(server.call(STOP, {"vmid": 101}))
    refused(server.call(STOP, {"vmid": 101, "confirm": first}))
    assert writes(cluster) == []
    answer = server.call(STOP, {"vmid": 101, "confirm": last})
    assert not answer.is_error, answer.text


def test_a_token_does_not_show_in_the_log_or_at_the_api(start, cluster):
    server = start(cluster, PVE_CONFIRM="ask", DEBUG="true")
    token = token_of(server.call(STOP, {"vmid": 101}))
    assert not server.call(STOP, {"vmid": 101, "confirm": token}).is_error
    assert token not in server.stderr
    assert token not in cluster.log.read_text()
    (sent,) = described(writes(cluster))
    assert "confirm" not in sent[2]


def snapshot(server):
    return server.call("pve_list_qemu_snapshots", {"vmid": 101}).data["snapshots"][0]["name"]
