// Moving virtual machines between nodes.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private func localDisks(of guest: Guest) -> [(name: String, drive: Drive)] {
        guest.config.drives.filter { $0.drive.isOwned && storage(of: $0.drive)?.isShared == false }
    }

    /// GET /nodes/{node}/qemu/{vmid}/migrate
    func migrationCheck(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call)
        let others = nodeNames.filter { $0 != guest.node && nodes[$0]?.isOnline == true }
        return .object { answer in
            answer.member("running", guest.run.isRunning ? 1 : 0)
            answer.member("has-dbus-vmstate", 1)
            answer.member("allowed_nodes") { $0.array { for name in others { $0.string(name) } } }
            answer.member("not_allowed_nodes") { $0.object { _ in } }
            answer.member("local_disks") {
                $0.array { array in
                    for (name, drive) in localDisks(of: guest) {
                        array.object { write(drive, name, of: guest, to: &$0) }
                    }
                }
            }
            answer.member("local_resources") { $0.array { _ in } }
            answer.member("mapped-resources") { $0.array { _ in } }
            answer.member("mapped-resource-info") { $0.object { _ in } }
        }
    }

    private func write(_ drive: Drive, _ name: String, of guest: Guest, to row: inout JSONWriter) {
        let isUnused = ConfigOption.isUnused(name)
        row.member("volid", drive.volume)
        row.member("drivename", name)
        row.member("cdrom", drive.isCDROM ? 1 : 0)
        row.member("is_cloudinit", drive.isCloudInit ? 1 : 0)
        row.member("is_unused", isUnused ? 1 : 0)
        row.member("is_attached", isUnused ? 0 : 1)
        row.member("is_tpmstate", name == "tpmstate0" ? 1 : 0)
        row.member("is_vmstate", 0)
        row.member("shared", 0)
        row.member("replicate", 1)
        if let size = drive.size { row.member("size", size) }
        let snapshots = guest.config.snapshots.all.filter { $0.values[name].map { Drive($0).volume } == drive.volume }
        if !snapshots.isEmpty {
            row.member("referenced_in_snapshot") {
                $0.object { for snapshot in snapshots { $0.member(snapshot.name, 1) } }
            }
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/migrate
    mutating func migrateGuest(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let target = call.values["target"] ?? ""
        if target == node { throw Refusal(parameter: "target", "target is local node.") }
        guard let machine = nodes[target] else { throw Refusal("no such cluster node '\(target)'") }
        try call.allowOnlyForRoot("force", "migration_type", "migration_network")
        let guest = try guest(call)
        let vmid = guest.vmid
        try guest.checkLock()
        if guest.run.isRunning, !call.flag("online") { throw Refusal("can't migrate running VM without --online") }
        let newStorage = call.values["targetstorage"].flatMap { $0 == "1" ? nil : $0 }
        if let newStorage { _ = try imageStorage(newStorage) }
        let takesDisks = call.flag("with-local-disks")
        let address = machine.address
        return try begin("qmigrate", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            try guest.checkLock()
            let disks = cluster.localDisks(of: guest)
            let isLive = guest.run.isRunning
            var course = TaskCourse(seconds: cluster.duration(2, for: guest))
            course.keepsLock = false
            let stamp = CalendarTime(cluster.now).text
            course.lines = ["\(stamp) starting migration of VM \(vmid) to node '\(target)' (\(address))"]
            if cluster.nodes[target]?.isOnline != true {
                course.seconds = cluster.duration(0.5)
                course.lines += [
                    "\(stamp) # /usr/bin/ssh -e none -o 'BatchMode=yes' -o 'HostKeyAlias=\(target)' root@\(address) /bin/true",
                    "\(stamp) ssh: connect to host \(address) port 22: No route to host",
                    "\(stamp) ERROR: migration aborted (duration 00:00:03): Can't connect to destination address using public key",
                ]
                course.failure = "migration aborted"
                return course
            }
            if isLive, !takesDisks, !disks.isEmpty {
                course.seconds = cluster.duration(0.1)
                for (name, drive) in disks {
                    course.lines.append("\(stamp) found local disk '\(drive.volume)' (attached as \(name))")
                }
                course.lines.append(
                    "\(stamp) ERROR: Problem found while scanning volumes - can't live migrate attached local disks without with-local-disks option"
                )
                course.failure = "migration aborted"
                return course
            }
            guest.lock = "migrate"
            for (_, drive) in disks { course.lines.append("\(stamp) copying local disk image '\(drive.volume)'") }
            if isLive {
                course.lines += [
                    "\(stamp) starting VM \(vmid) on remote node '\(target)'", "\(stamp) start remote tunnel",
                ]
                course.lines += [20, 45, 70, 95].map { "\(stamp) migration active, transferred \($0)% of VM-state" }
                course.lines.append("\(stamp) migration completed, average downtime 48 ms")
            }
            course.closing = ["\(stamp) migration finished successfully"]
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                guard let guest = cluster.guests[vmid] else { return }
                guest.lock = nil
                guest.node = target
                if isLive { guest.pid = cluster.nodes[target]?.nextPID() ?? 1 }
                guard let newStorage, let storage = try? cluster.storage(newStorage) else { return }
                for (name, drive) in disks {
                    var moved = drive
                    moved.volume = storage.volume(drive.volumeName, of: vmid, format: storage.defaultFormat)
                    guest.config.current[name] = ConfigOption.isUnused(name) ? moved.volume : moved.text
                }
            }
            return course
        }
    }
}
