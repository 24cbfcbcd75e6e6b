// The backup jobs of the cluster, and the guests none of them covers.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /cluster/backup
    func backupJobList(_ call: APICall) -> APIAnswer {
        .array { array in
            for job in backupJobs { array.object { job.write(to: &$0, now: seconds) } }
        }
    }

    private func backupJobPlace(_ call: APICall) throws -> Int {
        let id = call.values["id"] ?? ""
        guard let place = backupJobs.firstIndex(where: { $0.id == id }) else {
            throw Refusal(parameter: "id", "No such job '\(id)'")
        }
        return place
    }

    /// GET /cluster/backup/{id}
    func backupJob(_ call: APICall) throws -> APIAnswer {
        let job = backupJobs[try backupJobPlace(call)]
        return .object { job.write(to: &$0, now: seconds) }
    }

    /// POST /cluster/backup
    mutating func createBackupJob(_ call: APICall) throws -> APIAnswer {
        var values = call.values.filter { BackupJob.options.contains($0.key) }
        try Self.setSchedule(&values, isNeeded: true)
        try BackupSelection.check(values, needsGuests: true)
        try checkJob(values)
        let id = call.values["id"] ?? "backup-\(random.hex(8))-\(random.hex(4))"
        if backupJobs.contains(where: { $0.id == id }) { throw Refusal("Job '\(id)' already exists") }
        Self.settle(&values)
        if values["enabled"] == nil { values["enabled"] = "1" }
        backupJobs.append(BackupJob(id: id, values: values, excludedPaths: call.lists["exclude-path"] ?? []))
        return .null
    }

    private func checkJob(_ values: [String: String]) throws {
        if let pool = values["pool"] { try checkPoolExists(pool) }
        if let node = values["node"], nodes[node] == nil { throw Refusal("no such cluster node '\(node)'") }
    }

    /// The older way to say when, a time of day and days, becomes a schedule.
    private static func setSchedule(_ values: inout [String: String], isNeeded: Bool) throws {
        if let start = values.removeValue(forKey: "starttime") {
            if values["schedule"] != nil {
                throw Refusal(parameter: "starttime", "'starttime' and 'schedule' cannot both be set")
            }
            let days = values.removeValue(forKey: "dow")
            values["schedule"] = days.map { "\($0) \(start)" } ?? start
        } else if values["schedule"] == nil, isNeeded {
            throw Refusal(parameter: "schedule", "neither 'starttime' nor 'schedule' were set")
        }
    }

    private static func settle(_ values: inout [String: String]) {
        if let count = values.removeValue(forKey: "maxfiles") { values["prune-backups"] = "keep-last=\(count)" }
        if values["exclude"] != nil, values["pool"] == nil { values["all"] = "1" }
        values["exclude-path"] = nil
    }

    /// PUT /cluster/backup/{id}
    mutating func updateBackupJob(_ call: APICall) throws -> APIAnswer {
        var values = call.values.filter { BackupJob.options.contains($0.key) }
        let removals = call.names("delete")
        if values.isEmpty, removals.isEmpty { throw Refusal("no options specified") }
        try Self.setSchedule(&values, isNeeded: false)
        try BackupSelection.check(values, needsGuests: false)
        let place = try backupJobPlace(call)
        var job = backupJobs[place]
        for name in removals {
            guard BackupJob.options.contains(name) else {
                throw Refusal(parameter: "delete", "unknown option '\(name)'")
            }
            if name == "schedule" { throw Refusal(parameter: "delete", "unable to delete required option 'schedule'") }
            job.values[name] = nil
            if name == "exclude-path" { job.excludedPaths = [] }
        }
        try checkJob(values)
        Self.settle(&values)
        job.values.merge(values) { $1 }
        if let paths = call.lists["exclude-path"] { job.excludedPaths = paths }
        let replaced: [String] =
            if values["vmid"] != nil {
                ["all", "exclude", "pool"]
            } else if values["all"] == "1" {
                ["vmid", "pool"]
            } else if values["pool"] != nil {
                ["vmid", "all", "exclude"]
            } else {
                []
            }
        for name in replaced where values[name] == nil { job.values[name] = nil }
        try BackupSelection.check(job.values, needsGuests: true)
        backupJobs[place] = job
        return .null
    }

    /// DELETE /cluster/backup/{id}
    mutating func deleteBackupJob(_ call: APICall) throws -> APIAnswer {
        backupJobs.remove(at: try backupJobPlace(call))
        return .null
    }

    /// The guests of a job that are there, and those of its list that are not.
    private func guestIDs(of job: BackupJob) -> [Int] {
        guestIDs(of: BackupSelection(job.values)).filter { id in
            guard let node = job.values["node"], let guest = guests[id] else { return true }
            return guest.node == node
        }
    }

    /// GET /cluster/backup/{id}/included_volumes
    func includedVolumes(_ call: APICall) throws -> APIAnswer {
        let job = backupJobs[try backupJobPlace(call)]
        return .object { answer in
            answer.member("children") { children in
                children.array { array in
                    for id in guestIDs(of: job) { array.object { writeVolumes(of: id, to: &$0) } }
                }
            }
        }
    }

    private func writeVolumes(of id: Int, to row: inout JSONWriter) {
        row.member("id", id)
        guard let guest = guests[id] else { return row.member("type", "unknown") }
        row.member("name", guest.name)
        row.member("type", guest.kind.rawValue)
        row.member("children") { children in
            children.array { array in
                for (name, drive) in guest.config.drives where !ConfigOption.isUnused(name) && !drive.isCDROM {
                    let (isIncluded, reason) = isBackedUp(name, drive, of: guest)
                    array.object {
                        $0.member("id", name)
                        $0.member("name", drive.volume)
                        $0.member("included", isIncluded ? 1 : 0)
                        $0.member("reason", reason)
                    }
                }
            }
        }
    }

    /// GET /cluster/backup-info/not-backed-up: guests that no job covers.
    func guestsNotBackedUp(_ call: APICall) -> APIAnswer {
        let covered = Set(backupJobs.flatMap { guestIDs(of: $0) })
        return .array { array in
            for guest in guestIDs.compactMap({ guests[$0] }) where !covered.contains(guest.vmid) {
                array.object {
                    $0.member("vmid", guest.vmid)
                    $0.member("name", guest.name)
                    $0.member("type", guest.kind.rawValue)
                }
            }
        }
    }
}
