// Tools that take, drop and go back to snapshots.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var snapshotTools: [Tool] {
    [
        Tool(
            "pve_create_qemu_snapshot", "Create QEMU VM Snapshot", tier: .full, effect: .changes,
            "Take a snapshot of a VM.",
            .post("/nodes/{node}/qemu/{vmid}/snapshot"),
            parameters: [
                .guestNode, .vmid, .snapname, .string("description", "What it is for."),
                .bool("vmstate", "Save the memory too."), .wait,
            ],
            answers: .task),
        Tool(
            "pve_delete_qemu_snapshot", "Delete QEMU VM Snapshot", tier: .full, effect: .destroys,
            "Delete a snapshot; the VM's present state stays.",
            .delete("/nodes/{node}/qemu/{vmid}/snapshot/{snapname}"),
            parameters: [
                .guestNode, .vmid, .snapname, .forceSnapshot, .wait,
            ],
            answers: .task),
        Tool(
            "pve_rollback_qemu_snapshot", "Rollback QEMU VM Snapshot", tier: .full, effect: .overwrites,
            "Put a VM back to a snapshot; everything since then is lost.",
            .post("/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback"),
            parameters: [
                .guestNode, .vmid, .snapname, .bool("start", "Start the VM afterwards."), .wait,
            ],
            answers: .task),
    ]
}
