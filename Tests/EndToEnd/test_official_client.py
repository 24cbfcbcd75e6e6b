"""The official client of the protocol's authors, in all its modes."""
# SPDX-License-Identifier: MIT

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from harness.programs import PVE_MCP, environment, standard

MODES = {"legacy": "2025-11-25", "2026-07-28": "2026-07-28", "auto": "2026-07-28"}


def talk(simulator, mode, conversation, **settings):
    """Runs a conversation, an async function of a connected client."""

    async def main():
        parameters = StdioServerParameters(
            command=str(PVE_MCP), env=environment(**{**simulator.settings, "PVE_CONFIRM": "never", **settings})
        )
        with anyio.fail_after(60):
            async with Client(parameters, mode=mode) as client:
                return await conversation(client)

    return anyio.run(main)


@pytest.mark.parametrize("mode", MODES)
def test_it_lists_and_calls(simulator, mode):
    async def conversation(client):
        tools = (await client.list_tools()).tools
        nodes = await client.call_tool("pve_list_nodes", {})
        return client.protocol_version, client.server_info, client.instructions, tools, nodes

    version, info, instructions, tools, nodes = talk(simulator, mode, conversation)
    assert version == MODES[mode]
    if mode != "2026-07-28":
        # A client that is told the revision in advance asks for nothing else first.
        assert info.name == "pve-mcp"
        assert instructions
    assert {tool.name for tool in tools} == standard()
    assert not nodes.is_error
    assert nodes.structured_content


@pytest.mark.parametrize("mode", MODES)
def test_it_validates_structured_results_against_the_output_schema(simulator, mode):
    async def conversation(client):
        await client.list_tools()
        answers = []
        for tool, arguments in (
            ("pve_get_node_status", {"node": "pve1"}),
            ("pve_list_qemu_vms", {"node": "pve1"}),
            ("pve_get_qemu_config", {"vmid": 100}),
            ("pve_get_node_syslog", {"node": "pve1", "limit": 5}),
            ("pve_get_qemu_rrddata", {"vmid": 100, "timeframe": "hour"}),
        ):
            answers.append(await client.call_tool(tool, arguments))
        return answers

    for answer in talk(simulator, mode, conversation):
        assert not answer.is_error, answer.content
        assert answer.structured_content is not None


@pytest.mark.parametrize("mode", MODES)
def test_it_sees_progress_and_the_end_of_a_task(private_simulator, mode):
    async def conversation(client):
        seen = []

        async def progress(progress, total, message):
            seen.append((progress, total, message))

        started = await client.call_tool("pve_start_qemu_vm", {"node": "pve1", "vmid": 100}, progress_callback=progress)
        status = await client.call_tool("pve_get_qemu_status", {"node": "pve1", "vmid": 100})
        return seen, started, status

    seen, started, status = talk(private_simulator("--task-seconds", "3"), mode, conversation)
    assert not started.is_error, started.content
    assert len(seen) >= 2
    assert [step[0] for step in seen] == sorted({step[0] for step in seen})
    assert status.structured_content["status"] == "running"


@pytest.mark.parametrize("mode", MODES)
def test_it_sees_faults_as_results_and_unknown_tools_as_errors(simulator, mode):
    async def conversation(client):
        wrong = await client.call_tool("pve_start_qemu_vm", {"vmid": "one hundred"})
        with pytest.raises(MCPError) as unknown:
            await client.call_tool("pve_no_such_tool", {})
        return wrong, unknown.value

    wrong, unknown = talk(simulator, mode, conversation)
    assert wrong.is_error
    assert "vmid" in wrong.content[0].text
    assert unknown.error.code == -32602
