// Tools that stop high availability from acting, and let it act again.
// SPDX-License-Identifier: MIT

import PluginKit

var armTools: [Tool] {
    [
        Tool(
            "pve_disarm_ha", "Disarm HA Stack", tier: .full, effect: .settles,
            "Keep high availability from fencing nodes and recovering guests until pve_arm_ha.",
            .post("/cluster/ha/status/disarm-ha"),
            parameters: [
                .string(
                    "resource_mode", "freeze: guests stay as they are; ignore: guests can be changed by hand.",
                    choices: ["freeze", "ignore"]
                ).required.sent(as: "resource-mode")
            ],
            answers: .nothing.noting(armNotice)),
        Tool(
            "pve_arm_ha", "Arm HA Stack", tier: .full, effect: .settles,
            "Let high availability fence nodes and recover guests again.",
            .post("/cluster/ha/status/arm-ha"),
            answers: .nothing.noting(armNotice)),
    ]
}

private let armNotice: StaticString =
    "The HA manager follows within seconds: armed-state in pve_get_cluster_ha_status shows it."
