"""Every tool of every category through the server, its plugin and HTTPS, with the official client.

The server's own check against the API is off and nobody is asked for a yes, so that the simulator judges.
"""
# SPDX-License-Identifier: MIT

import re
import time

import anyio
import pytest

import catalogue
from catalogue import facts
from catalogue.case import filled
from catalogue.runner import OWN, Exercise, check_answer, check_requests, declared_arguments, requests_of, text_of, tools

CASES = [case for _, case in catalogue.cases()]
# What 8.4 has no endpoint for.
NEEDS_NEWER = {
    "pve_pull_oci_image", "pve_bulk_start_guests", "pve_bulk_shutdown_guests", "pve_bulk_suspend_guests",
    "pve_bulk_migrate_guests", "pve_list_ha_rules", "pve_get_ha_rule", "pve_create_ha_rule", "pve_update_ha_rule",
    "pve_delete_ha_rule", "pve_disarm_ha", "pve_arm_ha",
}
# Long enough to be found running.
CANCELLED_TASK_SECONDS = "0.8"


def each(condition=lambda case: True):
    """The cases that fulfil a condition, named after their tool; numbered from the second on."""
    seen, found = {}, []
    for case in CASES:
        seen[case.tool] = seen.get(case.tool, 0) + 1
        name = case.tool.removeprefix("pve_") + (f"-{seen[case.tool]}" if seen[case.tool] > 1 else "")
        if condition(case):
            found.append(pytest.param(case, id=name))
    return pytest.mark.parametrize("case", found)


def succeed(folder, case, variant, arguments, release="9.2"):
    with Exercise(folder, case, variant, release) as exercise:
        given, answer, sent = exercise.call(arguments, case.all_setup if variant == "all" else ())
    check_answer(case, answer)
    check_requests(case, given, sent, release)


@each()
def test_with_what_it_requires(tmp_path, case):
    needed = set(tools()[case.tool]["inputSchema"].get("required", []))
    assert needed <= set(case.required), f"required, but missing: {sorted(needed - set(case.required))}"
    assert len(set(case.required) - needed) <= 3, f"more than what is required: {sorted(set(case.required) - needed)}"
    succeed(tmp_path, case, "required", case.required)


@each(lambda case: case.all != case.required)
def test_with_everything(tmp_path, case):
    succeed(tmp_path, case, "all", case.all)


@each(lambda case: case.option is not None)
def test_with_an_option(tmp_path, case):
    succeed(tmp_path, case, "options", {**case.required, "options": case.option})


@each(lambda case: case.failure is not None)
def test_it_fails_with_a_text_that_helps(tmp_path, case):
    failure = case.failure
    with Exercise(tmp_path, case, "failure") as exercise:
        given, answer, sent = exercise.call(failure.arguments, failure.setup, **failure.settings)
        names = exercise.names
    assert answer.is_error, text_of(answer)
    text = text_of(answer)
    for word in failure.texts:
        for name, value in names.items():
            word = word.replace("{" + name + "}", str(value))
        assert word in text, text
    for entry in sent:
        assert (entry["method"], entry.get("template")) in requests_of(case.tool) | OWN or entry["method"] == "GET", entry


