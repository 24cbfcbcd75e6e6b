"""Guests that nothing destructive is done to: PVE_PROTECT, and the API's own flag."""
# SPDX-License-Identifier: MIT

import pytest

from harness.confirmation import lacks_token, token_of, writes
from harness.person import ASKING, CLIENTS, Person, accept, agreeing

EVERYBODY = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture
def pool(cluster):
    """A pool with the guest 100 in it, one below it with 101."""
    for path, body in (
        ("/pools", {"poolid": "infra"}), ("/pools", {"poolid": "infra/db"}), ("/pools", {"poolid": "other"}),
    ):
        assert cluster.ask("POST", path, body)[0] == 200
    for poolid, vmid in (("infra", 100), ("infra/db", 101)):
        assert cluster.ask("PUT", "/pools", {"poolid": poolid, "vms": vmid})[0] == 200
    return cluster


def tag(cluster, vmid, tags):
    status, data = cluster.ask("PUT", f"/nodes/pve1/qemu/{vmid}/config", {"tags": tags})
    assert status == 200, data


DESTROYING = [
    ("pve_delete_qemu_vm", {"vmid": 100}),
    ("pve_delete_qemu_vm", {"node": "pve1", "vmid": 100, "purge": True}),
    ("pve_stop_qemu_vm", {"vmid": 101}),
    ("pve_reset_qemu_vm", {"node": "pve1", "vmid": 101}),
    ("pve_shutdown_qemu_vm", {"vmid": 101, "forceStop": True}),
]


def protected(server, cluster, calls, word):
    mark = cluster.mark()
    for tool, arguments in calls:
        answer = server.call(tool, arguments)
        assert lacks_token(answer), f"{tool} {arguments}: {answer.text}"
        assert "PVE_PROTECT" in answer.text and word in answer.text, answer.text
        again = server.call(tool, {**arguments, "confirm": "x"})
        assert lacks_token(again)
    assert writes(cluster, mark) == []


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "person", "never"])
def test_guests_protected_by_id_are_not_even_asked_about(serve, cluster, client, mode):
    person = Person(accept(True)) if client in ASKING else None
    server = serve(client, person, PVE_CONFIRM=mode, PVE_PROTECT="100-101,5000")
    protected(server, cluster, DESTROYING, "100-101")
    assert person is None or person.questions == []


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "never"])
def test_guests_protected_by_tag(serve, cluster, client, mode):
    tag(cluster, 100, "Prod;web")
    tag(cluster, 101, "prod")
    server = serve(client, agreeing() if client in ASKING else None, PVE_CONFIRM=mode, PVE_PROTECT="tag:prod")
    protected(server, cluster, DESTROYING, "tag:prod")
    # The tag itself is not taken away either.
    mark = cluster.mark()
    for arguments in ({"tags": "web"}, {"tags": ""}, {"delete": "tags"}):
        assert server.call("pve_update_qemu_config", {"vmid": 100, **arguments}).is_error
    assert writes(cluster, mark) == []
    assert not server.call("pve_update_qemu_config", {"vmid": 100, "tags": "prod;more"}).is_error


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "never"])
def test_guests_protected_by_pool(serve, pool, client, mode):
    server = serve(client, agreeing() if client in ASKING else None, PVE_CONFIRM=mode, PVE_PROTECT="pool:infra")
    protected(server, pool, DESTROYING, "pool:infra")


def test_guests_of_other_pools_and_tags_are_not_protected(serve, pool):
    tag(pool, 101, "production")
    server = serve("legacy", PVE_CONFIRM="never", PVE_PROTECT="pool:infra/d,pool:oth,tag:prod,1000-1010")
    assert not server.call("pve_reset_qemu_vm", {"vmid": 101}).is_error


def test_what_loses_nothing_is_done_to_protected_guests(serve, cluster):
    server = serve("modern", PVE_PROTECT="100,101")
    for tool, arguments in (
        ("pve_get_qemu_status", {"vmid": 101}),
        ("pve_start_qemu_vm", {"vmid": 100}),
        ("pve_create_qemu_snapshot", {"vmid": 101, "snapname": "kept"}),
    ):
        answer = server.call(tool, arguments)
        assert not answer.is_error, answer.text


