"""What is decided before anybody is asked: modes, protected guests, lists of tools; and approval by a person."""
# SPDX-License-Identifier: MIT

import os
import pty
import re
import subprocess
import time

import pytest

from harness.confirmation import lacks_token, token_of, writes
from harness.person import ASKING, CLIENTS, SILENT, Person, accept, agreeing
from harness.programs import PVE_MCP, environment
from harness.server import Server, run

STOP = "pve_stop_qemu_vm"
EVERYBODY = pytest.mark.parametrize("client", CLIENTS)
APPROVE = re.compile(r"pve-mcp approve ([A-Za-z0-9_-]+)")


@pytest.fixture
def cluster(private_simulator):
    return private_simulator("--task-seconds", "0.1")


@pytest.fixture
def serve(start, cluster):
    def server(client, person=None, **settings):
        revision, capabilities = CLIENTS[client]
        return start(
            cluster, revision=revision, capabilities=capabilities, person=person, **{"PVE_CONFIRM": "ask", **settings})

    return server


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


# A person


@pytest.fixture
def approvals(tmp_path):
    """Where questions are put down for a person: a home of the test's own."""
    (tmp_path / "run").mkdir(mode=0o700)
    return {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "HOME": str(tmp_path)}


def approve(approvals, *options, typed=None):
    """Runs `pve-mcp approve`; on a terminal when something is typed. Its exit status and what it said."""
    command = [str(PVE_MCP), "approve", *options]
    if typed is None:
        done = subprocess.run(command, env=environment(**approvals), input=b"y\n", capture_output=True, timeout=20)
        return done.returncode, (done.stdout + done.stderr).decode()
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        command, env=environment(**approvals), stdin=end, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(end)
    os.write(terminal, typed.encode())
    output, _ = process.communicate(timeout=20)
    os.close(terminal)
    return process.returncode, output.decode()


def needs_approval(answer):
    assert answer.error is None and lacks_token(answer), answer.message
    (id,) = set(APPROVE.findall(answer.text))
    return id


@pytest.mark.parametrize("client", SILENT)
def test_a_person_approves_on_the_machine(serve, cluster, approvals, client):
    server = serve(client, PVE_CONFIRM="person", **approvals)
    delete = ("pve_delete_qemu_vm", {"vmid": 100})
    answer = server.call(*delete)
    id = needs_approval(answer)
    assert "100" in answer.text and "scsi0" in answer.text
    # Nothing the model can say is a yes.
    for yes in (id, "yes", "approved"):
        assert needs_approval(server.call(delete[0], {**delete[1], "confirm": yes})) == id
    status, said = approve(approvals)
    assert status == 0 and id in said and "100" in said
    assert needs_approval(server.call(*delete)) == id
    assert writes(cluster) == []

    status, said = approve(approvals, id, typed="y\n")
    assert status == 0, said
    assert "100" in said and "scsi0" in said, said
    assert writes(cluster) == []
    # Nor does it count for anything else.
    others = [
        ("pve_delete_qemu_vm", {"vmid": 100, "purge": True}), ("pve_delete_qemu_vm", {"vmid": 101}),
        (STOP, {"vmid": 101}), ("pve_reset_qemu_vm", {"vmid": 101}),
    ]
    for other in others:
        assert server.call(*other).is_error
    assert writes(cluster) == []
    assert not server.call(*delete).is_error
    assert [entry["method"] for entry in writes(cluster)] == ["DELETE"]
    assert server.call(*delete).is_error
    assert len(writes(cluster)) == 1


def test_an_approval_counts_once(serve, cluster, approvals):
    server = serve("modern", PVE_CONFIRM="person", **approvals)
    reset = ("pve_reset_qemu_vm", {"vmid": 101})
    id = needs_approval(server.call(*reset))
    assert approve(approvals, id, "--yes")[0] == 0
    assert not server.call(*reset).is_error
    again = needs_approval(server.call(*reset))
    assert again != id
    status, said = approve(approvals, id, "--yes")
    assert status != 0 and id in said
    assert needs_approval(server.call(*reset)) == again
    assert len(writes(cluster)) == 1


