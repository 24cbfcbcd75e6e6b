"""JSON-RPC and MCP as every revision words them, and what the server does with what is neither."""
# SPDX-License-Identifier: MIT

import json

import pytest

from harness.schemas import LEGACY, MODERN, REVISIONS
from harness.server import END

OVER_LIMIT = (16 << 20) + 1


def still_answers(server):
    assert "tools" in server.result("tools/list", {})


def acquainted(start, simulator, revision):
    """A server that knows which revision its client speaks, from the handshake or from a first request."""
    server = start(simulator, revision=revision)
    if revision == MODERN:
        server.result("server/discover")
    return server


def error_without_id(server, code):
    """Receives the error to a line whose id could not be read, worded as the server's revision words it."""
    message = server.receive()
    assert message["error"]["code"] == code, message
    assert message["error"]["message"]
    if server.revision in ("2024-11-05", "2025-03-26", "2025-06-18"):
        assert message["id"] is None
    else:
        assert "id" not in message
    return message


@pytest.mark.parametrize("revision", LEGACY)
def test_the_handshake_answers_with_the_revision_that_was_asked_for(start, simulator, revision):
    server = start(simulator, revision=revision)
    assert server.initialized["serverInfo"]["name"] == "pve-mcp"
    assert "tools" in server.initialized["capabilities"]
    assert server.call("pve_list_nodes").text


def test_an_unknown_revision_gets_the_newest_legacy_one(start, simulator):
    server = start(simulator, handshake=False, revision="2025-11-25")
    result = server.result(
        "initialize",
        {"protocolVersion": "1999-01-01", "capabilities": {}, "clientInfo": {"name": "old", "version": "1"}},
    )
    assert result["protocolVersion"] == "2025-11-25"


def test_initialize_may_come_twice(start, simulator):
    server = start(simulator)
    server.initialize()
    still_answers(server)


def test_discover_says_what_the_server_is(start, simulator):
    result = start(simulator, revision=MODERN).result("server/discover")
    assert result["supportedVersions"] == [MODERN]
    assert result["resultType"] == "complete"
    assert "tools" in result["capabilities"]


def test_modern_requests_need_no_handshake(start, simulator):
    server = start(simulator, revision=MODERN)
    listed = server.result("tools/list")
    assert listed["cacheScope"] == "private"
    assert listed["ttlMs"] >= 0
    called = server.call("pve_list_nodes")
    assert called.result["resultType"] == "complete"
    assert called.rows


def test_an_unknown_modern_version_is_refused_with_what_is_supported(start, simulator):
    server = start(simulator, revision=MODERN)
    message = server.request("tools/list", {"_meta": {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}})
    assert message["error"]["code"] == -32022
    assert message["error"]["data"]["supported"] == [MODERN]
    assert message["error"]["data"]["requested"] == "2099-01-01"


def test_both_eras_share_a_process(start, simulator):
    modern = start(simulator, revision=MODERN)
    modern.result("server/discover")
    modern.revision = "2025-06-18"
    modern.initialize()
    still_answers(modern)
    modern.revision = MODERN
    assert modern.result("tools/list")["resultType"] == "complete"


def test_a_call_before_any_handshake_is_answered(start, simulator):
    server = start(simulator, handshake=False, revision="2025-11-25")
    assert not server.call("pve_list_nodes").is_error


@pytest.mark.parametrize("revision", LEGACY)
def test_ping_is_answered(start, simulator, revision):
    assert start(simulator, revision=revision).result("ping") == {}


def test_blank_lines_and_carriage_returns_are_ignored(start, simulator):
    server = start(simulator)
    server.send_raw(b"\n\r\n")
    server.methods[99] = "ping"
    server.send_raw(b'{"jsonrpc":"2.0","id":99,"method":"ping"}\r\n')
    assert server.receive()["id"] == 99


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize(
    "line",
    [b"hello", b"{", b'{"jsonrpc":"2.0","id":1,"method":"ping"', b'{"a":1}}', b"\x00\x01"],
    ids=["word", "open brace", "cut short", "one brace too many", "control characters"],
)
def test_a_line_that_is_not_json_is_a_parse_error(start, simulator, revision, line):
    server = acquainted(start, simulator, revision)
    server.send_raw(line + b"\n")
    error_without_id(server, -32700)
    still_answers(server)


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("line", [b'"text"', b"7", b"null", b"true"])
def test_a_line_that_is_not_an_object_is_an_invalid_request(start, simulator, revision, line):
    server = acquainted(start, simulator, revision)
    server.send_raw(line + b"\n")
    error_without_id(server, -32600)
    still_answers(server)


@pytest.mark.parametrize("revision", [revision for revision in REVISIONS if revision not in ("2025-03-26", "2024-11-05")])
def test_a_batch_is_refused_where_the_revision_has_none(start, simulator, revision):
    server = acquainted(start, simulator, revision)
    server.send_raw(b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]\n')
    error_without_id(server, -32600)
    still_answers(server)


