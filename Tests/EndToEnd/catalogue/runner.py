"""Makes the calls of a case: a simulator, the server, and the official client between them."""
# SPDX-License-Identifier: MIT

import functools
import itertools
import json
import os
import re
import zlib

import anyio
import jsonschema
from mcp import Client, StdioServerParameters

from harness.programs import PVE_MCP, environment
from harness.server import run
from harness.simulator import Simulator

from . import facts
from .case import filled

# Both ways of the protocol are used: the client asks the older one for the versions with a handshake.
MODES = {"required": "2026-07-28", "all": "legacy", "options": "2026-07-28", "failure": "legacy"}
TASK_SECONDS = "0.05"
# What the host asks of its own accord: the version, rights, where a guest is and how it stands, how a task fares.
OWN = {
    ("POST", "/access/ticket"), ("GET", "/version"), ("GET", "/access/permissions"), ("GET", "/cluster/resources"), ("GET", "/nodes"),
    ("GET", "/nodes/{node}/tasks/{upid}/status"), ("GET", "/nodes/{node}/tasks/{upid}/log"),
    # Whether a guest is protected, before it is lost.
    *(("GET", f"/nodes/{{node}}/{kind}/{{vmid}}/{what}") for kind in ("qemu", "lxc") for what in ("config", "status/current")),
}
# Arguments that the host itself acts on.
STEERING = {"wait", "fields", "limit", "cursor", "options", "confirm", "node"}
COUNTER = itertools.count()


@functools.cache
def tools():
    """What the built plugins offer, by name: the descriptions that `pve-mcp tools --json` prints."""
    completed = run("tools", "--json")
    assert completed.returncode == 0, completed.stderr
    listed = json.loads(completed.stdout)
    return {tool["name"]: tool for tool in (listed["tools"] if isinstance(listed, dict) else listed)}


def requests_of(tool):
    """The requests that a tool declares: verb and path. Where a path ends in an argument, as in /services/{service}/{command},
    it stands for the endpoints that the API has there."""
    found = set()
    for text in tools()[tool]["requests"]:
        method, path = text.split(" ", 1)
        known = {key for release in facts.FILES for key in facts.endpoints(release)}
        same = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        found |= {(method, path)} if (method, path) in known else {
            (verb, other) for verb, other in known if verb == method and same.fullmatch(other)
        }
    return found


def names_for(case, variant):
    """What the placeholders that need no setup stand for; the same on every run."""
    seed = zlib.crc32(f"{case.tool}/{variant}".encode())
    return {"unique": f"t{seed % 36**5:05x}"[:8], "vmid": 5000 + seed % 2000, "vmid2": 7000 + seed % 2000}


