"""Code of plugins that breaks a rule while it runs: what the plugin is told, what the client is told, and nothing worse."""
# SPDX-License-Identifier: MIT

import re

import pytest

from harness.fixtures import compile_plugin

OK, INVALID, REFUSED, TWICE = 0, -1, -3, -5


def no_reply(tool):
    return f"The plugin's code for {tool} ended without a reply; this is a fault of the plugin."


# By tool of fixtures/conduct.c: what the client gets, and what each function of the host returned. `use` there calls eight.
CONDUCT = {
    "twice": ({"said": "first"}, [("first", OK), ("second", TWICE), ("failure", TWICE)]),
    "never": (no_reply, []),
    "no_json": (no_reply, [("no JSON", INVALID), ("nothing", INVALID), ("no length", INVALID)]),
    "no_utf8": (no_reply, [("no UTF-8", INVALID), ("half a character", INVALID)]),
    "no_utf8_failure": ("caf\N{REPLACEMENT CHARACTER} is closed", [("failure", OK)]),
    "other_shape": (no_reply, [("list", INVALID), ("number", INVALID)]),
    "unfinished": (no_reply, [("end", INVALID), ("value without a name", INVALID), ("written", INVALID)]),
    "made_up_values": ({"said": "none"}, [("taken", 0)]),
    "other_thread": ({"said": "own"}, [("on another thread", 8 * INVALID)]),
    "undeclared": (
        "The plugin's code asked for /access/users, a request that the tool does not declare.",
        [("undeclared", REFUSED), ("another verb", REFUSED)],
    ),
    "above_tier": (
        "`force` on POST /nodes/{node}/qemu/{vmid}/migrate needs tier full (PVE_ACCESS_TIER=full); this server runs as read-execute. "
        "Leave it out to send the rest",
        [("above the tier", REFUSED)],
    ),
    "broken_requests": (
        {"said": "nothing"},
        [("no request", INVALID), ("no place for the answer", INVALID), ("short", INVALID), ("no list", INVALID),
         ("broken parameter", INVALID), ("broken parameter", INVALID), ("broken parameter", INVALID), ("no path", INVALID)],
    ),
}


@pytest.fixture
def server(start, simulator, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir(mode=0o755)
    compile_plugin(folder, "conduct", "conduct")
    return start(
        simulator, "--plugin-dir", folder, "--categories", "default,conduct", PVE_ACCESS_TIER="read-execute")


def notes(server):
    return [(what, int(code)) for what, code in re.findall(r"conduct: (.*?) (-?\d+);", server.stderr)]


def wait_for(server, expected):
    """The log is written before the reply, but read beside it."""
    if expected:
        server.wait_for_stderr(f"conduct: {expected[-1][0]} {expected[-1][1]};")
    assert notes(server) == expected


@pytest.mark.parametrize("tool", CONDUCT)
def test_code_that_breaks_a_rule_is_told_so_and_the_server_goes_on(server, simulator, tool):
    expected, told = CONDUCT[tool]
    mark = simulator.mark()
    answer = server.call(f"conduct_{tool}")
    assert simulator.since(mark) == []
    if isinstance(expected, dict):
        assert answer.data == expected
    else:
        assert answer.is_error
        assert answer.text == (expected if isinstance(expected, str) else expected(f"conduct_{tool}"))
    wait_for(server, told)
    assert len(server.call("pve_list_nodes").rows) == 3


def test_a_handle_that_is_kept_beyond_its_call_reaches_nothing(server, simulator):
    mark = simulator.mark()
    assert server.call("conduct_keep").data == {"said": "kept"}
    # A thread of the plugin uses the handle now, while this call runs; then this call's own thread does.
    assert server.call("conduct_stale").data == {"said": "own"}
    wait_for(server, [
        ("after the end", 8 * INVALID), ("cancelled", 1), ("in another call", 8 * INVALID), ("no handle", 8 * INVALID),
        ("made up", 8 * INVALID)])
    assert simulator.since(mark) == []
    assert len(server.call("pve_list_nodes").rows) == 3


def test_every_tool_of_the_fixture_is_called(server):
    names = {name.removeprefix("conduct_") for name in server.tool_names() if name.startswith("conduct_")}
    assert names == {*CONDUCT, "keep", "stale"}
