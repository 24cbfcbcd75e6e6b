// Snapshots of virtual machines, and what those of containers have in common with them.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /nodes/{node}/qemu|lxc/{vmid}/snapshot: all snapshots, and at the end the current state.
    func snapshotList(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        let guest = try guest(call, kind)
        let tree = guest.config.snapshots
        return .array { array in
            for snapshot in tree.all {
                array.object {
                    $0.member("name", snapshot.name)
                    $0.member("description", snapshot.description)
                    $0.member("snaptime", snapshot.time)
                    if kind == .qemu { $0.member("vmstate", snapshot.hasMemory ? 1 : 0) }
                    if let parent = snapshot.parent { $0.member("parent", parent) }
                }
            }
            array.object {
                $0.member("name", "current")
                $0.member("description", "You are here!")
                $0.member("digest", guest.config.digest)
                $0.member("running", guest.run.isRunning ? 1 : 0)
                if let parent = tree.parentOfCurrent { $0.member("parent", parent) }
            }
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/snapshot
    mutating func takeSnapshot(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call)
        let vmid = guest.vmid
        let node = guest.node
        let name = call.values["snapname"] ?? ""
        if name == "current" || name.lowercased() == "pending" {
            throw Refusal("unable to use snapshot name '\(name)' (reserved name)")
        }
        let text = call.values["description"] ?? ""
        let wantsMemory = call.flag("vmstate")
        return try begin("qmsnapshot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            if guest.isTemplate { throw Refusal("you can't take a snapshot if it's a template") }
            try guest.checkLock()
            if guest.config.snapshots[name] != nil { throw Refusal("snapshot name '\(name)' already used") }
            let hasMemory = wantsMemory && guest.run.isRunning
            var values = guest.config.current
            values = values.filter { !ConfigOption.isUnused($0.key) }
            let snapshot = Snapshot(
                name: name, description: text, time: cluster.seconds, hasMemory: hasMemory, parent: nil, values: values)
            var course = TaskCourse(seconds: cluster.duration(hasMemory ? 1.5 : 0.75, for: guest))
            if hasMemory {
                course.lines = ["saving VM state and RAM using storage 'local-lvm'", "completed saving the VM state"]
            }
            for (disk, drive) in guest.config.drives where drive.isOwned && ConfigOption.isDrive(disk) {
                course.lines.append("snapshotting '\(disk)' (\(drive.volume))")
            }
            guest.lock = "snapshot"
            course.keepsLock = false
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                cluster.guests[vmid]?.lock = nil
                cluster.guests[vmid]?.config.snapshots.add(snapshot)
            }
            return course
        }
    }

    /// DELETE /nodes/{node}/qemu/{vmid}/snapshot/{snapname}
    mutating func deleteSnapshot(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let name = call.values["snapname"] ?? ""
        return try begin("qmdelsnapshot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            try guest.checkLock()
            guard guest.config.snapshots[name] != nil else { throw Refusal("snapshot '\(name)' does not exist") }
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            for (disk, drive) in guest.config.drives where drive.isOwned && ConfigOption.isDrive(disk) {
                course.lines.append("deleting snapshot '\(name)' of '\(disk)' (\(drive.volume))")
            }
            guest.lock = "snapshot-delete"
            course.keepsLock = false
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                cluster.guests[vmid]?.lock = nil
                cluster.guests[vmid]?.config.snapshots.remove(name)
            }
            return course
        }
    }

    /// GET /nodes/{node}/qemu|lxc/{vmid}/snapshot/{snapname}
    func snapshotIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .index("cmd", ["rollback", "config"])
    }

    /// GET /nodes/{node}/qemu|lxc/{vmid}/snapshot/{snapname}/config
    func snapshotConfig(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        let guest = try guest(call, kind)
        let name = call.values["snapname"] ?? ""
        guard let snapshot = guest.config.snapshots[name] else { throw Refusal("snapshot '\(name)' does not exist") }
        return .object {
            GuestConfig.write(snapshot.values.filter { $0.key != "description" }, of: kind, to: &$0)
            $0.member("snaptime", snapshot.time)
            if !snapshot.description.isEmpty { $0.member("description", snapshot.description) }
            if let parent = snapshot.parent { $0.member("parent", parent) }
        }
    }

    /// PUT /nodes/{node}/qemu|lxc/{vmid}/snapshot/{snapname}/config
    mutating func setSnapshotConfig(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        guard let text = call.values["description"] else { return .null }
        let guest = try guest(call, kind)
        let name = call.values["snapname"] ?? ""
        try guest.checkLock()
        guard guest.config.snapshots[name] != nil else { throw Refusal("snapshot '\(name)' does not exist") }
        guest.config.snapshots.describe(name, text)
        return .null
    }

    /// POST /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback
    mutating func rollBack(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let name = call.values["snapname"] ?? ""
        let starts = call.flag("start")
        let caller = call.caller
        return try begin("qmrollback", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            if guest.isTemplate { throw Refusal("you can't rollback if vm is a template") }
            guard let snapshot = guest.config.snapshots[name] else {
                throw Refusal("snapshot '\(name)' does not exist")
            }
            try guest.checkLock()
            var course = TaskCourse(seconds: cluster.duration(1, for: guest))
            if guest.run.isRunning { course.lines = ["stopping VM \(vmid)"] }
            for (disk, drive) in guest.config.drives where drive.isOwned && ConfigOption.isDrive(disk) {
                course.lines.append("rolling back '\(disk)' (\(drive.volume)) to '\(name)'")
            }
            guest.lock = "rollback"
            course.keepsLock = false
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                guard let guest = cluster.guests[vmid] else { return }
                cluster.setStopped(vmid)
                let unused = guest.config.current.filter { ConfigOption.isUnused($0.key) }
                guest.config.current = snapshot.values.merging(unused) { current, _ in current }
                guest.config.snapshots.parentOfCurrent = name
                if snapshot.hasMemory {
                    cluster.setRunning(vmid)
                } else if starts {
                    try cluster.beginStart(vmid, on: node, by: caller)
                }
            }
            return course
        }
    }
}
