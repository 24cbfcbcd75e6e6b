// Backing up at once.
// SPDX-License-Identifier: MIT

import PluginKit

var runTool: Tool {
    Tool(
        "pve_run_backup", "Run Backup", tier: .readExecute, effect: .destroys,
        """
        Back up guests of a node now: give one of vmid, pool and all. Older backups stay, unless options say otherwise.
        """,
        sends: [guestList, run],
        parameters: [.string("node", "Found by vmid if absent.")] + backup + [
            .wait,
            .options(
                """
                API parameters: notification-mode, bwlimit (KiB/s), fleecing, exclude-path, …; at tier full \
                prune-backups (e.g. keep-last=3), remove (prune as the storage says), stop.
                """),
        ],
        answers: .task,
        code: runBackup)
}

private let guestList = Endpoint.get("/cluster/resources")
private let run = Endpoint.post("/nodes/{node}/vzdump")

private func runBackup(_ call: Call) throws(CallFailure) {
    var extra: RequestParameters = [:]
    if !call.arguments["node"].exists { extra.set("node", .value(try node(of: call.arguments["vmid"], call))) }
    // Left out, it is on: the storage's own rule would remove backups that the caller did not speak of.
    let options = call.arguments["options"]
    let keeps = options["prune-backups"].exists || options["maxfiles"].exists
    if !options["remove"].exists, !keeps { extra.set("remove", false) }
    let answer = try call.send(run, extra, withArguments: true)
    // What Proxmox says when there is nothing to do, and no task.
    if answer.isText("OK") {
        throw .text("Nothing was backed up: none of these guests is on this node. See which node they are on.")
    }
    try call.reply(answer)
}

/// The node that all these guests are on.
private func node(of vmids: Value, _ call: Call) throws(CallFailure) -> Value {
    let wanted = vmids.numbers
    guard !wanted.isEmpty else {
        throw .text("Nothing was sent: give node. Without vmid it is not known whose guests are meant.")
    }
    var found: Value?
    var missing = wanted
    for guest in try call.send(guestList, ["type": "vm"]).elements {
        guard let vmid = guest["vmid"].int, wanted.contains(vmid) else { continue }
        let node = guest["node"]
        guard found?.isSame(as: node) ?? true else {
            throw .text("Nothing was sent: these guests are on several nodes. Back up those of one node in a call.")
        }
        found = node
        missing.removeAll { $0 == vmid }
    }
    guard let found, missing.isEmpty else {
        throw .message("Nothing was sent: there is no guest \(missing.first ?? 0).")
    }
    return found
}

extension Value {
    /// The numbers in a list such as `100,101`, whatever stands between them.
    fileprivate var numbers: [Int64] {
        withText { text in
            var numbers: [Int64] = []
            var current: Int64?
            for byte in text {
                if (0x30...0x39).contains(byte) {
                    // No guest has a longer one.
                    current = min((current ?? 0) * 10 + Int64(byte - 0x30), 9_999_999_999)
                } else if let number = current {
                    numbers.append(number)
                    current = nil
                }
            }
            if let current { numbers.append(current) }
            return numbers
        } ?? []
    }

    /// Whether both texts are the same, byte for byte.
    fileprivate func isSame(as other: Value) -> Bool {
        withText { mine in other.withText { mine.elementsEqual($0) } ?? false } ?? false
    }
}
