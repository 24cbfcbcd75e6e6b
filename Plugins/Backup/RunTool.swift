// Backing up at once.
// SPDX-License-Identifier: MIT

import PluginKit

var runTool: Tool {
    Tool(
        "pve_run_backup", "Run Backup", tier: .readExecute, effect: .destroys,
        """
        Back up guests of a node now: give one of vmid, pool and all. Older backups stay, unless options say otherwise.
        """,
        sends: [run],
        parameters: [.guestNode] + backup + [
            .wait,
            .options(
                """
                More API parameters: notification-mode, zstd, bwlimit (KiB/s), ionice, fleecing, exclude-path, lockwait, \
                job-id; at tier full prune-backups (e.g. keep-last=3) or remove (true: prune as the storage says), \
                stop, script, dumpdir, tmpdir.
                """),
        ],
        answers: .task,
        code: runBackup)
}

private let run = Endpoint.post("/nodes/{node}/vzdump")

private func runBackup(_ call: Call) throws(CallFailure) {
    guard call.arguments["node"].exists else {
        throw .text("Give the node whose guests are to be backed up: it is found by a vmid of one guest only.")
    }
    // Left out, it is on: the storage's own rule would remove backups that the caller did not speak of.
    let options = call.arguments["options"]
    let prunes = options["remove"].exists || options["prune-backups"].exists
    let answer = try call.send(run, prunes ? [:] : ["remove": false], withArguments: true)
    // What Proxmox says when there is nothing to do, and no task.
    if answer.isText("OK") {
        throw .text("Nothing was backed up: none of these guests is on this node. See which node they are on.")
    }
    try call.reply(answer)
}
