"""Plugins in processes of their own: what they break there is the error of one call."""
# SPDX-License-Identifier: MIT

import json
import os

import pytest

from harness.fixtures import compile_plugin
from harness.server import run


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "plugins"
    place.mkdir(mode=0o755)
    compile_plugin(place, "rogue", category="rogue")
    return place


def isolated(start, simulator, folder, **settings):
    return start(
        simulator, "--plugin-dir", folder, "--categories", "nodes,rogue", "--isolate", "third-party",
        **{"PVE_ISOLATE_SECONDS": "0.3", **settings})


def test_a_plugin_serves_from_its_process(start, simulator, folder):
    server = isolated(start, simulator, folder)
    assert server.call("rogue_well").data == {"said": "well"}
    nodes = server.call("rogue_nodes").data["nodes"]
    assert {node["node"] for node in nodes} == {row["node"] for row in server.call("pve_list_nodes").rows}


def test_a_crash_is_the_error_of_its_call(start, simulator, folder):
    server = isolated(start, simulator, folder)
    for _ in range(3):
        answer = server.call("rogue_crash")
        assert answer.is_error
        assert "that ran rogue_crash was ended by signal 11 (Segmentation fault)" in answer.text
        assert server.call("rogue_well").data == {"said": "well"}
    assert server.call("pve_list_nodes").rows


def test_a_hang_is_the_error_of_its_call(start, simulator, folder):
    server = isolated(start, simulator, folder)
    answer = server.call("rogue_hang")
    assert answer.is_error
    assert "that ran rogue_hang gave no sign of life for 0.3 s and was ended" in answer.text
    assert server.call("rogue_well").data == {"said": "well"}


@pytest.mark.parametrize("tool", ["rogue_leak", "rogue_reserve"])
@pytest.mark.parametrize("mebibytes", [64, 256])
def test_a_leak_does_not_add_up(start, simulator, folder, tool, mebibytes):
    server = isolated(start, simulator, folder, PVE_ISOLATE_SECONDS="60", PVE_ISOLATE_MEMORY=mebibytes)
    # Twice what one process may map, 8 MiB a call: no call fails, because the process is replaced in time.
    for _ in range(mebibytes // 4):
        assert server.call(tool).data == {"said": "leaked"}


def test_it_is_started_again_so_often_and_no_more(start, simulator, folder):
    server = isolated(start, simulator, folder, PVE_ISOLATE_RESTARTS="2")
    for _ in range(3):
        assert "signal 11" in server.call("rogue_crash").text
    answer = server.call("rogue_well")
    assert answer.is_error
    assert "has been started again 2 times and is not started any more" in answer.text
    assert server.call("pve_list_nodes").rows


def test_it_finds_no_secret(start, simulator, folder):
    server = isolated(start, simulator, folder)
    # Nothing of the server's before the #, since it may not be read; nothing of its own behind, since there is nothing.
    assert server.call("rogue_spy").data["said"] == "#"


def test_the_hosts_environment_shows_no_secret(start, simulator, folder):
    server = isolated(start, simulator, folder)
    assert server.call("rogue_well").data
    if os.geteuid() != 0:
        pytest.skip("only root may look at it, which is what is wanted")
    shown = open(f"/proc/{server.process.pid}/environ", "rb").read()
    # The variable is there and was overwritten, so the test would see a secret that was left.
    assert b"PVE_TOKEN_SECRET=" in shown
    assert simulator.settings["PVE_TOKEN_SECRET"].encode() not in shown


def test_a_category_that_is_not_there_cannot_be_isolated(folder):
    completed = run("plugins", "--plugin-dir", folder, "--categories", "nodes,rogue", "--isolate", "rouge")
    assert completed.returncode == 2
    assert 'PVE_ISOLATE: there is no category "rouge"; did you mean "rogue"?' in completed.stderr


def test_the_list_says_what_is_isolated(folder):
    completed = run("plugins", "--json", "--plugin-dir", folder, "--categories", "nodes,rogue", "--isolate", "rogue")
    found = {entry["category"]: entry["isolated"] for entry in json.loads(completed.stdout)["plugins"]}
    assert found == {"nodes": False, "rogue": True}