@pytest.mark.parametrize("typed", ["n\n", "\n", "no\n", "yess\n", "\x04"])
def test_a_person_who_does_not_say_yes_did_not_approve(serve, cluster, approvals, typed):
    server = serve("modern", PVE_CONFIRM="person", **approvals)
    id = needs_approval(server.call(STOP, {"vmid": 101}))
    assert approve(approvals, id, typed=typed)[0] != 0
    assert needs_approval(server.call(STOP, {"vmid": 101})) == id
    assert writes(cluster) == []


def test_what_is_piped_into_approve_is_no_yes(serve, cluster, approvals):
    server = serve("modern", PVE_CONFIRM="person", **approvals)
    id = needs_approval(server.call(STOP, {"vmid": 101}))
    status, said = approve(approvals, id)
    assert status != 0 and "terminal" in said
    assert needs_approval(server.call(STOP, {"vmid": 101})) == id
    assert writes(cluster) == []


@pytest.mark.parametrize("id", ["nothing", "", "../../etc/passwd", "x" * 5000, ".", "%s"])
def test_unknown_ids_are_named(serve, approvals, id):
    serve("modern", PVE_CONFIRM="person", **approvals).call(STOP, {"vmid": 101})
    status, said = approve(approvals, id, "--yes")
    assert status not in (0, -11, -6)
    assert "no question" in said


def test_an_approval_ends_when_the_guest_changes(start, serve, cluster, approvals):
    server = serve("modern", PVE_CONFIRM="person", **approvals)
    delete = ("pve_delete_qemu_vm", {"vmid": 100})
    id = needs_approval(server.call(*delete))
    assert approve(approvals, id, "--yes")[0] == 0
    assert not start(cluster).call("pve_update_qemu_config", {"vmid": 100, "name": "precious"}).is_error
    mark = cluster.mark()
    answer = server.call(*delete)
    assert needs_approval(answer) != id
    assert "precious" in answer.text
    assert writes(cluster, mark) == []


def test_an_approval_is_of_its_server(serve, cluster, approvals):
    first = serve("modern", PVE_CONFIRM="person", **approvals)
    id = needs_approval(first.call(STOP, {"vmid": 101}))
    assert approve(approvals, id, "--yes")[0] == 0
    second = serve("modern", PVE_CONFIRM="person", **approvals)
    assert needs_approval(second.call(STOP, {"vmid": 101})) != id
    assert writes(cluster) == []
    assert not first.call(STOP, {"vmid": 101}).is_error


def test_an_expired_question_cannot_be_approved(serve, cluster, approvals):
    server = serve("modern", PVE_CONFIRM="person", PVE_CONFIRM_SECONDS="1", **approvals)
    id = needs_approval(server.call(STOP, {"vmid": 101}))
    time.sleep(1.2)
    status, said = approve(approvals, id, "--yes")
    assert status != 0 and "no question" in said
    assert needs_approval(server.call(STOP, {"vmid": 101})) != id
    assert writes(cluster) == []


def test_files_that_others_could_have_written_are_no_approval(serve, cluster, approvals):
    server = serve("modern", PVE_CONFIRM="person", **approvals)
    id = needs_approval(server.call(STOP, {"vmid": 101}))
    folder = os.path.join(approvals["XDG_RUNTIME_DIR"], "pve-mcp")
    assert os.stat(folder).st_mode & 0o777 == 0o700
    (question,) = [name for name in os.listdir(folder) if name.startswith(id)]
    assert os.stat(os.path.join(folder, question)).st_mode & 0o777 == 0o600
    made = os.path.join(folder, f"{id}.approval")
    for content in ("", "yes", id):
        with open(made, "w") as file:
            file.write(content)
        os.chmod(made, 0o600)
        assert server.call(STOP, {"vmid": 101}).is_error
    if os.path.exists(made):
        os.remove(made)
    os.chmod(folder, 0o777)
    assert server.call(STOP, {"vmid": 101}).is_error
    assert writes(cluster) == []


