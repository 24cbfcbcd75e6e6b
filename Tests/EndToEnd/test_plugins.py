"""Plugins that must not be loaded are refused by name and reason; the others serve."""
# SPDX-License-Identifier: MIT

import json
import os
import shutil

import pytest

from harness.fixtures import compile_plugin
from harness.programs import CATEGORIES, plugin, standard
from harness.server import run


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


def not_elf(folder):
    (folder / "libpve-fixture.so").write_text("this is no library\n")
    (folder / "libpve-fixture.so").chmod(0o755)


def empty(folder):
    (folder / "libpve-fixture.so").touch(0o755)


def cut_short(folder):
    library = compile_plugin(folder, "plain")
    library.write_bytes(library.read_bytes()[:2000])


def directory(folder):
    (folder / "libpve-fixture.so").mkdir()


def writable_file(folder):
    compile_plugin(folder, "plain").chmod(0o757)


def group_writable_file(folder):
    compile_plugin(folder, "plain").chmod(0o775)


def writable_parent(folder):
    compile_plugin(folder, "plain")
    folder.chmod(0o777)


def writable_grandparent(folder):
    compile_plugin(folder, "plain")
    folder.parent.chmod(0o777)


def symlink_out(folder):
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (folder / "libpve-fixture.so").symlink_to(compile_plugin(elsewhere, "plain"))


def another_plugins_library(folder):
    shutil.copy(plugin("nodes"), folder / "libpve-fixture.so")


def missing_symbol(folder):
    compile_plugin(folder, "no_entry")


def broken(macro):
    return lambda folder: compile_plugin(folder, "broken", **{macro: True})


REFUSED = {
    "not ELF": (not_elf, ["ELF"]),
    "empty": (empty, []),
    "cut short": (cut_short, []),
    "directory": (directory, ["regular"]),
    "no entry": (missing_symbol, ["pve_plugin_fixture"]),
    "another category's library": (another_plugins_library, ["pve_plugin_fixture"]),
    "other ABI major": (broken("OTHER_MAJOR"), ["2", "1"]),
    "wrong magic": (broken("WRONG_MAGIC"), []),
    "short struct": (broken("SHORT_STRUCT"), []),
    "unknown required feature": (broken("UNKNOWN_FEATURE"), ["feature"]),
    "no tool table": (broken("NO_TOOLS"), ["tool"]),
    "NULL in the tool table": (broken("NULL_TOOL"), ["tool"]),
    "a tool twice": (broken("DUPLICATE"), ["pve_fixture_list"]),
    "NULL from the entry": (broken("RETURNS_NULL"), []),
    "another category inside": (
        lambda folder: compile_plugin(folder, "plain", DECLARED='"other"'), ["other", "fixture"],
    ),
    "world-writable file": (writable_file, ["writ"]),
    "group-writable file": (group_writable_file, ["writ"]),
    "world-writable directory": (writable_parent, ["writ"]),
    "world-writable parent": (writable_grandparent, ["writ"]),
    "symlink out": (symlink_out, ["link"]),
}


def listing(folder, *options, **settings):
    completed = run("plugins", "--json", "--plugin-dir", folder, "--categories", "default,fixture", *options,
                    settings=settings)
    return completed, json.loads(completed.stdout)


@pytest.mark.parametrize("case", REFUSED)
def test_a_plugin_that_breaks_a_rule_is_refused_and_the_others_serve(start, simulator, folder, case):
    make, words = REFUSED[case]
    make(folder)
    shown = run("plugins", "--plugin-dir", folder, "--categories", "default,fixture")
    text = shown.stdout + shown.stderr
    assert "libpve-fixture.so" in text, text
    reason = next(line for line in text.splitlines() if "libpve-fixture.so" in line)
    for word in words:
        assert word in text[text.index(reason) :], text

    server = start(simulator, "--plugin-dir", folder, "--categories", "default,fixture")
    names = server.tool_names()
    assert [name for name in names if "fixture" in name] == (["pve_fixture_list"] if case == "a tool twice" else [])
    assert len([name for name in names if "fixture" not in name]) == len(standard())
    assert server.call("pve_list_nodes").rows
    assert "libpve-fixture.so" in server.stderr


