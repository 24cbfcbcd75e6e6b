// Tools that start and stop VMs.
// SPDX-License-Identifier: MIT

import PluginKit

var powerTools: [Tool] {
    [
        Tool(
            "pve_start_qemu_vm", "Start QEMU VM", tier: .readExecute, effect: .changes,
            "Power on a VM.",
            .post("/nodes/{node}/qemu/{vmid}/status/start"),
            parameters: [
                .guestNode, .vmid, .integer("timeout", "Seconds until the start fails.", in: 0...), .wait,
                .options("Further API parameters, e.g. machine, force-cpu, skiplock (root@pam only)."),
            ],
            answers: .task)
    ]
}
