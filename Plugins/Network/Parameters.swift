// Settings of an interface that creating and changing it share.
// SPDX-License-Identifier: MIT

import PluginKit

var interfaceType: Parameter {
    .string(
        "type", "Kind of interface.",
        choices: [
            "bridge", "bond", "eth", "alias", "vlan", "fabric", "OVSBridge", "OVSBond", "OVSPort", "OVSIntPort",
            "vnet", "unknown",
        ])
}

let settings: [Parameter] = [
    .string("cidr", "IPv4, e.g. 10.0.0.2/24"), .string("gateway", "IPv4 gateway."),
    .string("cidr6", "IPv6, e.g. 2001:db8::2/64"), .string("gateway6", "IPv6 gateway."),
    .string("address", "IPv4 without mask; prefer cidr."), .string("netmask", "Goes with address."),
    .bool("autostart", "Bring it up at boot."),
    .integer("mtu", "MTU."),
    .string("bridge_ports", "Ports of a bridge, e.g. eno1 eno2"),
    .bool("bridge_vlan_aware", "Let the bridge carry VLANs."),
    .string("slaves", "Members of a bond, e.g. eno1 eno2"),
    .string("bond_mode", "e.g. active-backup, 802.3ad, balance-xor"),
    .integer("vlan-id", "VLAN tag.", in: 1...4094), .string("vlan-raw-device", "Interface the VLAN is on."),
    .string("comments", "Note."),
    .options(
        """
        API parameters: bridge_vids, bond-primary, bond_xmit_hash_policy, ovs_bridge, ovs_ports, ovs_bonds, ovs_tag, \
        ovs_options, address6, netmask6.
        """
    ),
]

/// What every change answers beside its success.
let pending: StaticString = """
    Pending: the node goes on as before until this is applied, by "Apply Configuration" under Network in the web \
    interface (PUT /nodes/{node}/network) or by a reboot. A mistake can cut the node off.
    """