@each(lambda case: case.cancel)
def test_cancelling_ends_the_call_and_not_the_task(tmp_path, case):
    with Exercise(tmp_path, case, "cancellation", task_seconds=CANCELLED_TASK_SECONDS) as exercise:
        simulator = exercise.simulator
        writes = {request for request in requests_of(case.tool) if request[0] != "GET"}

        def started(entries):
            return [entry for entry in entries if (entry["method"], entry.get("template")) in writes]

        async def conversation(client):
            await exercise.prepare(client, case.setup)
            before = await anyio.to_thread.run_sync(tasks, simulator)
            mark = simulator.mark()
            arguments = filled_without_wait(case, exercise.names)
            ended_early = []

            async def call():
                ended_early.append(text_of(await client.call_tool(case.tool, arguments)))

            async with anyio.create_task_group() as group:
                group.start_soon(call)
                while not any("/tasks/" in entry["path"] for entry in simulator.requests()[mark:]):
                    assert not ended_early, ended_early
                    await anyio.sleep(0.01)
                group.cancel_scope.cancel()
            assert not ended_early, ended_early
            version = await client.call_tool("pve_get_node_version", {"node": "pve1"})
            assert not version.is_error, text_of(version)
            mark = simulator.mark()
            new = [upid for upid in await anyio.to_thread.run_sync(tasks, simulator) if upid not in before]
            assert new, "no task was started"
            # The host asks about a task four times a second: the listing below and nothing else shows that it has stopped.
            ended = await anyio.to_thread.run_sync(wait_for_end, simulator, new)
            asked = [entry for entry in simulator.requests()[mark:] if "/status" in entry["path"]]
            assert len(asked) <= 1, f"the call went on: {asked}"
            return ended

        ended = exercise.talk(conversation)
        entries = simulator.requests()
    assert len(started(entries)) >= 1
    assert not [entry for entry in entries if entry["method"] == "DELETE" and "/tasks/" in entry["path"]]
    for upid, status in ended.items():
        assert status == "OK" or status.startswith("WARNINGS"), f"{upid} ended with {status}"


def filled_without_wait(case, names):
    return filled({name: value for name, value in case.required.items() if name != "wait"}, names)


def tasks(simulator):
    """The tasks of all nodes by UPID: how they ended, None while they run."""
    found = {}
    for node in simulator.ask("GET", "/nodes")[1]:
        status, rows = simulator.ask("GET", f"/nodes/{node['node']}/tasks", {"source": "all", "limit": 500})
        if status == 200:
            for row in rows:
                done = row.get("endtime") or row.get("status") not in (None, "running", "RUNNING")
                found[row["upid"]] = row.get("status") if done else None
    return found


def wait_for_end(simulator, upids, timeout=40):
    deadline = time.monotonic() + timeout
    while True:
        now = tasks(simulator)
        if all(now[upid] is not None for upid in upids):
            return {upid: now[upid] for upid in upids}
        assert time.monotonic() < deadline, f"still running: {now}"
        time.sleep(0.1)


@each(lambda case: case.tool not in NEEDS_NEWER)
def test_it_works_with_the_older_release(tmp_path, case):
    succeed(tmp_path, case, "required", case.required, "8.4")


@each(lambda case: case.tool in NEEDS_NEWER)
def test_the_older_release_lacks_it_and_the_answer_says_so(tmp_path, case):
    with Exercise(tmp_path, case, "older", "8.4", PVE_SCHEMA_CHECK="true") as exercise:

        async def conversation(client):
            return await client.call_tool(case.tool, filled(case.required, exercise.names))

        answer = exercise.talk(conversation)
        sent = exercise.simulator.requests()
    assert answer.is_error
    text = text_of(answer)
    assert "8.4" in text and re.search(r"\b9\.\d", text), text
    assert not [entry for entry in sent if entry["method"] != "GET"], sent


# That the catalogue is whole.


def test_every_tool_has_a_case_and_every_case_a_tool():
    assert {case.tool for case in CASES} == set(tools())


def test_a_case_is_in_its_tools_category():
    for category, case in catalogue.cases():
        assert tools()[case.tool]["category"] == category, case.tool


@pytest.mark.parametrize("tool", sorted(tools()))
def test_every_argument_is_exercised(tool):
    own = [case for case in CASES if case.tool == tool]
    declared = declared_arguments(tool)
    given = {name for case in own for name in case.all}
    assert declared - {"options", "confirm"} - given == set(), "declared, but in no case"
    assert given - declared == set(), "in a case, but not declared"
    if "options" in declared:
        assert any(case.option for case in own), "takes options, and no case gives one"
    assert any(case.failure for case in own), "no case shows how it fails"


def test_the_older_release_lacks_what_is_said():
    older, newer = facts.endpoints("8.4"), facts.endpoints("9.2")
    lacking = {name for name in tools() if not any(request in older for request in requests_of(name))}
    assert lacking == NEEDS_NEWER & set(tools())
    for name in tools():
        assert requests_of(name) <= set(newer), name


def test_every_tool_is_listed_whatever_the_release(start, simulators):
    names = start(simulators("--task-seconds", "0.2", "--release", "8.4")).tool_names()
    assert set(names) == set(tools())
