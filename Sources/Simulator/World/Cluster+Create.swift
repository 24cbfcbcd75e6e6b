// Creating virtual machines, restoring them from backups, destroying them.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// POST /nodes/{node}/qemu: a new machine, or with `archive` one from a backup.
    mutating func createGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("lock")
        let node = try nodeName(call)
        let vmid = call.number("vmid") ?? 0
        if let storage = call.values["storage"] { _ = try imageStorage(storage, on: node) }
        if let archive = call.values["archive"] {
            if let colon = archive.firstIndex(of: ":") {
                try demandAccess(call, to: archive, in: String(archive[..<colon]))
            }
            if let storage = call.values["storage"] { try demandSpace(call, for: [:], default: storage) }
            return try restoreGuest(vmid, from: archive, call, on: node)
        }
        if let existing = guests[vmid] {
            throw Refusal("unable to create VM \(vmid) - \(Self.existsText(existing))")
        }
        let values = call.values.filter { !ConfigChange.control.contains($0.key) }
        try demandSpace(call, for: values)
        for (name, value) in values where ConfigOption.isDrive(name) {
            if let storage = Drive(value).storage { _ = try enabledStorage(storage, on: node) }
        }
        add(Guest(vmid: vmid, kind: .qemu, node: node, config: GuestConfig(current: ["lock": "create"])))
        let starts = call.flag("start")
        let caller = call.caller
        let isManaged = call.flag("ha-managed")
        return begin("qmcreate", id: String(vmid), on: node, by: caller, locking: vmid) { cluster in
            let config: GuestConfig
            do {
                config = try cluster.newConfig(vmid, values, on: node)
            } catch {
                cluster.removeGuest(vmid)
                throw Refusal("unable to create VM \(vmid) - \((error as? Refusal)?.reason ?? "\(error)")")
            }
            var course = TaskCourse(seconds: cluster.duration(1))
            for (name, drive) in config.drives where drive.isOwned {
                course.lines.append("formatting volume '\(drive.volume)'")
                course.lines.append("\(name): successfully created disk '\(drive.text)'")
            }
            course.lines.append("writing configuration of VM \(vmid)")
            course.abandon = { $0.removeGuest(vmid) }
            course.finish = { cluster in
                cluster.guests[vmid]?.config = config
                if isManaged, let guest = cluster.guests[vmid] { cluster.manage(guest, isStarted: starts) }
                if starts { try cluster.beginStart(vmid, on: node, by: caller) }
            }
            return course
        }
    }

    /// The configuration of a new machine with everything Proxmox fills in.
    private mutating func newConfig(_ vmid: Int, _ values: [String: String], on node: String) throws -> GuestConfig {
        var config = GuestConfig()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            config.current[name] = try completed(name, value, for: vmid, on: node, in: config)
        }
        if config.current["smbios1"] == nil { config.current["smbios1"] = "uuid=\(random.uuid())" }
        if config.current["vmgenid"] == nil { config.current["vmgenid"] = random.uuid() }
        config.current["meta"] = "creation-qemu=10.1.2,ctime=\(seconds)"
        if config.current["boot"] == nil {
            let drives = config.drives.filter {
                ConfigOption.isDrive($0.name) && !$0.name.hasSuffix("state0") && $0.name != "efidisk0"
            }
            let disks =
                drives.filter { !$0.drive.isCDROM }.prefix(1)
                + drives.filter { $0.drive.isCDROM && !$0.drive.isCloudInit }
            let nets = config.current.keys.filter { ConfigOption.index(of: $0, in: "net") != nil }.sorted().prefix(1)
            let order = disks.map(\.name) + nets
            if !order.isEmpty { config.current["boot"] = "order=\(order.joined(separator: ";"))" }
        }
        return config
    }

    private mutating func restoreGuest(
        _ vmid: Int, from archive: String, _ call: APICall, on node: String
    ) throws -> APIAnswer {
        let force = call.flag("force")
        let unable = "unable to restore VM \(vmid) -"
        if let existing = guests[vmid], !force || existing.node != node || existing.kind != .qemu {
            throw Refusal("\(unable) \(Self.existsText(existing))")
        }
        if let lock = guests[vmid]?.lock { throw Refusal("\(unable) VM is locked (\(lock))") }
        let overrides = call.values.filter { !ConfigChange.control.contains($0.key) }
        let isNew = guests[vmid] == nil
        if isNew {
            add(Guest(vmid: vmid, kind: .qemu, node: node, config: GuestConfig(current: ["lock": "create"])))
        } else {
            guests[vmid]?.lock = "create"
        }
        let caller = call.caller
        let options = RestoreOptions(
            storage: call.values["storage"], isUnique: call.flag("unique"), starts: call.flag("start"),
            overrides: overrides, isManaged: call.flag("ha-managed"))
        return begin("qmrestore", id: String(vmid), on: node, by: caller, locking: vmid) { cluster in
            let takeBack: @Sendable (inout Cluster) -> Void = { cluster in
                if isNew { cluster.removeGuest(vmid) } else { cluster.guests[vmid]?.lock = nil }
            }
            do {
                let guest = try cluster.guest(vmid, on: node)
                try guest.checkProtection("unable to restore VM \(vmid)")
                if guest.run.isRunning { throw Refusal("\(unable) vm is running") }
                guard let volume = cluster.storedVolume(archive, on: node), let backup = volume.backup else {
                    throw Refusal("\(unable) volume '\(archive)' does not exist")
                }
                guard volume.kind == .qemu else {
                    throw Refusal("\(unable) '\(archive)' is not a backup of a virtual machine")
                }
                let config = try cluster.restored(backup, as: vmid, on: node, options)
                var course = TaskCourse(seconds: cluster.duration(2))
                course.lines = [
                    "restore vma archive: zstd -q -d -c \(archive)", "CFG: found configuration of the backup",
                ]
                for (name, drive) in config.drives where drive.isOwned {
                    course.lines.append("new volume ID is '\(drive.volume)' for drive \(name)")
                }
                course.lines += ["progress 25%", "progress 50%", "progress 75%", "progress 100%"]
                course.abandon = takeBack
                course.finish = { cluster in
                    let guest = try cluster.guest(vmid, on: node)
                    guest.config = config
                    if options.isManaged { cluster.manage(guest, isStarted: options.starts) }
                    if options.starts { try cluster.beginStart(vmid, on: node, by: caller) }
                }
                return course
            } catch {
                takeBack(&cluster)
                throw error
            }
        }
    }

    private struct RestoreOptions: Sendable {
        var storage: String?
        var isUnique: Bool
        var starts: Bool
        var overrides: [String: String]
        var isManaged: Bool
    }

    /// What a backup's configuration becomes for a guest: its own volumes, and new addresses if it is to be unique.
    private mutating func restored(
        _ backup: [String: String], as vmid: Int, on node: String, _ options: RestoreOptions
    ) throws -> GuestConfig {
        var config = GuestConfig()
        var disks = 0
        for (name, value) in backup.sorted(by: { $0.key < $1.key }) where name != "lock" && !ConfigOption.isUnused(name)
        {
            var drive = Drive(value)
            if ConfigOption.isDrive(name), drive.isOwned {
                let storage = try imageStorage(options.storage ?? drive.storage ?? "", on: node)
                let image = drive.isCloudInit ? "vm-\(vmid)-cloudinit" : "vm-\(vmid)-disk-\(disks)"
                if !drive.isCloudInit { disks += 1 }
                drive.volume = storage.volume(image, of: vmid, format: storage.defaultFormat)
                try checkSpace(
                    for: (drive.size ?? 0) / 16, on: storage, of: node, writing: storage.path(of: drive.volumeName))
                config.current[name] = drive.text
            } else {
                config.current[name] = value
            }
        }
        if options.isUnique { makeUnique(&config) }
        config.current.merge(options.overrides) { $1 }
        return config
    }

    /// New MAC addresses and identifiers, so that the original can run beside it.
    mutating func makeUnique(_ config: inout GuestConfig) {
        for (name, value) in config.current.sorted(by: { $0.key < $1.key })
        where ConfigOption.index(of: name, in: "net") != nil {
            let parts = value.split(separator: ",", maxSplits: 1).map(String.init)
            guard let model = parts.first?.split(separator: "=").first else { continue }
            config.current[name] = (["\(model)=\(random.mac())"] + parts.dropFirst()).joined(separator: ",")
        }
        config.current["smbios1"] = "uuid=\(random.uuid())"
        if config.current["vmgenid"] != nil { config.current["vmgenid"] = random.uuid() }
    }

    /// DELETE /nodes/{node}/qemu/{vmid}
    mutating func destroyGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let purges = call.flag("purge")
        try checkDestroy(vmid, on: node, purges: purges)
        let skipLock = call.flag("skiplock")
        let sweeps = call.flag("destroy-unreferenced-disks")
        return try begin("qmdestroy", call) { cluster in
            let guest = try cluster.checkDestroy(vmid, on: node, purges: purges)
            try guest.checkLock(skip: skipLock)
            if guest.isTemplate, cluster.guests.values.contains(where: { $0.linkedTo == vmid }),
                let volume = guest.config.drives.first(where: { !$0.drive.isCDROM })?.drive.volume
            {
                throw Refusal("base volume '\(volume)' is still in use by linked cloned")
            }
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            course.lines = ["destroying VM \(vmid)"]
            for (_, drive) in guest.config.drives where drive.isOwned {
                course.lines.append("Logical volume \"\(drive.volumeName)\" successfully removed.")
            }
            if purges { course.lines.append("purging VM \(vmid) from related configurations..") }
            course.finish = { cluster in
                cluster.removeGuest(vmid)
                if purges { cluster.forgetReferences(to: vmid) }
                if sweeps { cluster.sweepDisks(of: vmid) }
            }
            return course
        }
    }

    @discardableResult
    private func checkDestroy(_ vmid: Int, on node: String, purges: Bool) throws -> Guest {
        let guest = try guest(vmid, on: node)
        try guest.checkProtection("can't remove VM \(vmid)")
        try checkUnreferenced(guest, purges: purges)
        if guest.run.isRunning { throw Refusal("VM \(vmid) is running - destroy failed") }
        return guest
    }
}
