// Tools for backup jobs that exist.
// SPDX-License-Identifier: MIT

import PluginKit

var jobTools: [Tool] {
    [
        Tool(
            "pve_list_backup_jobs", "List Backup Jobs", tier: .readOnly, effect: .reads,
            "Backup jobs of the cluster: what they back up, when, to where.",
            .get("/cluster/backup"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "jobs",
                [
                    .string("id").always, .bool("enabled"), .string("schedule"), .integer("next-run", .epoch),
                    .string("node"), .string("storage"), .string("vmid"), .bool("all"), .string("pool"),
                    .string("exclude"), .string("mode"), .object("prune-backups"), .string("comment"),
                ])),
        Tool(
            "pve_get_backup_job", "Get Backup Job", tier: .readOnly, effect: .reads,
            "All settings of a backup job.",
            .get("/cluster/backup/{id}"),
            parameters: [.job],
            answers: .object([
                .string("id").always, .bool("enabled"), .string("schedule"), .integer("next-run", .epoch),
                .string("node"), .string("storage"), .string("vmid"), .bool("all"), .string("pool"),
                .string("mode"), .string("compress"), .object("prune-backups"),
            ])),
        Tool(
            "pve_delete_backup_job", "Delete Backup Job", tier: .full, effect: .destroys,
            "Delete a backup job; the backups that it made stay.",
            .delete("/cluster/backup/{id}"),
            parameters: [.job],
            answers: .nothing),
    ]
}

extension Parameter {
    /// `id` of an existing job.
    fileprivate static var job: Parameter {
        .string("id", "ID of the job, as pve_list_backup_jobs names it.").required
    }
}
