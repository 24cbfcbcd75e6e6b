"""The cluster's configuration: what one tool makes, another one lists and a third one takes away."""
# SPDX-License-Identifier: MIT

import pytest


@pytest.fixture
def server(private_simulator, start):
    """A server with a cluster of its own, which nobody else changes."""
    simulator = private_simulator("--task-seconds", "0.1")
    server = start(simulator, PVE_SCHEMA_CHECK="false", PVE_CONFIRM="never")
    server.simulator = simulator
    return server


@pytest.fixture
def ask(server):
    def ask(tool, /, **arguments):
        answer = server.call(tool, arguments)
        assert not answer.is_error, f"{tool} {arguments}: {answer.text}"
        return answer

    return ask


@pytest.fixture
def refused(server):
    def refused(tool, /, **arguments):
        answer = server.call(tool, arguments)
        assert answer.is_error, f"{tool} {arguments}: {answer.text}"
        return answer.text

    return refused


def last_write(server):
    """The parameters of the last request that was no GET."""
    return [entry for entry in server.simulator.requests() if entry["method"] != "GET"][-1]["parameters"]


def named(rows, name, value):
    """The entry in which the field `name` is `value`; None when there is none."""
    found = [row for row in rows if row.get(name) == value]
    assert len(found) <= 1, found
    return found[0] if found else None


# Users and permissions


def test_a_user_comes_and_goes(ask, refused):
    ask("pve_create_user", userid="ada@pve", firstname="Ada", email="ada@example.org", expire=2000000000)
    user = named(ask("pve_list_users").rows, "userid", "ada@pve")
    assert (user["enable"], user["expire"], user["firstname"]) == (True, 2000000000, "Ada")
    assert "already exists" in refused("pve_create_user", userid="ada@pve")

    ask("pve_update_acl", path="/vms/100", roles="PVEVMUser,PVEAuditor", users="ada@pve", propagate=False)
    mine = [row for row in ask("pve_list_acls").rows if row["ugid"] == "ada@pve"]
    assert [(row["path"], row["type"], row["propagate"]) for row in mine] == [("/vms/100", "user", False)] * 2
    assert {row["roleid"] for row in mine} == {"PVEVMUser", "PVEAuditor"}
    ask("pve_update_acl", path="/vms/100", roles="PVEVMUser", users="ada@pve", delete=True)
    assert [row["roleid"] for row in ask("pve_list_acls").rows if row["ugid"] == "ada@pve"] == ["PVEAuditor"]

    ask("pve_delete_user", userid="ada@pve")
    assert named(ask("pve_list_users").rows, "userid", "ada@pve") is None
    assert not [row for row in ask("pve_list_acls").rows if row["ugid"] == "ada@pve"]
    assert "ada@pve" in refused("pve_get_user", userid="ada@pve")


def test_changing_a_user_leaves_alone_what_is_not_named(ask, server):
    ask("pve_create_user", userid="bob@pve", enable=False, comment="first", lastname="Builder")
    ask("pve_update_user", userid="bob@pve", comment="second")
    assert set(last_write(server)) - {"userid"} == {"comment"}
    user = ask("pve_get_user", userid="bob@pve").data
    assert (user["enable"], user["comment"], user["lastname"]) == (False, "second", "Builder")


def test_a_password_is_not_in_logs(private_simulator, start):
    simulator = private_simulator()
    server = start(simulator, PVE_CONFIRM="never", DEBUG="true")
    answer = server.call("pve_create_user", {"userid": "eve@pve", "password": "hush-hush-hush"})
    assert not answer.is_error, answer.text
    assert "hush-hush-hush" not in answer.text + server.stderr


def test_roles_and_realms_are_those_of_proxmox(ask):
    roles = ask("pve_list_roles").rows
    assert "VM.Audit" in named(roles, "roleid", "PVEAuditor")["privs"]
    assert named(roles, "roleid", "Administrator")["special"] is True
    assert {"pam", "pve"} <= {row["realm"] for row in ask("pve_list_domains").rows}


# Pools


