"""A plugin is judged before it is trusted: `pve-mcp plugin check` and `plugin describe`."""
# SPDX-License-Identifier: MIT

import ctypes
import hashlib
import json
import os
import socket
import subprocess

import pytest

from harness.fixtures import compile_plugin
from harness.programs import plugin
from harness.server import run

PASSED, WARNED, REFUSED, MISUSED = 0, 1, 4, 2


def knows_landlock():
    """Whether this kernel can keep a process from files, programs and connections, the latter since its version 4."""
    return ctypes.CDLL(None).syscall(444, None, 0, 1)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


def check(file, *options):
    """The report as JSON, and the exit status."""
    completed = run("plugin", "check", file, "--json", *options)
    assert completed.stdout, completed.stderr
    return json.loads(completed.stdout), completed.returncode


def messages(report, severity, subject=None):
    return [
        finding["message"] for finding in report["findings"]
        if finding["severity"] == severity and subject in (None, finding["subject"])
    ]


def test_a_sound_plugin_would_be_loaded(folder):
    library = compile_plugin(folder, "plain")
    report, status = check(library)
    assert status == PASSED, report
    assert report["verdict"] == "passed"
    assert report["summary"] == "would be loaded"
    file = report["file"]
    assert file["path"] == str(library)
    assert file["sha256"] == hashlib.sha256(library.read_bytes()).hexdigest()
    assert (file["size"], file["owner"], file["mode"]) == (library.stat().st_size, os.geteuid(), "755")
    assert {"name": "pve_plugin_fixture", "kind": "function", "weak": False} in report["library"]["exports"]
    described = report["plugin"]
    assert (described["category"], described["version"], described["abi"]) == ("fixture", "1.0.0", "1.0")
    [tool] = described["tools"]
    assert (tool["name"], tool["tier"], tool["body"], tool["parameters"]) == (
        "pve_fixture_list", "read-only", "endpoint", 0)
    assert tool["annotations"] == ["read-only", "idempotent"]
    assert tool["requests"] == [
        {"method": "GET", "path": "/nodes", "tier": "read-only", "destructive": False, "known": True, "raised_by": []}]


def test_the_text_ends_in_the_verdict(folder):
    library = compile_plugin(folder, "plain")
    completed = run("plugin", "check", library)
    assert completed.returncode == PASSED
    lines = completed.stdout.splitlines()
    assert lines[-1] == "would be loaded"
    assert str(library) in lines[0]
    assert any("GET /nodes: read-only" in line for line in lines)


def test_a_path_may_be_relative(folder):
    compile_plugin(folder, "plain")
    completed = subprocess.run(
        [plugin("nodes").parent / "pve-mcp", "plugin", "check", "libpve-fixture.so", "--json"], cwd=folder,
        capture_output=True)
    assert json.loads(completed.stdout)["file"]["path"] == str(folder / "libpve-fixture.so")


def test_a_plugin_that_came_with_the_host_would_be_loaded():
    report, status = check(plugin("qemu"))
    assert status == PASSED, report["findings"]
    assert len(report["plugin"]["tools"]) > 10


def test_every_fault_on_the_way_to_a_file_is_named(folder):
    library = compile_plugin(folder, "plain")
    library.chmod(0o775)
    folder.chmod(0o777)
    folder.parent.chmod(0o777)
    report, status = check(library)
    folder.parent.chmod(0o755)
    assert status == REFUSED
    refused = messages(report, "refused", "file")
    assert [message.split()[0] for message in refused[:3]] == [str(library), str(folder), str(folder.parent)]
    assert report["summary"].startswith(f"would be refused: {library} can be written by others (mode 0775)")