def test_a_place_that_cannot_be_written_is_said_so(serve, cluster, tmp_path):
    nowhere = {"XDG_RUNTIME_DIR": str(tmp_path / "missing"), "HOME": "/proc"}
    server = serve("modern", PVE_CONFIRM="person", **nowhere)
    answer = server.call(STOP, {"vmid": 101})
    assert lacks_token(answer)
    assert writes(cluster) == []


@pytest.mark.parametrize("client", ASKING)
def test_a_client_that_can_ask_is_a_person(serve, cluster, approvals, client):
    person = agreeing()
    server = serve(client, person, PVE_CONFIRM="person", **approvals)
    assert not server.call(STOP, {"vmid": 101}).is_error
    assert len(person.questions) == 1
    assert len(writes(cluster)) == 1


# Protected guests


@pytest.fixture
def pool(cluster):
    """A pool with the guest 100 in it, one below it with 101."""
    for path, body in (
        ("/pools", {"poolid": "infra"}), ("/pools", {"poolid": "infra/db"}), ("/pools", {"poolid": "other"}),
    ):
        assert cluster.ask("POST", path, body)[0] == 200
    for poolid, vmid in (("infra", 100), ("infra/db", 101)):
        assert cluster.ask("PUT", "/pools", {"poolid": poolid, "vms": vmid})[0] == 200
    return cluster


def tag(cluster, vmid, tags):
    status, data = cluster.ask("PUT", f"/nodes/pve1/qemu/{vmid}/config", {"tags": tags})
    assert status == 200, data


DESTROYING = [
    ("pve_delete_qemu_vm", {"vmid": 100}),
    ("pve_delete_qemu_vm", {"node": "pve1", "vmid": 100, "purge": True}),
    ("pve_stop_qemu_vm", {"vmid": 101}),
    ("pve_reset_qemu_vm", {"node": "pve1", "vmid": 101}),
    ("pve_shutdown_qemu_vm", {"vmid": 101, "forceStop": True}),
]


def protected(server, cluster, calls, word):
    mark = cluster.mark()
    for tool, arguments in calls:
        answer = server.call(tool, arguments)
        assert lacks_token(answer), f"{tool} {arguments}: {answer.text}"
        assert "PVE_PROTECT" in answer.text and word in answer.text, answer.text
        again = server.call(tool, {**arguments, "confirm": "x"})
        assert lacks_token(again)
    assert writes(cluster, mark) == []


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "person", "never"])
def test_guests_protected_by_id_are_not_even_asked_about(serve, cluster, client, mode):
    person = Person(accept(True)) if client in ASKING else None
    server = serve(client, person, PVE_CONFIRM=mode, PVE_PROTECT="100-101,5000")
    protected(server, cluster, DESTROYING, "100-101")
    assert person is None or person.questions == []


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "never"])
def test_guests_protected_by_tag(serve, cluster, client, mode):
    tag(cluster, 100, "Prod;web")
    tag(cluster, 101, "prod")
    server = serve(client, agreeing() if client in ASKING else None, PVE_CONFIRM=mode, PVE_PROTECT="tag:prod")
    protected(server, cluster, DESTROYING, "tag:prod")
    # The tag itself is not taken away either.
    mark = cluster.mark()
    for arguments in ({"tags": "web"}, {"tags": ""}, {"delete": "tags"}):
        assert server.call("pve_update_qemu_config", {"vmid": 100, **arguments}).is_error
    assert writes(cluster, mark) == []
    assert not server.call("pve_update_qemu_config", {"vmid": 100, "tags": "prod;more"}).is_error


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "never"])
def test_guests_protected_by_pool(serve, pool, client, mode):
    server = serve(client, agreeing() if client in ASKING else None, PVE_CONFIRM=mode, PVE_PROTECT="pool:infra")
    protected(server, pool, DESTROYING, "pool:infra")


def test_guests_of_other_pools_and_tags_are_not_protected(serve, pool):
    tag(pool, 101, "production")
    server = serve("legacy", PVE_CONFIRM="never", PVE_PROTECT="pool:infra/d,pool:oth,tag:prod,1000-1010")
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error


