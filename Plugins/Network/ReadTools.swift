// Tools that look at network interfaces.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_networks", "List Networks", tier: .readOnly, effect: .reads,
            "Network interfaces of a node as configured, waiting changes included; `changes` is their diff.",
            .get("/nodes/{node}/network"),
            parameters: [
                .node,
                .string(
                    "type", "Only these; any_bridge: all bridges; include_sdn: vnets too.",
                    choices: [
                        "bridge", "bond", "eth", "alias", "vlan", "fabric", "OVSBridge", "OVSBond", "OVSPort",
                        "OVSIntPort", "vnet", "any_bridge", "any_local_bridge", "include_sdn",
                    ]), .fields, .limit, .cursor,
            ],
            answers: .list(
                "networks",
                [
                    .string("iface").always, .string("type").always, .bool("active"), .bool("autostart"),
                    .string("cidr"), .string("gateway"), .string("cidr6"), .string("gateway6"),
                    .string("bridge_ports"), .bool("bridge_vlan_aware"), .string("slaves"), .string("comments"),
                ])),
        Tool(
            "pve_get_network", "Get Network", tier: .readOnly, effect: .reads,
            "Configuration of one network interface, changes that are not applied yet included.",
            .get("/nodes/{node}/network/{iface}"),
            parameters: [.node, .iface],
            answers: .object([.string("type").always, .string("method"), .string("method6")])),
    ]
}

extension Parameter {
    static var iface: Parameter { .string("iface", "Interface, e.g. vmbr1.").required }
}
