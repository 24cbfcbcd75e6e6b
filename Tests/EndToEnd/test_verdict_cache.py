"""A third party's plugin is looked at in a child once; a changed one again; standard plugins never."""
# SPDX-License-Identifier: MIT

import json
import os

import pytest

from harness.fixtures import compile_plugin
from harness.server import run

LOOKED, KNOWN = "described in a child process", "known from the cache"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def starts(folder, cache):
    """How a start came to know the plugin: LOOKED, KNOWN, or both lines or none as a list."""

    def start(**settings):
        settings = {"XDG_CACHE_HOME": cache, **settings}
        completed = run(
            "plugins", "--json", "--debug", "--plugin-dir", folder, "--categories", "fixture", settings=settings)
        found = json.loads(completed.stdout)
        ways = [way for line in completed.stderr.splitlines() for way in (LOOKED, KNOWN) if line.endswith(way)]
        for entry in found["plugins"]:
            assert entry["from_cache"] == (ways == [KNOWN])
        return ways[0] if len(ways) == 1 else ways

    return start


def entry(cache):
    [file] = (cache / "pve-mcp/verdicts").iterdir()
    return file


def test_a_second_start_looks_at_nothing(folder, cache, starts):
    compile_plugin(folder, "plain")
    assert [starts(), starts(), starts()] == [LOOKED, KNOWN, KNOWN]
    assert (cache / "pve-mcp/verdicts").stat().st_mode & 0o777 == 0o700
    assert entry(cache).stat().st_mode & 0o777 == 0o600


def test_the_plugin_serves_from_the_cache(start, simulator, folder, cache):
    compile_plugin(folder, "plain")
    for _ in range(2):
        server = start(simulator, "--plugin-dir", folder, "--categories", "fixture", XDG_CACHE_HOME=cache)
        assert server.call("pve_fixture_list").rows


def test_a_changed_file_is_looked_at_again(folder, starts):
    library = compile_plugin(folder, "plain")
    assert [starts(), starts()] == [LOOKED, KNOWN]
    compile_plugin(folder, "plain", TOOL='"pve_fixture_other"')
    assert [starts(), starts()] == [LOOKED, KNOWN]
    # The same bytes put there anew are another file.
    content = library.read_bytes()
    library.unlink()
    library.write_bytes(content)
    library.chmod(0o755)
    assert [starts(), starts()] == [LOOKED, KNOWN]


def test_a_file_changed_behind_its_times_is_looked_at_again(folder, starts):
    library = compile_plugin(folder, "plain")
    assert starts() == LOOKED
    before = library.stat()
    with library.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x01")
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert starts() == LOOKED


def garbage(file):
    file.write_bytes(b'{"format":1')


def another_kind(file):
    file.write_text("[]")


def open_to_others(file):
    file.chmod(0o644)


def link(file):
    copy = file.parent.parent / "copy"
    copy.write_bytes(file.read_bytes())
    copy.chmod(0o600)
    file.unlink()
    file.symlink_to(copy)


def hard_link(file):
    (file.parent.parent / "second").hardlink_to(file)


def oversized(file):
    file.write_bytes(file.read_bytes() + b" " * (8 << 20))


def pipe(file):
    file.unlink()
    os.mkfifo(file, 0o600)


def another_path(file):
    content = json.loads(file.read_text())
    content["path"] += "x"
    file.write_text(json.dumps(content))


def another_digest(file):
    content = json.loads(file.read_text())
    content["sha256"] = "0" * 64
    file.write_text(json.dumps(content))


def another_host(file):
    content = json.loads(file.read_text())
    content["host"] = "0.0.1"
    file.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "tamper",
    [garbage, another_kind, open_to_others, link, hard_link, oversized, pipe, another_path, another_digest, another_host],
    ids=lambda tamper: tamper.__name__)
def test_an_entry_that_cannot_be_trusted_is_ignored_and_written_anew(folder, cache, starts, tamper):
    compile_plugin(folder, "plain")
    assert starts() == LOOKED
    tamper(entry(cache))
    assert [starts(), starts()] == [LOOKED, KNOWN]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_users_entry_is_ignored(folder, cache, starts):
    compile_plugin(folder, "plain")
    assert starts() == LOOKED
    os.chown(entry(cache), 12345, 12345)
    assert [starts(), starts()] == [LOOKED, KNOWN]


def test_a_cache_that_is_open_to_others_is_not_used(folder, cache, starts):
    compile_plugin(folder, "plain")
    assert starts() == LOOKED
    (cache / "pve-mcp/verdicts").chmod(0o755)
    assert [starts(), starts()] == [LOOKED, LOOKED]


def test_without_a_place_for_the_cache_everything_works(folder, tmp_path, starts):
    compile_plugin(folder, "plain")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a directory")
    assert [starts(XDG_CACHE_HOME=blocked), starts(XDG_CACHE_HOME=blocked)] == [LOOKED, LOOKED]
    assert [starts(XDG_CACHE_HOME=None, HOME=None), starts(XDG_CACHE_HOME="relative", HOME=None)] == [LOOKED, LOOKED]


def test_the_home_directory_has_the_cache_where_nothing_else_is_said(folder, tmp_path, starts):
    compile_plugin(folder, "plain")
    home = tmp_path / "home"
    home.mkdir()
    assert [starts(XDG_CACHE_HOME=None, HOME=home), starts(XDG_CACHE_HOME=None, HOME=home)] == [LOOKED, KNOWN]
    assert entry(home / ".cache")


def test_failures_are_not_remembered(folder, cache, starts):
    compile_plugin(folder, "crashes")
    assert [starts(), starts()] == [LOOKED, LOOKED]
    assert not (cache / "pve-mcp").exists()


def test_a_plugin_out_of_order_is_refused_before_anything_is_looked_at(folder, cache, starts):
    compile_plugin(folder, "plain").chmod(0o777)
    assert starts() == []
    assert not cache.exists()


def test_standard_plugins_touch_no_cache_and_start_no_child(start, simulator, cache):
    server = start(simulator, "--debug", XDG_CACHE_HOME=cache)
    assert server.call("pve_list_nodes").rows
    server.close()
    assert LOOKED not in server.stderr and KNOWN not in server.stderr
    assert not cache.exists()


def test_the_code_of_a_plugin_runs_in_the_host_alone_once_it_is_known(folder, tmp_path, starts):
    mark = tmp_path / "mark"
    compile_plugin(folder, "unwell", DOES=f'leave_mark("{mark}")')
    assert starts() == LOOKED
    # The child cannot write, so what is there came from the host.
    assert mark.read_bytes() == b"."
    assert starts() == KNOWN
    assert mark.read_bytes() == b".."
