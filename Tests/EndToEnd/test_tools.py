"""Which tools are there: by tier, by category, by what is in the plugin directory."""
# SPDX-License-Identifier: MIT

import json
import re

import jsonschema
import pytest

from catalogue import facts
from catalogue.runner import requests_of
from harness.programs import BUILD, CATEGORIES, ROOT, STANDARD, TIERS, plugin, standard
from harness.schemas import REVISIONS
from harness.server import memory_map, run

COUNTS = {"read-only": 53, "read-execute": 75, "full": 117}
# What reaches out to the internet.
OPEN_WORLD = {"pve_pull_oci_image"}


@pytest.mark.parametrize("tier", TIERS)
def test_the_tier_decides_which_tools_exist(start, simulator, tier):
    names = start(simulator, PVE_ACCESS_TIER=tier).tool_names()
    assert set(names) == standard(tier)
    assert len(names) == COUNTS[tier]


def test_all_tools_exist_by_default(start, simulator):
    assert len(start(simulator).tool_names()) == 117


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_gets_the_same_tools_in_the_same_order(start, simulator, revision):
    assert start(simulator, revision=revision).tool_names() == start(simulator).tool_names()


def test_the_list_is_the_same_on_every_start(start, simulator):
    first, second = (start(simulator, revision="2025-11-25") for _ in range(2))
    assert json.dumps(first.tools()) == json.dumps(second.tools())


def test_a_category_that_is_not_chosen_is_never_mapped(start, simulator):
    server = start(simulator, PVE_CATEGORIES="nodes")
    assert set(server.tool_names()) == standard("full", "nodes")
    assert server.call("pve_list_nodes").rows
    mapped = {name for name in memory_map(server.pid) if name.startswith("libpve-")}
    assert mapped == {"libpve-nodes.so"}


def test_the_whitelist_leaves_only_what_it_names(start, simulator):
    server = start(simulator, PVE_TOOL_WHITELIST="pve_list_nodes,pve_start_qemu_vm")
    assert sorted(server.tool_names()) == ["pve_list_nodes", "pve_start_qemu_vm"]


def test_the_blacklist_removes_what_it_names(start, simulator):
    names = start(simulator, PVE_TOOL_BLACKLIST="pve_delete_qemu_vm").tool_names()
    assert "pve_delete_qemu_vm" not in names
    assert set(names) == standard() - {"pve_delete_qemu_vm"}


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
        assert schema.get("properties") or schema["additionalProperties"] is False
        assert not {"anyOf", "oneOf", "allOf"} & set(schema)
        for name, parameter in schema.get("properties", {}).items():
            assert parameter.get("description"), f"{tool['name']}.{name} is not described"
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))


def test_every_tool_says_what_it_answers(tools):
    for tool in tools:
        schema = tool["outputSchema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"


def risks():
    """(tier, whether something is lost, whether a parameter makes something be lost) by verb and path, from the table."""
    rows = {}
    for line in (ROOT / "Sources/CFacts/risk.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            method, path, tier, lost, raises, *_ = line.split("\t")
            rows[method, path] = tier, lost == "!", "!" in raises
    return rows


def test_annotations_are_explicit_and_by_risk(tools):
    table = risks()
    for tool in tools:
        name, annotations = tool["name"], tool["annotations"]
        assert {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} <= set(annotations), name
        rows = [table[request] for request in requests_of(name)]
        reads = all(tier == "read-only" for tier, *_ in rows)
        assert annotations["readOnlyHint"] is reads is (name in standard("read-only")), name
        assert annotations["openWorldHint"] is (name in OPEN_WORLD), name
        if reads:
            assert annotations["idempotentHint"] is True, name
        if any(lost for _, lost, _ in rows):
            assert annotations["destructiveHint"] is True, name
        if not any(lost or may for _, lost, may in rows):
            assert annotations["destructiveHint"] is False, name


def test_what_a_user_expects_is_taken(tools):
    found = {tool["name"]: set(tool["inputSchema"].get("properties", {})) for tool in tools}
    for tool in STANDARD:
        assert {parameter["name"] for parameter in tool["parameters"]} <= found[tool["name"]], tool["name"]


def test_the_list_costs_few_bytes(tools):
    def size(value):
        return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())

    inputs = [size({name: value for name, value in tool.items() if name != "outputSchema"}) for tool in tools]
    outputs = [size(tool["outputSchema"]) for tool in tools if "outputSchema" in tool]
    assert sum(inputs) / len(tools) <= 900
    assert sum(outputs) / len(tools) <= 400


def test_tools_that_start_a_task_take_a_wait(tools):
    def starts_a_task(request):
        return request[0] != "GET" and facts.endpoints("9.2")[request]["returns"]["type"] == "string"

    waiting = set()
    for tool in tools:
        if any(map(starts_a_task, requests_of(tool["name"]))):
            waiting.add(tool["name"])
            wait = tool["inputSchema"]["properties"]["wait"]
            assert (wait["minimum"], wait["maximum"], wait["default"]) == (0, 3600, 45), tool["name"]
    # This one waits for a task that is there.
    waiting.add("pve_get_task_status")
    assert waiting == {tool["name"] for tool in tools if "wait" in tool["inputSchema"].get("properties", {})}


def test_a_guests_node_is_optional(tools):
    for tool in tools:
        if "vmid" in {name for _, path in requests_of(tool["name"]) for name in re.findall(r"{(\w+)}", path)}:
            assert "vmid" in tool["inputSchema"]["required"], tool["name"]
            assert "node" not in tool["inputSchema"]["required"], tool["name"]


def test_instructions_are_short_and_name_the_categories(start, simulator):
    instructions = start(simulator).initialized["instructions"]
    assert len(instructions.encode()) <= 2048
    assert all(category in instructions for category in CATEGORIES)


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
