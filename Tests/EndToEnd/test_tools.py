"""Which tools are there: by tier, by category, by what is in the plugin directory."""
# SPDX-License-Identifier: MIT

import json
import re
import shutil

import jsonschema
import pytest

from harness.programs import BUILD, CATEGORIES, PVE_MCP, PVE_SIM, plugin
from harness.schemas import REVISIONS
from harness.server import memory_map, run

NODES = {
    "read-only": [
        "pve_list_nodes", "pve_get_node_status", "pve_get_node_version", "pve_get_node_dns", "pve_get_node_time",
        "pve_get_node_syslog", "pve_list_node_services",
    ],
    "read-execute": ["pve_manage_node_service"],
    "full": [],
}
QEMU = {
    "read-only": [
        "pve_list_qemu_vms", "pve_get_qemu_status", "pve_get_qemu_config", "pve_get_qemu_rrddata",
        "pve_list_qemu_snapshots",
    ],
    "read-execute": [
        "pve_start_qemu_vm", "pve_stop_qemu_vm", "pve_shutdown_qemu_vm", "pve_reboot_qemu_vm", "pve_suspend_qemu_vm",
        "pve_resume_qemu_vm", "pve_reset_qemu_vm", "pve_migrate_qemu_vm",
    ],
    "full": [
        "pve_create_qemu_vm", "pve_delete_qemu_vm", "pve_update_qemu_config", "pve_clone_qemu_vm",
        "pve_create_qemu_snapshot", "pve_delete_qemu_snapshot", "pve_rollback_qemu_snapshot",
    ],
}
TIERS = ("read-only", "read-execute", "full")
DESTRUCTIVE = {
    "pve_delete_qemu_vm", "pve_update_qemu_config", "pve_delete_qemu_snapshot", "pve_rollback_qemu_snapshot",
    "pve_create_qemu_vm", "pve_shutdown_qemu_vm", "pve_stop_qemu_vm", "pve_reset_qemu_vm",
}
HARMLESS_CHANGES = {"pve_start_qemu_vm", "pve_resume_qemu_vm", "pve_create_qemu_snapshot"}


def within(table, tier):
    return {name for level in TIERS[: TIERS.index(tier) + 1] for name in table[level]}


@pytest.mark.parametrize("tier,nodes,qemu", [("full", 8, 20), ("read-execute", 8, 13), ("read-only", 7, 5)])
def test_the_tier_decides_which_tools_exist(start, simulator, tier, nodes, qemu):
    names = start(simulator, PVE_ACCESS_TIER=tier).tool_names()
    assert set(names) == within(NODES, tier) | within(QEMU, tier)
    assert (len(within(NODES, tier)), len(within(QEMU, tier))) == (nodes, qemu)
    assert len(names) == nodes + qemu


def test_all_28_tools_exist_by_default(start, simulator):
    assert len(start(simulator).tool_names()) == 28


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_gets_the_same_tools_in_the_same_order(start, simulator, revision):
    assert start(simulator, revision=revision).tool_names() == start(simulator).tool_names()


@pytest.fixture
def copied(tmp_path):
    """The programs and plugins in directories of the test's own, as they are installed."""
    places = {tmp_path / "bin": (PVE_MCP, PVE_SIM), tmp_path / "lib/pve-mcp/plugins": map(plugin, CATEGORIES)}
    for folder, files in places.items():
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder / file.name)
            (folder / file.name).chmod(0o755)
    return tmp_path


def test_without_the_qemu_plugin_the_nodes_tools_remain(start, simulator, copied):
    server = copied / "bin/pve-mcp"
    assert len(start(simulator, binary=server).tool_names()) == 28
    (copied / "lib/pve-mcp/plugins/libpve-qemu.so").unlink()
    names = start(simulator, binary=server).tool_names()
    assert set(names) == within(NODES, "full")
    assert len(names) == 8


def test_a_category_that_is_not_chosen_is_never_mapped(start, simulator):
    server = start(simulator, PVE_CATEGORIES="nodes")
    assert set(server.tool_names()) == within(NODES, "full")
    assert server.call("pve_list_nodes").rows
    mapped = memory_map(server.pid)
    assert "libpve-nodes.so" in mapped
    assert "libpve-qemu.so" not in mapped


def test_the_whitelist_leaves_only_what_it_names(start, simulator):
    server = start(simulator, PVE_TOOL_WHITELIST="pve_list_nodes,pve_start_qemu_vm")
    assert sorted(server.tool_names()) == ["pve_list_nodes", "pve_start_qemu_vm"]


