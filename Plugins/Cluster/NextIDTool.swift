// A free ID for a new guest.
// SPDX-License-Identifier: MIT

import PluginKit

var nextIDTool: Tool {
    Tool(
        "pve_get_next_vmid", "Get Next VMID", tier: .readOnly, effect: .reads,
        "Lowest free guest ID, or whether a given one is free. It reserves nothing.",
        sends: [nextID],
        parameters: [.integer("vmid", "Check this ID: an error if it is taken.", in: 100...999_999_999)],
        answers: .object([.integer("vmid").always]),
        code: getNextID)
}

private let nextID = Endpoint.get("/cluster/nextid")

/// Proxmox answers the bare number, mostly as text.
private func getNextID(_ call: Call) throws(CallFailure) {
    let answer = try call.send(nextID, withArguments: true)
    guard let free = answer.int else { throw .text("Proxmox named no free guest ID.") }
    try call.reply { reply throws(CallFailure) in
        try reply.object { () throws(CallFailure) in try reply.member("vmid", .int(free)) }
    }
}
