"""Plugins that must not be loaded are refused by name and reason; the others serve."""
# SPDX-License-Identifier: MIT

import json
import os
import platform
import shutil

import pytest

from harness import rules
from harness.fixtures import compile_plugin
from harness.programs import CATEGORIES, plugin, standard
from harness.server import run


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


def sound(folder):
    return compile_plugin(folder, "plain")


def put(content):
    """Puts these bytes where the plugin would be."""

    def make(folder):
        (folder / "libpve-fixture.so").write_bytes(content)
        (folder / "libpve-fixture.so").chmod(0o755)

    return make


def patched(offset, *values):
    """A sound plugin with other bytes in its header."""

    def make(folder):
        library = sound(folder)
        content = bytearray(library.read_bytes())
        content[offset : offset + len(values)] = bytes(values)
        library.write_bytes(content)

    return make


def cut_short(folder):
    library = sound(folder)
    library.write_bytes(library.read_bytes()[:100])


def directory(folder):
    (folder / "libpve-fixture.so").mkdir()


def badly_named(folder):
    sound(folder).rename(folder / "libpve-Fixture_1.so")


def symlink_out(folder):
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (folder / "libpve-fixture.so").symlink_to(sound(elsewhere))


def symlink_to_nothing(folder):
    (folder / "libpve-fixture.so").symlink_to(folder / "nothing")


def another_plugins_library(folder):
    shutil.copy(plugin("nodes"), folder / "libpve-fixture.so")


def anothers(folder):
    os.chown(sound(folder), 12345, 12345)


def rule(**define):
    return lambda folder: rules.build(folder, "fixture", define)


MACHINES = {"x86_64": (62, "x86-64"), "aarch64": (183, "aarch64")}
MACHINE, OTHER = (MACHINES[platform.machine()], MACHINES["aarch64" if platform.machine() == "x86_64" else "x86_64"])

NAMED = "its file name is not `libpve-<category>.so`"
UNREADABLE = "it cannot be read, or is not a regular file"
WRITABLE = "others may write to it or to a directory above it"
OWNER = "it or a directory above it belongs to another user"
LINK = "it is a link out of the plugin directory"
KIND = "it is not ELF, not 64-bit, big-endian, for another machine, not a shared library"
LINKER = "the dynamic linker cannot open it"
TAKEN = "an earlier plugin serves its category"

# By what is wrong: the line of docs/plugin-abi.md, how it is made, and all that is said after the file's name. These are
# about the file and its place; what is about the descriptor is in Tests/Fixtures/plugins/rules.json.
REFUSED = {
    "not ELF": (
        KIND, put(b"this is no library\n"), "it is not an ELF file; a plugin is a shared library (cc -shared -fPIC)"),
    "empty": (KIND, put(b""), "it is not an ELF file; a plugin is a shared library (cc -shared -fPIC)"),
    "32-bit": (
        KIND, patched(4, 1), f"it is made for 32-bit programs, this host is 64-bit; build it for {MACHINE[1]}"),
    "no word size": (
        KIND, patched(4, 9), f"it is made for an unknown word size, this host is 64-bit; build it for {MACHINE[1]}"),
    "big-endian": (
        KIND, patched(5, 2), f"it is big-endian, this host is little-endian; build it for {MACHINE[1]}"),
    "another machine's": (
        KIND, patched(18, OTHER[0], 0),
        f"it is made for {OTHER[1]}, this host is {MACHINE[1]}; build or install it for that"),
    "a program": (
        KIND, patched(16, 2, 0),
        "it is an ELF file of type 2 (a program), wanted 3, a shared library; link it with -shared"),
    "cut short": (
        LINKER, cut_short,
        "the dynamic linker cannot open it: cannot read file data; install or link what it needs (ldd -r shows it)"),
    "a bad name": (
        NAMED, badly_named,
        '"libpve-Fixture_1.so" does not name a category; rename it to libpve-<category>.so, where the category is 1 to 40 '
        "of a-z, 0-9 and -"),
    "a directory": (UNREADABLE, directory, "it is not a regular file; put the shared library itself there"),
    "a link to nothing": (
        UNREADABLE, symlink_to_nothing,
        "{file} cannot be read: No such file or directory; make it readable for this user"),
    "another category's library": (
        "it does not export its entry, or exports data under that name", another_plugins_library,
        "it does not export pve_plugin_fixture, the entry of a plugin of its name; export that function, or rename the file "
        "after its category"),
    "another ABI": (
        "magic, ABI major or `struct_size` of `pve_plugin` is wrong",
        rule(HEAD="{PVE_MAGIC_PLUGIN, sizeof(pve_plugin), 2, 0, 0}"),
        f"it is made for ABI 2.0, this host serves 1.0 to 1.{rules.MINOR}; rebuild it with this host's pve_plugin.h or install "
        "its release"),
    "a crash": (
        "it crashes, exits or hangs in the child process", rule(ON_ENTRY="__builtin_trap()"),
        "the child process that looked at it was ended by signal 4 (Illegal instruction): it crashes when it is opened; ask "
        "its author" if MACHINE[0] == 62 else
        "the child process that looked at it was ended by signal 5 (Trace/breakpoint trap): it crashes when it is opened; ask "
        "its author"),
    "world-writable file": (
        WRITABLE, lambda folder: sound(folder).chmod(0o757),
        "{file} can be written by others (mode 0757), so anybody could replace the plugin; run: chmod go-w {file}"),
    "group-writable file": (
        WRITABLE, lambda folder: sound(folder).chmod(0o775),
        "{file} can be written by others (mode 0775), so anybody could replace the plugin; run: chmod go-w {file}"),
    "world-writable directory": (
        WRITABLE, lambda folder: (sound(folder), folder.chmod(0o777)),
        "{folder} can be written by others (mode 0777), so anybody could replace the plugin; run: chmod go-w {folder}"),
    "world-writable and sticky directory": (
        WRITABLE, lambda folder: (sound(folder), folder.chmod(0o1777)),
        "{folder} can be written by others (mode 1777), so anybody could replace the plugin; run: chmod go-w {folder}"),
    "world-writable parent": (
        WRITABLE, lambda folder: (sound(folder), folder.parent.chmod(0o777)),
        "{parent} can be written by others (mode 0777), so anybody could replace the plugin; run: chmod go-w {parent}"),
    "a link out": (
        LINK, symlink_out,
        "it is a symbolic link to {parent}/elsewhere/libpve-fixture.so, outside its directory; copy the file there instead"),
    "another user's": (
        OWNER, anothers,
        "{file} belongs to user 12345, it must belong to root or to the user 0 that runs pve-mcp; run: chown 0 {file}"),
    "a category that is taken": (
        TAKEN, lambda folder: compile_plugin(folder, "plain", category="nodes"),
        'category "nodes" is served by {nodes}; remove one of the two'),
}


