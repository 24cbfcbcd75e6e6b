"""In safe mode only the plugins that came with the host are loaded; what is left out is said."""
# SPDX-License-Identifier: MIT

import json

import pytest

from harness.fixtures import compile_plugin
from harness.programs import standard
from harness.server import run


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


@pytest.mark.parametrize("way", ["flag", "variable"])
def test_strangers_are_left_out_and_the_others_serve(start, simulator, folder, way):
    library = compile_plugin(folder, "plain")
    options = ["--plugin-dir", folder, "--categories", "default,fixture"]
    settings = {"PVE_SAFE_MODE": "1"} if way == "variable" else {}
    server = start(simulator, *options, *(["--safe-mode"] if way == "flag" else []), **settings)
    assert set(server.tool_names()) == standard()
    assert server.call("pve_list_nodes").rows
    assert f"{library}: it did not come with pve-mcp" in server.stderr


def test_nothing_of_a_stranger_runs(folder, tmp_path):
    mark = tmp_path / "mark"
    compile_plugin(folder, "unwell", DOES=f'leave_mark("{mark}")')
    cache = tmp_path / "cache"
    completed = run(
        "plugins", "--json", "--debug", "--safe-mode", "--plugin-dir", folder, "--categories", "default,fixture",
        settings={"XDG_CACHE_HOME": cache})
    assert completed.returncode == 0, completed.stderr
    found = json.loads(completed.stdout)
    assert [(entry["category"], entry["file"]) for entry in found["left_out"]] == [
        ("fixture", str(folder / "libpve-fixture.so"))]
    assert "PVE_SAFE_MODE" in found["left_out"][0]["message"]
    assert found["refused"] == []
    assert "child process" not in completed.stderr
    assert not mark.exists() and not cache.exists()


def test_the_plugins_command_says_what_is_left_out(folder):
    compile_plugin(folder, "plain")
    shown = run("plugins", "--safe-mode", "--plugin-dir", folder, "--categories", "default,fixture").stdout
    [line] = [line for line in shown.splitlines() if "libpve-fixture.so" in line]
    assert line.startswith("left out: ")


def test_lists_may_name_tools_that_are_left_out(start, simulator, folder):
    compile_plugin(folder, "plain")
    server = start(
        simulator, "--safe-mode", "--plugin-dir", folder, "--categories", "default,fixture", "--whitelist",
        "pve_list_nodes,pve_fixture_list")
    assert server.tool_names() == ["pve_list_nodes"]


def test_an_env_file_cannot_switch_it(tmp_path):
    file = tmp_path / "env"
    file.write_text("PVE_SAFE_MODE=false\n")
    file.chmod(0o600)
    completed = run("plugins", "--env-file", file)
    assert completed.returncode == 2
    assert "PVE_SAFE_MODE" in completed.stderr
