"""Everything Proxmox and the network do wrong: an error that says which it was and what to try, no secret in it."""
# SPDX-License-Identifier: MIT

import time

import pytest

from harness.programs import PVE_SIM, environment
from harness.unruly import DROP, PROPER, SILENCE, THEN_CLOSE, answer

SECRET = "5ec2e700-1111-2222-3333-444444444444"
START = ("POST", "/nodes/pve1/qemu/100/status/start")
HTML = b"<html><body><h1>It works!</h1></body></html>"

# What is answered, and words that the error must have.
ANSWERS = {
    "401 without body": (answer("401 No ticket", b"", close=True), ["No ticket", "credentials", "token"]),
    "401 with body": (answer("401 authentication failure", {"data": None}, close=True), ["authentication failure", "credentials", "token"]),
    "403 with the privilege": (
        answer("403 Permission check failed (/nodes/pve1, Sys.Audit)", {"data": None}, close=True),
        ["may not", "privilege", "Sys.Audit", "/nodes/pve1"],
    ),
    "403 without detail": (answer("403 Permission check failed", {"data": None}, close=True), ["may not", "Permission check failed", "privilege"]),
    "500 with body": (
        answer("500 got no worker upid", {"data": None, "message": "got no worker upid - start worker failed\n"}),
        ["500", "start worker failed"],
    ),
    "500 without body": (answer("500 can't open file", b"", close=True), ["500", "can't open file"]),
    "501": (answer("501 Method 'GET /nodes' not implemented", {"data": None}), ["has no GET /nodes", "version"]),
    "595": (answer("595 No route to host", b"", close=True), ["cannot be reached", "No route to host", "node"]),
    "596": (answer("596 Broken pipe", b"", close=True), ["596"]),
    "HTML": (answer("200 OK", HTML, content_type="text/html"), ["web page", "PVE_BASE_URL"]),
    "JSON that is cut short": (answer("200 OK", b'{"data":[{"node":"pve1"', close=True), ["JSON"]),
    "JSON of another shape": (answer("200 OK", {"data": "surprise"}), ["nodes"]),
    "JSON without data": (answer("200 OK", {"nothing": 1}), ["data"]),
    "redirect": (answer("301 Moved", b"", content_type="text/html"), ["301"]),
}


def failing(start, unruly, rules, **settings):
    backend = unruly(rules)
    return backend, start(backend, **settings)


@pytest.mark.parametrize("case", ANSWERS)
def test_a_bad_answer_to_a_read(start, unruly, case):
    bytes, words = ANSWERS[case]
    _, server = failing(start, unruly, {"/nodes": bytes})
    result = server.call("pve_list_nodes")
    assert result.error is None
    assert result.is_error, result.text
    for word in words:
        assert word.lower() in result.text.lower(), result.text
    assert SECRET not in result.text + server.stderr
    assert server.result("ping") == {}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_bad_answer_to_a_write_is_not_asked_for_again(start, unruly, case):
    bytes, _ = ANSWERS[case]
    backend, server = failing(start, unruly, {START: bytes})
    result = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert result.is_error, result.text
    assert SECRET not in result.text + server.stderr
    assert backend.count(*START) == 1


def test_half_a_body(start, unruly):
    half = answer("200 OK", b'{"data":[', length=500), THEN_CLOSE
    backend, server = failing(start, unruly, {"/nodes": half, START: half})
    read = server.call("pve_list_nodes")
    assert read.is_error
    assert "connection" in read.text.lower() or "closed" in read.text.lower(), read.text
    write = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert write.is_error
    assert backend.count(*START) == 1


def test_silence(start, unruly):
    backend, server = failing(start, unruly, {"/nodes": SILENCE, START: SILENCE}, PVE_TIMEOUT="1")
    began = time.monotonic()
    read = server.call("pve_list_nodes")
    assert read.is_error
    assert "1 s" in read.text or "PVE_TIMEOUT" in read.text, read.text
    write = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert write.is_error
    assert backend.count(*START) == 1
    assert time.monotonic() - began < 15


def test_a_write_whose_connection_drops_is_sent_once_and_says_it_may_have_happened(start, unruly):
    backend, server = failing(start, unruly, {START: DROP})
    server.call("pve_list_nodes")
    result = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert result.is_error
    assert "may" in result.text, result.text
    assert backend.count(*START) == 1


def test_a_read_whose_connection_drops_is_tried_again(start, unruly):
    answers = [DROP, PROPER["/nodes"]]
    backend, server = failing(start, unruly, {"/nodes": lambda: answers.pop(0)})
    assert server.call("pve_list_nodes").rows
    assert backend.count("GET", "/nodes") == 2


def test_an_idle_connection_that_was_closed_is_no_error(start, unruly):
    upid = "UPID:pve1:00001000:00002000:65000000:qmstart:100:root@pam!unruly:"
    status = {"upid": upid, "node": "pve1", "status": "stopped", "exitstatus": "OK", "type": "qmstart", "id": "100",
              "user": "root@pam", "pid": 1, "pstart": 1, "starttime": 1}
    backend, server = failing(
        start, unruly,
        {
            START: answer(body={"data": upid}),
            f"/nodes/pve1/tasks/{upid}/status": answer(body={"data": status}),
            f"/nodes/pve1/tasks/{upid.replace(':', '%3A').replace('@', '%40').replace('!', '%21')}/status":
                answer(body={"data": status}),
        },
    )
    assert server.call("pve_list_nodes").rows
    backend.close_connections()
    assert server.call("pve_list_nodes").rows
    backend.close_connections()
    started = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert not started.is_error, started.text
    assert backend.count(*START) == 1


