// Tools that copy, change and delete containers.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var lifecycleTools: [Tool] {
    [
        Tool(
            "pve_clone_lxc_container", "Clone LXC Container", tier: .full, effect: .changes,
            "Copy a container in full (a running one from a snapshot only), or a template as linked clone.",
            .post("/nodes/{node}/lxc/{vmid}/clone"),
            parameters: [
                .guestNode, .vmid, .newid, .string("hostname", "Name of the copy (DNS name)."),
                .string("target", "Node for it; needs shared storage."),
                .bool("full", "Copy all disks of a template."),
                .string("description", "Notes of the copy."), .sourceSnapshot,
                .string("storage", "Storage for the disks of a full clone."), .string("pool", "Pool for the copy."),
                .bwlimit, .wait,
            ],
            answers: .task),
        Tool(
            "pve_update_lxc_config", "Update LXC Container Configuration", tier: .full, effect: .destroys,
            """
            Change a container's configuration. What cannot be changed while it runs stays pending until it is restarted.
            """,
            .put("/nodes/{node}/lxc/{vmid}/config"),
            parameters: [.guestNode, .vmid] + settings.map { $0.withoutDefault } + [
                .string("delete", "Settings to remove, e.g. net1,mp0; volumes stay, as unused."),
                .string("revert", "Pending changes to drop, e.g. memory."), .digest,
                .options(
                    "API parameters: mp0 (local-lvm:8,mp=/data), net1, nameserver, searchdomain, startup, cpulimit, entrypoint, …"
                ),
            ],
            answers: .nothing),
        Tool(
            "pve_delete_lxc_container", "Delete LXC Container", tier: .full, effect: .destroys,
            "Delete a stopped container with its disks and snapshots.",
            .delete("/nodes/{node}/lxc/{vmid}"),
            parameters: [
                .guestNode, .vmid,
                .bool("purge", "Remove it from backup, replication and HA jobs too."),
                .bool("force", "Delete it even if it runs."),
                .bool("destroy-unreferenced-disks", "Delete disks of its ID that it does not list."), .wait,
            ],
            answers: .task),
    ]
}
