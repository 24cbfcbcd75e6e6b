"""Nothing is lost without a yes: every destructive tool, in every kind of client."""
# SPDX-License-Identifier: MIT

import atexit
import functools
import itertools
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

import catalogue
from catalogue.case import filled
from catalogue.runner import TASK_SECONDS, Exercise, tools
from harness.confirmation import described, token_of, writes
from harness.person import ASKING, CLIENTS, SILENT, Person, accept, agreeing
from harness.programs import ROOT
from harness.server import Server

# For tools that lose something with certain arguments only: those, beside the ones that their case requires.
LOSING = {
    "pve_create_backup_job": {"prune-backups": "keep-last=1"},
    "pve_create_ha_resource": {"state": "stopped"},
    "pve_create_lxc_container": {
        "node": "pve2", "vmid": 111, "ostemplate": "{volid}", "options": {"restore": True, "force": True},
    },
    "pve_create_qemu_vm": {"vmid": 100, "options": {"archive": "{volid}", "force": True}},
    "pve_create_storage": {"prune-backups": "keep-last=1"},
    "pve_run_backup": {"options": {"prune-backups": "keep-last=1"}},
    "pve_shutdown_lxc_container": {"forceStop": True},
    "pve_shutdown_qemu_vm": {"forceStop": True},
    "pve_update_backup_job": {"prune-backups": "keep-last=1"},
    "pve_update_cluster_options": {"delete": "language"},
    "pve_update_firewall_options": {"delete": "ebtables"},
    "pve_update_ha_resource": {"delete": "comment"},
    "pve_update_ha_rule": {"delete_settings": "strict"},
    "pve_update_lxc_config": {"delete": "description"},
    "pve_update_network": {"delete": "comments6"},
    "pve_update_qemu_config": {"delete": "scsi0"},
    "pve_update_storage": {"prune-backups": "keep-last=1"},
}


def backup_of(vmid):
    """The calls that leave a backup of a guest, and its volume as a placeholder."""
    content = "GET /nodes/pve1/storage/shared/content"
    return [
        ("pve_run_backup", {"vmid": str(vmid), "storage": "shared", "wait": 20}),
        (content, {"content": "backup", "vmid": vmid}, {"volid": "0.volid"}),
    ]


# What those arguments need beside what their case makes.
PREPARED = {"pve_create_lxc_container": backup_of(111), "pve_create_qemu_vm": backup_of(100)}
# Tools whose object must still run when the call comes.
SLOW = {"pve_stop_task": "30"}
DESTRUCTIVE = sorted(name for name, tool in tools().items() if tool["annotations"]["destructive"])


def chosen_cases():
    """A case for each tool: one that deletes if there is one, else the first."""
    chosen = {}
    for _, case in catalogue.cases():
        if case.tool not in chosen or ("delete" in case.required and "delete" not in chosen[case.tool].required):
            chosen[case.tool] = case
    return chosen


CASES = chosen_cases()
COUNTER = itertools.count()

each_tool = pytest.mark.parametrize("tool", DESTRUCTIVE)


