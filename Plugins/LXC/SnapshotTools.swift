// Tools that take, drop and go back to snapshots.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var snapshotTools: [Tool] {
    [
        Tool(
            "pve_create_lxc_snapshot", "Create LXC Container Snapshot", tier: .full, effect: .changes,
            "Take a snapshot of a container's disks and configuration.",
            .post("/nodes/{node}/lxc/{vmid}/snapshot"),
            parameters: [.guestNode, .vmid, .snapname, .string("description", "What it is for."), .wait],
            answers: .task),
        Tool(
            "pve_delete_lxc_snapshot", "Delete LXC Container Snapshot", tier: .full, effect: .destroys,
            "Delete a snapshot; the container's present state stays.",
            .delete("/nodes/{node}/lxc/{vmid}/snapshot/{snapname}"),
            parameters: [.guestNode, .vmid, .snapname, .forceSnapshot, .wait],
            answers: .task),
        Tool(
            "pve_rollback_lxc_snapshot", "Rollback LXC Container Snapshot", tier: .full, effect: .overwrites,
            "Put a container back to a snapshot; everything since then is lost. A running one is stopped.",
            .post("/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback"),
            parameters: [
                .guestNode, .vmid, .snapname, .bool("start", "Start the container afterwards."), .wait,
            ],
            answers: .task),
    ]
}
