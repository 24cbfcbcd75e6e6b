// Moving containers between nodes, and their volumes between storages and containers.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /nodes/{node}/lxc/{vmid}/migrate
    func containerMigrationCheck(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        let others = nodeNames.filter { $0 != guest.node && nodes[$0]?.isOnline == true }
        return .object { answer in
            answer.member("running", guest.run.isRunning ? 1 : 0)
            answer.member("allowed-nodes") { $0.array { for name in others { $0.string(name) } } }
            answer.member("not-allowed-nodes") { $0.object { _ in } }
            answer.member("dependent-ha-resources") { $0.array { _ in } }
        }
    }

    /// POST /nodes/{node}/lxc/{vmid}/migrate: a running container is shut down here and started there.
    mutating func migrateContainer(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let target = call.values["target"] ?? ""
        if target == node { throw Refusal(parameter: "target", "target is local node.") }
        guard let machine = nodes[target] else { throw Refusal("no such cluster node '\(target)'") }
        let guest = try guest(call, .lxc)
        try guest.checkLock()
        let restarts = call.flag("restart")
        let isOnline = call.flag("online")
        if guest.run.isRunning, !restarts, !isOnline {
            throw Refusal("Can't migrate running container without --online or --restart")
        }
        let newStorage = call.values["target-storage"].flatMap { $0 == "1" ? nil : $0 }
        if let newStorage { _ = try containerStorage(newStorage, on: target) }
        let vmid = guest.vmid
        let address = machine.address
        return try begin("vzmigrate", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try guest.checkLock()
            let wasRunning = guest.run.isRunning
            let stamp = CalendarTime(cluster.now).text
            var course = TaskCourse(seconds: cluster.duration(2, for: guest))
            course.keepsLock = false
            if wasRunning, isOnline, !restarts {
                return cluster.abortedMigration("lxc live migration is currently not implemented", stamp)
            }
            if cluster.nodes[target]?.isOnline != true {
                return cluster.abortedMigration("Can't connect to destination address using public key", stamp)
            }
            for (name, drive) in guest.config.drives where ContainerOption.isVolume(name) && !drive.isOwned {
                guard drive["shared"] != "1" else { continue }
                let kind = drive.volume.hasPrefix("/dev/") ? "device" : "bind"
                return cluster.abortedMigration("cannot migrate local \(kind) mount point '\(name)'", stamp)
            }
            if let storage = guest.config.drives.compactMap({ cluster.storage(of: $0.drive) }).first(where: {
                newStorage == nil && !$0.isOffered(on: target)
            }) {
                return cluster.abortedMigration(
                    "storage '\(storage.name)' is not available on node '\(target)'", stamp)
            }
            if wasRunning { course.lines.append("\(stamp) shutdown CT \(vmid)") }
            course.lines.append("\(stamp) starting migration of CT \(vmid) to node '\(target)' (\(address))")
            for (_, drive) in guest.config.drives where drive.isOwned {
                let storage = cluster.storage(of: drive)
                course.lines.append(
                    storage?.isShared == true
                        ? "\(stamp) volume '\(drive.volume)' is on shared storage '\(storage?.name ?? "")'"
                        : "\(stamp) found local volume '\(drive.volume)' (in current VM config)")
            }
            course.lines.append("\(stamp) start final cleanup")
            if wasRunning { course.lines.append("\(stamp) start container on target node") }
            course.closing = ["\(stamp) migration finished successfully"]
            guest.lock = "migrate"
            if wasRunning { cluster.setStopped(vmid) }
            course.abandon = { cluster in
                cluster.guests[vmid]?.lock = nil
                if wasRunning { cluster.setRunning(vmid) }
            }
            course.finish = { cluster in
                guard let guest = cluster.guests[vmid] else { return }
                guest.lock = nil
                guest.node = target
                if wasRunning { cluster.setRunning(vmid) }
                guard let newStorage, let storage = try? cluster.storage(newStorage) else { return }
                for (name, drive) in guest.config.drives where drive.isOwned && drive.storage != newStorage {
                    var moved = drive
                    let number = cluster.freeDiskNumber(of: vmid, guest.config, on: newStorage)
                    moved.volume = storage.volume(
                        "vm-\(vmid)-disk-\(number)", of: vmid, format: cluster.containerFormat(of: storage))
                    guest.config.current[name] = ConfigOption.isUnused(name) ? moved.volume : moved.text
                }
            }
            return course
        }
    }

    private func abortedMigration(_ reason: String, _ stamp: String) -> TaskCourse {
        TaskCourse(
            seconds: duration(0.1), lines: ["\(stamp) ERROR: migration aborted (duration 00:00:00): \(reason)"],
            failure: "migration aborted")
    }

    /// POST /nodes/{node}/lxc/{vmid}/move_volume, to another storage or to another container
    mutating func moveVolume(_ call: APICall) throws -> APIAnswer {
        switch (call.values["storage"], call.number("target-vmid")) {
        case (let storage?, nil): return try moveVolume(call, to: storage)
        case (nil, let target?): return try reassignVolume(call, to: target)
        case (nil, nil):
            throw Refusal(
                parameter: "storage", "both storage and target-vmid are missing, either needs to be set")
        case (.some, .some): throw Refusal("either set storage or target-vmid, but not both")
        }
    }

    private mutating func moveVolume(_ call: APICall, to storageName: String) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        let vmid = guest.vmid
        let node = guest.node
        let option = call.values["volume"] ?? ""
        let removes = call.flag("delete")
        try guest.checkLock()
        if guest.run.isRunning { throw Refusal("cannot move volumes of a running container") }
        if ConfigOption.isUnused(option) {
            throw Refusal(
                "cannot move volume '\(option)', only configured volumes can be moved to another storage")
        }
        guard let value = guest.config.current[option] else {
            throw Refusal("volume '\(option)' does not exist in the configuration of CT \(vmid)")
        }
        let drive = Drive(value)
        let isInSnapshot = guest.config.snapshots.all.contains {
            $0.values[option].map { Drive($0).volume } == drive.volume
        }
        if removes, isInSnapshot { throw Refusal("you can't move a volume with snapshots and delete the source") }
        try checkModified(call.values["digest"], guest)
        try demandAny(call, ["Datastore.AllocateSpace"], on: "/storage/\(storageName)")
        let target = try containerStorage(storageName, on: node)
        guest.lock = "disk"
        return try begin("move_volume", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            var moved = drive
            let number = cluster.freeDiskNumber(of: vmid, guest.config, on: target.name)
            moved.volume = target.volume(
                "vm-\(vmid)-disk-\(number)", of: vmid, format: cluster.containerFormat(of: target))
            do {
                try cluster.checkSpace(
                    for: (drive.size ?? 0) / 16, on: target, of: node, writing: target.path(of: moved.volumeName))
            } catch {
                guest.lock = nil
                throw error
            }
            let result = moved
            var course = TaskCourse(seconds: cluster.duration(2, for: guest))
            course.lines = [
                "Creating filesystem with \((drive.size ?? 0) / 4096) 4k blocks", "Number of files: 25,142",
                "Total file size: \((drive.size ?? 0) / 4) bytes",
            ]
            if removes { course.closing = ["  Logical volume \"\(drive.volumeName)\" successfully removed."] }
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node, .lxc)
                guest.lock = nil
                guest.config.current[option] = result.text
                if !removes { guest.config.keepUnused(drive.text) }
            }
            return course
        }
    }

    private mutating func reassignVolume(_ call: APICall, to targetID: Int) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let option = call.values["volume"] ?? ""
        let targetOption = call.values["target-volume"] ?? option
        try demandAny(call, ["VM.Config.Disk"], on: "/vms/\(targetID)")
        let check: @Sendable (Cluster) throws -> Void = { cluster in
            if option == "rootfs" || targetOption == "rootfs" { throw Refusal("Cannot move to/from 'rootfs'") }
            if ConfigOption.isUnused(option), !ConfigOption.isUnused(targetOption) {
                throw Refusal("Moving an unused volume to a used one is not possible")
            }
            guard cluster.guests[vmid] != nil else { throw Refusal("could not find CT \(vmid)") }
            guard let target = cluster.guests[targetID] else { throw Refusal("could not find target CT \(targetID)") }
            let source = try cluster.guest(vmid, on: node, .lxc)
            guard target.kind == .lxc else { throw Refusal("could not find target CT \(targetID)") }
            if target.node != node {
                throw Refusal("Both CTs need to be on the same node (\(node) != \(target.node))")
            }
            try source.checkLock()
            try target.checkLock()
            if source.run.isRunning || target.run.isRunning {
                throw Refusal("cannot move volumes of a running container")
            }
            guard source.config.current[option] != nil else {
                throw Refusal("Volume '\(option)' for container '\(vmid)' does not exist")
            }
            if target.config.current[targetOption] != nil {
                throw Refusal("Target volume with key '\(targetOption)' is already in use for container '\(targetID)'")
            }
        }
        try check(self)
        return begin(
            "move_volume", id: "\(vmid)-\(option)>\(targetID)-\(targetOption)", on: node, by: call.caller,
            locking: vmid
        ) { cluster in
            try check(cluster)
            var course = TaskCourse(seconds: cluster.duration(0.25))
            course.lines = [
                "reassign volume '\(option)' of CT '\(vmid)' as '\(targetOption)' to CT '\(targetID)'",
                "remove volume '\(option)' from container '\(vmid)' config",
            ]
            course.finish = { cluster in
                try check(cluster)
                let source = try cluster.guest(vmid, on: node, .lxc)
                let target = try cluster.guest(targetID, on: node, .lxc)
                guard let value = source.config.current.removeValue(forKey: option) else { return }
                var drive = Drive(value)
                let storage = try cluster.storage(drive.storage ?? "")
                let number = cluster.freeDiskNumber(of: targetID, target.config, on: storage.name)
                drive.volume = storage.volume(
                    "vm-\(targetID)-disk-\(number)", of: targetID, format: cluster.containerFormat(of: storage))
                target.config.current[targetOption] =
                    ConfigOption.isUnused(targetOption) ? drive.volume : drive.text
            }
            return course
        }
    }
}