@functools.cache
def folder():
    made = tempfile.mkdtemp(prefix="confirmation-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


@contextmanager
def exercise(tool):
    """A simulator of its own in which everything that the tool's case needs has been made, and the call's arguments."""
    case = CASES[tool]
    with Exercise(folder(), case, "confirmation", task_seconds=SLOW.get(tool, TASK_SECONDS)) as made:
        steps = [*case.setup, *PREPARED.get(tool, [])]
        if steps:
            made.talk(lambda client: made.prepare(client, steps))
        arguments = filled({**case.required, **LOSING.get(tool, {})}, made.names)
        yield made, arguments


def losses():
    """The project's table of risks: for each request whether it loses something, and the parameters that make it so."""
    table = {}
    for line in (ROOT / "Sources/CFacts/risk.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        method, path, _, lost, raises, *_ = line.split("\t")
        given = {}
        for rule in raises.split():
            if rule.endswith("!"):
                name, _, value = re.sub(r":[a-z-]+$", "", rule[:-1]).partition("=")
                given.setdefault(name, set()).add(value)
        table[method, path] = (lost == "!", given)
    return table


def loses(entry, table):
    always, given = table[entry["method"], entry["template"]]
    return always or any(
        value not in ("", "0") and given[name] & {"", value}
        for name, value in ((name, str(value)) for name, value in entry["parameters"].items()) if name in given
    )


@contextmanager
def serving(made, client, person=None, **settings):
    revision, capabilities = CLIENTS[client]
    given = {**made.simulator.settings, **made.settings, "PVE_CONFIRM": "ask", **settings}
    server = Server(
        settings={name: value for name, value in given.items() if value is not None}, revision=revision,
        capabilities=capabilities, person=person,
    )
    try:
        yield server
    finally:
        server.close()


@functools.cache
def expected(tool):
    """The writes of the call when nobody is asked."""
    with exercise(tool) as (made, arguments), serving(made, "modern", PVE_CONFIRM="never") as server:
        mark = made.simulator.mark()
        answer = server.call(tool, arguments)
        assert not answer.is_error, answer.text
        sent = described(writes(made.simulator, mark))
    assert sent, f"{tool} is annotated as destructive, but {arguments} write nothing"
    return sent


def test_there_are_destructive_tools():
    assert len(DESTRUCTIVE) >= 5
    missing = [tool for tool in DESTRUCTIVE if tool not in CASES]
    assert missing == [], "destructive, but in no case of the catalogue"


def test_every_destructive_tool_and_no_other_takes_a_token_and_asks_for_a_person(start, simulator):
    for client in CLIENTS.values():
        server = start(simulator, revision=client[0], capabilities=client[1], PVE_CONFIRM="ask")
        for tool in server.tools():
            properties = tool["inputSchema"].get("properties", {})
            destructive = tool["annotations"]["destructiveHint"]
            assert ("confirm" in properties) == destructive, tool["name"]
            assert tool.get("_meta", {}).get("anthropic/requiresUserInteraction", False) == destructive, tool["name"]
            if destructive:
                assert properties["confirm"]["type"] == "string"
                assert properties["confirm"]["description"]
                assert "confirm" not in tool["inputSchema"].get("required", [])


@each_tool
@pytest.mark.parametrize("client", SILENT)
def test_a_client_that_cannot_ask_gets_a_token(tool, client):
    with exercise(tool) as (made, arguments), serving(made, client) as server:
        mark = made.simulator.mark()
        token = token_of(server.call(tool, arguments))
        for no in ("", "yes", "true", token[:-1], token + "0", token.swapcase()):
            again = server.call(tool, {**arguments, "confirm": no})
            assert again.is_error, again.text
        assert writes(made.simulator, mark) == [], "something was sent without a yes"
        answer = server.call(tool, {**arguments, "confirm": token})
        assert not answer.is_error, answer.text
        assert described(writes(made.simulator, mark)) == expected(tool)
        again = server.call(tool, {**arguments, "confirm": token})
        assert again.is_error
        assert described(writes(made.simulator, mark)) == expected(tool), "a token counted twice"


@each_tool
@pytest.mark.parametrize("client", ASKING)
def test_a_client_that_can_ask_asks(tool, client):
    person = Person({"action": "decline"})
    with exercise(tool) as (made, arguments), serving(made, client, person) as server:
        mark = made.simulator.mark()
        for number, no in enumerate(({"action": "decline"}, {"action": "cancel"}, accept(False))):
            person.reply = no
            refused = server.call(tool, arguments)
            assert refused.error is None and refused.is_error, refused.message
            assert '"confirm"' not in refused.text, "the model is told how to say yes in the person's place"
            assert len(person.questions) == number + 1
        assert writes(made.simulator, mark) == [], "something was sent without a yes"
        person.reply = accept(True)
        answer = server.call(tool, arguments)
        assert not answer.is_error, answer.text
        assert described(writes(made.simulator, mark)) == expected(tool)
        assert len(person.questions) == 4


@each_tool
def test_nothing_among_the_arguments_is_a_yes(tool):
    """The model fills in the arguments. Where there is a person to ask, it cannot answer for them."""
    with exercise(tool) as (made, arguments):
        mark = made.simulator.mark()
        with serving(made, "modern") as server:
            token = token_of(server.call(tool, arguments))
        person = Person({"action": "decline"})
        for client in ASKING:
            with serving(made, client, person) as server:
                for yes in (token, "yes", "true"):
                    assert server.call(tool, {**arguments, "confirm": yes}).is_error
        assert len(person.questions) == 6
        assert writes(made.simulator, mark) == []


CALLS = [
    pytest.param(case, variant, id=f"{case.tool}-{number}-{variant}")
    for number, (_, case) in enumerate(catalogue.cases())
    for variant in ("required", "all", "options")
    if variant != "options" or case.option is not None
]


@pytest.mark.parametrize("case,variant", CALLS)
def test_no_call_whatsoever_loses_something_unasked(case, variant):
    table = losses()
    arguments = {
        "required": case.required, "all": case.all, "options": {**case.required, "options": case.option},
    }[variant]
    with Exercise(folder(), case, variant) as made:
        steps = [*case.setup, *(case.all_setup if variant == "all" else ())]
        if steps:
            made.talk(lambda client: made.prepare(client, steps))
        with serving(made, "modern") as server:
            mark = made.simulator.mark()
            answer = server.call(case.tool, filled(arguments, made.names))
            sent = writes(made.simulator, mark)
    lost = [entry for entry in sent if loses(entry, table)]
    assert lost == [], "sent without a yes"
    assert sent or answer.is_error or tools()[case.tool]["annotations"]["readOnly"], answer.text


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26"])
def test_revisions_before_questions_get_tokens_whatever_they_declare(start, private_simulator, revision):
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, revision=revision, capabilities={"elicitation": {}}, PVE_CONFIRM="ask")
    token = token_of(server.call("pve_stop_qemu_vm", {"vmid": 101}))
    assert writes(simulator) == []
    assert not server.call("pve_stop_qemu_vm", {"vmid": 101, "confirm": token}).is_error
    assert len(writes(simulator)) == 1


@pytest.mark.parametrize("client", [("2025-06-18", {"elicitation": {}}), ("2025-11-25", {"elicitation": {}})])
def test_an_empty_capability_means_forms(start, private_simulator, client):
    simulator = private_simulator("--task-seconds", "0.1")
    person = agreeing()
    server = start(simulator, revision=client[0], capabilities=client[1], person=person, PVE_CONFIRM="ask")
    assert not server.call("pve_stop_qemu_vm", {"vmid": 101}).is_error
    assert len(person.questions) == 1
    assert len(writes(simulator)) == 1


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_a_client_with_web_pages_only_gets_a_token(start, private_simulator, revision):
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, revision=revision, capabilities={"elicitation": {"url": {}}}, PVE_CONFIRM="ask")
    token_of(server.call("pve_stop_qemu_vm", {"vmid": 101}))
    assert writes(simulator) == []


