// Backing up by schedule.
// SPDX-License-Identifier: MIT

import PluginKit

var createJobTool: Tool {
    Tool(
        "pve_create_backup_job", "Create Backup Job", tier: .full, effect: .destroys,
        "Back up guests by schedule: give schedule and one of vmid, pool and all.",
        sends: [create],
        parameters: [
            .string("id", "ID of the job."),
            .string("schedule", "Calendar event, e.g. daily, sun 02:00 or mon..fri 22:30"),
        ] + backup + [
            .string("node", "Only guests on this node."),
            .string("prune-backups", "Backups to keep of a guest, e.g. keep-last=3; others go."),
            .integer("maxfiles", "Old form of keep-last; 0: all.", in: 0...).local,
            .bool("enabled", "Whether it runs.", default: true), .string("comment", "Remark."),
            .options(
                """
                API parameters: repeat-missed, notification-mode, bwlimit (KiB/s), fleecing, exclude-path, remove, starttime and \
                dow (older than schedule), …
                """),
        ],
        answers: .nothing,
        code: createJob)
}

private let create = Endpoint.post("/cluster/backup")

private func createJob(_ call: Call) throws(CallFailure) {
    var extra: RequestParameters = [:]
    if let kept = call.arguments["maxfiles"].int {
        guard !call.arguments["prune-backups"].exists else {
            throw .text("Give prune-backups or maxfiles, not both: maxfiles 3 is prune-backups keep-last=3.")
        }
        extra.set("prune-backups", kept == 0 ? "keep-all=1" : .string("keep-last=\(kept)"))
    }
    try call.reply(call.send(create, extra, withArguments: true))
}
