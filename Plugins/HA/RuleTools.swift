// Tools that add and remove rules of high availability.
// SPDX-License-Identifier: MIT

import PluginKit

var ruleTools: [Tool] {
    [
        Tool(
            "pve_create_ha_rule", "Create HA Rule", tier: .full, effect: .changes,
            "Say on which nodes guests run, or that they run together or apart. Needs Proxmox VE 9; 8 has HA groups.",
            .post("/cluster/ha/rules"),
            parameters: [
                .rule, ruleType.required, .string("resources", "Guests, e.g. vm:100,ct:101").required,
            ] + ruleSettings,
            answers: .nothing.noting(acting)),
        Tool(
            "pve_delete_ha_rule", "Delete HA Rule", tier: .full, effect: .destroys,
            "Delete a rule of high availability.",
            .delete("/cluster/ha/rules/{rule}"),
            parameters: [.rule],
            answers: .nothing),
    ]
}
