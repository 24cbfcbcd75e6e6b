"""Path values reach the endpoint they are meant for, or nothing."""
# SPDX-License-Identifier: MIT

import pytest

HOSTILE = {
    "two dots": "..",
    "one dot": ".",
    "empty": "",
    "slash": "a/b",
    "encoded slash": "%2F",
    "encoded dots": "%2e%2e",
    "climbing": "../../access/users",
    "climbing, encoded": "..%2f..%2faccess%2fusers",
    "newline": "pve1\nHost: example.org",
    "carriage return": "pve1\r\nX: y",
    "NUL": "pve1\u0000",
    "query": "pve1?x=1",
    "fragment": "pve1#x",
    "semicolon": "pve1;x",
    "backslash": "..\\..\\access",
    "blank": "pve 1",
    "not ASCII": "pvé1",
    "overlong": "a" * 10_000,
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("check", ["true", "false"], ids=["checked", "unchecked"])
@pytest.mark.parametrize(
    "tool,argument,others,method,template",
    [
        ("pve_get_node_status", "node", {}, "GET", "/nodes/{node}/status"),
        ("pve_get_qemu_config", "node", {"vmid": 100}, "GET", "/nodes/{node}/qemu/{vmid}/config"),
        (
            "pve_delete_qemu_snapshot", "snapname", {"node": "pve1", "vmid": 100}, "DELETE",
            "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}",
        ),
        (
            "pve_rollback_qemu_snapshot", "snapname", {"node": "pve1", "vmid": 100}, "POST",
            "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback",
        ),
        (
            "pve_manage_node_service", "service", {"node": "pve1", "command": "restart"}, "POST",
            "/nodes/{node}/services/{service}/restart",
        ),
    ],
    ids=["node", "node of a guest", "snapshot to delete", "snapshot to return to", "service"],
)
def test_no_other_endpoint_is_reached(warm, simulator, check, tool, argument, others, method, template, value):
    server = warm(check)
    mark = simulator.mark()
    answer = server.call(tool, {**others, argument: value})
    assert answer.is_error
    seen = simulator.since(mark)
    for entry in seen:
        # A path that no endpoint has is answered with 501 and has no template. What is not there is looked for.
        assert entry.get("template") in (template, "/cluster/resources", "/nodes", None), seen
        assert entry["method"] in (method, "GET")
    assert not [entry for entry in seen if "access" in (entry.get("template") or "")]
    text = answer.text
    assert argument in text or value[:20] in text or "node" in text, text


@pytest.fixture(scope="module")
def warm(simulators):
    """Servers that have made their first request, one for each setting of the host's own check."""
    from harness.server import Server

    running = {}

    def server(check):
        if check not in running:
            settings = simulators("--task-seconds", "0.2").settings
            running[check] = Server(settings={**settings, "PVE_SCHEMA_CHECK": check})
            running[check].call("pve_list_nodes")
        return running[check]

    yield server
    for one in running.values():
        one.close()


def test_two_dots_never_delete_the_guest(warm, simulator):
    server = warm("false")
    mark = simulator.mark()
    before = {row["vmid"] for row in server.call("pve_list_qemu_vms", {"node": "pve1"}).rows}
    assert server.call("pve_delete_qemu_snapshot", {"node": "pve1", "vmid": 100, "snapname": ".."}).is_error
    assert not [entry for entry in simulator.since(mark) if entry.get("template") == "/nodes/{node}/qemu/{vmid}"]
    assert {row["vmid"] for row in server.call("pve_list_qemu_vms", {"node": "pve1"}).rows} == before