def test_pools_hold_pools_and_guests(ask, refused):
    ask("pve_create_pool", poolid="dev", comment="ours")
    ask("pve_create_pool", poolid="dev/web")
    pools = ask("pve_list_pools").rows
    assert named(pools, "poolid", "dev")["comment"] == "ours"
    assert named(pools, "poolid", "dev/web") is not None

    ask("pve_update_pool", poolid="dev/web", vms="100,111", storage="local")
    members = ask("pve_get_pool", poolid="dev/web").data["members"]
    assert {member.get("vmid") for member in members if "vmid" in member} == {100, 111}
    containers = ask("pve_get_pool", poolid="dev/web", type="lxc").data["members"]
    assert [member["vmid"] for member in containers] == [111]

    assert refused("pve_update_pool", poolid="dev", vms="100")
    ask("pve_update_pool", poolid="dev", vms="100", **{"allow-move": True})
    assert {member["vmid"] for member in ask("pve_get_pool", poolid="dev").data["members"]} == {100}

    refused("pve_delete_pool", poolid="dev/web")
    ask("pve_update_pool", poolid="dev/web", vms="111", storage="local", delete=True)
    ask("pve_delete_pool", poolid="dev/web")
    assert named(ask("pve_list_pools").rows, "poolid", "dev/web") is None
    assert "dev/web" in refused("pve_get_pool", poolid="dev/web")


# Network


def test_an_interface_waits_to_be_applied(ask, refused):
    answer = ask("pve_create_network", node="pve1", iface="vmbr7", type="bridge", cidr="192.0.2.7/24", comments="ours")
    assert "applied" in answer.data["note"]
    interface = named(ask("pve_list_networks", node="pve1").rows, "iface", "vmbr7")
    assert (interface["type"], interface["cidr"]) == ("bridge", "192.0.2.7/24")
    assert not interface.get("active")
    assert named(ask("pve_list_networks", node="pve2").rows, "iface", "vmbr7") is None
    assert refused("pve_create_network", node="pve1", iface="vmbr7", type="bridge")

    ask("pve_update_network", node="pve1", iface="vmbr7", mtu=9000)
    changed = ask("pve_get_network", node="pve1", iface="vmbr7").data
    assert (changed["type"], changed["cidr"], str(changed["mtu"])) == ("bridge", "192.0.2.7/24", "9000")
    assert changed["comments"].strip() == "ours"

    ask("pve_update_network", node="pve1", iface="vmbr7", delete="comments")
    assert "comments" not in ask("pve_get_network", node="pve1", iface="vmbr7").data
    answer = ask("pve_delete_network", node="pve1", iface="vmbr7")
    assert "applied" in answer.data["note"]
    assert named(ask("pve_list_networks", node="pve1").rows, "iface", "vmbr7") is None


# Firewall


def test_rules_have_places(ask, refused):
    ask("pve_create_firewall_rule", action="ACCEPT", type="in", proto="tcp", dport="22", comment="ssh", enable=True)
    ask("pve_create_firewall_rule", action="DROP", type="out", dest="192.0.2.0/24", comment="out")
    rules = ask("pve_list_firewall_rules").rows
    assert [rule["pos"] for rule in rules] == [0, 1]
    assert named(rules, "comment", "ssh")["enable"] is True
    assert not named(rules, "comment", "out").get("enable")

    place = named(rules, "comment", "out")["pos"]
    ask("pve_update_firewall_rule", pos=place, enable=True, comment="closed")
    rule = named(ask("pve_list_firewall_rules").rows, "pos", place)
    assert (rule["comment"], rule["enable"], rule["dest"]) == ("closed", True, "192.0.2.0/24")

    first = rules[0]["comment"]
    ask("pve_update_firewall_rule", pos=0, moveto=2)
    assert ask("pve_list_firewall_rules").rows[0]["comment"] != first

    digest = ask("pve_list_firewall_rules", fields=["pos", "digest"]).rows[0]["digest"]
    ask("pve_delete_firewall_rule", pos=0, digest=digest)
    assert [rule["pos"] for rule in ask("pve_list_firewall_rules").rows] == [0]
    assert "modified" in refused("pve_delete_firewall_rule", pos=0, digest=digest)


def test_the_firewall_is_off_until_it_is_enabled(ask):
    assert not ask("pve_get_firewall_options").data.get("enable")
    ask("pve_update_firewall_options", enable=True, policy_in="REJECT")
    options = ask("pve_get_firewall_options").data
    assert (options["enable"], options["policy_in"]) == (True, "REJECT")
    ask("pve_update_firewall_options", enable=False, delete="policy_in")
    options = ask("pve_get_firewall_options").data
    assert not options.get("enable") and "policy_in" not in options


# High availability


def test_a_guest_is_kept_running(ask, refused):
    answer = ask("pve_create_ha_resource", sid="vm:100", state="stopped", max_restart=3, comment="ours")
    assert "pve_get_cluster_ha_status" in answer.data["note"]
    resource = named(ask("pve_list_ha_resources").rows, "sid", "vm:100")
    assert (resource["state"], resource["max_restart"], resource["comment"]) == ("stopped", 3, "ours")
    assert ask("pve_list_ha_resources", type="ct").rows == []
    assert named(ask("pve_get_cluster_ha_status").rows, "id", "service:vm:100")["type"] == "service"

    ask("pve_update_ha_resource", sid="vm:100", state="ignored")
    resource = ask("pve_get_ha_resource", sid="vm:100").data
    assert (resource["state"], resource["max_restart"]) == ("ignored", 3)
    ask("pve_delete_ha_resource", sid="vm:100")
    assert ask("pve_list_ha_resources").rows == []
    assert "vm:100" in refused("pve_get_ha_resource", sid="vm:100")


