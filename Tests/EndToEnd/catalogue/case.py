"""How a tool is exercised: what a case says, and what stands for its placeholders."""
# SPDX-License-Identifier: MIT
#
# Text in arguments may hold placeholders in braces:
#
#     {unique}    letters and digits, at most 8, not used by anything else
#     {vmid}      an id that no guest has; {vmid2} another one
#     {upid}      the task that the last call of `setup` started
#     {digest}    and every other plain value at the top of a setup call's answer, the last one of its name
#     {name}      what a setup call kept under this name, see Case.setup
#
# An argument that is a placeholder and nothing else keeps the placeholder's type, so "{vmid}" becomes a number.

import re
from dataclasses import dataclass, field

# Settings for calls by others than the token that may do everything. None: without this one.
ROOT = {"PVE_USERNAME": "root@pam", "PVE_PASSWORD": "pve-sim", "PVE_TOKEN_ID": None, "PVE_TOKEN_SECRET": None}
READER = {"PVE_TOKEN_ID": "auditor@pve!ro"}
NOBODY = {"PVE_TOKEN_ID": "root@pam!nothing"}

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Failure:
    """A call that fails in the tool's commonest way, and what its answer must say (one text, or several)."""

    arguments: dict
    text: str | tuple[str, ...]
    # Settings of the server for this call alone, such as a token that may do nothing.
    settings: dict = field(default_factory=dict)
    # Calls made before it, after those of the case; as Case.setup.
    setup: tuple | list = ()

    @property
    def texts(self):
        return (self.text,) if isinstance(self.text, str) else tuple(self.text)


@dataclass(frozen=True)
class Case:
    """A tool's calls. A tool may have several cases when its arguments exclude each other; `all` is then taken together.

    Every call has a simulator of its own, so a case need not clean up what it makes.
    """

    tool: str
    # The required arguments and no others; where they alone change nothing, as with updates, what makes a change too.
    required: dict
    # Every declared argument except `options` and `confirm`.
    all: dict
    # One member for `options`; None when the tool has no options.
    option: dict | None = None
    failure: Failure | None = None
    # Calls before each of the above: (tool, arguments), or (tool, arguments, {"name": "jobs.0.id"}) to keep a value of
    # the answer under a name. A verb and a path instead of a tool asks the simulator itself, without the server:
    # ("POST /access/users", {"userid": "a@pve"}).
    setup: tuple | list = ()
    # Calls after those and before the call with everything alone.
    all_setup: tuple | list = ()
    # Calls after each of the above, likewise.
    cleanup: tuple | list = ()
    # Whether the call may be long: it is then cancelled while its task runs.
    cancel: bool = False
    # Further options of pve-sim.
    simulator: tuple[str, ...] | list[str] = ()
    # Settings of the server, such as ROOT for parameters that only root@pam may use.
    settings: dict = field(default_factory=dict)
    # Kept for readers: the case needs a cluster that nobody else has touched. Every call has one.
    needs_fresh: bool = False
    # Arguments in `all` that reach Proxmox under other names, or not at all: they steer the call.
    translated: tuple[str, ...] | list[str] = ()


def filled(value, names):
    """The value with its placeholders replaced by what `names` holds for them; others stay as they are."""
    if isinstance(value, dict):
        return {filled(key, names): filled(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [filled(item, names) for item in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    if whole and whole[1] in names:
        return names[whole[1]]
    return PLACEHOLDER.sub(lambda found: str(names.get(found[1], found[0])), value)
