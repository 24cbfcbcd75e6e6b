"""How the server ends, and that it leaves nothing behind."""
# SPDX-License-Identifier: MIT

import json
import os
import signal
import subprocess
import time

import pytest

from harness.programs import PVE_MCP, environment
from harness.server import END, run

ONE_CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pve_list_nodes","arguments":{}}}\n'


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except FileNotFoundError:
        return []


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def gone(pid, timeout=5):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_a_line_piped_in_is_answered_and_the_server_exits():
    completed = run("--demo", input=ONE_CALL)
    assert completed.returncode == 0, completed.stderr
    lines = completed.stdout.splitlines()
    assert len(lines) == 1
    answer = json.loads(lines[0])
    assert answer["id"] == 1
    assert not answer["result"].get("isError")
    assert "pve1" in answer["result"]["content"][0]["text"]


def test_a_last_line_without_a_newline_is_answered_too(simulator):
    completed = run(settings=simulator.settings, input=ONE_CALL.rstrip())
    assert json.loads(completed.stdout)["id"] == 1


def test_it_exits_at_once_when_idle(start, simulator):
    server = start(simulator)
    server.call("pve_list_nodes")
    began = time.monotonic()
    server.end_input()
    assert server.wait_for_exit() == 0
    assert time.monotonic() - began < 1


def test_it_exits_at_once_when_nothing_ever_came(simulator):
    began = time.monotonic()
    completed = run(settings=simulator.settings)
    assert completed.returncode == 0
    assert completed.stdout == ""
    assert time.monotonic() - began < 2


def test_calls_in_flight_are_answered_before_it_exits(start, simulators):
    server = start(simulators("--latency", "500"))
    ids = [server.start_call("pve_list_nodes") for _ in range(8)]
    server.end_input()
    answers = server.rest()
    assert sorted(answer["id"] for answer in answers) == ids
    assert all(not answer["result"].get("isError") for answer in answers)
    assert server.wait_for_exit() == 0


def test_it_does_not_wait_for_ever(start, unruly):
    server = start(unruly({"/nodes": "silence"}), PVE_TIMEOUT="60")
    server.start_call("pve_list_nodes")
    began = time.monotonic()
    server.end_input()
    server.wait_for_exit(timeout=20)
    assert 8 < time.monotonic() - began < 15
    server.rest()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_it_with_whole_frames(start, simulators, number):
    server = start(simulators("--latency", "500"))
    for _ in range(8):
        server.start_call("pve_list_nodes")
    os.kill(server.pid, number)
    server.wait_for_exit(timeout=15)
    server.rest()


def test_sigterm_is_prompt_when_idle(start, simulator):
    server = start(simulator)
    began = time.monotonic()
    os.kill(server.pid, signal.SIGTERM)
    server.wait_for_exit()
    assert time.monotonic() - began < 1


def test_a_client_that_closes_stdout_ends_it(simulator):
    process = subprocess.Popen(
        [PVE_MCP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(**simulator.settings), bufsize=0,
    )
    process.stdin.write(ONE_CALL)
    assert process.stdout.readline()
    process.stdout.close()
    try:
        for _ in range(50):
            process.stdin.write(ONE_CALL)
            time.sleep(0.02)
    except BrokenPipeError:
        pass
    try:
        assert process.wait(10) >= 0, "killed by a signal"
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stderr.close()


def test_a_client_that_does_not_read_stops_only_itself(start, simulator):
    server = start(simulator)
    os.set_blocking(server.process.stdin.fileno(), True)
    ids = [server.start("tools/list", {}) for _ in range(100)]
    for id in ids:
        assert "result" in server.wait_for(id)


def simulator_child(server):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for child in children(server.pid):
            if name_of(child) == "pve-sim":
                return child
        time.sleep(0.02)
    raise AssertionError(f"no pve-sim among the children: {[name_of(child) for child in children(server.pid)]}")


@pytest.mark.parametrize("end", ["end of input", signal.SIGTERM, signal.SIGKILL], ids=["input", "SIGTERM", "SIGKILL"])
def test_the_demos_simulator_goes_with_it(start, end):
    server = start(None, "--demo")
    assert server.call("pve_list_nodes").rows
    child = simulator_child(server)
    if end == "end of input":
        server.end_input()
    else:
        os.kill(server.pid, end)
    server.wait_for_exit()
    assert gone(child)


def test_the_demo_ignores_settings_that_would_lead_elsewhere(start):
    server = start(None, "--demo", PVE_BASE_URL="https://127.0.0.1:9", PVE_TOKEN_ID="x@pam!y", PVE_TOKEN_SECRET="z")
    assert server.call("pve_list_nodes").rows


def test_cancelled_calls_are_not_answered(start, simulators):
    server = start(simulators("--latency", "500"))
    cancelled = server.start_call("pve_list_nodes")
    server.notify("notifications/cancelled", {"requestId": cancelled, "reason": "test"})
    other = server.start_call("pve_list_nodes")
    answers = []
    while not answers or answers[-1]["id"] != other:
        answers.append(server.receive())
    server.end_input()
    answers += server.rest()
    assert [answer["id"] for answer in answers] == [other]


def test_nothing_follows_the_end(start, simulator):
    server = start(simulator)
    server.end_input()
    assert server.receive() is END
