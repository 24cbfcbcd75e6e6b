// Tools that add and remove network interfaces.
// SPDX-License-Identifier: MIT

import PluginKit

var changeTools: [Tool] {
    [
        Tool(
            "pve_create_network", "Create Network", tier: .full, effect: .changes,
            "Add a network interface to a node's configuration, to be applied later.",
            .post("/nodes/{node}/network"),
            parameters: [.node, .iface, interfaceType.required] + settings,
            answers: .nothing.noting(pending)),
        Tool(
            "pve_delete_network", "Delete Network", tier: .full, effect: .destroys,
            "Remove a network interface from a node's configuration, to be applied later.",
            .delete("/nodes/{node}/network/{iface}"),
            parameters: [.node, .iface],
            answers: .nothing.noting(pending)),
    ]
}
