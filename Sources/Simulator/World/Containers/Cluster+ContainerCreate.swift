// Creating containers from templates, and restoring them from backups.
// SPDX-License-Identifier: MIT

/// What a new container is to be.
private struct ContainerOrder: Sendable {
    var vmid: Int
    var node: String
    /// The template or backup it is made from.
    var archive: String
    var restores: Bool
    /// Whether a container of this id is overwritten.
    var overwrites: Bool
    var isUnique: Bool
    /// For volumes that name no storage.
    var storage: String
    var values: [String: String]
    var isManaged: Bool
    var starts: Bool
    var caller: String

    /// How every refusal of it begins.
    var unable: String { "unable to \(restores ? "restore" : "create") CT \(vmid) -" }
}

extension Cluster {
    /// POST /nodes/{node}/lxc: a new container, or with `restore` one from a backup.
    mutating func createContainer(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let vmid = call.number("vmid") ?? 0
        let restores = call.flag("restore")
        let existing = guests[vmid]
        let overwrites = existing?.kind == .lxc && existing?.node == node && restores && call.flag("force")
        if let existing {
            guard overwrites else { throw Refusal(Self.existsText(existing)) }
            if existing.run.isRunning { throw Refusal("can't overwrite running container") }
            try existing.checkProtection("unable to restore CT \(vmid)")
        }
        let order = ContainerOrder(
            vmid: vmid, node: node, archive: call.values["ostemplate"] ?? "", restores: restores,
            overwrites: overwrites, isUnique: call.flag("unique"), storage: call.values["storage"] ?? "local",
            values: call.values.filter {
                !ContainerChange.control.contains($0.key) && !ConfigOption.isUnused($0.key)
            },
            isManaged: call.flag("ha-managed"), starts: call.flag("start"),
            caller: call.caller)
        try checkArchive(of: order, call)
        try checkContainerOptions(order.values, isPrivileged: order.values["unprivileged"] != "1", call)
        try checkStorages(of: order)
        if let colon = order.archive.firstIndex(of: ":") {
            try demandAccess(call, to: order.archive, in: String(order.archive[..<colon]))
        }
        try demandSpace(call, for: order.values, default: order.values["rootfs"] == nil ? order.storage : nil)
        if let lock = existing?.lock { throw Refusal("\(order.unable) CT is locked (\(lock))") }
        if overwrites {
            existing?.lock = "create"
        } else {
            add(Guest(vmid: vmid, kind: .lxc, node: node, config: GuestConfig(current: ["lock": "create"])))
        }
        return begin(restores ? "vzrestore" : "vzcreate", id: String(vmid), on: node, by: call.caller, locking: vmid) {
            try $0.createCourse(order)
        }
    }

    static func existsText(_ guest: Guest) -> String {
        "\(guest.kind == .qemu ? "VM" : "CT") \(guest.vmid) already exists on node '\(guest.node)'"
    }

    private func checkArchive(of order: ContainerOrder, _ call: APICall) throws {
        let wanted = order.restores ? "backup" : "vztmpl"
        if order.archive == "-" { throw Refusal("pipe requires cli environment") }
        if order.archive.hasPrefix("/") {
            guard call.isRoot else { throw Refusal("Only root can pass arbitrary filesystem paths.") }
            return
        }
        guard let colon = order.archive.firstIndex(of: ":") else {
            throw Refusal("unable to parse volume ID '\(order.archive)'")
        }
        _ = try enabledStorage(String(order.archive[..<colon]), on: order.node)
        guard order.archive[order.archive.index(after: colon)...].hasPrefix(wanted + "/") else {
            throw Refusal("unable to use volume \(order.archive) - content type needs to be '\(wanted)'")
        }
    }

    private func checkStorages(of order: ContainerOrder) throws {
        let volumes = order.values.filter { ContainerOption.isVolume($0.key) }
        guard volumes["rootfs"] != nil else {
            if !volumes.isEmpty { throw Refusal("mount points configured, but 'rootfs' not set - aborting") }
            _ = try containerStorage(order.storage, on: order.node)
            return
        }
        for (_, value) in volumes.sorted(by: { $0.key < $1.key }) {
            let drive = Drive(value)
            if drive.volume.hasPrefix("/") { continue }
            _ = try containerStorage(drive.storage ?? order.storage, on: order.node)
        }
    }

