// Tools that put guests under high availability and take them out.
// SPDX-License-Identifier: MIT

import PluginKit

var resourceTools: [Tool] {
    [
        Tool(
            "pve_create_ha_resource", "Create HA Resource", tier: .full, effect: .destroys,
            "Put a guest under high availability, which starts it unless state says otherwise.",
            .post("/cluster/ha/resources"),
            parameters: [.sid] + resourceSettings,
            answers: .nothing.noting(acting)),
        Tool(
            "pve_update_ha_resource", "Update HA Resource", tier: .full, effect: .overwrites,
            "Change how a guest is kept running; state starts or stops it. What is not named stays.",
            .put("/cluster/ha/resources/{sid}"),
            parameters: [.sid] + resourceSettings.map { $0.withoutDefault } + [
                .string("delete", "Settings to reset, e.g. comment,group."), .digest,
            ],
            answers: .nothing.noting(acting)),
        Tool(
            "pve_delete_ha_resource", "Delete HA Resource", tier: .full, effect: .destroys,
            "Take a guest out of high availability; the guest itself stays as it is.",
            .delete("/cluster/ha/resources/{sid}"),
            parameters: [
                .sid, .bool("purge", "Take it out of HA rules too (Proxmox VE 9).", default: true),
            ],
            answers: .nothing),
    ]
}