def test_changing_a_rule_says_its_type(ask, refused, server):
    for sid in ("vm:100", "ct:111"):
        ask("pve_create_ha_resource", sid=sid, state="stopped")
    ask("pve_create_ha_rule", rule="near", type="node-affinity", resources="vm:100", nodes="pve1,pve2", strict=True)
    ask("pve_create_ha_rule", rule="apart", type="resource-affinity", resources="vm:100,ct:111", affinity="negative")
    assert {rule["rule"] for rule in ask("pve_list_ha_rules").rows} == {"near", "apart"}
    assert [rule["rule"] for rule in ask("pve_list_ha_rules", type="node-affinity").rows] == ["near"]
    assert [rule["rule"] for rule in ask("pve_list_ha_rules", resource="ct:111").rows] == ["apart"]

    ask("pve_update_ha_rule", rule="near", comment="changed")
    assert last_write(server)["type"] == "node-affinity"
    rule = ask("pve_get_ha_rule", rule="near").data
    assert (rule["comment"], rule["strict"]) == ("changed", True)
    ask("pve_update_ha_rule", rule="apart", comment="changed")
    assert last_write(server)["type"] == "resource-affinity"
    ask("pve_update_ha_rule", rule="near", delete_settings="comment")
    assert "comment" not in ask("pve_get_ha_rule", rule="near").data
    assert "modified" in refused("pve_update_ha_rule", rule="near", comment="x", digest="0" * 40)

    ask("pve_delete_ha_rule", rule="near")
    assert [rule["rule"] for rule in ask("pve_list_ha_rules").rows] == ["apart"]


def test_high_availability_is_disarmed_and_armed(ask):
    ask("pve_create_ha_resource", sid="vm:100", state="stopped")
    ask("pve_disarm_ha", resource_mode="freeze")
    states = {row["armed-state"] for row in ask("pve_get_cluster_ha_status").rows if "armed-state" in row}
    assert states <= {"disarming", "disarmed"} and states
    ask("pve_arm_ha")
    states = {row["armed-state"] for row in ask("pve_get_cluster_ha_status").rows if "armed-state" in row}
    assert states <= {"armed", "standby"} and states


# The cluster


def test_the_next_free_id_is_a_number(ask, refused):
    assert ask("pve_get_next_vmid").data == {"vmid": 112}
    assert ask("pve_get_next_vmid", vmid=4000).data == {"vmid": 4000}
    assert "already exists" in refused("pve_get_next_vmid", vmid=100)


def test_options_that_are_not_named_stay(ask):
    ask("pve_update_cluster_options", keyboard="de", description="ours")
    ask("pve_update_cluster_options", console="xtermjs", delete="description")
    options = ask("pve_get_cluster_options").data
    assert (options["keyboard"], options["console"]) == ("de", "xtermjs")
    assert not options.get("description")


def test_the_log_begins_with_the_newest(ask):
    for vmid in (100, 111):
        ask("pve_create_ha_resource", sid=f"{'vm' if vmid == 100 else 'ct'}:{vmid}", state="stopped")
    ask("pve_start_qemu_vm", vmid=100, wait=10)
    entries = ask("pve_get_cluster_log").rows
    assert entries
    times = [entry["time"] for entry in entries]
    assert times == sorted(times, reverse=True)
    assert len(ask("pve_get_cluster_log", max=1).rows) == 1


def test_resources_of_one_kind(ask):
    ask("pve_create_pool", poolid="dev")
    kinds = {row["type"] for row in ask("pve_list_cluster_resources").rows}
    assert {"qemu", "lxc", "node", "storage", "pool"} <= kinds
    assert {row["type"] for row in ask("pve_list_cluster_resources", type="vm").rows} == {"qemu", "lxc"}
    assert {row["type"] for row in ask("pve_list_cluster_resources", type="storage").rows} == {"storage"}


def test_many_guests_start_at_once(ask):
    ask("pve_bulk_start_guests", vms=[100, 111], wait=30)
    running = {
        row["vmid"] for row in ask("pve_list_cluster_resources", type="vm", fields=["vmid", "status"]).rows
        if row["status"] == "running"
    }
    assert {100, 111} <= running
