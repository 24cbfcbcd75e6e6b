// Backups of guests: the task that makes them, and what is in them.
// SPDX-License-Identifier: MIT

import JSON

/// A backup of several guests of a node, one after the other.
private struct BackupOrder: Sendable {
    var node: String
    var guests: [Int]
    var skipped: [Int]
    var storage: String
    var mode: String
    var compress: String
    var notes: String?
    var isProtected: Bool
    var retention: Retention?
    var command: String
    var ionice: Int
}

extension Cluster {
    /// POST /nodes/{node}/vzdump. Answers `OK` instead of a task when none of the guests is on the node.
    mutating func runBackup(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        if call.flag("stdout") {
            throw Refusal(parameter: "stdout", "option is only allowed on the command line interface.")
        }
        try BackupSelection.check(call.values, needsGuests: true)
        let selection = BackupSelection(call.values)
        var wanted = guestIDs(of: selection)
        if selection.all || selection.pool != nil {
            wanted = wanted.filter { mayAny(call, ["VM.Backup"], on: "/vms/\($0)") }
        }
        let local = wanted.filter { guests[$0]?.node == node || guests[$0] == nil }
        if call.flag("stop") {
            for (number, task) in tasks where task.upid.type == "vzdump" && task.upid.node == node {
                interrupt(number)
            }
            if local.isEmpty { return .text("OK") }
        }
        if local.isEmpty, !selection.all { return .text("OK") }
        let name = call.values["storage"] ?? "local"
        try demandBackupOptions(call, storage: name)
        let storage = try? storage(name)
        var keep = call.values["prune-backups"] ?? call.values["maxfiles"].map { "keep-last=\($0)" }
        keep = keep ?? storage?.settings["prune-backups"]
        let order = BackupOrder(
            node: node, guests: local, skipped: wanted.filter { !local.contains($0) }, storage: name,
            mode: call.values["mode"] ?? "snapshot", compress: call.values["compress"] ?? "0",
            notes: call.values["notes-template"], isProtected: call.flag("protected"),
            retention: call.values["remove"] == "0" ? nil : keep.map { Retention($0) }, command: Self.commandLine(call),
            ionice: call.number("ionice") ?? 7)
        let id = local.count == 1 ? "\(local[0])" : ""
        return begin("vzdump", id: id, on: node, by: call.caller) { cluster in
            try cluster.checkBackupStorage(order)
            var course = TaskCourse(seconds: 0)
            course.lines = ["INFO: starting new backup job: \(order.command)"]
            if !order.skipped.isEmpty {
                course.lines.append("INFO: skip external VMs: \(order.skipped.map { "\($0)" }.joined(separator: ", "))")
            }
            course.then = { $0.nextBackup(order, at: 0, failures: 0) }
            return course
        }
    }