def test_the_code_of_a_file_that_others_can_change_does_not_run(folder):
    library = compile_plugin(folder, "unwell", DOES='fputs("it ran", stderr)')
    library.chmod(0o757)
    report, status = check(library)
    assert status == REFUSED
    assert report["last_words"] == ""
    assert report["plugin"] is None
    assert report["library"]["export_count"] == 1
    assert any("it has not been opened" in message for message in messages(report, "note"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_users_file_is_refused(folder):
    library = compile_plugin(folder, "plain")
    os.chown(library, 12345, 12345)
    report, status = check(library)
    assert status == REFUSED
    assert "belongs to user 12345" in report["summary"]


def test_a_link_out_of_its_folder_is_refused(folder):
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (folder / "libpve-fixture.so").symlink_to(compile_plugin(elsewhere, "plain"))
    report, status = check(folder / "libpve-fixture.so")
    assert status == REFUSED
    assert "outside its directory" in report["summary"]


def test_what_tools_declare_is_shown_with_its_risk(folder):
    report, status = check(compile_plugin(folder, "varied", category="varied"))
    assert status == WARNED
    assert report["summary"] == "would be loaded with warnings"
    tools = {tool["name"]: tool for tool in report["plugin"]["tools"]}
    assert list(tools) == ["varied_destroy", "varied_code"]
    [destroy] = tools["varied_destroy"]["requests"]
    assert (destroy["method"], destroy["tier"], destroy["destructive"]) == ("DELETE", "full", True)
    assert tools["varied_code"]["body"] == "call"
    nodes, nowhere, move = tools["varied_code"]["requests"]
    assert nodes["known"] and not nowhere["known"]
    assert {"parameter": "delete", "tier": "full", "destructive": True} in move["raised_by"], move


def test_what_a_tool_says_and_cannot_be_is_warned_of(folder):
    report, _ = check(compile_plugin(folder, "varied", category="varied"))
    warnings = "\n".join(messages(report, "warning", "tool"))
    assert 'tool "varied_tier" refused: its tier is 9' in warnings
    assert "varied_code declares GET /nowhere, which no release" in warnings
    assert 'parameter "looks" whose pattern "(?<!x)y" cannot be read here' in warnings
    assert 'parameter "large" whose default 6 is above its maximum' in warnings
    assert 'parameter "letter" whose default "c" is not among its choices' in warnings


def test_a_tool_that_claims_too_little_will_be_left_out(folder):
    report, status = check(compile_plugin(folder, "understated", category="understated"))
    assert status == WARNED
    [warning] = messages(report, "warning")
    assert warning.startswith("tool pve_fixture_peek will be left out: it declares tier read-only, but its request DELETE")


def test_a_tools_name_that_is_taken_is_warned_of(folder):
    report, status = check(compile_plugin(folder, "plain", TOOL='"pve_list_nodes"'))
    assert status == WARNED
    assert messages(report, "warning") == [
        "tool pve_list_nodes will be left out: category nodes has a tool of that name; rename one of the two"]


def test_a_category_that_is_taken_is_refused(folder):
    report, status = check(compile_plugin(folder, "plain", category="nodes"))
    assert status == REFUSED
    assert 'category "nodes" is served by' in report["summary"]


def test_a_category_may_be_named_beside_the_file(folder):
    library = compile_plugin(folder, "plain").rename(folder / "download.so")
    report, status = check(library)
    assert status == REFUSED
    assert '"download.so" does not name a category' in report["summary"]
    report, status = check(library, "--category", "fixture")
    assert status == WARNED
    assert messages(report, "warning") == [
        "the host takes it as a plugin of category fixture only under the name libpve-fixture.so"]
    assert report["plugin"]["category"] == "fixture"


ENDS = {
    "abort()": "was ended by signal 6 (Aborted): it crashes",
    "raise(SIGSEGV)": "was ended by signal 11 (Segmentation fault): it crashes",
    "_exit(7)": "ended with status 7 and without a verdict",
    "devour()": "it runs out of memory",
}


@pytest.mark.parametrize("does", ENDS)
def test_a_plugin_that_ends_the_process_is_refused(folder, does):
    report, status = check(compile_plugin(folder, "unwell", DOES=does))
    assert status == REFUSED
    [refused] = messages(report, "refused")
    assert ENDS[does] in refused, refused
    assert report["summary"] == f"would be refused: {refused}"


def test_a_plugin_that_works_for_ever_is_refused(folder):
    report, status = check(compile_plugin(folder, "unwell", DOES="for (;;) pause()"))
    assert status == REFUSED
    assert "had no verdict after 10000 ms: it hangs" in report["summary"]


def test_last_words_are_shown_without_what_a_terminal_obeys(folder):
    library = compile_plugin(
        folder, "unwell", DOES=r'fputs("\033]0;owned\007cannot find\nthe key\r", stderr), abort()')
    report, _ = check(library)
    assert report["last_words"] == "]0;owned cannot find the key"
    completed = run("plugin", "check", library)
    assert "\033" not in completed.stdout + completed.stderr
    listed = run("plugins", "--plugin-dir", folder, "--categories", "fixture")
    assert "its last words: ]0;owned cannot find the key" in listed.stdout


def test_what_is_no_library_is_refused_by_its_kind(folder):
    file = folder / "libpve-fixture.so"
    file.write_text("this is no library\n")
    report, status = check(file)
    assert status == REFUSED
    assert report["library"] is None
    assert "not an ELF file" in report["summary"]
    compile_plugin(folder, "no_entry")
    report, status = check(file)
    assert status == REFUSED
    assert "does not export pve_plugin_fixture" in report["summary"]


def test_a_file_that_is_not_there_is_said(folder):
    completed = run("plugin", "check", folder / "libpve-none.so")
    assert completed.returncode == MISUSED
    assert "libpve-none.so: there is no such file" in completed.stderr


def test_what_a_library_wants_is_a_hint(folder):
    report, status = check(compile_plugin(folder, "unwell", DOES='if (getenv("NEVER")) system("true")'))
    assert status == PASSED, report
    assert report["library"]["needed"] == ["libc.so.6"]
    assert report["library"]["telling_imports"]["run other programs"] == ["system"]
    assert any("it imports system: it might run other programs (a hint" in note for note in messages(report, "note"))


def test_weak_points_of_a_library_are_warned_of(folder):
    open_folder = folder.parent / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    library = compile_plugin(
        folder, "plain", flags=["-Wl,-z,execstack", f"-Wl,--enable-new-dtags,-rpath,{open_folder}:{open_folder}/later:lib:$ORIGIN"])
    report, _ = check(library)
    warnings = messages(report, "warning", "library")
    assert any("executable" in warning for warning in warnings)
    for named in (open_folder, open_folder / "later"):
        assert any(f'"{named}": {open_folder} can be written by others' in warning for warning in warnings), warnings
    assert any('"lib": that is relative to the working directory' in warning for warning in warnings)
    assert not any("$ORIGIN\"" in warning for warning in warnings)


def test_the_child_can_do_nothing_but_say_what_the_plugin_is(folder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        report, status = check(
            compile_plugin(folder, "nosy", FILE_TO_WRITE=f'"{tmp_path}/written"', PORT=port))
    assert status == PASSED, report
    words = dict(word.split("=") for word in report["last_words"].split())
    forbidden = ["environment", "parent-environ", "parent-memory", "write"]
    if knows_landlock() >= 1:
        forbidden += ["open-for-writing", "program"]
    if knows_landlock() >= 4:
        forbidden += ["connect"]
    if knows_landlock() >= 6:
        forbidden += ["signal"]
    assert {name: words[name] for name in forbidden} == {name: "no" for name in forbidden}
    assert (words["core"], words["cpu"], words["files"]) == ("0", "10", "64")
    assert not (tmp_path / "written").exists() or (tmp_path / "written").read_bytes() == b""


def test_a_plugin_is_described_by_name_or_file(folder):
    library = compile_plugin(folder, "varied", category="varied")
    by_name = run("plugin", "describe", "varied", "--json", "--plugin-dir", folder)
    by_file = run("plugin", "describe", library, "--json")
    assert by_name.returncode == 0, by_name.stderr
    assert by_name.stdout == by_file.stdout
    described = json.loads(by_name.stdout)
    assert (described["category"], described["version"]) == ("varied", "2.5.0")
    assert [tool["name"] for tool in described["tools"]] == ["varied_destroy", "varied_code"]
    assert 'tool "varied_tier" refused' in by_name.stderr
    text = run("plugin", "describe", "varied", "--plugin-dir", folder).stdout
    for words in ("varied 2.5.0", "varied_destroy", "vmid", "DELETE /nodes/{node}/qemu/{vmid}", "Tools of several kinds."):
        assert words in text, text


def test_a_standard_plugin_is_described_by_name():
    completed = run("plugin", "describe", "qemu")
    assert completed.returncode == 0, completed.stderr
    assert "pve_list_qemu_vms" in completed.stdout or "pve_" in completed.stdout


def test_what_cannot_be_described_is_said(folder):
    compile_plugin(folder, "crashes")
    completed = run("plugin", "describe", "fixture", "--plugin-dir", folder)
    assert completed.returncode == 1
    assert "signal 6" in completed.stderr
    completed = run("plugin", "describe", "nothing", "--plugin-dir", folder)
    assert completed.returncode == MISUSED
    assert 'there is no plugin "nothing"' in completed.stderr


@pytest.mark.parametrize("words", [["check"], ["check", "a", "b"], ["describe"], ["describe", "a", "b"]])
def test_what_was_typed_wrongly_is_said_with_the_usage(words):
    completed = run("plugin", *words)
    assert completed.returncode == MISUSED
    assert f"usage: pve-mcp plugin {words[0]}" in completed.stderr
