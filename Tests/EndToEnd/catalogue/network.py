"""Network interfaces of nodes, whose changes wait to be applied."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

NODE = {"node": "pve1"}
BRIDGE = {**NODE, "iface": "vmbr7"}
MAKE_BRIDGE = ("POST /nodes/pve1/network", {"iface": "vmbr7", "type": "bridge"})
# A node has one default gateway.
FREE_GATEWAY = ("PUT /nodes/pve1/network/vmbr0", {"type": "bridge", "delete": "gateway"})
BRIDGED = {
    "cidr": "192.0.2.7/24", "gateway": "192.0.2.1", "cidr6": "2001:db8::7/64", "gateway6": "2001:db8::1",
    "autostart": True, "mtu": 9000, "bridge_ports": "nic1", "bridge_vlan_aware": True,
    "comments": "a = b & c",
}
BONDED = {
    "address": "198.51.100.7", "netmask": "255.255.255.0", "slaves": "nic1", "bond_mode": "active-backup",
}

CASES = [
    Case(
        tool="pve_list_networks",
        required=NODE,
        all={**NODE, "type": "bridge", "fields": ["iface", "active"], "limit": 1, "cursor": "0"},
        failure=Failure({"node": "pve9"}, "pve9"),
    ),
    Case(
        tool="pve_get_network",
        required={**NODE, "iface": "vmbr0"},
        all={**NODE, "iface": "vmbr0"},
        failure=Failure({**NODE, "iface": "vmbr9"}, "does not exist"),
    ),
    Case(
        tool="pve_create_network",
        required={**BRIDGE, "type": "bridge"},
        all={**BRIDGE, "type": "bridge", **BRIDGED},
        all_setup=[FREE_GATEWAY],
        option={"bridge_vids": "2-4094"},
        failure=Failure({**NODE, "iface": "vmbr0", "type": "bridge"}, "already exists"),
    ),
    Case(
        tool="pve_create_network",
        required={**NODE, "iface": "bond7", "type": "bond", "slaves": "nic1"},
        all={**NODE, "iface": "bond7", "type": "bond", **BONDED},
    ),
    Case(
        tool="pve_create_network",
        required={**NODE, "iface": "vlan7", "type": "vlan", "vlan-id": 7, "vlan-raw-device": "vmbr0"},
        all={**NODE, "iface": "vlan7", "type": "vlan", "vlan-id": 7, "vlan-raw-device": "vmbr0"},
    ),
    Case(
        tool="pve_update_network",
        required={**BRIDGE, "comments": "changed"},
        all={**BRIDGE, "type": "bridge", **BRIDGED, "delete": "comments6"},
        setup=[MAKE_BRIDGE],
        all_setup=[FREE_GATEWAY],
        option={"bridge_vids": "2-4094"},
        failure=Failure({**NODE, "iface": "vmbr9", "comments": "changed"}, "does not exist"),
    ),
    Case(
        tool="pve_update_network",
        required={**NODE, "iface": "bond7", "bond_mode": "active-backup"},
        all={**NODE, "iface": "bond7", "type": "bond", **BONDED},
        setup=[("POST /nodes/pve1/network", {"iface": "bond7", "type": "bond", "slaves": "nic1"})],
    ),
    Case(
        tool="pve_update_network",
        required={**NODE, "iface": "vlan7", "vlan-id": 8},
        all={**NODE, "iface": "vlan7", "type": "vlan", "vlan-id": 8, "vlan-raw-device": "vmbr0"},
        setup=[
            (
                "POST /nodes/pve1/network",
                {"iface": "vlan7", "type": "vlan", "vlan-id": 7, "vlan-raw-device": "vmbr0"},
            )
        ],
    ),
    Case(
        tool="pve_delete_network",
        required=BRIDGE,
        all=BRIDGE,
        setup=[MAKE_BRIDGE],
        failure=Failure({**NODE, "iface": "vmbr9"}, "does not exist"),
    ),
]