    private static func commandLine(_ call: APICall) -> String {
        let left: Set = ["node", "vmid", "stdout", "id", "schedule", "enabled", "comment"]
        let options = call.values.filter { !left.contains($0.key) }.sorted { $0.key < $1.key }
            .map { " --\($0.key) \($0.value.contains(where: { " {'\"".contains($0) }) ? "'\($0.value)'" : $0.value)" }
        let ids = call.names("vmid").map { " \($0)" }
        return "vzdump\(ids.joined())\(options.joined())"
    }

    private func checkBackupStorage(_ order: BackupOrder) throws {
        var reason: String?
        do {
            let storage = try activeStorage(order.storage, on: order.node)
            if !storage.content.contains("backup") {
                reason = "can't use storage '\(order.storage)' for backups - wrong content type"
            }
        } catch {
            reason = (error as? Refusal)?.message
        }
        if let reason {
            throw Refusal("could not get storage information for '\(order.storage)': \(reason)")
        }
    }

    /// The backup of the guest at a place of the order; after the last, how it all went.
    private mutating func nextBackup(_ order: BackupOrder, at place: Int, failures: Int) -> TaskCourse? {
        guard place < order.guests.count else {
            var course = TaskCourse(seconds: 0)
            course.lines = ["INFO: Backup job finished \(failures > 0 ? "with errors" : "successfully")"]
            if failures > 0 { course.failure = "job errors" }
            return course
        }
        let vmid = order.guests[place]
        var course: TaskCourse
        do {
            course = try backupCourse(of: vmid, order)
            course.then = { $0.nextBackup(order, at: place + 1, failures: failures) }
        } catch {
            let reason = (error as? Refusal)?.reason ?? "\(error)"
            course = TaskCourse(seconds: duration(0.1))
            if let guest = guests[vmid] {
                course.lines = ["INFO: Starting Backup of VM \(vmid) (\(guest.kind.rawValue))"]
            }
            course.lines.append("ERROR: Backup of VM \(vmid) failed - \(reason)")
            course.lines.append("INFO: Failed at \(CalendarTime(now).text)")
            course.then = { $0.nextBackup(order, at: place + 1, failures: failures + 1) }
        }
        return course
    }

    private mutating func backupCourse(of vmid: Int, _ order: BackupOrder) throws -> TaskCourse {
        guard let guest = guests[vmid], guest.node == order.node else { throw Refusal("unable to find VM '\(vmid)'") }
        try guest.checkLock()
        let storage = try activeStorage(order.storage, on: order.node)
        let file = "backup/\(Self.archiveName(of: guest, at: now, compress: order.compress))"
        let drives = guest.config.drives.filter { isBackedUp($0.name, $0.drive, of: guest).isIncluded }
        let bytes = drives.reduce(0) { $0 + ($1.drive.size ?? 0) }
        let size = max(4096, bytes / (order.compress == "0" ? 4 : 10))
        let seconds = duration(1.5, for: guest)
        var course = TaskCourse(seconds: seconds)
        course.lines = opening(of: guest, order, drives, archive: storage.path(of: file))
        if storage.size - usedBytes(storage, on: order.node) < size {
            let reason =
                guest.kind == .qemu
                ? "vma_queue_write: write error - Broken pipe"
                : "command 'set -o pipefail && tar cpf - … | zstd' failed: exit code 1"
            throw Refusal("\(reason) (\(storage.path(of: file)): No space left on device)")
        }
        for percent in [25, 50, 75, 100] where guest.kind == .qemu {
            course.lines.append(
                "INFO:  \(percent)% (\(Self.gibibytes(bytes * percent / 100)) of \(Self.gibibytes(bytes))) in \(Int(seconds) * percent / 100)s"
            )
        }
        if guest.kind == .lxc { course.lines.append("INFO: Total bytes written: \(bytes / 4)") }
        course.lines.append("INFO: archive file size: \(Self.gibibytes(size))")
        let notes = order.notes.map { Self.notes($0, of: guest) }
        if notes != nil { course.lines.append("INFO: adding notes to backup") }
        if order.isProtected { course.lines.append("INFO: marking backup as protected") }
        let volume = StoredVolume(
            node: storage.isShared ? nil : order.node, content: "backup",
            format: String(file.split(separator: ".", maxSplits: 1).last ?? "vma"), size: size, time: self.seconds,
            vmid: vmid, notes: notes, isProtected: order.isProtected, backup: guest.config.current, kind: guest.kind)
        let outdated = outdated(after: volume, "\(order.storage):\(file)", on: storage, order)
        if let retention = order.retention, !retention.keepsAll {
            course.lines.append("INFO: prune older backups with retention")
            course.lines += outdated.map { "INFO: removing backup '\($0)'" }
            course.lines.append("INFO: pruned \(outdated.count) backup(s) not covered by keep-retention policy")
        }
        let taken = "00:0\(Int(seconds) / 60 % 10):\(Int(seconds) % 60 < 10 ? "0" : "")\(Int(seconds) % 60)"
        course.closing = [
            "INFO: Finished Backup of VM \(vmid) (\(taken))",
            "INFO: Backup finished at \(CalendarTime(now + seconds).text)",
        ]
        guest.lock = "backup"
        course.abandon = { $0.guests[vmid]?.lock = nil }
        course.finish = { cluster in
            cluster.guests[vmid]?.lock = nil
            let index = try cluster.storageIndex(order.storage)
            cluster.storages[index].volumes["\(order.storage):\(file)"] = volume
            for id in outdated { cluster.storages[index].volumes[id] = nil }
        }
        return course
    }

    /// The backups that the new one makes superfluous.
    private func outdated(after volume: StoredVolume, _ id: String, on storage: Storage, _ order: BackupOrder)
        -> [String]
    {
        guard let retention = order.retention, !retention.keepsAll else { return [] }
        var later = storage
        later.volumes[id] = volume
        return pruneCandidates(
            on: later, of: order.node, retention, vmid: volume.vmid, kind: volume.kind.rawValue
        ).filter { $0.mark == .remove }.map(\.id)
    }

    private static func archiveName(of guest: Guest, at time: Double, compress: String) -> String {
        let endings = ["zstd": ".zst", "gzip": ".gz", "1": ".lzo", "lzo": ".lzo"]
        let kind = guest.kind == .qemu ? "vma" : "tar"
        let stamp = CalendarTime(time).fileStamp
        return "vzdump-\(guest.kind.rawValue)-\(guest.vmid)-\(stamp).\(kind)\(endings[compress] ?? "")"
    }

    private func opening(
        of guest: Guest, _ order: BackupOrder, _ drives: [(name: String, drive: Drive)], archive: String
    ) -> [String] {
        let vmid = guest.vmid
        let mode = guest.run.isRunning ? order.mode : "stop"
        var lines = [
            "INFO: Starting Backup of VM \(vmid) (\(guest.kind.rawValue))",
            "INFO: Backup started at \(CalendarTime(now).text)",
            "INFO: status = \(guest.run.isRunning ? "running" : "stopped")",
        ]
        if guest.kind == .lxc {
            lines += ["INFO: backup mode: \(mode)", "INFO: ionice priority: \(order.ionice)"]
            lines.append("INFO: CT Name: \(guest.name)")
            for (name, drive) in drives {
                lines.append(
                    "INFO: including mount point \(name) ('\(name == "rootfs" ? "/" : drive["mp"] ?? "")') in backup")
            }
            if mode == "snapshot" { lines.append("INFO: create storage snapshot 'vzdump'") }
        } else {
            if !guest.run.isRunning { lines.append("INFO: backup mode: stop") }
            lines.append("INFO: VM Name: \(guest.name)")
            for (name, drive) in drives {
                lines.append("INFO: include disk '\(name)' '\(drive.volume)' \(drive["size"] ?? "")")
            }
            if guest.run.isRunning { lines.append("INFO: backup mode: \(mode)") }
            lines.append("INFO: ionice priority: \(order.ionice)")
            if !guest.config.snapshots.all.isEmpty {
                lines.append("INFO: snapshots found (not included into backup)")
            }
        }
        if guest.run.isRunning, mode == "stop" { lines.append("INFO: stopping vm") }
        if guest.run.isRunning, mode == "suspend" { lines.append("INFO: suspending guest") }
        lines.append("INFO: creating vzdump archive '\(archive)'")
        if guest.kind == .qemu { lines.append("INFO: started backup task") }
        if guest.run.isRunning, mode != "snapshot" { lines.append("INFO: resuming VM again") }
        return lines
    }

    private static func gibibytes(_ bytes: Int) -> String {
        let hundredths = (bytes * 100) >> 30
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) GiB"
    }

    /// Notes with `{{guestname}}` and the like filled in.
    private static func notes(_ template: String, of guest: Guest) -> String {
        var text = template
        for (name, value) in [
            ("guestname", guest.name), ("vmid", "\(guest.vmid)"), ("node", guest.node), ("cluster", "lab"),
        ] { text = text.split(separator: "{{\(name)}}", omittingEmptySubsequences: false).joined(separator: value) }
        return text.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }

    /// Whether a volume goes into backups, and the words for it.
    func isBackedUp(_ name: String, _ drive: Drive, of guest: Guest) -> (isIncluded: Bool, reason: String) {
        if ConfigOption.isUnused(name) { return (false, "unused") }
        if guest.kind == .lxc {
            if name == "rootfs" { return (true, "rootfs") }
            if !drive.isOwned { return (false, "not a volume") }
            return drive["backup"] == "1" ? (true, "enabled") : (false, "disabled")
        }
        if drive.isCDROM { return (false, "CD-ROM") }
        if drive["backup"] == "0" { return (false, "disabled") }
        return (true, "enabled")
    }

    /// GET /nodes/{node}/vzdump/defaults
    func backupDefaults(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        let name = call.values["storage"] ?? "local"
        let storage = try storage(name)
        try demandAny(call, ["Datastore.Audit", "Datastore.AllocateSpace"], on: "/storage/\(name)")
        guard storage.content.contains("backup") else {
            throw Refusal("can't use storage '\(name)' for backups - wrong content type")
        }
        return .object { answer in
            for (key, value) in [
                ("all", 0), ("bwlimit", 0), ("ionice", 7), ("lockwait", 180), ("pigz", 0), ("quiet", 0), ("remove", 1),
                ("stdexcludes", 1), ("stop", 0), ("stopwait", 10), ("zstd", 1),
            ] { answer.member(key, value) }
            answer.member("compress", "0")
            answer.member("mode", "snapshot")
            answer.member("mailnotification", "always")
            answer.member("notification-mode", "auto")
            answer.member("storage", name)
            answer.member("dumpdir", storage.path(of: "backup/"))
            answer.member("prune-backups", storage.settings["prune-backups"] ?? "keep-all=1")
            answer.member("fleecing") { $0.object { $0.member("enabled", 0) } }
            answer.member("performance") {
                $0.object {
                    $0.member("max-workers", 16)
                    $0.member("pbs-entries-max", 1_048_576)
                }
            }
        }
    }

    /// GET /nodes/{node}/vzdump/extractconfig
    func backupConfig(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let id = call.values["volume"] ?? ""
        guard let colon = id.firstIndex(of: ":") else { throw Refusal("unable to parse volume ID '\(id)'") }
        _ = try storage(String(id[..<colon]))
        guard id[id.index(after: colon)...].hasPrefix("backup/") else {
            throw Refusal("unable to use volume \(id) - content type needs to be 'backup'")
        }
        try demandAccess(call, to: id, in: String(id[..<colon]))
        guard let backup = storedVolume(id, on: node)?.backup else { throw Refusal("volume '\(id)' does not exist") }
        return .text(backup.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined())
    }
}
