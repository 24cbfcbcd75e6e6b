"""What is decided before anybody is asked: modes, requests that are not sent anyway, lists of tools."""
# SPDX-License-Identifier: MIT

import pytest

from harness.confirmation import STOP, lacks_token, token_of, writes
from harness.person import ASKING, CLIENTS, SILENT, agreeing
from harness.server import Server, run

EVERYBODY = pytest.mark.parametrize("client", CLIENTS)


# Modes


@EVERYBODY
def test_never_asks_nobody(serve, cluster, client):
    server = serve(client, PVE_CONFIRM="never")
    assert not server.call(STOP, {"vmid": 101}).is_error
    assert len(writes(cluster)) == 1


@pytest.mark.parametrize("client", SILENT)
def test_the_mode_is_ask_unless_it_is_set(cluster, client):
    revision, capabilities = CLIENTS[client]
    with Server(settings={**cluster.settings, "PVE_CONFIRM": None}, revision=revision, capabilities=capabilities) as server:
        token_of(server.call(STOP, {"vmid": 101}))
    assert writes(cluster) == []


@pytest.mark.parametrize("name,value,word", [
    ("PVE_CONFIRM", "sometimes", "ask"), ("PVE_CONFIRM", "NEVER", "never"), ("PVE_CONFIRM", "true", "person"),
    ("PVE_PROTECT", "web", "web"), ("PVE_PROTECT", "100,,x", "x"), ("PVE_PROTECT", "tag:", "tag:"),
    ("PVE_PROTECT", "pool:", "pool:"), ("PVE_PROTECT", "200-100", "200-100"), ("PVE_PROTECT", "99", "99"),
    ("PVE_PROTECT", ",", "PVE_PROTECT"),
])
def test_a_setting_that_means_nothing_ends_the_server(cluster, name, value, word):
    completed = run(settings={**cluster.settings, name: value})
    assert completed.returncode != 0
    assert name in completed.stderr and word in completed.stderr, completed.stderr


def test_the_modes_have_flags(start, cluster):
    server = start(cluster, "--confirm", "ask", "--protect=101", PVE_CONFIRM="never")
    token_of(server.call("pve_delete_qemu_vm", {"vmid": 100}))
    assert lacks_token(server.call(STOP, {"vmid": 101}))
    assert writes(cluster) == []


# What is not sent anyway


@EVERYBODY
@pytest.mark.parametrize("tool,arguments,settings,word", [
    ("pve_update_qemu_config", {"vmid": 100, "delete": "scsi0", "options": {"nonsense": 1}}, {}, "nonsense"),
    (STOP, {"vmid": 101, "options": {"skiplock": True}}, {"PVE_ACCESS_TIER": "read-execute"}, "full"),
    ("pve_run_backup", {"vmid": "101", "storage": "shared", "options": {"prune-backups": "keep-last=1"}},
     {"PVE_ACCESS_TIER": "read-execute"}, "full"),
])
def test_nobody_is_asked_about_what_is_not_sent_anyway(serve, cluster, client, tool, arguments, settings, word):
    person = agreeing() if client in ASKING else None
    answer = serve(client, person, **settings).call(tool, arguments)
    assert lacks_token(answer), answer.text
    assert word in answer.text
    assert person is None or person.questions == []
    assert writes(cluster) == []


@EVERYBODY
def test_nobody_is_asked_about_what_the_release_does_not_have(start, private_simulator, client):
    older = private_simulator("--release", "8.4")
    revision, capabilities = CLIENTS[client]
    person = agreeing() if client in ASKING else None
    server = start(older, revision=revision, capabilities=capabilities, person=person, PVE_CONFIRM="ask")
    answer = server.call("pve_bulk_shutdown_guests", {"vms": [101]})
    assert lacks_token(answer), answer.text
    assert "9." in answer.text
    assert person is None or person.questions == []


@pytest.mark.parametrize("tool,arguments", [
    ("pve_run_backup", {"vmid": "101", "storage": "shared", "options": {"maxfiles": 1}}),
    ("pve_create_backup_job", {"schedule": "daily", "vmid": "101", "options": {"maxfiles": 1}}),
    ("pve_update_storage", {"storage": "shared", "options": {"maxfiles": 1}}),
])
def test_the_old_name_of_what_is_kept_needs_a_yes_too(start, private_simulator, tool, arguments):
    older = private_simulator("--release", "8.4", "--task-seconds", "0.1")
    answer = start(older, PVE_CONFIRM="ask").call(tool, arguments)
    assert token_of(answer) and "maxfiles=1" in answer.text
    refused = start(older, PVE_CONFIRM="never", PVE_ACCESS_TIER="read-execute").call(tool, arguments)
    assert refused.error or "full" in refused.text
    assert writes(older) == []


# Lists of tools


@EVERYBODY
def test_tools_that_are_not_offered_cannot_be_confirmed(serve, cluster, client):
    person = agreeing() if client in ASKING else None
    for settings in (
        {"PVE_TOOL_BLACKLIST": STOP}, {"PVE_TOOL_WHITELIST": "pve_list_nodes,pve_get_qemu_status"},
        {"PVE_ACCESS_TIER": "read-only"},
    ):
        server = serve(client, person, **settings)
        assert STOP not in server.tool_names()
        for arguments in ({"vmid": 101}, {"vmid": 101, "confirm": "x"}):
            assert server.call(STOP, arguments).error["code"] == -32602
    assert writes(cluster) == []
    assert person is None or person.questions == []


@pytest.mark.parametrize("client", SILENT)
def test_a_tool_on_the_whitelist_still_needs_a_yes(serve, cluster, client):
    server = serve(client, PVE_TOOL_WHITELIST=STOP)
    assert server.tool_names() == [STOP]
    token = token_of(server.call(STOP, {"vmid": 101}))
    assert writes(cluster) == []
    assert not server.call(STOP, {"vmid": 101, "confirm": token}).is_error