    private mutating func createCourse(_ order: ContainerOrder) throws -> TaskCourse {
        let takeBack: @Sendable (inout Cluster) -> Void = { cluster in
            if order.overwrites {
                cluster.guests[order.vmid]?.lock = nil
            } else {
                cluster.removeGuest(order.vmid)
            }
        }
        do {
            let guest = try guest(order.vmid, on: order.node, .lxc)
            if order.overwrites, guest.run.isRunning { throw Refusal("can't overwrite running container") }
            guard let archive = storedVolume(order.archive, on: order.node) else {
                throw Refusal("volume '\(order.archive)' does not exist")
            }
            let config = try newContainer(order, from: archive)
            var course = TaskCourse(seconds: duration(order.restores ? 2 : 1.5))
            course.lines = lines(of: order, config, archive)
            course.abandon = takeBack
            course.finish = { cluster in
                guard let guest = cluster.guests[order.vmid] else { return }
                guest.config = config
                guest.linkedTo = nil
                if order.isManaged { cluster.manage(guest, isStarted: order.starts) }
                if order.starts { try cluster.beginContainerStart(order.vmid, on: order.node, by: order.caller) }
            }
            return course
        } catch {
            takeBack(&self)
            throw Refusal("\(order.unable) \((error as? Refusal)?.reason ?? "\(error)")")
        }
    }

    /// The configuration of a new container with everything Proxmox fills in.
    private mutating func newContainer(_ order: ContainerOrder, from archive: StoredVolume) throws -> GuestConfig {
        var values: [String: String] = [:]
        if order.restores {
            guard let backup = archive.backup, archive.kind == .lxc else {
                throw Refusal("unable to detect the configuration in the backup archive")
            }
            values = backup.filter { !ConfigOption.isUnused($0.key) && $0.key != "lock" && $0.key != "template" }
            if order.values["rootfs"] != nil { values = values.filter { !ContainerOption.isVolume($0.key) } }
            for (name, value) in values where ContainerOption.isVolume(name) {
                var drive = Drive(value)
                guard drive.isOwned, let size = drive.size else { continue }
                drive.volume = "\(order.storage):\(Double(size) / 1_073_741_824)"
                drive["size"] = nil
                values[name] = drive.text
            }
        }
        values.merge(order.values) { $1 }
        if values["rootfs"] == nil { values["rootfs"] = "\(order.storage):4" }
        var config = GuestConfig()
        for (name, value) in values.sorted(by: { $0.key > $1.key }) {
            var value = value
            if ContainerOption.isVolume(name), Double(Drive(value).volume) != nil {
                value = "\(order.storage):\(value)"
            }
            config.current[name] = try completedContainerValue(name, value, for: order.vmid, on: order.node, in: config)
        }
        if order.restores, order.isUnique { makeContainerUnique(&config) }
        let defaults = [
            "hostname": "CT\(order.vmid)", "memory": "512", "swap": "512", "arch": "amd64",
            "ostype": Self.distribution(of: order.archive),
        ]
        config.current.merge(defaults) { own, _ in own }
        if order.archive.hasSuffix(".tar"), !order.restores, config.current["cmode"] == nil {
            // An image of a registry starts its program in place of an init, which has no terminals.
            config.current["cmode"] = "console"
            if config.current["entrypoint"] == nil { config.current["entrypoint"] = "/docker-entrypoint.sh" }
        }
        if config.current["unprivileged"] == "0" { config.current["unprivileged"] = nil }
        return config
    }

    /// What the setup scripts recognise, by the name of the template.
    private static func distribution(of archive: String) -> String {
        let known = [
            "debian", "devuan", "ubuntu", "centos", "fedora", "opensuse", "archlinux", "alpine", "gentoo", "nixos",
        ]
        let name = archive.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return known.first { name.hasPrefix($0) } ?? (archive.hasSuffix(".tar") ? "unmanaged" : "debian")
    }

    private func lines(of order: ContainerOrder, _ config: GuestConfig, _ archive: StoredVolume) -> [String] {
        var lines: [String] = []
        if order.restores { lines.append("recovering backed-up configuration from '\(order.archive)'") }
        for (_, drive) in config.drives where drive.isOwned {
            let storage = storage(of: drive)
            if storage?.hasFiles == true {
                lines.append("Formatting '\(storage?.path(of: drive.volumeName) ?? "")', fmt=raw")
            } else {
                lines.append("  Logical volume \"\(drive.volumeName)\" created.")
            }
            let blocks = (drive.size ?? 0) / 4096
            lines.append("Creating filesystem with \(blocks) 4k blocks and \(blocks / 4) inodes")
        }
        let colon = order.archive.firstIndex(of: ":") ?? order.archive.startIndex
        let path = (try? storage(String(order.archive[..<colon])))?
            .path(of: String(order.archive[order.archive.index(after: colon)...]))
        if order.restores { lines.append("restoring '\(order.archive)' now..") }
        lines.append("extracting archive '\(path ?? order.archive)'")
        lines.append("Total bytes read: \(archive.size * 4) (\(archive.size >> 18)MiB, 241MiB/s)")
        if order.restores {
            lines.append("merging backed-up and given configuration..")
        } else {
            lines.append("Detected container architecture: amd64")
            lines.append("Creating SSH host key 'ssh_host_ed25519_key' - this may take some time ...")
        }
        return lines
    }
}
