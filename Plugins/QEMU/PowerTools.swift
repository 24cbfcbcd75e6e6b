// Tools that start and stop VMs.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var powerTools: [Tool] {
    [
        Tool(
            "pve_start_qemu_vm", "Start QEMU VM", tier: .readExecute, effect: .changes,
            "Power on a VM.",
            .post("/nodes/{node}/qemu/{vmid}/status/start"),
            parameters: [
                .guestNode, .vmid, .timeout("Seconds until the start fails."), .wait,
                .options("API parameters: machine, force-cpu, targetstorage, skiplock (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_stop_qemu_vm", "Stop QEMU VM", tier: .readExecute, effect: .destroys,
            "Cut a VM's power at once; unsaved work in it is lost. pve_shutdown_qemu_vm is the gentle way.",
            .post("/nodes/{node}/qemu/{vmid}/status/stop"),
            parameters: [
                .guestNode, .vmid, .timeout("Seconds until the stop fails."),
                .wait,
                .options(
                    """
                    API parameters: keepActive; at tier full overrule-shutdown (end its shutdown tasks first), \
                    skiplock (root@pam only).
                    """),
            ],
            answers: .task),
        Tool(
            "pve_shutdown_qemu_vm", "Shutdown QEMU VM", tier: .readExecute, effect: .destroys,
            "Ask a VM to shut down, by its agent or ACPI.",
            .post("/nodes/{node}/qemu/{vmid}/status/shutdown"),
            parameters: [
                .guestNode, .vmid, .timeout("Seconds to give the VM."),
                .forceStop, .wait,
                .options("API parameters: keepActive, skiplock (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_reboot_qemu_vm", "Reboot QEMU VM", tier: .readExecute, effect: .changes,
            "Ask a VM to shut down and start it again; applies pending changes.",
            .post("/nodes/{node}/qemu/{vmid}/status/reboot"),
            parameters: [.guestNode, .vmid, .timeout("Seconds to give the shutdown."), .wait],
            answers: .task),
        Tool(
            "pve_suspend_qemu_vm", "Suspend QEMU VM", tier: .readExecute, effect: .changes,
            "Pause a VM, in memory or to disk.",
            .post("/nodes/{node}/qemu/{vmid}/status/suspend"),
            parameters: [
                .guestNode, .vmid,
                .bool("todisk", "Save memory to disk and power off (hibernate)."),
                .string("statestorage", "Storage for the saved memory; needs todisk."), .wait,
                .options("API parameters: skiplock (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_resume_qemu_vm", "Resume QEMU VM", tier: .readExecute, effect: .changes,
            "Let a paused or hibernated VM go on.",
            .post("/nodes/{node}/qemu/{vmid}/status/resume"),
            parameters: [
                .guestNode, .vmid, .wait, .options("API parameters: nocheck, skiplock (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_reset_qemu_vm", "Reset QEMU VM", tier: .readExecute, effect: .destroys,
            "Press a VM's reset button; unsaved work in it is lost.",
            .post("/nodes/{node}/qemu/{vmid}/status/reset"),
            parameters: [.guestNode, .vmid, .wait, .options("API parameters: skiplock (root@pam only).")],
            answers: .task),
    ]
}
