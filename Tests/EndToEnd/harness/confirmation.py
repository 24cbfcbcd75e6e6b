"""What tests of confirmation look for: writes in the simulator's log, tokens in answers."""
# SPDX-License-Identifier: MIT

import re

STOP = "pve_stop_qemu_vm"
UPID = re.compile(r"UPID(:|%3A)[^/]+")
TIME = re.compile(r"\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d")
TOKEN = re.compile(r'"confirm": "([^"]+)"')


def writes(simulator, mark=0):
    """What was asked of the simulator after the mark besides reading; logging in is no change."""
    return [
        entry for entry in simulator.requests()[mark:]
        if entry["method"] != "GET" and entry.get("template") != "/access/ticket"
    ]


def described(entries):
    """The requests without what differs from run to run: task ids and the times in backups' names."""

    def same(text):
        return TIME.sub("TIME", UPID.sub("UPID", text))

    return [
        (entry["method"], same(entry["path"]), {name: same(str(value)) for name, value in entry["parameters"].items()})
        for entry in entries
    ]


def token_of(answer):
    """The token that a refused call says to repeat it with."""
    assert answer.error is None and answer.is_error, answer.message
    assert "structuredContent" not in answer.result
    (token,) = TOKEN.findall(answer.text)
    return token


def lacks_token(answer):
    return answer.is_error and not TOKEN.findall(answer.text)


def end_of(server, id):
    """The result of a call, whatever else comes before it."""
    message = server.wait_for(id)
    assert "result" in message, message
    return message["result"]