def test_the_blacklist_removes_what_it_names(start, simulator):
    names = start(simulator, PVE_TOOL_BLACKLIST="pve_delete_qemu_vm").tool_names()
    assert "pve_delete_qemu_vm" not in names
    assert len(names) == 27


def test_a_blacklisted_tool_cannot_be_called(start, simulator):
    mark = simulator.mark()
    answer = start(simulator, PVE_TOOL_BLACKLIST="pve_stop_qemu_vm").call("pve_stop_qemu_vm", {"vmid": 100})
    assert answer.error["code"] == -32602
    assert not [entry for entry in simulator.since(mark) if entry["method"] != "GET"]


@pytest.fixture(scope="module")
def tools(simulators):
    from harness.server import Server

    with Server(settings=simulators("--task-seconds", "0.2").settings, revision="2025-11-25") as server:
        yield server.tools()


def test_names_fit_every_client(tools):
    for tool in tools:
        assert re.fullmatch(r"[a-z0-9_]{1,40}", tool["name"])
        assert tool["title"]
        assert 0 < len(tool["description"].encode()) <= 1024


def test_input_schemas_are_plain_objects_with_every_parameter_described(tools):
    for tool in tools:
        schema = tool["inputSchema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert not {"anyOf", "oneOf", "allOf"} & set(schema)
        for name, parameter in schema.get("properties", {}).items():
            assert parameter.get("description"), f"{tool['name']}.{name} is not described"
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))


def test_every_tool_says_what_it_answers(tools):
    for tool in tools:
        schema = tool["outputSchema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"


def test_annotations_are_explicit_and_by_risk(tools):
    for tool in tools:
        name, annotations = tool["name"], tool["annotations"]
        assert {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} <= set(annotations), name
        reads = name in within(NODES, "read-only") | within(QEMU, "read-only")
        assert annotations["readOnlyHint"] is reads, name
        assert annotations["openWorldHint"] is False, name
        if reads:
            assert annotations["idempotentHint"] is True, name
            assert annotations["destructiveHint"] is False, name
        if name in DESTRUCTIVE:
            assert annotations["destructiveHint"] is True, name
        if name in HARMLESS_CHANGES:
            assert annotations["destructiveHint"] is False, name


# These two carry a VM's whole configuration, some forty parameters each, and cost as much as four others.
WHOLE_CONFIGURATION = {"pve_create_qemu_vm", "pve_update_qemu_config"}


def test_the_list_costs_few_bytes(tools):
    def size(value):
        return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())

    ordinary = [tool for tool in tools if tool["name"] not in WHOLE_CONFIGURATION]
    outputs = [size(tool["outputSchema"]) for tool in ordinary]
    assert (size(ordinary) - sum(outputs)) / len(ordinary) <= 900
    assert sum(outputs) / len(outputs) <= 400
    for tool in tools:
        if tool["name"] in WHOLE_CONFIGURATION:
            assert size(tool) <= 4000, tool["name"]


def test_task_tools_take_a_wait(tools):
    tasks = within(QEMU, "full") - within(QEMU, "read-only") - {"pve_update_qemu_config"}
    for tool in tools:
        if tool["name"] in tasks:
            wait = tool["inputSchema"]["properties"]["wait"]
            assert (wait["minimum"], wait["maximum"], wait["default"]) == (0, 3600, 45), tool["name"]


def test_a_guests_node_is_optional(tools):
    for tool in tools:
        if tool["name"] in within(QEMU, "full") - {"pve_list_qemu_vms", "pve_create_qemu_vm"}:
            assert "vmid" in tool["inputSchema"]["required"], tool["name"]
            assert "node" not in tool["inputSchema"]["required"], tool["name"]


def test_instructions_are_short_and_name_the_categories(start, simulator):
    instructions = start(simulator).initialized["instructions"]
    assert len(instructions.encode()) <= 2048
    assert "nodes" in instructions and "qemu" in instructions


def test_calling_a_tool_does_not_change_the_list(start, simulator):
    server = start(simulator)
    before = server.tools()
    server.call("pve_list_nodes")
    server.call("pve_list_nodes", {"bogus": 1})
    assert server.tools() == before


def test_the_tools_command_says_what_a_client_would_see(simulator, start):
    completed = run("tools", "--json", settings=simulator.settings)
    assert completed.returncode == 0, completed.stderr
    listed = json.loads(completed.stdout)
    listed = listed["tools"] if isinstance(listed, dict) else listed
    assert {tool["name"] for tool in listed} == set(start(simulator).tool_names())


def test_build_products_are_where_they_belong():
    assert {file.name for file in BUILD.glob("libpve-*.so")} == {plugin(category).name for category in CATEGORIES}
