"""Every rule of the contract, broken by a plugin: the program refuses it in these words, and what is sound is served.

The table is Tests/Fixtures/plugins/rules.json; what is about the file and its place is in test_plugins.py, what is about
running code in test_conduct.py.
"""
# SPDX-License-Identifier: MIT

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import rules
from harness.server import run
from test_plugins import REFUSED

# Rules about hosts that serve less or more than this one are for the loader's own tests.
CASES = {f"r{number:03}": rule for number, rule in enumerate(rules.RULES) if "features" not in rule}


def listing(folder):
    return json.loads(run("plugins", "--json", "--plugin-dir", folder, "--categories", "all", timeout=120).stdout)


@pytest.fixture(scope="session")
def seen(tmp_path_factory):
    """What the program says of each plugin, by category: its messages, and how many tools it took."""
    together = tmp_path_factory.mktemp("rules") / "plugins"
    together.mkdir(mode=0o755)
    # One that hangs takes ten seconds: each has a program of its own, and they wait beside each other.
    folders = {}
    for category, rule in CASES.items():
        folder = together
        if "no verdict after" in rule["message"]:
            folder = together.parent / category
            folder.mkdir(mode=0o755)
        folders[category] = folder
    with ThreadPoolExecutor(8) as pool:
        def make(category):
            rule = CASES[category]
            rules.build(folders[category], category, rule["define"], rule.get("source", "fixture.c"))

        list(pool.map(make, CASES))
        found = list(pool.map(listing, sorted(set(folders.values()))))
    messages = [entry["message"] for one in found for entry in one["refused"]]
    tools = {entry["category"]: entry["tools"] for one in found for entry in one["plugins"]}
    return {
        category: (
            [text for text in messages if text.startswith(f"{folders[category]}/libpve-{category}.so:")],
            tools.get(category), folders[category],
        )
        for category in CASES
    }


@pytest.mark.parametrize("category", [pytest.param(key, id=rules.name(rule)) for key, rule in CASES.items()])
def test_what_breaks_a_rule_is_refused_in_these_words(seen, category):
    rule = CASES[category]
    messages, tools, folder = seen[category]
    assert messages == [rules.message(rule, category, folder)]
    # A tool that is refused leaves the plugin's sound one.
    assert tools == (1 if "tool" in rule else None)


def test_every_line_of_the_documented_refusals_has_a_plugin_that_shows_it():
    shown = {rule["row"] for rule in rules.RULES} | {row for row, _, _ in REFUSED.values()}
    assert shown == set(rules.documented())


def test_every_text_and_every_struct_is_broken_once():
    messages = [rule["message"] for rule in rules.RULES]
    for text in ("category", "version", "title", "summary", "name", "description", "path", "api_name", "result's name",
                 "result's field"):
        for fault in ("is empty", "is not UTF-8", "has more than"):
            assert any(f"{text} {fault}" in one or f"{text} that {fault}" in one for one in messages), (text, fault)
    for struct in ("plugin", "tool", "parameter", "result", "field", "endpoint", "call_body", "native"):
        assert any(f"sizeof(pve_{struct})" in message for message in messages), struct
