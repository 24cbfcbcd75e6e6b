// A scheduled backup.
// SPDX-License-Identifier: MIT

import JSON

/// A backup job of the cluster.
struct BackupJob: Sendable {
    let id: String
    /// Everything else, by the API names.
    var values: [String: String]
    var excludedPaths: [String]

    /// Options that the job can have, those of vzdump and of jobs.
    static let options: Set<String> = [
        "all", "bwlimit", "comment", "compress", "dow", "dumpdir", "enabled", "exclude", "exclude-path", "fleecing",
        "ionice", "lockwait", "mailnotification", "mailto", "mode", "node", "notes-template", "notification-mode",
        "pbs-change-detection-mode", "performance", "pigz", "pool", "protected", "prune-backups", "quiet", "remove",
        "repeat-missed", "schedule", "script", "starttime", "stdexcludes", "stop", "stopwait", "storage", "tmpdir",
        "vmid", "zstd", "maxfiles", "notification-policy", "notification-target",
    ]

    private static let numeric: Set<String> = [
        "all", "bwlimit", "enabled", "ionice", "lockwait", "pigz", "protected", "quiet", "remove", "repeat-missed",
        "stdexcludes", "stop", "stopwait", "zstd",
    ]

    var isEnabled: Bool { values["enabled"] != "0" }

    /// Takes a guest out of the list, when it is one.
    mutating func remove(_ vmid: Int) {
        guard let list = values["vmid"] else { return }
        let left = list.split(separator: ",").filter { $0 != String(vmid) }
        if left.isEmpty { return }
        values["vmid"] = left.joined(separator: ",")
    }

    /// Writes the job as lists and details have it.
    func write(to row: inout JSONWriter, now: Int) {
        row.member("id", id)
        row.member("type", "vzdump")
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "prune-backups", "fleecing", "performance":
                row.member(key) { writer in writer.object { Self.write(parts: value, to: &$0) } }
            case _ where Self.numeric.contains(key) && Int(value) != nil: row.member(key, Int(value) ?? 0)
            default: row.member(key, value)
            }
        }
        if !excludedPaths.isEmpty {
            row.member("exclude-path") { $0.array { for path in excludedPaths { $0.string(path) } } }
        }
        if isEnabled, let next = values["schedule"].flatMap({ CalendarEvent($0) })?.next(after: now) {
            row.member("next-run", next)
        }
    }

    /// `keep-last=3,keep-daily=7` as members; their values stay texts, as Proxmox splits them from one.
    private static func write(parts: String, to row: inout JSONWriter) {
        for part in parts.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            if halves.count == 2 { row.member(halves[0], halves[1]) } else { row.member("enabled", String(part)) }
        }
    }
}
