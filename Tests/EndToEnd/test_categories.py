"""Categories come and go alone: one that is away, or an older build of it, leaves the others as they are."""
# SPDX-License-Identifier: MIT

import shutil

import pytest

from harness.fixtures import FOLDER, compile_plugin
from harness.programs import CATEGORIES, PVE_MCP, PVE_SIM, plugin, standard
from harness.server import memory_map

# A tool of each category, as an older build has it: what it lists, and whether it asks for a node.
TOOLS = {
    "nodes": ("pve_list_nodes", "/nodes"),
    "qemu": ("pve_list_qemu_vms", "/nodes/{node}/qemu"),
    "lxc": ("pve_list_lxc_containers", "/nodes/{node}/lxc"),
    "storage": ("pve_list_storage", "/storage"),
    "cluster": ("pve_get_cluster_status", "/cluster/status"),
    "access": ("pve_list_users", "/access/users"),
    "pools": ("pve_list_pools", "/pools"),
    "network": ("pve_list_networks", "/nodes/{node}/network"),
    "firewall": ("pve_list_firewall_rules", "/cluster/firewall/rules"),
    "backup": ("pve_list_backup_jobs", "/cluster/backup"),
    "tasks": ("pve_list_tasks", "/nodes/{node}/tasks"),
    "ha": ("pve_list_ha_resources", "/cluster/ha/resources"),
}


@pytest.fixture
def installed(tmp_path):
    """The programs and plugins in directories of the test's own, as they are installed: the server, and the plugins'
    folder."""
    places = {tmp_path / "bin": (PVE_MCP, PVE_SIM), tmp_path / "lib/pve-mcp/plugins": map(plugin, CATEGORIES)}
    for folder, files in places.items():
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder / file.name)
            (folder / file.name).chmod(0o755)
    return tmp_path / "bin/pve-mcp", tmp_path / "lib/pve-mcp/plugins"


def another(category):
    """A tool of another category, and arguments that it takes."""
    tool, path = TOOLS["nodes" if category != "nodes" else "pools"]
    return tool, {"node": "pve1"} if "{node}" in path else {}


def test_every_category_has_its_row():
    assert set(TOOLS) == set(CATEGORIES)
    for category, (tool, _) in TOOLS.items():
        assert tool in standard("read-only", category)


@pytest.mark.parametrize("category", CATEGORIES)
def test_without_a_category_the_others_serve_unchanged(start, simulator, installed, category):
    server, plugins = installed
    before = start(simulator, binary=server).tools()
    (plugins / f"libpve-{category}.so").unlink()
    without = start(simulator, binary=server)
    own = standard("full", category)
    assert without.tools() == [tool for tool in before if tool["name"] not in own]
    assert not without.call(*another(category)).is_error
    assert without.call(TOOLS[category][0]).error["code"] == -32602
    assert f"libpve-{category}.so" not in memory_map(without.pid)


@pytest.mark.parametrize("category", CATEGORIES)
def test_an_older_build_of_a_category_serves_beside_the_others(start, simulator, installed, category):
    server, plugins = installed
    before = start(simulator, binary=server).tools()
    (plugins / f"libpve-{category}.so").unlink()
    tool, path = TOOLS[category]
    macros = {"WITH_NODE": True} if "{node}" in path else {}
    compile_plugin(
        plugins, "older", category, FOLDER / "first", TOOL=f'"{tool}"', PATH=f'"{path}"', **macros,
    )
    mixed = start(simulator, binary=server)
    own = standard("full", category)
    listed = mixed.tools()
    assert [one for one in listed if one["name"] not in own] == [one for one in before if one["name"] not in own]
    (older,) = [one for one in listed if one["name"] in own]
    assert (older["name"], older["description"]) == (tool, "Lists them, as it always did.")
    arguments = {"node": "pve1"} if macros else {}
    mark = simulator.mark()
    answer = mixed.call(tool, arguments)
    assert isinstance(answer.data["entries"], list)
    assert [entry["template"] for entry in simulator.since(mark)] == [path]
    assert not mixed.call(*another(category)).is_error
