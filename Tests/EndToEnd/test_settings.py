"""Settings that are missing or malformed: exit 2 before the first frame, one message, an example."""
# SPDX-License-Identifier: MIT

import os

import pytest

from harness.server import run

GOOD = {
    "PVE_BASE_URL": "https://127.0.0.1:9",
    "PVE_TOKEN_ID": "root@pam!test",
    "PVE_TOKEN_SECRET": "5ec2e700-1111-2222-3333-444444444444",
}


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


WRONG = {
    "nothing": ({}, "PVE_BASE_URL", "https://"),
    "no address": (without("PVE_BASE_URL"), "PVE_BASE_URL", "https://"),
    "no token id": (without("PVE_TOKEN_ID"), "PVE_TOKEN_ID", "!"),
    "no secret": (without("PVE_TOKEN_SECRET"), "PVE_TOKEN_SECRET", "-0000-"),
    "user without password": (
        {"PVE_BASE_URL": GOOD["PVE_BASE_URL"], "PVE_USERNAME": "root@pam"}, "PVE_PASSWORD", "PVE_PASSWORD=",
    ),
    "password without user": (
        {"PVE_BASE_URL": GOOD["PVE_BASE_URL"], "PVE_PASSWORD": "x"}, "PVE_USERNAME", "@",
    ),
    "token and password": ({**GOOD, "PVE_USERNAME": "root@pam", "PVE_PASSWORD": "x"}, "PVE_USERNAME", "PVE_TOKEN_ID"),
    "address of another scheme": ({**GOOD, "PVE_BASE_URL": "ftp://pve"}, "PVE_BASE_URL", "https://"),
    "plain http to another machine": ({**GOOD, "PVE_BASE_URL": "http://pve.example.org"}, "PVE_BASE_URL", "https"),
    "address with a query": ({**GOOD, "PVE_BASE_URL": "https://pve.example.org/?x=1"}, "PVE_BASE_URL", "https://"),
    "address with a wrong port": ({**GOOD, "PVE_BASE_URL": "https://pve.example.org:99999"}, "PVE_BASE_URL", "https://"),
    "address with a password": ({**GOOD, "PVE_BASE_URL": "https://a:b@pve.example.org"}, "PVE_BASE_URL", "https://"),
    "token id without a name": ({**GOOD, "PVE_TOKEN_ID": "root@pam"}, "PVE_TOKEN_ID", "!"),
    "token id without a realm": ({**GOOD, "PVE_TOKEN_ID": "root!x"}, "PVE_TOKEN_ID", "@"),
    "user without a realm": (
        {"PVE_BASE_URL": GOOD["PVE_BASE_URL"], "PVE_USERNAME": "root", "PVE_PASSWORD": "x"}, "PVE_USERNAME", "@",
    ),
    "unknown tier": ({**GOOD, "PVE_ACCESS_TIER": "readonly"}, "PVE_ACCESS_TIER", "read-only"),
    "unknown category": ({**GOOD, "PVE_CATEGORIES": "nodes,vms"}, "PVE_CATEGORIES", "qemu"),
    "fingerprint too short": ({**GOOD, "PVE_FINGERPRINT": "AB:CD"}, "PVE_FINGERPRINT", ":"),
    "CA file that is not there": ({**GOOD, "PVE_CA_FILE": "/nonexistent/ca.pem"}, "PVE_CA_FILE", "/nonexistent"),
    "verify neither true nor false": ({**GOOD, "PVE_VERIFY_SSL": "maybe"}, "PVE_VERIFY_SSL", "true"),
    "timeout not a number": ({**GOOD, "PVE_TIMEOUT": "soon"}, "PVE_TIMEOUT", "30"),
    "timeout of zero": ({**GOOD, "PVE_TIMEOUT": "0"}, "PVE_TIMEOUT", "30"),
    "secret file that is not there": (
        {**without("PVE_TOKEN_SECRET"), "PVE_TOKEN_SECRET_FILE": "/nonexistent/secret"}, "PVE_TOKEN_SECRET_FILE",
        "/nonexistent/secret",
    ),
    "secret twice": ({**GOOD, "PVE_TOKEN_SECRET_FILE": "/etc/hostname"}, "PVE_TOKEN_SECRET_FILE", "PVE_TOKEN_SECRET"),
    "relative plugin directory": ({**GOOD, "PVE_PLUGIN_PATH": "plugins"}, "PVE_PLUGIN_PATH", "/"),
    "unknown tool in the whitelist": ({**GOOD, "PVE_TOOL_WHITELIST": "pve_list_nods"}, "PVE_TOOL_WHITELIST", "pve_list_nodes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_ends_the_server_before_the_first_frame(case):
    settings, name, hint = WRONG[case]
    completed = run(settings=settings, input=b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n')
    assert completed.returncode == 2, completed.stderr
    assert completed.stdout == ""
    lines = completed.stderr.strip().splitlines()
    assert len(lines) == 1, completed.stderr
    assert name in lines[0]
    assert hint in lines[0]
    assert GOOD["PVE_TOKEN_SECRET"] not in completed.stderr


@pytest.mark.parametrize(
    "options,word",
    [
        (["--bogus"], "--bogus"),
        (["bogus"], "bogus"),
        (["--tier"], "--tier"),
        (["--tier", "all"], "--tier"),
        (["--token-secret", "x"], "--token-secret-file"),
        (["--env-file", "/nonexistent/env"], "/nonexistent/env"),
    ],
)
def test_a_wrong_option_is_named(options, word):
    completed = run(*options, settings=GOOD)
    assert completed.returncode == 2
    assert completed.stdout == ""
    assert word in completed.stderr


def test_flags_win_over_the_environment(simulator, start):
    server = start(simulator, "--tier", "read-only", PVE_ACCESS_TIER="full")
    assert len(server.tool_names()) == 53


def test_a_secret_may_come_from_a_file(simulator, start, tmp_path):
    file = tmp_path / "secret"
    file.write_text(simulator.settings["PVE_TOKEN_SECRET"] + "\n")
    settings = {**simulator.settings, "PVE_TOKEN_SECRET": "", "PVE_TOKEN_SECRET_FILE": str(file)}
    assert start(None, **settings).call("pve_list_nodes").rows


def test_an_empty_variable_counts_as_absent():
    completed = run(settings={**GOOD, "PVE_TOKEN_SECRET": ""})
    assert completed.returncode == 2
    assert "PVE_TOKEN_SECRET" in completed.stderr


@pytest.fixture
def env_file(tmp_path):
    def write(text, mode=0o600):
        file = tmp_path / "env"
        file.write_text(text)
        file.chmod(mode)
        return str(file)

    return write


def test_an_env_file_is_read_when_named_and_never_overrides(simulator, start, env_file):
    file = env_file("# a comment\nPVE_ACCESS_TIER=read-only\nPVE_CATEGORIES='nodes'\n")
    assert len(start(simulator, "--env-file", file).tool_names()) == 7
    assert len(start(simulator, "--env-file", file, PVE_ACCESS_TIER="full").tool_names()) == 8


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_an_env_file_that_others_can_open_is_refused(env_file, mode):
    completed = run("--env-file", env_file("PVE_ACCESS_TIER=read-only\n", mode), settings=GOOD)
    assert completed.returncode == 2
    assert "chmod 600" in completed.stderr


@pytest.mark.parametrize("name", ["PVE_PLUGIN_PATH", "PVE_CA_FILE", "PVE_FINGERPRINT", "PVE_VERIFY_SSL"])
def test_an_env_file_may_not_decide_what_is_trusted(env_file, name):
    completed = run("--env-file", env_file(f"{name}=x\n"), settings=GOOD)
    assert completed.returncode == 2
    assert name in completed.stderr


def test_nothing_is_read_from_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in GOOD.items()))
    monkeypatch.chdir(tmp_path)
    assert run().returncode == 2


def test_help_and_version_need_no_settings():
    assert run("--help").returncode == 0
    for name in WRONG["token and password"][0]:
        assert name in run("--help").stdout
    version = run("--version")
    assert version.returncode == 0
    assert "pve-mcp" in version.stdout


def test_check_is_content_with_a_good_connection(simulator):
    completed = run("check", settings=simulator.settings)
    assert completed.returncode == 0, completed.stdout + completed.stderr


@pytest.mark.parametrize(
    "change,word",
    [
        ({"PVE_TOKEN_SECRET": "00000000-0000-0000-0000-000000000000"}, "credentials"),
        ({"PVE_BASE_URL": "https://127.0.0.1:9"}, "127.0.0.1"),
        ({"PVE_FINGERPRINT": ":".join(["AA"] * 32), "PVE_CA_FILE": ""}, "fingerprint"),
    ],
)
def test_check_says_what_is_wrong(simulator, change, word):
    completed = run("check", settings={**simulator.settings, **change})
    assert completed.returncode == 1
    assert word in (completed.stdout + completed.stderr).lower()


def test_strict_makes_a_bad_start_check_fatal(simulator):
    settings = {**simulator.settings, "PVE_TOKEN_SECRET": "00000000-0000-0000-0000-000000000000"}
    reader, writer = os.pipe()
    try:
        import subprocess

        from harness.programs import PVE_MCP, environment

        process = subprocess.Popen(
            [PVE_MCP, "--strict"], stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(**settings),
        )
        out, err = process.communicate(timeout=30)
    finally:
        os.close(reader)
        os.close(writer)
    assert process.returncode == 3, err
    assert out == b""