def test_what_loses_nothing_is_done_to_protected_guests(serve, cluster):
    server = serve("modern", PVE_PROTECT="100,101")
    for tool, arguments in (
        ("pve_get_qemu_status", {"vmid": 101}),
        ("pve_start_qemu_vm", {"vmid": 100}),
        ("pve_create_qemu_snapshot", {"vmid": 101, "snapname": "kept"}),
    ):
        answer = server.call(tool, arguments)
        assert not answer.is_error, answer.text


FLAGGED = 107


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "person", "never"])
def test_the_flag_of_the_api_protects(serve, cluster, client, mode):
    person = agreeing() if client in ASKING else None
    server = serve(client, person, PVE_CONFIRM=mode)
    answer = server.call("pve_delete_qemu_vm", {"vmid": FLAGGED})
    assert lacks_token(answer)
    assert "protection" in answer.text, answer.text
    assert writes(cluster) == []
    assert person is None or person.questions == []


@EVERYBODY
@pytest.mark.parametrize("change", [{"protection": False}, {"delete": "protection"}], ids=["off", "deleted"])
def test_switching_the_flag_off_needs_a_yes(serve, cluster, client, change):
    person = Person({"action": "decline"}) if client in ASKING else None
    server = serve(client, person)
    answer = server.call("pve_update_qemu_config", {"vmid": FLAGGED, **change})
    assert answer.is_error
    assert writes(cluster) == []
    if person:
        assert str(FLAGGED) in person.questions[0] and "protection" in person.questions[0]
        person.reply = accept(True)
        assert not server.call("pve_update_qemu_config", {"vmid": FLAGGED, **change}).is_error
    else:
        again = {"vmid": FLAGGED, **change, "confirm": token_of(answer)}
        assert not server.call("pve_update_qemu_config", again).is_error
    assert len(writes(cluster)) == 1


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


@pytest.mark.parametrize("mode", ["ask", "never"])
def test_protection_by_pool_is_not_taken_away(serve, pool, mode):
    server = serve("modern", PVE_CONFIRM=mode, PVE_PROTECT="pool:infra")
    protected(server, pool, [
        ("pve_update_pool", {"poolid": "infra", "vms": "100", "delete": True}),
        ("pve_update_pool", {"poolid": "infra/db", "vms": "101", "delete": True}),
        ("pve_delete_pool", {"poolid": "infra"}),
        ("pve_delete_pool", {"poolid": "infra/db"}),
    ], "pool:infra")
    mark = pool.mark()
    answer = server.call("pve_update_pool", {"poolid": "other", "vms": "100", "allow-move": True})
    assert answer.is_error and "PVE_PROTECT" in answer.text, answer.text
    assert writes(pool, mark) == []
    # Below the protected pool is still inside it.
    moved = server.call("pve_update_pool", {"poolid": "infra/db", "vms": "100", "allow-move": True})
    assert not moved.is_error, moved.text


@pytest.mark.parametrize("mode", ["ask", "never"])
def test_protected_guests_are_safe_from_requests_that_do_not_name_them_in_their_path(serve, cluster, mode):
    for protect in ("101,110", "tag:prod"):
        if protect == "tag:prod":
            tag(cluster, 101, "prod")
            assert cluster.ask("PUT", "/nodes/pve3/lxc/110/config", {"tags": "prod"})[0] == 200
        server = serve("modern", PVE_CONFIRM=mode, PVE_PROTECT=protect)
        protected(server, cluster, [
            ("pve_bulk_shutdown_guests", {"vms": [100, 101]}),
            ("pve_run_backup", {"vmid": "101", "storage": "shared", "options": {"prune-backups": "keep-last=1"}}),
            ("pve_run_backup", {
                "node": "pve1", "all": True, "storage": "shared", "options": {"prune-backups": "keep-last=1"},
            }),
            ("pve_create_backup_job", {"schedule": "daily", "vmid": "100,101", "prune-backups": "keep-last=1"}),
            ("pve_stop_lxc_container", {"vmid": 110}),
            ("pve_update_acl", {"path": "/vms/101", "roles": "PVEVMUser", "users": "root@pam", "delete": True}),
        ], "tag:prod" if protect == "tag:prod" else "1")
