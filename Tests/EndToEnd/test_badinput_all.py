"""Wrong arguments of every kind for every tool: each is named, and nothing is changed or sent astray."""
# SPDX-License-Identifier: MIT

import re

import pytest

import catalogue
from catalogue.case import filled
from catalogue.runner import OWN, names_for, requests_of, tools
from harness.server import Server

# What a string may hold that must not decide where a request goes. The first are refused before anything is sent.
REFUSED = {
    "empty": "", "one dot": ".", "two dots": "..", "NUL": "a\u0000b", "newline": "a\nHost: example.org",
    "carriage return": "a\r\nX: y", "escape": "a\u001b[2J", "delete": "a\u007f",
}
ENCODED = {
    "slash": "a/b", "climbing": "../../access/users", "encoded dots": "%2e%2e", "encoded slash": "..%2f..%2faccess",
    "query": "a?x=1", "fragment": "a#x", "backslash": "..\\..\\access", "not ASCII": "é\u2028", "long": "a" * 10_000,
}
WRONG_TYPES = {
    "string": (7, True, {}, []), "integer": ("seven", 1.5, {}, [1]), "number": ("seven", {}, [1]),
    "boolean": ("perhaps", 7, {}), "array": ("a,b", 7, {}), "object": ("a", 7, ["a"]),
}


def arguments_of(tool):
    """Arguments that would do, from the tool's case; placeholders that need a setup become plain words."""
    case = next(case for _, case in catalogue.cases() if case.tool == tool)
    names = names_for(case, "bad")
    names["upid"] = "UPID:pve1:0000ABCD:0001C2D3:6541F0AA:qmstart:100:root@pam:"
    given = filled(case.required, names)
    return {name: "word" if isinstance(value, str) and re.search(r"\{\w+\}", value) else value
            for name, value in given.items()}


def properties(tool):
    return tools()[tool]["inputSchema"].get("properties", {})


def in_paths(tool):
    """String arguments that end up in a path."""
    named = {name for _, path in requests_of(tool) for name in re.findall(r"\{([\w-]+)\}", path)}
    return [name for name, schema in properties(tool).items() if name in named and schema.get("type") == "string"]


def wrong(tool):
    """(what it is, arguments, the argument that the error has to name) for everything that the schema forbids."""
    good, schema = arguments_of(tool), tools()[tool]["inputSchema"]
    yield "unknown", {**good, "bogus_argument": 1}, "bogus_argument"
    for name in schema.get("required", []):
        yield f"no {name}", {key: value for key, value in good.items() if key != name}, name
    for name, parameter in properties(tool).items():
        for value in WRONG_TYPES[parameter["type"]]:
            yield f"{name} = {value!r}", {**good, name: value}, name
        if parameter["type"] == "integer":
            yield f"{name} beyond 64 bits", {**good, name: 10**30}, name
        for bound, step in (("minimum", -1), ("maximum", 1)):
            if bound in parameter:
                value = parameter[bound] + step
                yield f"{name} = {value}", {**good, name: value}, name
        if "enum" in parameter:
            yield f"{name} is no choice", {**good, name: "no-such-choice"}, name
        if "maxLength" in parameter:
            yield f"{name} is too long", {**good, name: "a" * (parameter["maxLength"] + 1)}, name


@pytest.fixture(scope="module")
def server(simulators):
    settings = simulators("--task-seconds", "0.2").settings
    with Server(settings={**settings, "PVE_CONFIRM": "never"}) as running:
        running.call("pve_list_nodes")
        yield running


@pytest.fixture(scope="module")
def unchecked(simulators):
    """The same without the check against the API's schema: paths are safe by themselves."""
    settings = simulators("--task-seconds", "0.2").settings
    with Server(settings={**settings, "PVE_CONFIRM": "never", "PVE_SCHEMA_CHECK": "false"}) as running:
        running.call("pve_list_nodes")
        yield running


@pytest.mark.parametrize("tool", sorted(tools()))
def test_what_the_schema_forbids_is_named_and_nothing_is_sent(server, simulator, tool):
    mark = simulator.mark()
    for what, arguments, name in wrong(tool):
        answer = server.call(tool, arguments)
        assert answer.error is None, what
        assert answer.is_error, f"{what} was accepted: {answer.text}"
        assert f'"{name}"' in answer.text, f"{what}: {answer.text}"
        assert len(answer.text) < 1000, f"{what}: a long answer"
    assert simulator.since(mark) == []


@pytest.mark.parametrize("tool", [tool for tool in sorted(tools()) if in_paths(tool)])
def test_a_value_in_a_path_cannot_lead_elsewhere(server, unchecked, simulator, tool):
    good = arguments_of(tool)
    own = requests_of(tool)
    for name in in_paths(tool):
        for what, value in {**REFUSED, **ENCODED}.items():
            for running in (server, unchecked):
                mark = simulator.mark()
                answer = running.call(tool, {**good, name: value})
                sent = simulator.since(mark)
                assert answer.is_error, f"{name}, {what}, was accepted: {answer.text}"
                assert name in answer.text or (value and value[:20] in answer.text), f"{name}, {what}: {answer.text}"
                if what in REFUSED:
                    # Tools that look something up first may have done so.
                    reached = [entry for entry in sent if entry["method"] != "GET" or name in entry["parameters"]]
                    assert reached == [], f"{name}, {what}, was sent"
                for entry in sent:
                    template = (entry["method"], entry.get("template"))
                    # A path that no endpoint has is answered with 501 and has no template.
                    assert template[1] is None or template in own | OWN, f"{name}, {what}, led to {template}"
                    assert entry["method"] == "GET" or entry["status"] >= 400, f"{name}, {what}, changed something"
