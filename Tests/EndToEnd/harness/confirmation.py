"""What tests of confirmation look for: writes in the simulator's log, tokens in answers."""
# SPDX-License-Identifier: MIT

import re

TOKEN = re.compile(r'"confirm": "([^"]+)"')


def writes(simulator, mark=0):
    """What was asked of the simulator after the mark besides reading; logging in is no change."""
    return [
        entry for entry in simulator.requests()[mark:]
        if entry["method"] != "GET" and entry.get("template") != "/access/ticket"
    ]


def described(entries):
    """The requests without what differs from run to run."""
    return [(entry["method"], entry["path"], entry["parameters"]) for entry in entries]


def token_of(answer):
    """The token that a refused call says to repeat it with."""
    assert answer.error is None and answer.is_error, answer.message
    assert "structuredContent" not in answer.result
    (token,) = TOKEN.findall(answer.text)
    return token


def lacks_token(answer):
    return answer.is_error and not TOKEN.findall(answer.text)
