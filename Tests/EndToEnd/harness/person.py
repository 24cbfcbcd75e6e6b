"""People who sit behind a client and are asked, and the kinds of client they sit behind."""
# SPDX-License-Identifier: MIT

from .schemas import MODERN

FORMS = {"elicitation": {"form": {}}}
YES = {"action": "accept", "content": {"confirm": True}}
NO = {"action": "accept", "content": {"confirm": False}}

# Results that are no yes, as a client might send them by mistake or on purpose.
NONSENSE = [
    {}, None, True, "accept", [YES], {"action": "accept"}, {"action": "accept", "content": None},
    {"action": "accept", "content": {}}, {"action": "accept", "content": True},
    {"action": "accept", "content": {"confirm": "true"}}, {"action": "accept", "content": {"confirm": 1}},
    {"action": "accept", "content": {"confirm": [True]}}, {"action": "accept", "content": {"Confirm": True}},
    {"action": "ACCEPT", "content": {"confirm": True}}, {"action": "yes", "content": {"confirm": True}},
    {"action": ["accept"], "content": {"confirm": True}}, {"content": {"confirm": True}}, {"confirm": True},
    {"result": YES}, {"action": "decline", "content": {"confirm": True}}, {"action": "cancel", **{"confirm": True}},
]


class Person:
    """Answers every question alike and remembers what was asked."""

    def __init__(self, answer):
        self.reply = answer
        self.questions = []

    def __call__(self, params):
        self.questions.append(params["message"])
        return self.reply(params) if callable(self.reply) else self.reply


def accept(value):
    """An answer that fills every box of the form with the value."""
    return lambda params: {
        "action": "accept", "content": {name: value for name in params["requestedSchema"]["properties"]}
    }


def agreeing():
    return Person(accept(True))


# The kinds of client that are told apart: revision and capabilities.
CLIENTS = {
    "modern": (MODERN, {}),
    "legacy": ("2025-11-25", {}),
    "modern that can be asked": (MODERN, FORMS),
    "legacy that can be asked": ("2025-11-25", FORMS),
}
ASKING = {name: kind for name, kind in CLIENTS.items() if kind[1]}
SILENT = {name: kind for name, kind in CLIENTS.items() if not kind[1]}
