"""A person approves on the machine where the server runs (PVE_CONFIRM=person)."""
# SPDX-License-Identifier: MIT

import os
import pty
import re
import subprocess
import time

import pytest

from harness.confirmation import STOP, lacks_token, writes
from harness.person import ASKING, SILENT, agreeing
from harness.programs import PVE_MCP, environment

APPROVE = re.compile(r"pve-mcp approve ([A-Za-z0-9_-]+)")


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
