// Clones of containers, and templates.
// SPDX-License-Identifier: MIT

/// What a clone is to be.
private struct ContainerCloneOrder: Sendable {
    var source: Int
    var newID: Int
    var node: String
    /// The node the clone is to live on.
    var target: String
    var snapshot: String?
    var storage: String?
    /// nil: linked for templates, full for others.
    var full: Bool?
    var hostname: String?
    var description: String?
}

extension Cluster {
    /// POST /nodes/{node}/lxc/{vmid}/clone
    mutating func cloneContainer(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let target = call.values["target"] ?? node
        let order = ContainerCloneOrder(
            source: call.number("vmid") ?? 0, newID: call.number("newid") ?? 0, node: node,
            target: target == "localhost" ? node : target, snapshot: call.values["snapname"],
            storage: call.values["storage"], full: call.values["full"].map { $0 == "1" },
            hostname: call.values["hostname"], description: call.values["description"])
        let guest = try check(order)
        let volumes = guest.config.current.filter { ContainerOption.isVolume($0.key) }
        try demandSpace(call, for: order.storage == nil ? volumes : [:], default: order.storage)
        let isFull = order.full ?? !guest.isTemplate
        guest.lock = "disk"
        add(
            Guest(
                vmid: order.newID, kind: .lxc, node: order.node, config: GuestConfig(current: ["lock": "create"])))
        let takeBack: @Sendable (inout Cluster) -> Void = { cluster in
            cluster.guests[order.source]?.lock = nil
            cluster.removeGuest(order.newID)
        }
        return try begin("vzclone", call) { cluster in
            do {
                let guest = try cluster.guest(order.source, on: order.node, .lxc)
                let config = try cluster.cloned(guest, order)
                var course = TaskCourse(seconds: cluster.duration(isFull ? 2 : 0.5, for: guest))
                course.keepsLock = false
                for (name, drive) in guest.config.drives where drive.isOwned && ContainerOption.isVolume(name) {
                    let kind = isFull ? "full clone of mountpoint" : "linked clone of mount point"
                    course.lines.append("create \(kind) \(name) (\(drive.volume))")
                }
                course.abandon = takeBack
                course.finish = { cluster in
                    cluster.guests[order.source]?.lock = nil
                    guard let clone = cluster.guests[order.newID] else { return }
                    clone.config = config
                    clone.node = order.target
                    clone.linkedTo = isFull ? nil : order.source
                }
                return course
            } catch {
                takeBack(&cluster)
                throw Refusal("clone failed: \((error as? Refusal)?.reason ?? "\(error)")")
            }
        }
    }

    private func check(_ order: ContainerCloneOrder) throws -> Guest {
        guard nodes[order.target] != nil else { throw Refusal("no such cluster node '\(order.target)'") }
        if let name = order.storage {
            let storage = try enabledStorage(name, on: order.target)
            if order.target != order.node, !storage.isShared {
                throw Refusal("can't clone to non-shared storage '\(name)'")
            }
        }
        let guest = try guest(order.source, on: order.node, .lxc)
        try guest.checkLock()
        let isFull = order.full ?? !guest.isTemplate
        if !isFull, order.storage != nil { throw Refusal("parameter 'storage' not allowed for linked clones") }
        var values = guest.config.current
        if let name = order.snapshot {
            guard let snapshot = guest.config.snapshots[name] else {
                throw Refusal("snapshot '\(name)' does not exist")
            }
            values = snapshot.values
        }
        if guests[order.newID] != nil {
            throw Refusal("unable to create CT \(order.newID): config file already exists")
        }
        var isShared = true
        for (name, value) in values.sorted(by: { $0.key < $1.key }) where ContainerOption.isVolume(name) {
            let drive = Drive(value)
            guard drive.isOwned, let own = drive.storage else {
                let kind = drive.volume.hasPrefix("/dev/") ? "device" : "bind"
                throw Refusal("unable to clone mountpoint '\(name)' (type \(kind))")
            }
            if try !storage(order.storage ?? own).isShared { isShared = false }
            if isFull {
                if order.storage != nil { _ = try containerStorage(order.storage ?? own, on: order.node) }
                if guest.run.isRunning, order.snapshot == nil {
                    throw Refusal("Cannot do full clones on a running container without snapshots")
                }
            } else if !guest.isTemplate {
                throw Refusal("Linked clone feature for '\(drive.volume)' is not available")
            }
        }
        if order.target != order.node, !isShared {
            throw Refusal("can't clone CT to node '\(order.target)' (CT uses local storage)")
        }
        return guest
    }

    private mutating func cloned(_ guest: Guest, _ order: ContainerCloneOrder) throws -> GuestConfig {
        var config = GuestConfig()
        let source = order.snapshot.flatMap { guest.config.snapshots[$0]?.values } ?? guest.config.current
        config.current = source.filter { !ConfigOption.isUnused($0.key) }
        var number = 0
        for (name, drive) in config.drives where drive.isOwned {
            let storage = try storage(order.storage ?? drive.storage ?? "")
            var copy = drive
            let image = "vm-\(order.newID)-disk-\(number)"
            number += 1
            copy.volume = storage.volume(image, of: order.newID, format: containerFormat(of: storage))
            try checkSpace(
                for: (drive.size ?? 0) / 16, on: storage, of: order.node, writing: storage.path(of: copy.volumeName))
            config.current[name] = copy.text
        }
        makeContainerUnique(&config)
        config.current["template"] = nil
        config.current["lock"] = nil
        if let hostname = order.hostname { config.current["hostname"] = hostname }
        if let description = order.description { config.current["description"] = description }
        return config
    }

    /// POST /nodes/{node}/lxc/{vmid}/template
    mutating func makeContainerTemplate(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        let vmid = guest.vmid
        let node = guest.node
        try guest.checkLock()
        if !guest.config.snapshots.all.isEmpty {
            throw Refusal("unable to create template, because CT contains snapshots")
        }
        if guest.isTemplate { throw Refusal("you can't convert a template to a template") }
        if guest.run.isRunning { throw Refusal("you can't convert a CT to template if the CT is running") }
        for (_, drive) in guest.config.drives {
            guard let storage = storage(of: drive), storage.hasFiles else { continue }
            throw Refusal("Directory storage '\(storage.name)' does not support container templates!")
        }
        return try begin("vztemplate", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            var course = TaskCourse(seconds: cluster.duration(0.25, for: guest))
            course.lines = guest.config.drives.filter { $0.drive.isOwned }
                .map { "  Renamed \"\($0.drive.volumeName)\" to a base image" }
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node, .lxc)
                for (name, drive) in guest.config.drives where drive.isOwned && ContainerOption.isVolume(name) {
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
