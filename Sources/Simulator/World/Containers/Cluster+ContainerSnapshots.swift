// Snapshots of containers.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// Whether every volume of a container is on a storage that makes snapshots.
    func hasSnapshotFeature(_ guest: Guest) -> Bool {
        guest.config.drives.allSatisfy { name, drive in
            guard ContainerOption.isVolume(name), drive.isOwned, let storage = storage(of: drive) else { return true }
            return StorageType.all[storage.type]?.hasSnapshots ?? false
        }
    }

    /// POST /nodes/{node}/lxc/{vmid}/snapshot
    mutating func takeContainerSnapshot(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let name = call.values["snapname"] ?? ""
        if name == "current" || name.lowercased() == "pending" {
            throw Refusal("unable to use snapshot name '\(name)' (reserved name)")
        }
        let text = call.values["description"] ?? ""
        return try begin("vzsnapshot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            if guest.isTemplate { throw Refusal("you can't take a snapshot if it's a template") }
            try guest.checkLock()
            if guest.config.snapshots[name] != nil { throw Refusal("snapshot name '\(name)' already used") }
            if !cluster.hasSnapshotFeature(guest) { throw Refusal("snapshot feature is not available") }
            let snapshot = Snapshot(
                name: name, description: text, time: cluster.seconds, hasMemory: false, parent: nil,
                values: guest.config.current.filter { !ConfigOption.isUnused($0.key) })
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            for (volume, drive) in guest.config.drives where drive.isOwned && ContainerOption.isVolume(volume) {
                course.lines.append("  Logical volume \"snap_\(drive.volumeName)_\(name)\" created.")
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

    /// DELETE /nodes/{node}/lxc/{vmid}/snapshot/{snapname}
    mutating func deleteContainerSnapshot(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let name = call.values["snapname"] ?? ""
        return try begin("vzdelsnapshot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try guest.checkLock()
            guard let snapshot = guest.config.snapshots[name] else {
                throw Refusal("snapshot '\(name)' does not exist")
            }
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            for (option, value) in snapshot.values.sorted(by: { $0.key < $1.key })
            where ContainerOption.isVolume(option) {
                course.lines.append(
                    "  Logical volume \"snap_\(Drive(value).volumeName)_\(name)\" successfully removed.")
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

    /// POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback
    mutating func rollBackContainer(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let name = call.values["snapname"] ?? ""
        let starts = call.flag("start")
        let caller = call.caller
        return try begin("vzrollback", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            if guest.isTemplate { throw Refusal("you can't rollback if vm is a template") }
            guard let snapshot = guest.config.snapshots[name] else {
                throw Refusal("snapshot '\(name)' does not exist")
            }
            try guest.checkLock()
            var course = TaskCourse(seconds: cluster.duration(1, for: guest))
            for (option, drive) in guest.config.drives where drive.isOwned && ContainerOption.isVolume(option) {
                course.lines.append("  Logical volume \"\(drive.volumeName)\" successfully removed.")
                course.lines.append("  Logical volume \"\(drive.volumeName)\" created.")
            }
            guest.lock = "rollback"
            course.keepsLock = false
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                guard let guest = cluster.guests[vmid] else { return }
                cluster.setStopped(vmid)
                let unused = guest.config.current.filter { ConfigOption.isUnused($0.key) }
                guest.config.current = snapshot.values.merging(unused) { current, _ in current }
                guest.config.current["lock"] = nil
                guest.config.snapshots.parentOfCurrent = name
                if starts { try cluster.beginContainerStart(vmid, on: node, by: caller) }
            }
            return course
        }
    }

    /// GET /nodes/{node}/lxc/{vmid}/feature
    func containerFeature(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        if let name = call.values["snapname"], guest.config.snapshots[name] == nil {
            throw Refusal("snapshot '\(name)' does not exist")
        }
        let has =
            switch call.values["feature"] {
            case "snapshot": hasSnapshotFeature(guest)
            case "clone": guest.isTemplate
            default: true
            }
        return .object { $0.member("hasFeature", has ? 1 : 0) }
    }
}
