"""The table of what the end-to-end catalogue exercises, made from its cases."""
# SPDX-License-Identifier: MIT

import sys

from documents import ROOT, by_category, endpoints, requests, table

sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))
sys.dont_write_bytecode = True

import catalogue  # noqa: E402


def rows(own, cases):
    for tool in own:
        mine = [case for case in cases if case.tool == tool["name"]]
        declared = set(tool["inputSchema"].get("properties", {})) - {"options", "confirm"}
        given = {name for case in mine for name in case.all}
        options = [name for case in mine for name in case.option or {}]
        failures = [" … ".join(case.failure.texts) for case in mine if case.failure]
        older = any(request in endpoints("8.4") for request in requests(tool))
        takes_options = "options" in tool["inputSchema"].get("properties", {})
        yield [
            f"`{tool['name']}`",
            "yes" if mine else "**no**",
            f"{len(given & declared)} of {len(declared)}",
            ", ".join(f"`{name}`" for name in options) if options else "**no**" if takes_options else "takes none",
            "; ".join(f"“{text}”" for text in failures) or "**no**",
            "yes" if any(case.cancel for case in mine) else "**no**" if "wait" in declared else "no task",
            "works" if older else "says what it needs",
        ]


def reference(head):
    cases = [case for _, case in catalogue.cases()]
    lines = [
        "# What the end-to-end tests exercise", "", head, "",
        "Each call goes through the official Python client, the server, its plugin and HTTPS to the simulator, with the",
        "server's own check against the API off. The requests that arrive are checked against the API's description, the",
        "answer against the tool's output schema. The calls are in `Tests/EndToEnd/catalogue`; a tool without them fails",
        "the tests.", "",
        "- **required**: the call with its required arguments alone",
        "- **all**: how many of its arguments are exercised, `options` and `confirm` aside",
        "- **options**: the API parameter passed on through `options`",
        "- **failure**: the commonest failure, and what its answer must say",
        "- **cancellation**: the call is cancelled while its task runs; the task goes on",
        "- **8.4**: the same with Proxmox VE 8.4", "",
    ]
    for category, own in by_category().items():
        lines += [f"## {category}", ""]
        lines += [table(["tool", "required", "all", "options", "failure", "cancellation", "8.4"], rows(own, cases)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
