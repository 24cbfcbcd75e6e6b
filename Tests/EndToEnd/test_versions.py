"""Hosts and plugins of different times live together: binaries kept from former builds, against today's."""
# SPDX-License-Identifier: MIT

import hashlib
import json
import lzma
import platform
import re
import shutil
import subprocess

import pytest

from harness.authors import example
from harness.fixtures import compile_plugin
from harness.programs import CATEGORIES, PVE_MCP, ROOT, environment, plugin, standard
from harness.server import run

KEPT = ROOT / "Tests/Data/kept"
kept_binaries = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="the kept binaries are for x86-64, this machine is " + platform.machine())


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "plugins"
    path.mkdir(mode=0o755)
    return path


@pytest.fixture(scope="module")
def kept_host(tmp_path_factory):
    """The host that was kept, alone in a directory of its own."""
    program = tmp_path_factory.mktemp("kept") / "pve-mcp"
    program.write_bytes(lzma.decompress((KEPT / "pve-mcp-0.1.0.xz").read_bytes()))
    program.chmod(0o755)
    return program


def keep(folder, *categories):
    for category in categories:
        shutil.copy(KEPT / f"libpve-{category}.so", folder)
        (folder / f"libpve-{category}.so").chmod(0o755)


def listing(host, folder, *categories):
    done = run("plugins", "--json", "--plugin-dir", folder, "--categories", ",".join(categories), binary=host)
    return json.loads(done.stdout)


def refused(host, folder, *categories):
    """What is said of what was not taken, without the path."""
    return [entry["message"].replace(f"{folder}/", "") for entry in listing(host, folder, *categories)["refused"]]


def test_the_kept_files_are_those_that_are_described():
    readme = (KEPT / "README.md").read_text()
    sums = {name: digest for digest, name in re.findall(r"([0-9a-f]{64})  (\S+)", readme)}
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in KEPT.iterdir() if file.suffix in (".so", ".xz")}
    assert files == sums


# Kept plugins in today's host


@kept_binaries
def test_a_plugin_of_the_first_header_serves_in_todays_host(start, simulator, folder):
    keep(folder, "first")
    (found,) = listing(PVE_MCP, folder, "first")["plugins"]
    assert (found["version"], found["abi"], found["tools"]) == ("0.1.0", "1.0", 2)
    shown = run("plugins", "--plugin-dir", folder, "--categories", "first").stdout
    assert re.search(r"^first +0\.1\.0 +1\.0 +2 of 2 ", shown, re.MULTILINE), shown

    server = start(simulator, "--plugin-dir", folder, "--categories", "default,first")
    nodes = server.call("first_list").data
    assert nodes["total"] == len(nodes["nodes"]) == 3
    assert set(nodes["nodes"][0]) == {"node", "maxmem"}
    answer = server.call("first_count", {"least": 1}).data
    assert answer["count"] == 3
    assert sorted(answer["names"]) == sorted(node["node"] for node in nodes["nodes"])
    assert server.call("first_count", {"least": 1024}).data == {"names": [], "count": 0}


@pytest.fixture
def installation(tmp_path):
    """Today's host without plugins, as it is installed, and its folder for them."""
    plugins = tmp_path / "lib/pve-mcp/plugins"
    for path in (tmp_path / "bin", plugins):
        path.mkdir(parents=True)
    return shutil.copy(PVE_MCP, tmp_path / "bin"), plugins


@kept_binaries
def test_kept_categories_serve_in_todays_host(start, simulator, installation):
    host, plugins = installation
    keep(plugins, "nodes", "pools")
    done = json.loads(run("plugins", "--json", "--categories", "nodes,pools", binary=host).stdout)
    assert [(one["category"], one["version"]) for one in done["plugins"]] == [("nodes", "1.0.0"), ("pools", "1.0.0")]
    assert done["refused"] == []
    server = start(simulator, "--categories", "nodes,pools", binary=host)
    assert set(server.tool_names()) >= {"pve_list_nodes", "pve_list_pools"}
    assert len(server.call("pve_list_nodes").rows) == 3
    assert not server.call("pve_create_pool", {"poolid": "kept"}).is_error
    assert "kept" in [pool["poolid"] for pool in server.call("pve_list_pools").rows]
    assert not server.call("pve_delete_pool", {"poolid": "kept"}).is_error


# Today's plugins in the kept host