FLAGGED = 107


@EVERYBODY
@pytest.mark.parametrize("mode", ["ask", "person", "never"])
def test_the_flag_of_the_api_protects(serve, cluster, client, mode):
    person = agreeing() if client in ASKING else None
    server = serve(client, person, PVE_CONFIRM=mode)
    answer = server.call("pve_delete_qemu_vm", {"vmid": FLAGGED})
    assert lacks_token(answer)
    assert "protection" in answer.text, answer.text
    assert writes(cluster) == []
    assert person is None or person.questions == []


@EVERYBODY
@pytest.mark.parametrize("change", [{"protection": False}, {"delete": "protection"}], ids=["off", "deleted"])
def test_switching_the_flag_off_needs_a_yes(serve, cluster, client, change):
    person = Person({"action": "decline"}) if client in ASKING else None
    server = serve(client, person)
    answer = server.call("pve_update_qemu_config", {"vmid": FLAGGED, **change})
    assert answer.is_error
    assert writes(cluster) == []
    if person:
        assert str(FLAGGED) in person.questions[0] and "protection" in person.questions[0]
        person.reply = accept(True)
        assert not server.call("pve_update_qemu_config", {"vmid": FLAGGED, **change}).is_error
    else:
        again = {"vmid": FLAGGED, **change, "confirm": token_of(answer)}
        assert not server.call("pve_update_qemu_config", again).is_error
    assert len(writes(cluster)) == 1


@pytest.mark.parametrize("mode", ["ask", "never"])
def test_protection_by_pool_is_not_taken_away(serve, pool, mode):
    server = serve("modern", PVE_CONFIRM=mode, PVE_PROTECT="pool:infra")
    protected(server, pool, [
        ("pve_update_pool", {"poolid": "infra", "vms": "100", "delete": True}),
        ("pve_update_pool", {"poolid": "infra/db", "vms": "101", "delete": True}),
        ("pve_delete_pool", {"poolid": "infra"}),
        ("pve_delete_pool", {"poolid": "infra/db"}),
    ], "pool:infra")
    mark = pool.mark()
    answer = server.call("pve_update_pool", {"poolid": "other", "vms": "100", "allow-move": True})
    assert answer.is_error and "PVE_PROTECT" in answer.text, answer.text
    assert writes(pool, mark) == []
    # Below the protected pool is still inside it.
    moved = server.call("pve_update_pool", {"poolid": "infra/db", "vms": "100", "allow-move": True})
    assert not moved.is_error, moved.text


@pytest.mark.parametrize("mode", ["ask", "never"])
def test_protected_guests_are_safe_from_requests_that_do_not_name_them_in_their_path(serve, cluster, mode):
    for protect in ("101,110", "tag:prod"):
        if protect == "tag:prod":
            tag(cluster, 101, "prod")
            assert cluster.ask("PUT", "/nodes/pve3/lxc/110/config", {"tags": "prod"})[0] == 200
        server = serve("modern", PVE_CONFIRM=mode, PVE_PROTECT=protect)
        protected(server, cluster, [
            ("pve_bulk_shutdown_guests", {"vms": [100, 101]}),
            ("pve_run_backup", {"vmid": "101", "storage": "shared", "options": {"prune-backups": "keep-last=1"}}),
            ("pve_run_backup", {
                "node": "pve1", "all": True, "storage": "shared", "options": {"prune-backups": "keep-last=1"},
            }),
            ("pve_create_backup_job", {"schedule": "daily", "vmid": "100,101", "prune-backups": "keep-last=1"}),
            ("pve_stop_lxc_container", {"vmid": 110}),
            ("pve_update_acl", {"path": "/vms/101", "roles": "PVEVMUser", "users": "root@pam", "delete": True}),
        ], "tag:prod" if protect == "tag:prod" else "1")
