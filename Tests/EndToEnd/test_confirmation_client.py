"""The official client of the protocol's authors asks its person, in all its modes."""
# SPDX-License-Identifier: MIT

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult, ErrorData

from harness.confirmation import TOKEN, writes
from harness.programs import PVE_MCP, environment

MODES = ["legacy", "2026-07-28", "auto"]
DELETE = ("pve_delete_qemu_vm", {"vmid": 100})

REFUSALS = {
    "an empty box": ElicitResult(action="accept", content={"confirm": False}),
    "another box": ElicitResult(action="accept", content={"other": True}),
    "a text": ElicitResult(action="accept", content={"confirm": "true"}),
    "nothing": ElicitResult(action="accept"),
    "a refusal": ElicitResult(action="decline"),
    "a closed form": ElicitResult(action="cancel"),
}


def talk(cluster, mode, conversation, person=None):
    """Runs a conversation, an async function of a connected client whose person is a function of a question."""

    async def main():
        parameters = StdioServerParameters(command=str(PVE_MCP), env=environment(**cluster.settings, PVE_CONFIRM="ask"))
        with anyio.fail_after(60):
            async with Client(parameters, mode=mode, elicitation_callback=person) as client:
                return await conversation(client)

    return anyio.run(main)


async def delete(client):
    return await client.call_tool(*DELETE)


@pytest.mark.parametrize("mode", MODES)
def test_a_yes_deletes_the_guest(cluster, mode):
    asked = []

    async def person(context, params):
        asked.append(params)
        return ElicitResult(action="accept", content={"confirm": True})

    answer = talk(cluster, mode, delete, person)
    assert not answer.is_error, answer.content
    assert [entry["method"] for entry in writes(cluster)] == ["DELETE"]
    (question,) = asked
    assert "100" in question.message
    assert question.requested_schema["properties"]["confirm"]["type"] == "boolean"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("refusal", REFUSALS)
def test_anything_else_does_not(cluster, mode, refusal):
    async def person(context, params):
        return REFUSALS[refusal]

    answer = talk(cluster, mode, delete, person)
    assert answer.is_error
    assert writes(cluster) == []


def test_an_error_of_the_client_does_not(cluster):
    async def person(context, params):
        return ErrorData(code=-32603, message="nobody is here")

    answer = talk(cluster, "legacy", delete, person)
    assert answer.is_error
    assert writes(cluster) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_call_that_is_given_up_while_the_person_thinks_does_not(cluster, mode):
    async def conversation(client):
        with anyio.move_on_after(1):
            await client.call_tool(*DELETE)
        status = await client.call_tool("pve_get_qemu_status", {"vmid": 100})
        assert not status.is_error

    async def person(context, params):
        await anyio.sleep(2)
        return ElicitResult(action="accept", content={"confirm": True})

    talk(cluster, mode, conversation, person)
    assert writes(cluster) == []


@pytest.mark.parametrize("mode", MODES)
def test_without_a_person_there_is_a_token(cluster, mode):
    async def conversation(client):
        first = await client.call_tool(*DELETE)
        before = writes(cluster)
        (token,) = TOKEN.findall(first.content[0].text)
        return first, before, await client.call_tool(DELETE[0], {**DELETE[1], "confirm": token})

    first, before, second = talk(cluster, mode, conversation)
    assert first.is_error and before == []
    assert not second.is_error, second.content
    assert len(writes(cluster)) == 1