def test_refusals_differ(folder, tmp_path):
    seen = {}
    for case, (make, _) in REFUSED.items():
        place = tmp_path / case.replace(" ", "-") / "plugins"
        place.mkdir(parents=True, mode=0o755)
        make(place)
        _, found = listing(place)
        text = json.dumps([entry for entry in found.get("refused", []) if "fixture" in json.dumps(entry)])
        text = text.replace(str(place.parent), "")
        assert text != "[]", f"{case}: {found}"
        seen.setdefault(text, []).append(case)
    # A library that is empty, cut short or no ELF may well be told apart by the loader of the system alone.
    assert len(seen) >= len(REFUSED) - 3, seen


def test_a_third_partys_plugin_serves(start, simulator, folder):
    compile_plugin(folder, "plain")
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,fixture")
    assert "pve_fixture_list" in server.tool_names()
    assert len(server.tool_names()) == len(standard()) + 1
    assert server.call("pve_fixture_list").rows


def test_a_plugin_is_not_loaded_unless_chosen(start, simulator, folder):
    compile_plugin(folder, "plain")
    assert len(start(simulator, "--plugin-dir", folder).tool_names()) == len(standard())
    assert len(start(simulator, "--plugin-dir", folder, "--categories", "all").tool_names()) == len(standard()) + 1


def test_a_tool_name_that_is_taken_is_refused(start, simulator, folder):
    compile_plugin(folder, "plain", TOOL='"pve_list_nodes"')
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,fixture")
    assert server.tool_names().count("pve_list_nodes") == 1
    assert "pve_list_nodes" in server.stderr


def test_a_category_that_is_taken_is_refused(start, simulator, folder):
    compile_plugin(folder, "plain", category="nodes")
    server = start(simulator, "--plugin-dir", folder)
    assert "pve_fixture_list" not in server.tool_names()
    assert len(server.tool_names()) == len(standard())


def test_a_tool_may_not_claim_less_than_its_request_does(start, simulator, folder):
    compile_plugin(folder, "understated", category="understated")
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,understated")
    assert "pve_fixture_peek" not in server.tool_names()
    assert "pve_fixture_peek" in server.stderr


def test_what_a_plugin_prints_goes_to_stderr(start, simulator, folder):
    compile_plugin(folder, "chatty", category="chatty")
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,chatty")
    for _ in range(3):
        assert server.call("pve_chatty_talk").data == {"said": "hello"}
    server.wait_for_stderr("stray text at the start")
    server.wait_for_stderr("stray text from a call")
    assert "warning" in server.stderr
    assert b"stray" not in b"".join(server.raw)


def test_strangers_are_looked_at_in_a_child(folder):
    compile_plugin(folder, "crashes")
    completed, found = listing(folder)
    assert completed.returncode in (0, 1), completed.stderr
    assert set(CATEGORIES) <= {entry["category"] for entry in found["plugins"]}
    assert "fixture" in json.dumps(found.get("refused", []))


def test_the_plugins_command_lists_categories_and_tools():
    completed = run("plugins")
    assert completed.returncode == 0, completed.stderr
    for category in CATEGORIES:
        assert category in completed.stdout
    found = json.loads(run("plugins", "--json").stdout)
    assert {entry["category"] for entry in found["plugins"]} == set(CATEGORIES)


def test_a_plugin_that_the_tier_leaves_nothing_of_is_listed_so(folder):
    compile_plugin(folder, "plain")
    completed = run("plugins", "--plugin-dir", folder, "--categories", "nodes,fixture", "--tier", "read-only")
    assert "fixture" in completed.stdout


def test_a_plugin_of_another_user_is_refused(folder, start, simulator):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    library = compile_plugin(folder, "plain")
    os.chown(library, 12345, 12345)
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,fixture")
    assert len(server.tool_names()) == len(standard())
    assert "libpve-fixture.so" in server.stderr
