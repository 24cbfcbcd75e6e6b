// Changing a rule, which keeps its type when none is given.
// SPDX-License-Identifier: MIT

import PluginKit

var updateRuleTool: Tool {
    Tool(
        "pve_update_ha_rule", "Update HA Rule", tier: .full, effect: .overwrites,
        "Change a rule of high availability; what is not named stays.",
        sends: [rule, update],
        parameters: [.rule, .string("resources", "Guests, e.g. vm:100,ct:101")] + ruleSettings + [
            .string("delete_settings", "Settings to remove, e.g. comment,strict.")
                .sent(as: "delete"), .digest,
        ],
        answers: .nothing.noting(acting),
        code: updateRule)
}

private let rule = Endpoint.get("/cluster/ha/rules/{rule}")
private let update = Endpoint.put("/cluster/ha/rules/{rule}")

/// Proxmox wants the type with every change, although a rule's cannot be changed.
private func updateRule(_ call: Call) throws(CallFailure) {
    let present = try call.send(rule, ["rule": .value(call.arguments["rule"])])
    let type = present["type"]
    guard type.exists else { throw .text("Proxmox does not tell the rule's type, which a change has to name.") }
    try call.reply(call.send(update, ["type": .value(type)], withArguments: true))
}
