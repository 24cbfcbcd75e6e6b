"""`pve-mcp plugin new` as it is typed."""
# SPDX-License-Identifier: MIT

import subprocess

import pytest

from harness.programs import BUILD, PVE_MCP, environment
from harness.server import run


def new(*words, **options):
    return run("plugin", "new", *words, **options)


def test_it_says_what_to_type_next(tmp_path):
    folder = tmp_path / "it's here"
    folder.mkdir()
    done = new("disk-health", "--directory", folder)
    assert done.returncode == 0 and done.stderr == ""
    (line,) = [line for line in done.stdout.splitlines() if line.strip().startswith("cd ")]
    words = [each.split("#")[0].strip() for each in done.stdout.splitlines() if each.startswith("    ")]
    assert words == [line.strip(), "make", "make test", "make check", "make demo"]
    subprocess.run(["bash", "-euc", f"{line}\ntest -f Makefile"], check=True)


def test_it_writes_into_the_working_directory_in_c_when_nothing_is_said(tmp_path):
    done = subprocess.run([PVE_MCP, "plugin", "new", "x"], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x/x.c").is_file() and "\n    cd x\n" in done.stdout


@pytest.mark.parametrize(
    "words, message",
    [
        ((), "plugin new takes one name; usage: pve-mcp plugin new NAME [--lang c|swift|rust] [--directory DIR]"),
        (("a", "b"), "plugin new takes one name; usage: pve-mcp plugin new NAME [--lang c|swift|rust] [--directory DIR]"),
        (("My_Tools",),
         'plugin new: "My_Tools" cannot be a plugin\'s name, which is 1 to 40 of a-z, 0-9 and -; how about "my-tools"?'),
        (("nodes",),
         'plugin new: "nodes" is a category that comes with pve-mcp, which loads its own first; choose another name, such as '
         '"my-nodes"'),
        (("all",), 'plugin new: "all" means something else to --categories; choose another name, such as "my-all"'),
        (("x", "--lang", "go"), '--lang: "go" is no language there is a plugin in; it is one of c, swift, rust'),
        (("x", "--directory"), "--directory needs a value; see pve-mcp --help"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, words, message):
    done = subprocess.run(
        [PVE_MCP, "plugin", "new", *words], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, f"pve-mcp: error: {message}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_left_as_it_is(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/mine").write_text("mine")
    done = new("x", "--directory", tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"pve-mcp: error: {tmp_path}/x is there already, and was not touched; choose another name, or another --directory\n")
    assert [file.name for file in tmp_path.rglob("*")] == ["x", "mine"]


def test_a_directory_that_nothing_can_be_put_into_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    done = new("x", "--directory", file)
    assert done.returncode == 1
    assert done.stderr == (
        f"pve-mcp: error: {file}/x cannot be written, because nothing can be put into {file}: Not a directory; name a "
        "directory of yours with --directory\n")


def test_a_plugin_in_swift_needs_what_is_installed(tmp_path):
    """Somebody has copied the program alone."""
    place = tmp_path / "bin"
    place.mkdir()
    (place / "pve-mcp").write_bytes((BUILD / "pve-mcp").read_bytes())
    (place / "pve-mcp").chmod(0o755)
    done = new("x", "--lang", "swift", "--directory", tmp_path, binary=place / "pve-mcp")
    assert done.returncode == 2
    assert done.stderr == (
        f"pve-mcp: error: a plugin in Swift needs PluginKit, and {tmp_path}/share/pve-mcp/PluginKit is not there; install "
        "pve-mcp with make install, or choose another --lang\n")
    assert new("x", "--directory", tmp_path, binary=place / "pve-mcp").returncode == 0
    assert "PVE_LIB =" not in (tmp_path / "x/local.mk").read_text()