def test_a_batch_is_answered_where_the_revision_has_them(start, simulator):
    server = start(simulator, revision="2025-03-26")
    server.send([{"jsonrpc": "2.0", "id": 71, "method": "ping"}, {"jsonrpc": "2.0", "id": 72, "method": "ping"}])
    answered = []
    while len(answered) < 2:
        message = server.receive()
        answered += message if isinstance(message, list) else [message]
    assert sorted(message["id"] for message in answered) == [71, 72]
    still_answers(server)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_line_over_16_mib_is_refused_and_the_next_is_read(start, simulator, revision):
    server = start(simulator, revision=revision)
    server.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"a" * OVER_LIMIT + b'"}}\n')
    message = server.receive()
    assert message["error"]["code"] in (-32700, -32600)
    assert "16" in message["error"]["message"]
    still_answers(server)


def test_a_line_just_under_16_mib_is_read(start, simulator):
    server = start(simulator)
    server.methods[5] = "ping"
    frame = b'{"jsonrpc":"2.0","id":5,"method":"ping","params":{"_meta":{"x":"%s"}}}'
    server.send_raw(frame % (b"a" * ((16 << 20) - len(frame))) + b"\n")
    assert server.receive()["result"] == {}


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("junk", [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82"])
def test_invalid_utf8_is_a_parse_error(start, simulator, revision, junk):
    server = start(simulator, revision=revision)
    server.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + junk + b'"}}\n')
    message = server.receive()
    assert message["error"]["code"] == -32700
    still_answers(server)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_unknown_method_is_not_found(start, simulator, revision):
    server = start(simulator, revision=revision)
    message = server.request("no/such/method", {}, check=False)
    assert message["error"]["code"] == -32601
    assert "no/such/method" in message["error"]["message"]
    still_answers(server)


@pytest.mark.parametrize("method", ["ping", "logging/setLevel", "resources/subscribe", "initialize"])
def test_methods_that_the_modern_revision_removed_are_not_found(start, simulator, method):
    server = start(simulator, revision=MODERN)
    assert server.request(method, {}, check=False)["error"]["code"] == -32601


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_unknown_tool_is_an_invalid_parameter(start, simulator, revision):
    server = start(simulator, revision=revision)
    answer = server.call("pve_list_node")
    assert answer.error["code"] == -32602
    assert "pve_list_node" in answer.error["message"]


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_tool_above_the_tier_is_unknown(start, simulator, revision):
    mark = simulator.mark()
    server = start(simulator, revision=revision, PVE_ACCESS_TIER="read-only")
    above = server.call("pve_stop_qemu_vm", {"vmid": 100})
    unknown = server.call("pve_stop_qemu_vx", {"vmid": 100})
    assert above.error["code"] == unknown.error["code"] == -32602
    assert not [entry for entry in simulator.since(mark) if entry["method"] != "GET"]


@pytest.mark.parametrize("params", [None, {}, {"name": 7}, {"name": "pve_list_nodes", "arguments": [1]}])
def test_malformed_calls_are_invalid_parameters(start, simulator, params):
    server = start(simulator)
    message = server.request("tools/call", params, check=False)
    assert message["error"]["code"] == -32602
    still_answers(server)


def test_an_invalid_cursor_is_an_invalid_parameter(start, simulator):
    assert start(simulator).request("tools/list", {"cursor": "bogus"})["error"]["code"] == -32602


@pytest.mark.parametrize("id", ["text", 0, -5, 2**53 - 1, "ünïcode \u2028"])
def test_ids_come_back_as_they_went(start, simulator, id):
    server = start(simulator)
    server.start("ping", id=id)
    assert server.receive()["id"] == id


def test_notifications_are_never_answered(start, simulator):
    server = start(simulator)
    server.send_raw(b'{"jsonrpc":"2.0","method":"notifications/nonsense"}\n')
    server.send_raw(b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12345}}\n')
    server.send_raw(b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}\n')
    id = server.start("ping")
    assert server.receive()["id"] == id


def test_answers_from_the_client_are_ignored(start, simulator):
    server = start(simulator)
    server.send_raw(b'{"jsonrpc":"2.0","id":1,"result":{}}\n{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"x"}}\n')
    id = server.start("ping")
    assert server.receive()["id"] == id


def test_a_slow_call_blocks_nothing(start, simulators):
    server = start(simulators("--latency", "500"))
    slow = server.start_call("pve_list_nodes")
    ping = server.start("ping")
    first = server.receive()
    assert first["id"] == ping
    assert "result" in server.wait_for(slow)


def test_many_calls_at_once_are_all_answered(start, simulator):
    server = start(simulator)
    ids = {server.start_call("pve_list_nodes") for _ in range(64)}
    while ids:
        message = server.receive()
        assert not message["result"].get("isError"), message
        ids.remove(message["id"])


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25", MODERN])
def test_structured_content_and_text_agree(start, simulator, revision):
    server = start(simulator, revision=revision)
    answer = server.call("pve_list_nodes")
    assert json.loads(answer.text) == answer.data
    assert len(answer.result["content"]) == 1


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26"])
def test_older_revisions_get_the_text_alone(start, simulator, revision):
    answer = start(simulator, revision=revision).call("pve_list_nodes")
    assert "structuredContent" not in answer.result
    assert json.loads(answer.text)


def test_closing_stdout_is_not_an_answer(start, simulator):
    server = start(simulator)
    server.end_input()
    assert server.receive() is END
