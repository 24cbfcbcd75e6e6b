// Replication jobs and their state.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// The jobs there are; those marked for removal go when the next run has cleaned up.
    private func replicationJob(_ call: APICall, _ message: (String) -> String) throws -> ReplicationJob {
        let id = call.values["id"] ?? ""
        guard let job = replicationJobs[id], !isGone(job) else { throw Refusal(message(id)) }
        return job
    }

    private func isGone(_ job: ReplicationJob) -> Bool { job.removal.map { now >= $0.since + duration(1) } ?? false }

    private var presentJobs: [(id: String, job: ReplicationJob)] {
        replicationJobs.filter { !isGone($0.value) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private var replicationDigest: String {
        let text = presentJobs.map {
            "local: \($0.id)\n\t\($0.job.target)\($0.job.values.sorted { $0.key < $1.key })\n"
        }
        return SHA1.hexadecimal(of: Array(text.joined().utf8))
    }

    /// GET /cluster/replication
    func replicationList(_ call: APICall) -> APIAnswer {
        .array { array in
            for (id, job) in presentJobs where mayAny(call, ["VM.Audit"], on: "/vms/\(job.guest)") {
                array.object { write(job, id, to: &$0) }
            }
        }
    }

    /// GET /cluster/replication/{id}
    func replicationDetails(_ call: APICall) throws -> APIAnswer {
        let job = try replicationJob(call) { "no such replication job '\($0)'" }
        try demandAny(call, ["VM.Audit"], on: "/vms/\(job.guest)")
        return .object {
            write(job, call.values["id"] ?? "", to: &$0)
            $0.member("digest", replicationDigest)
        }
    }

    private func write(_ job: ReplicationJob, _ id: String, to row: inout JSONWriter) {
        row.member("id", id)
        row.member("type", "local")
        row.member("guest", job.guest)
        row.member("jobnum", job.number)
        row.member("target", job.target)
        for (key, value) in job.values.sorted(by: { $0.key < $1.key }) {
            if key == "disable", let number = Int(value) { row.member(key, number) } else { row.member(key, value) }
        }
        if job.values["schedule"] == nil { row.member("schedule", job.schedule) }
        if let node = guests[job.guest]?.node, job.values["source"] == nil { row.member("source", node) }
        if let removal = job.removal { row.member("remove_job", removal.kind) }
    }

    /// POST /cluster/replication
    mutating func createReplication(_ call: APICall) throws -> APIAnswer {
        let id = call.values["id"] ?? ""
        let parts = id.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2 else { throw Refusal("unable to parse replication job id '\(id)'") }
        guard let guest = guests[parts[0]] else { throw Refusal("Guest '\(parts[0])' does not exists.") }
        let target = call.values["target"] ?? ""
        guard nodes[target] != nil else { throw Refusal("Target '\(target)' does not exists.") }
        if let source = call.values["source"], source != guest.node {
            throw Refusal(
                parameter: "source",
                "source '\(source)' does not match current node of guest '\(guest.vmid)' (\(guest.node))"
            )
        }
        let disks = guest.config.drives.filter { $0.drive.isOwned && !$0.drive.isCDROM && $0.drive["replicate"] != "0" }
        for (_, drive) in disks {
            guard let storage = storage(of: drive), storage.type != "zfspool" else { continue }
            throw Refusal("missing replicate feature on volume '\(drive.volume)'")
        }
        if disks.isEmpty { throw Refusal("No replicatable volumes found") }
        if target == guest.node { throw Refusal("unable to sync to local node") }
        if let old = replicationJobs[id], !isGone(old) { throw Refusal("replication job '\(id)' already exists") }
        if presentJobs.contains(where: { $0.job.guest == guest.vmid && $0.job.target == target }) {
            throw Refusal("job target '\(target)' already used by another job of guest '\(guest.vmid)'")
        }
        let kept: Set = ["comment", "disable", "rate", "schedule", "source"]
        replicationJobs[id] = ReplicationJob(
            guest: guest.vmid, number: parts[1], target: target, values: call.values.filter { kept.contains($0.key) },
            created: seconds)
        return .null
    }

    /// PUT /cluster/replication/{id}
    mutating func updateReplication(_ call: APICall) throws -> APIAnswer {
        if let digest = call.values["digest"], digest != replicationDigest {
            throw Refusal("detected modified configuration - file changed by other user? Try again.")
        }
        var job = try replicationJob(call) { "no such job '\($0)'" }
        let options: Set = ["comment", "disable", "rate", "schedule", "source", "remove_job"]
        for name in call.names("delete") {
            if ["target", "type", "id"].contains(name) { throw Refusal("unable to delete required option '\(name)'") }
            guard options.contains(name) else { throw Refusal("no such option '\(name)'") }
            job.values[name] = nil
        }
        job.values.merge(call.values.filter { options.contains($0.key) && $0.key != "remove_job" }) { $1 }
        if let kind = call.values["remove_job"] { job.removal = (kind, now) }
        replicationJobs[call.values["id"] ?? ""] = job
        return .null
    }

    /// DELETE /cluster/replication/{id}: marks it; with `force` it is gone at once.
    mutating func deleteReplication(_ call: APICall) throws -> APIAnswer {
        let id = call.values["id"] ?? ""
        if call.flag("force") {
            if call.flag("keep") { throw Refusal(parameter: "keep", "conflicts with parameter 'force'") }
            replicationJobs[id] = nil
            return .null
        }
        var job = try replicationJob(call) { "no such job '\($0)'" }
        job.removal = (call.flag("keep") ? "local" : "full", now)
        replicationJobs[id] = job
        return .null
    }

    /// GET /nodes/{node}/replication: jobs of the guests on the node.
    func replicationStatusList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        return .array { array in
            for (id, job) in presentJobs where guests[job.guest]?.node == node {
                if let guest = call.number("guest"), guest != job.guest { continue }
                if !mayAny(call, ["VM.Audit"], on: "/vms/\(job.guest)") { continue }
                array.object { writeState(of: job, id, to: &$0) }
            }
        }
    }

    private func writeState(of job: ReplicationJob, _ id: String, to row: inout JSONWriter) {
        write(job, id, to: &row)
        let (last, next) = job.runs(at: seconds)
        row.member("vmtype", guests[job.guest]?.kind.rawValue ?? "qemu")
        row.member("fail_count", isReachable(job.target) ? 0 : 1)
        if let last {
            row.member("last_try", last)
            row.member("duration", options.taskSeconds)
            if isReachable(job.target) { row.member("last_sync", last) }
        } else {
            row.member("last_sync", 0)
        }
        if !isReachable(job.target) {
            row.member("error", "command '/usr/bin/ssh root@\(nodes[job.target]?.address ?? "")' failed: exit code 255")
        }
        if let next { row.member("next_sync", next) }
    }

    private func isReachable(_ node: String) -> Bool { nodes[node]?.isOnline == true }

    private func localJob(_ call: APICall) throws -> ReplicationJob {
        let node = try nodeName(call)
        let job = try replicationJob(call) { "no such replication job '\($0)'" }
        guard guests[job.guest]?.node == node else {
            throw Refusal("no such replication job '\(call.values["id"] ?? "")'")
        }
        return job
    }

    /// GET /nodes/{node}/replication/{id}/status
    func replicationStatus(_ call: APICall) throws -> APIAnswer {
        let job = try localJob(call)
        try demandAny(call, ["VM.Audit"], on: "/vms/\(job.guest)")
        return .object { writeState(of: job, call.values["id"] ?? "", to: &$0) }
    }

    /// GET /nodes/{node}/replication/{id}/log: of the last run.
    func replicationLog(_ call: APICall) throws -> APIAnswer {
        let job = try localJob(call)
        let id = call.values["id"] ?? ""
        if !mayAny(call, ["Sys.Audit"], on: "/nodes/\(try nodeName(call))") {
            try demandAny(call, ["VM.Audit"], on: "/vms/\(job.guest)")
        }
        guard let last = job.runs(at: seconds).last else {
            return .lines(["unable to open file - No such file or directory"], total: 1, start: 0)
        }
        let stamp = CalendarTime(Double(last)).text
        let volumes = guests[job.guest]?.config.drives.filter { $0.drive.isOwned }.map(\.drive.volume) ?? []
        let snapshot = "__replicate_\(id)_\(last)__"
        var lines = [
            "\(stamp) \(id): start replication job",
            "\(stamp) \(id): guest => \(guests[job.guest]?.kind == .lxc ? "CT" : "VM") \(job.guest), running => 0",
            "\(stamp) \(id): volumes => \(volumes.joined(separator: ","))",
        ]
        if isReachable(job.target) {
            lines += volumes.map { "\(stamp) \(id): incremental sync '\($0)' (\(snapshot))" }
            lines.append("\(stamp) \(id): end replication job")
        } else {
            lines.append("\(stamp) \(id): end replication job with error: Can't connect to destination address")
        }
        let start = min(call.number("start") ?? 0, lines.count)
        let limit = call.number("limit") ?? 50
        let end = limit == 0 ? lines.count : min(lines.count, start + limit)
        return .lines(lines[start..<end], total: lines.count, start: start)
    }

    /// POST /nodes/{node}/replication/{id}/schedule_now
    mutating func replicateNow(_ call: APICall) throws -> APIAnswer {
        var job = try localJob(call)
        if !release.hasPrefix("8.") { try demandAny(call, ["VM.Replicate"], on: "/vms/\(job.guest)") }
        job.requested = seconds
        replicationJobs[call.values["id"] ?? ""] = job
        return .null
    }
}
