// Clones and templates.
// SPDX-License-Identifier: MIT

/// What a clone is to be.
private struct CloneOrder: Sendable {
    var source: Int
    var newID: Int
    var node: String
    /// The node the clone is to live on.
    var target: String
    var snapshot: String?
    var storage: String?
    var format: String?
    /// nil: linked for templates, full for others.
    var full: Bool?
    var name: String?
    var description: String?
}

extension Cluster {
    /// POST /nodes/{node}/qemu/{vmid}/clone
    mutating func cloneGuest(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let target = call.values["target"] ?? node
        let order = CloneOrder(
            source: call.number("vmid") ?? 0, newID: call.number("newid") ?? 0, node: node,
            target: target == "localhost" ? node : target, snapshot: call.values["snapname"],
            storage: call.values["storage"], format: call.values["format"],
            full: call.values["full"].map { $0 == "1" }, name: call.values["name"],
            description: call.values["description"])
        try check(order)
        let guest = try guest(order.source, on: node)
        let isFull = order.full ?? !guest.isTemplate
        return begin("qmclone", id: String(order.source), on: node, by: call.caller, locking: order.source) { cluster in
            try cluster.check(order)
            let guest = try cluster.guest(order.source, on: order.node)
            let config = try cluster.cloned(guest, order)
            let newGuest = Guest(
                vmid: order.newID, kind: .qemu, node: order.target, config: GuestConfig(current: ["lock": "clone"]))
            cluster.add(newGuest)
            var course = TaskCourse(seconds: cluster.duration(isFull ? 2 : 0.5, for: guest))
            course.keepsLock = false
            course.lines = ["creating a clone of VM \(order.source) with ID \(order.newID)"]
            for (name, drive) in guest.config.drives where drive.isOwned && ConfigOption.isDrive(name) {
                course.lines.append("create \(isFull ? "full" : "linked") clone of drive \(name) (\(drive.volume))")
                guard isFull, let size = drive["size"] else { continue }
                for percent in [0, 25, 50, 75, 100] { course.lines.append("transferred \(percent)% of \(size)") }
            }
            course.abandon = { $0.removeGuest(order.newID) }
            course.finish = { cluster in
                guard let clone = cluster.guests[order.newID] else { return }
                clone.config = config
                clone.linkedTo = isFull ? nil : order.source
            }
            return course
        }
    }

    private func check(_ order: CloneOrder) throws {
        guard nodes[order.target] != nil else { throw Refusal("no such cluster node '\(order.target)'") }
        if let name = order.storage {
            let storage = try imageStorage(name)
            if order.target != order.node, !storage.isShared {
                throw Refusal("can't clone to non-shared storage '\(name)'")
            }
        }
        let guest = try guest(order.source, on: order.node)
        try guest.checkLock()
        if let name = order.snapshot, guest.config.snapshots[name] == nil {
            throw Refusal("snapshot '\(name)' does not exist")
        }
        let isFull = order.full ?? !guest.isTemplate
        if !isFull, order.storage != nil { throw Refusal("parameter 'storage' not allowed for linked clones") }
        if !isFull, order.format != nil { throw Refusal("parameter 'format' not allowed for linked clones") }
        let drives = guest.config.drives.filter { ConfigOption.isDrive($0.name) && $0.drive.isOwned }
        if order.target != order.node, !drives.allSatisfy({ storage(of: $0.drive)?.isShared == true }) {
            throw Refusal("can't clone VM to node '\(order.target)' (VM uses local storage)")
        }
        if guests[order.newID] != nil {
            throw Refusal("unable to create VM \(order.newID): config file already exists")
        }
        guard !isFull else { return }
        for (name, drive) in drives where !canLink(to: drive, guest, from: order.snapshot) {
            let of = order.snapshot == nil ? "" : " a snapshot of"
            throw Refusal("Linked clone feature is not supported for\(of) '\(drive.volume)' (\(name))")
        }
    }

    private mutating func cloned(_ guest: Guest, _ order: CloneOrder) throws -> GuestConfig {
        var config = GuestConfig()
        config.current = order.snapshot.flatMap { guest.config.snapshots[$0]?.values } ?? guest.config.current
        config.current = config.current.filter { !ConfigOption.isUnused($0.key) && $0.key != "vmstate" }
        let isFull = order.full ?? !guest.isTemplate
        var disks = 0
        for (name, drive) in config.drives where drive.isOwned {
            var copy = drive
            let storage = try storage(order.storage ?? drive.storage ?? "")
            var image = "vm-\(order.newID)-cloudinit"
            if !drive.isCloudInit {
                image = "vm-\(order.newID)-disk-\(disks)"
                disks += 1
            }
            copy.volume = storage.volume(image, of: order.newID, format: order.format ?? storage.defaultFormat)
            if !isFull, storage.hasFiles, !drive.isCloudInit {
                // A linked clone on a file storage carries the name of its base.
                copy.volume = "\(drive.volume)/\(order.newID)/\(image).qcow2"
            }
            config.current[name] = copy.text
        }
        makeUnique(&config)
        config.current["template"] = nil
        config.current["lock"] = nil
        config.current["name"] = order.name ?? "Copy-of-VM-\(guest.name)"
        if let description = order.description { config.current["description"] = description }
        return config
    }

    /// POST /nodes/{node}/qemu/{vmid}/template
    mutating func makeTemplate(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call)
        let vmid = guest.vmid
        let node = guest.node
        let disk = call.values["disk"]
        let check: @Sendable (Guest) throws -> Void = { guest in
            try guest.checkLock()
            if guest.config.snapshots.all.count > 0 {
                throw Refusal("unable to create template, because VM contains snapshots")
            }
            if guest.isTemplate, disk == nil { throw Refusal("you can't convert a template to a template") }
            if guest.run.isRunning { throw Refusal("you can't convert a VM to template if VM is running") }
        }
        try check(guest)
        return try begin("qmtemplate", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            try check(guest)
            var course = TaskCourse(seconds: cluster.duration(0.25, for: guest))
            course.lines = guest.config.drives.filter { $0.drive.isOwned && !$0.drive.isCDROM }
                .map { "Renamed \"\($0.drive.volumeName)\" to a base image" }
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node)
                for (name, drive) in guest.config.drives where drive.isOwned && !drive.isCDROM && (disk ?? name) == name
                {
                    var base = drive
                    let parts = drive.volume.split(
                        separator: "vm-\(vmid)-", maxSplits: 1, omittingEmptySubsequences: false)
                    if parts.count == 2 { base.volume = parts.joined(separator: "base-\(vmid)-") }
                    guest.config.current[name] = base.text
                }
                guest.config.current["template"] = "1"
            }
            return course
        }
    }
}
