"""The roles of docs/privileges.md do what they are for, by the simulator's own checks."""
# SPDX-License-Identifier: MIT

import sys

import pytest
from harness.programs import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import privileges  # noqa: E402

ROLE = "Reader"
READERS = privileges.within(privileges.every(), "read-only")
GIVEN = {
    "node": "pve1", "vmid": 101, "storage": "shared", "timeframe": "hour", "userid": "root@pam", "poolid": "pool1",
    "iface": "vmbr0", "id": "job1", "sid": "vm:100", "rule": "rule1",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A server whose token has the role of the lowest tier and nothing else."""
    from harness.server import Server
    from harness.simulator import Simulator

    simulator = Simulator(tmp_path_factory.mktemp("sim") / "log.jsonl", "--task-seconds", "0.1")

    def ask(method, url, **parameters):
        status, data = simulator.ask(method, url, {name.replace("_", "-"): value for name, value in parameters.items()})
        assert status == 200, (url, data)
        return data

    ask("POST", "/access/roles", roleid=ROLE, privs=",".join(privileges.role(READERS, "read-only")))
    ask("POST", "/access/users", userid="agent@pve")
    ask("PUT", "/access/acl", path="/", users="agent@pve", roles=ROLE)
    secret = ask("POST", "/access/users/agent@pve/token/mcp", privsep=0)["value"]
    ask("POST", "/pools", poolid="pool1")
    ask("POST", "/cluster/backup", id="job1", schedule="daily", vmid="100", storage="shared")
    ask("POST", "/cluster/ha/resources", sid="vm:100", state="stopped")
    ask("POST", "/cluster/ha/rules", rule="rule1", type="node-affinity", resources="vm:100", nodes="pve1")
    upid = ask("POST", "/nodes/pve1/qemu/103/status/start")
    settings = {**simulator.settings, "PVE_TOKEN_ID": "agent@pve!mcp", "PVE_TOKEN_SECRET": secret}
    with Server(settings=settings) as server:
        server.given = {**GIVEN, "upid": upid}
        server.required = {tool["name"]: tool["inputSchema"].get("required", []) for tool in server.tools()}
        yield server
    simulator.close()


def test_the_role_of_the_lowest_tier_can_only_look():
    role = privileges.role(READERS, "read-only")
    assert role and all(name.endswith(".Audit") or name == "Sys.Syslog" for name in role)


@pytest.mark.parametrize("tool", READERS, ids=lambda tool: tool["name"])
def test_the_role_of_the_lowest_tier_is_enough(reader, tool):
    arguments = {name: reader.given[name] for name in reader.required[tool["name"]]}
    if "lxc" in tool["name"] and "vmid" in arguments:
        arguments["vmid"] = 110
    answer = reader.call(tool["name"], arguments)
    if tool["name"] in [name for _, names in privileges.left_out() for name in names]:
        assert answer.is_error and "lacks the privilege" in answer.text
    else:
        assert not answer.is_error, answer.text