@kept_binaries
def test_todays_plugins_serve_in_the_kept_host(start, simulator, kept_host, folder):
    for category in CATEGORIES:
        shutil.copy(plugin(category), folder)
        (folder / f"libpve-{category}.so").chmod(0o755)
    found = listing(kept_host, folder, "default")
    assert found["host"] == "0.1.0" and found["refused"] == []
    assert {one["category"] for one in found["plugins"]} == set(CATEGORIES)
    server = start(simulator, "--plugin-dir", folder, binary=kept_host)
    assert set(server.tool_names()) == standard()
    assert len(server.call("pve_list_nodes").rows) == 3
    assert server.call("pve_get_qemu_config", {"vmid": 101}).data


@kept_binaries
def test_todays_examples_serve_in_the_kept_host(start, simulator, kept_host, tmp_path):
    folder = example(tmp_path, "hello-c")
    subprocess.run(["make"], cwd=folder, check=True, env=environment())
    server = start(simulator, "--plugin-dir", folder, "--categories", "hello", binary=kept_host)
    assert server.call("hello_version", {"node": "pve1"}).data["version"]
    assert server.call("hello_guests").data["total"] > 0
    assert "hello_size" not in server.tool_names(), "that host knows no native bodies"


@kept_binaries
def test_a_plugin_that_requires_native_bodies_is_refused_by_the_kept_host(kept_host, folder):
    compile_plugin(folder, "versions", "versions", NATIVE_ONLY=True)
    assert refused(kept_host, folder, "versions") == [
        "libpve-versions.so: plugin refused: it requires native bodies, which this host does not have; install a newer "
        "pve-mcp"
    ]


@kept_binaries
def test_a_plugin_with_some_native_tools_loses_only_those_in_the_kept_host(start, simulator, kept_host, folder):
    compile_plugin(folder, "versions", "versions", NATIVE=True)
    assert refused(kept_host, folder, "versions") == [
        'libpve-versions.so: tool "versions_native" refused: its body is native, which this host does not serve; use a '
        "call body or a newer pve-mcp"
    ]
    server = start(simulator, "--plugin-dir", folder, "--categories", "versions", binary=kept_host)
    assert server.tool_names() == ["versions_list", "versions_code"]
    assert len(server.call("versions_list").rows) == 3


# Other majors and minors, in both


@pytest.fixture(params=["today's host", pytest.param("the kept host", marks=kept_binaries)])
def host(request):
    return PVE_MCP if request.param == "today's host" else request.getfixturevalue("kept_host")


def served_minor(host):
    text = (ROOT / "Sources/PluginABI/include/pve_plugin.h").read_text()
    return int(re.search(r"#define PVE_ABI_MINOR (\d+)", text)[1]) if host == PVE_MCP else 0


def test_another_major_is_refused(host, folder):
    compile_plugin(folder, "versions", "versions", MAJOR=2, MINOR=0)
    assert refused(host, folder, "versions") == [
        f"libpve-versions.so: plugin refused: it is made for ABI 2.0, this host serves 1.0 to 1.{served_minor(host)}; "
        "rebuild it with this host's pve_plugin.h or install its release"
    ]


def test_a_later_minor_with_longer_structs_and_unknown_bits_serves(start, simulator, host, folder):
    compile_plugin(folder, "versions", "versions", MINOR=99, LATER=True)
    found = listing(host, folder, "versions")
    assert found["refused"] == []
    assert [(one["version"], one["abi"]) for one in found["plugins"]] == [("9.9.9", "1.99")]
    server = start(simulator, "--plugin-dir", folder, "--categories", "versions", binary=host)
    answer = server.call("versions_list", {"limit": 2}).data
    assert len(answer["nodes"]) == 2 and answer["note"] == "As told."
    assert server.call("versions_code").data["data"] == {"minor": served_minor(host)}


# The categories' own versions


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_categorys_version_is_the_newest_of_its_changelog(category):
    (changelog,) = [
        file for file in (ROOT / "Plugins").glob("*/CHANGELOG.md") if file.parent.name.lower() == category
    ]
    versions = re.findall(r"^## (.*)$", changelog.read_text(), re.MULTILINE)
    assert versions and all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions), changelog
    assert sorted(versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True) == versions
    found = json.loads(run("plugins", "--json").stdout)["plugins"]
    assert [one["version"] for one in found if one["category"] == category] == [versions[0]]