class Exercise:
    """One simulator and one server for the calls of one variant of a case."""

    def __init__(self, folder, case, variant, release="9.2", task_seconds=TASK_SECONDS, **settings):
        self.case = case
        self.variant = variant
        self.release = release
        self.names = names_for(case, variant)
        options = ["--task-seconds", task_seconds, *case.simulator]
        if release != "9.2":
            options += ["--release", release]
        self.simulator = Simulator(folder / f"log{next(COUNTER)}.jsonl", *options)
        self.settings = {"PVE_SCHEMA_CHECK": "false", "PVE_CONFIRM": "never", **case.settings, **settings}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.simulator.close()

    def talk(self, conversation, **settings):
        """Runs an async function of a connected client."""

        async def main():
            everything = {**self.simulator.settings, **self.settings, **settings}
            given = {name: value for name, value in everything.items() if value is not None}
            parameters = StdioServerParameters(command=str(PVE_MCP), env=environment(**given))
            with anyio.fail_after(60):
                async with Client(parameters, mode=MODES.get(self.variant, "2026-07-28")) as client:
                    return await conversation(client)

        try:
            return anyio.run(main)
        except BaseExceptionGroup as group:
            raise only_one(group) from None

    async def prepare(self, client, steps):
        """Makes the calls of `setup` or `cleanup` and keeps what they answer for the placeholders."""
        for tool, arguments, *kept in steps:
            given = filled(arguments, self.names)
            if " " in tool:
                method, path = filled(tool, self.names).split(" ", 1)
                status, data = await anyio.to_thread.run_sync(self.simulator.ask, method, path, given)
                assert status == 200, f"{tool} {given}: {status} {data}"
            else:
                answer = await client.call_tool(tool, given)
                assert not answer.is_error, f"{tool} {given}: {text_of(answer)}"
                data = answer.structured_content or {}
            if isinstance(data, dict):
                self.names.update({name: value for name, value in data.items() if not isinstance(value, (dict, list))})
            for name, path in (kept[0] if kept else {}).items():
                self.names[name] = functools.reduce(
                    lambda value, key: value[int(key) if key.lstrip("-").isdigit() else key], path.split("."), data)

    def call(self, arguments, setup=(), **settings):
        """Prepares, calls the case's tool, cleans up: the answer and what reached the simulator in between."""

        async def conversation(client):
            await self.prepare(client, [*self.case.setup, *setup])
            mark = self.simulator.mark()
            given = filled(arguments, self.names)
            answer = await client.call_tool(self.case.tool, given)
            sent = self.simulator.requests()[mark:]
            await self.prepare(client, self.case.cleanup)
            return given, answer, sent

        async def alone(client):
            mark = self.simulator.mark()
            given = filled(arguments, self.names)
            answer = await client.call_tool(self.case.tool, given)
            return given, answer, self.simulator.requests()[mark:]

        if not settings:
            given, answer, sent = self.talk(conversation)
        else:
            # With other credentials nothing could be prepared.
            async def before(client):
                await self.prepare(client, [*self.case.setup, *setup])

            if [*self.case.setup, *setup]:
                self.talk(before)
            given, answer, sent = self.talk(alone, **settings)
        record(self.case.tool, self.variant, given, sent, answer)
        return given, answer, sent


def only_one(error):
    """What a group of one holds, however deep: the client's task groups say nothing of their own."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def text_of(answer):
    return "\n".join(getattr(block, "text", "") for block in answer.content)


def record(tool, variant, given, sent, answer):
    """Writes what happened to the file that CATALOGUE_LOG names, a line of JSON for each call."""
    if path := os.environ.get("CATALOGUE_LOG"):
        requests = [entry for entry in sent if (entry["method"], entry.get("template")) not in OWN]
        line = {"tool": tool, "variant": variant, "arguments": given, "requests": requests, "answer": text_of(answer)}
        with open(path, "a") as file:
            file.write(json.dumps(line) + "\n")


def check_requests(case, given, sent, release="9.2"):
    """Asserts that everything that was sent is what the tool declares and the API takes."""
    declared = requests_of(case.tool)
    for entry in sent:
        assert (entry["method"], entry.get("template")) in declared | OWN, f"not declared: {entry}"
        assert facts.faults(entry, release) == []
    own = [entry for entry in sent if (entry["method"], entry.get("template")) in declared]
    assert own, f"nothing of {sorted(declared)} was sent: {sent}"
    for entry in own:
        assert entry["status"] not in (400, 501), f"the simulator refused it: {entry}"
    reached = {name for entry in own for name in entry["parameters"]}
    segments = {segment for entry in own for segment in entry["path"].split("/")}
    lost = {name for name in set(given) - reached - STEERING - set(case.translated) if str(given[name]) not in segments}
    assert not lost, f"given but not sent: {sorted(lost)}; sent: {[entry['parameters'] for entry in own]}"
    missing = set(given.get("options", {})) - reached
    assert not missing, f"options that were not sent: {sorted(missing)}"
    return own


def check_answer(case, answer):
    """Asserts that the answer is a success that says the same twice and as the tool declared."""
    text = text_of(answer)
    assert not answer.is_error, text
    if (schema := tools()[case.tool].get("outputSchema")) is not None:
        assert answer.structured_content is not None, text
        jsonschema.Draft202012Validator(schema).validate(answer.structured_content)
        assert json.loads(text) == answer.structured_content
    else:
        assert answer.structured_content is None, "structured, but no outputSchema says how"


def declared_arguments(tool):
    return set(tools()[tool]["inputSchema"].get("properties", {}))