def test_calls_of_a_batch_get_tokens(start, private_simulator):
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, revision="2025-03-26", PVE_CONFIRM="ask")

    def call(id, **arguments):
        return {
            "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": {"name": "pve_stop_qemu_vm", "arguments": {"vmid": 101, **arguments}},
        }

    server.send([call(11), call(12), {"jsonrpc": "2.0", "id": 13, "method": "ping"}])
    answers = {answer["id"]: answer for answer in server.receive()}
    assert set(answers) == {11, 12, 13}
    assert answers[11]["result"]["isError"] and answers[12]["result"]["isError"]
    assert writes(simulator) == []


@pytest.mark.parametrize("client", ASKING)
def test_the_question_says_what_is_lost(start, private_simulator, client):
    simulator = private_simulator("--task-seconds", "0.1")
    person = Person({"action": "decline"})
    revision, capabilities = CLIENTS[client]
    server = start(simulator, revision=revision, capabilities=capabilities, person=person, PVE_CONFIRM="ask")
    config = server.call("pve_get_qemu_config", {"vmid": 100}).data
    server.call("pve_delete_qemu_vm", {"vmid": 100})
    (question,) = person.questions
    for word in ("100", config["name"], "stopped", "pve1", "scsi0", "lost"):
        assert word in question, question


@pytest.mark.parametrize("client", CLIENTS)
def test_what_loses_nothing_is_not_asked_about(start, private_simulator, client):
    simulator = private_simulator("--task-seconds", "0.1")
    revision, capabilities = CLIENTS[client]
    server = start(simulator, revision=revision, capabilities=capabilities, PVE_CONFIRM="ask")
    for tool, arguments in (
        ("pve_start_qemu_vm", {"vmid": 100}),
        ("pve_update_qemu_config", {"vmid": 100, "description": "new"}),
        ("pve_create_qemu_snapshot", {"vmid": 101, "snapname": "kept"}),
    ):
        answer = server.call(tool, arguments)
        assert not answer.is_error, answer.text
    assert len(writes(simulator)) == 3
