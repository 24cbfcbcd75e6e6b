// Changing an interface, which keeps its type when none is given.
// SPDX-License-Identifier: MIT

import PluginKit

var updateTool: Tool {
    Tool(
        "pve_update_network", "Update Network", tier: .full, effect: .overwrites,
        "Change a network interface's configuration, to be applied later; what is not named stays.",
        sends: [interface, update],
        parameters: [.node, .iface, interfaceType] + settings + [
            .string("delete", "Settings to remove, e.g. gateway,comments.")
        ],
        answers: .nothing.noting(pending),
        code: updateInterface)
}

private let interface = Endpoint.get("/nodes/{node}/network/{iface}")
private let update = Endpoint.put("/nodes/{node}/network/{iface}")

/// Proxmox wants the type with every change, although it knows it.
private func updateInterface(_ call: Call) throws(CallFailure) {
    var type = call.arguments["type"]
    if !type.exists {
        let present = try call.send(
            interface, ["node": .value(call.arguments["node"]), "iface": .value(call.arguments["iface"])])
        type = present["type"]
        guard type.exists else { throw .text("The interface's type is not known; give it as the argument \"type\".") }
    }
    try call.reply(call.send(update, ["type": .value(type)], withArguments: true))
}