def cases():
    for case in REFUSED:
        root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
        yield pytest.param(case, marks=root_alone) if case == "another user's" else case


def listing(folder, *options, **settings):
    completed = run("plugins", "--json", "--plugin-dir", folder, "--categories", "default,fixture", *options,
                    settings=settings)
    return completed, json.loads(completed.stdout)


@pytest.mark.parametrize("case", list(cases()))
def test_a_plugin_that_breaks_a_rule_is_refused_and_the_others_serve(start, simulator, folder, case):
    _, make, expected = REFUSED[case]
    make(folder)
    (file,) = folder.iterdir()
    places = {"{file}": file, "{folder}": folder, "{parent}": folder.parent, "{nodes}": plugin("nodes")}
    for mark, place in places.items():
        expected = expected.replace(mark, str(place))
    found = json.loads(run("plugins", "--json", "--plugin-dir", folder, "--categories", "all").stdout)
    assert [entry["message"] for entry in found["refused"]] == [f"{file}: plugin refused: {expected}"]
    assert {entry["category"] for entry in found["plugins"]} == set(CATEGORIES)
    shown = run("plugins", "--plugin-dir", folder, "--categories", "all")
    assert f"refused: {file}: plugin refused: {expected}" in shown.stdout.splitlines()

    server = start(simulator, "--plugin-dir", folder, "--categories", "all")
    assert set(server.tool_names()) == standard()
    assert server.call("pve_list_nodes").rows
    assert file.name in server.stderr


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
    library = compile_plugin(folder, "plain", TOOL='"pve_list_nodes"')
    _, found = listing(folder)
    assert [entry["message"] for entry in found["refused"]] == [
        f'{library}: tool "pve_list_nodes" refused: {plugin("nodes")} has a tool of that name; rename one of the two, or leave '
        "one plugin out"
    ]
    server = start(simulator, "--plugin-dir", folder, "--categories", "default,fixture")
    assert server.tool_names().count("pve_list_nodes") == 1
    assert "pve_list_nodes" in server.stderr


def test_of_two_plugins_of_one_category_the_later_directory_s_is_refused(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir(mode=0o755)
    first, second = sound(folder), sound(other)
    found = json.loads(
        run("plugins", "--json", "--plugin-dir", folder, "--plugin-dir", other, "--categories", "fixture").stdout)
    assert [entry["file"] for entry in found["plugins"]] == [str(first)]
    assert [entry["message"] for entry in found["refused"]] == [
        f'{second}: plugin refused: category "fixture" is served by {first}; remove one of the two'
    ]


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
    server.wait_for_stderr("stray text from a constructor")
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
