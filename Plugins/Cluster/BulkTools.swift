// Tools that act on many guests at once.
// SPDX-License-Identifier: MIT

import PluginKit

var bulkTools: [Tool] {
    [
        Tool(
            "pve_bulk_start_guests", "Bulk Start Guests", tier: .readExecute, effect: .changes,
            "Start VMs and containers wherever they are.",
            .post("/cluster/bulk-action/guest/start"),
            parameters: [
                guests, .integer("timeout", "Seconds until a VM's start fails."), workers(default: 4), .wait,
            ],
            answers: .task),
        Tool(
            "pve_bulk_shutdown_guests", "Bulk Shutdown Guests", tier: .readExecute, effect: .destroys,
            "Shut VMs and containers down. Those that do not follow lose power and unsaved work.",
            .post("/cluster/bulk-action/guest/shutdown"),
            parameters: [
                guests, .integer("timeout", "Seconds to give each guest.", default: 180),
                .bool("force_stop", "Cut the power at the timeout.", default: true).sent(as: "force-stop"),
                workers(default: 4), .wait,
            ],
            answers: .task),
        Tool(
            "pve_bulk_suspend_guests", "Bulk Suspend Guests", tier: .readExecute, effect: .changes,
            "Pause VMs, in memory or to disk.",
            .post("/cluster/bulk-action/guest/suspend"),
            parameters: [
                guests,
                .bool("to_disk", "Save memory to disk and power off (hibernate).")
                    .sent(as: "to-disk"),
                .string("statestorage", "Storage for the saved memory; needs to_disk."), workers(default: 4), .wait,
            ],
            answers: .task),
        Tool(
            "pve_bulk_migrate_guests", "Bulk Migrate Guests", tier: .readExecute, effect: .changes,
            "Move VMs and containers to one node.",
            .post("/cluster/bulk-action/guest/migrate"),
            parameters: [
                guests, .string("target", "Node to move to.").required,
                .bool("online", "Move running VMs live; restart containers."),
                .bool("with_local_disks", "Copy disks on local storage too.").sent(as: "with-local-disks"),
                workers(default: 1), .wait,
            ],
            answers: .task),
    ]
}

private var guests: Parameter { .integers("vms", "Guest IDs, e.g. [100, 101].").required }

private func workers(default preset: Preset) -> Parameter {
    .integer("max_workers", "Guests at a time.", default: preset).sent(as: "max-workers")
}