def test_nobody_listens(start, unruly):
    backend = unruly({})
    settings = dict(backend.settings)
    backend.close()
    result = start(None, **settings).call("pve_list_nodes")
    assert result.is_error
    assert "127.0.0.1" in result.text and str(backend.port) in result.text, result.text
    assert SECRET not in result.text


def test_a_name_that_does_not_resolve(start):
    server = start(
        None, PVE_BASE_URL="https://no-such-host.invalid", PVE_TOKEN_ID="root@pam!test", PVE_TOKEN_SECRET=SECRET
    )
    result = server.call("pve_list_nodes", timeout=60)
    assert result.is_error
    assert "no-such-host.invalid" in result.text
    assert SECRET not in result.text + server.stderr


def test_a_certificate_nobody_vouches_for(start, simulators):
    settings = {name: value for name, value in simulators("--task-seconds", "0.2").settings.items()
                if name not in ("PVE_CA_FILE", "PVE_FINGERPRINT")}
    result = start(None, **settings).call("pve_list_nodes")
    assert result.is_error
    assert "certificate" in result.text
    assert "PVE_FINGERPRINT" in result.text and "PVE_CA_FILE" in result.text, result.text


def test_a_fingerprint_of_another_certificate(start, simulators):
    settings = {**simulators("--task-seconds", "0.2").settings, "PVE_FINGERPRINT": ":".join(["AB"] * 32)}
    result = start(None, **settings).call("pve_list_nodes")
    assert result.is_error
    assert "fingerprint" in result.text.lower(), result.text


@pytest.mark.parametrize("kept", ["PVE_CA_FILE", "PVE_FINGERPRINT"])
def test_either_the_authority_or_the_fingerprint_is_enough(start, simulators, kept):
    settings = dict(simulators("--task-seconds", "0.2").settings)
    for name in {"PVE_CA_FILE", "PVE_FINGERPRINT"} - {kept}:
        settings.pop(name)
    assert start(None, **settings).call("pve_list_nodes").rows


def test_a_wrong_secret_says_401_and_is_not_shown(start, simulators):
    settings = {**simulators("--task-seconds", "0.2").settings, "PVE_TOKEN_SECRET": SECRET}
    server = start(None, **settings)
    result = server.call("pve_list_nodes")
    assert result.is_error
    assert "credentials of root@pam!" in result.text
    assert SECRET not in result.text + server.stderr


def test_debug_output_shows_no_secret(start, simulator):
    server = start(simulator, DEBUG="true")
    server.call("pve_list_nodes")
    server.call("pve_start_qemu_vm", {"vmid": 100, "wait": 0})
    server.end_input()
    server.wait_for_exit()
    assert "pve_start_qemu_vm" in server.stderr
    assert simulator.settings["PVE_TOKEN_SECRET"] not in server.stderr


@pytest.mark.parametrize(
    "status,words",
    [
        ("401", "credentials"), ("403", "may not"), ("500", "500"), ("501", "has no"), ("595", "cannot be reached"),
        ("596", "596"),
    ],
)
def test_the_simulators_own_faults_read_the_same(start, private_simulator, status, words):
    simulator = private_simulator("--fail", f"GET /nodes/*/status={status}:made to fail")
    result = start(simulator).call("pve_get_node_status", {"node": "pve1"})
    assert result.is_error
    assert words in result.text and "made to fail" in result.text, result.text


def test_a_node_that_is_off(start, private_simulator):
    simulator = private_simulator("--offline", "pve2")
    result = start(simulator).call("pve_get_node_status", {"node": "pve2"})
    assert result.is_error
    assert "pve2 cannot be reached" in result.text, result.text


def test_a_dropped_write_reaches_the_simulator_once(start, private_simulator):
    simulator = private_simulator("--drop", "POST /nodes/*/qemu/*/status/start")
    server = start(simulator)
    server.call("pve_list_nodes")
    result = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100})
    assert result.is_error
    assert len([entry for entry in simulator.requests() if entry["method"] == "POST"]) == 1


def test_user_and_password_work_too(start, unruly):
    seen = []
    backend = unruly(
        {
            ("POST", "/access/ticket"): lambda: seen.append(1)
            or answer(body={"data": {"ticket": "PVE:root@pam:AAAA::BBBB", "CSRFPreventionToken": "AAAA:CCCC",
                                     "username": "root@pam"}}),
        }
    )
    settings = {"PVE_BASE_URL": backend.settings["PVE_BASE_URL"], "PVE_USERNAME": "root@pam", "PVE_PASSWORD": SECRET}
    server = start(None, **settings)
    assert server.call("pve_list_nodes").rows
    assert server.call("pve_list_nodes").rows
    assert backend.count("POST", "/access/ticket") >= 1
    assert SECRET not in server.stderr


def test_the_simulator_is_only_on_loopback(private_simulator):
    simulator = private_simulator()
    assert "127.0.0.1" in simulator.settings["PVE_BASE_URL"] or "localhost" in simulator.settings["PVE_BASE_URL"]


def test_the_simulator_ends_when_its_input_does(tmp_path):
    import subprocess

    process = subprocess.Popen(
        [PVE_SIM, "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    )
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(5) is not None
    process.stdout.close()
