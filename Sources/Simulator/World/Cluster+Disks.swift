// Disks of virtual machines: allocation, growth, moving, removal; and values that are filled in.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// An option's value as it is stored: volumes allocated, addresses and identifiers filled in.
    mutating func completed(
        _ name: String, _ value: String, for vmid: Int, on node: String, in config: GuestConfig
    ) throws -> String {
        if ConfigOption.index(of: name, in: "net") != nil { return withAddress(value) }
        if name == "vmgenid", value == "1" { return random.uuid() }
        if name == "tags" {
            return Set(value.split(whereSeparator: { ",; ".contains($0) }).map(String.init)).sorted().joined(
                separator: ";")
        }
        guard ConfigOption.isDrive(name) else { return value }
        return try allocated(Drive(value), for: vmid, on: node, in: config).text
    }

    /// `virtio,bridge=vmbr0` or `model=virtio,…` with a MAC address.
    private mutating func withAddress(_ value: String) -> String {
        var parts = value.split(separator: ",").map(String.init)
        if let place = parts.firstIndex(where: { $0.hasPrefix("model=") }) {
            let model = String(parts.remove(at: place).dropFirst(6))
            let address = parts.firstIndex { $0.hasPrefix("macaddr=") }.map {
                String(parts.remove(at: $0).dropFirst(8))
            }
            parts.insert("\(model)=\(address ?? random.mac())", at: 0)
        } else if let first = parts.first, !first.contains("=") {
            parts[0] = "\(first)=\(random.mac())"
        }
        return parts.joined(separator: ",")
    }

    /// A drive with its volume: a new one for `storage:GiB` and `storage:cloudinit`, else the one named.
    private func allocated(
        _ asked: Drive, for vmid: Int, on node: String, in config: GuestConfig
    ) throws -> Drive {
        var drive = asked
        guard let name = drive.storage else { return drive }
        let storage = try enabledStorage(name, on: node)
        if drive.volumeName == "cloudinit" {
            drive.volume = try imageStorage(name, on: node).volume("vm-\(vmid)-cloudinit", of: vmid, format: "qcow2")
            drive["media"] = "cdrom"
            return drive
        }
        if let size = Double(drive.volumeName) {
            _ = try imageStorage(name, on: node)
            let format = drive["format"] ?? storage.defaultFormat
            drive.volume = storage.volume(
                "vm-\(vmid)-disk-\(freeDiskNumber(of: vmid, config, on: name))", of: vmid, format: format)
            try checkSpace(
                for: Int(size * 67_108_864), on: storage, of: node, writing: storage.path(of: drive.volumeName))
            drive["format"] = nil
            let source = drive["import-from"]
            drive["import-from"] = nil
            drive["size"] = source == nil ? Drive.sizeText(Int(size * 1_073_741_824)) : "2G"
            return drive
        }
        if drive.isCDROM {
            guard let image = storedVolume(drive.volume, on: node) else {
                throw Refusal("volume '\(drive.volume)' does not exist")
            }
            drive["size"] = Drive.sizeText(image.size)
            return drive
        }
        let known = config.drives.first { $0.drive.volume == drive.volume }
        guard known != nil || storedVolume(drive.volume, on: node) != nil else {
            throw Refusal("volume '\(drive.volume)' does not exist")
        }
        if drive["size"] == nil { drive["size"] = known?.drive["size"] ?? "32G" }
        return drive
    }

    /// The lowest n for which the guest has no `disk-n` on a storage yet, in its configuration or a snapshot.
    func freeDiskNumber(of vmid: Int, _ config: GuestConfig, on storage: String) -> Int {
        var drives = config.drives.map(\.drive) + config.pending.values.map { Drive($0) }
        for snapshot in config.snapshots.all {
            drives += snapshot.values.filter { ConfigOption.holdsVolume($0.key) }.map { Drive($0.value) }
        }
        let names = Set(drives.filter { $0.storage == storage }.map(\.volumeName))
        var number = 0
        while names.contains(where: { $0.contains("\(vmid)-disk-\(number)") }) { number += 1 }
        return number
    }

    /// PUT /nodes/{node}/qemu/{vmid}/resize
    mutating func resizeDisk(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let disk = call.values["disk"] ?? ""
        let text = call.values["size"] ?? ""
        let digest = call.values["digest"]
        let skipLock = call.flag("skiplock")
        return try begin("resize", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            if let digest, digest != guest.config.digest {
                throw Refusal("checksum mismatch (file change by other user?)")
            }
            try guest.checkLock(skip: skipLock)
            let size = try Self.newSize(text, of: disk, in: guest.config)
            var course = TaskCourse(seconds: cluster.duration(0.25, for: guest))
            course.lines = [
                "resizing \(disk) of VM \(vmid) to \(Drive.sizeText(size))", "Logical volume successfully resized.",
            ]
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node)
                guard var drive = guest.config.current[disk].map({ Drive($0) }) else { return }
                drive["size"] = Drive.sizeText(size)
                guest.config.current[disk] = drive.text
            }
            return course
        }
    }

    private static func newSize(_ text: String, of disk: String, in config: GuestConfig) throws -> Int {
        guard let value = config.current[disk] else { throw Refusal("disk '\(disk)' does not exist") }
        let drive = Drive(value)
        if drive.storage == nil { throw Refusal("disk '\(disk)' has no associated volume") }
        if drive.isCDROM { throw Refusal("you can't resize a cdrom") }
        guard let size = drive.size else {
            throw Refusal("Could not determine current size of volume '\(drive.volume)'")
        }
        guard let number = Drive.bytes(text.hasPrefix("+") ? String(text.dropFirst()) : text) else {
            throw Refusal("internal error")
        }
        let new = text.hasPrefix("+") ? size + number : number
        if new < size { throw Refusal("shrinking disks is not supported") }
        return new
    }

    /// PUT /nodes/{node}/qemu/{vmid}/unlink
    mutating func unlinkDisks(_ call: APICall) throws -> APIAnswer {
        var call = call
        call.values["delete"] = call.values.removeValue(forKey: "idlist")
        return try setConfig(call)
    }

    /// POST /nodes/{node}/qemu/{vmid}/move_disk, to another storage or to another guest
    mutating func moveDisk(_ call: APICall) throws -> APIAnswer {
        switch (call.values["storage"], call.number("target-vmid")) {
        case (let storage?, nil): return try moveDisk(call, to: storage)
        case (nil, let target?): return try reassignDisk(call, to: target)
        case (nil, nil):
            throw Refusal(parameter: "storage", "both 'storage' and 'target-vmid' missing, either needs to be set")
        case (.some, .some):
            throw Refusal(parameter: "storage", "either set 'storage' or 'target-vmid', but not both")
        }
    }

    private mutating func moveDisk(_ call: APICall, to storageName: String) throws -> APIAnswer {
        let guest = try guest(call)
        let vmid = guest.vmid
        let node = guest.node
        let disk = call.values["disk"] ?? ""
        let removes = call.flag("delete")
        try guest.checkLock()
        try checkModified(call.values["digest"], guest)
        guard let value = guest.config.current[disk] else { throw Refusal("disk '\(disk)' does not exist") }
        let drive = Drive(value)
        guard let old = drive.storage else { throw Refusal("disk '\(disk)' has no associated volume") }
        if drive.isCDROM { throw Refusal("you can't move a cdrom") }
        let target = try storage(storageName)
        let format = call.values["format"]
        if old == storageName, format == nil || format == storage(of: drive)?.defaultFormat {
            throw Refusal("you can't move to the same storage with same format")
        }
        _ = try imageStorage(storageName, on: node)
        let isInSnapshot = guest.config.snapshots.all.contains {
            $0.values[disk].map { Drive($0).volume } == drive.volume
        }
        if isInSnapshot, removes { throw Refusal("you can't move a disk with snapshots and delete the source") }
        return try begin("qmmove", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            try guest.checkLock()
            var course = TaskCourse(seconds: cluster.duration(2, for: guest))
            let size = drive["size"] ?? "0"
            course.lines = ["create full clone of drive \(disk) (\(drive.volume))"]
            course.lines += [25, 50, 75, 100].map { "drive mirror: transferred \($0)% of \(size)" }
            if removes { course.closing = ["removing source volume '\(drive.volume)' after successful copy"] }
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node)
                var moved = drive
                let number = cluster.freeDiskNumber(of: vmid, guest.config, on: target.name)
                moved.volume = target.volume(
                    "vm-\(vmid)-disk-\(number)", of: vmid, format: format ?? target.defaultFormat)
                guest.config.current[disk] = moved.text
                if !removes { guest.config.keepUnused(drive.text) }
            }
            return course
        }
    }

    func checkModified(_ digest: String?, _ guest: Guest) throws {
        if let digest, digest != guest.config.digest {
            throw Refusal("detected modified configuration - file changed by other user? Try again.")
        }
    }

    private mutating func reassignDisk(_ call: APICall, to targetID: Int) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let disk = call.values["disk"] ?? ""
        let targetDisk = call.values["target-disk"] ?? disk
        if vmid == targetID {
            throw Refusal(parameter: "target-vmid", "must be different than source VMID to reassign disk")
        }
        let node = try nodeName(call)
        try checkReassign(disk, of: vmid, to: targetDisk, of: targetID, on: node)
        return begin(
            "qmmove", id: "\(vmid)-\(disk)>\(targetID)-\(targetDisk)", on: node, by: call.caller, locking: vmid
        ) { cluster in
            try cluster.checkReassign(disk, of: vmid, to: targetDisk, of: targetID, on: node)
            var course = TaskCourse(seconds: cluster.duration(0.25))
            course.lines = [
                "reassign disk '\(disk)' from VM '\(vmid)' as '\(targetDisk)' to VM '\(targetID)'",
                "removing disk '\(disk)' from VM '\(vmid)' config",
            ]
            course.finish = { cluster in
                let source = try cluster.guest(vmid, on: node)
                let target = try cluster.guest(targetID, on: node)
                guard let value = source.config.current.removeValue(forKey: disk) else { return }
                var drive = Drive(value)
                let storage = try cluster.storage(drive.storage ?? "")
                let number = cluster.freeDiskNumber(of: targetID, target.config, on: storage.name)
                drive.volume = storage.volume(
                    "vm-\(targetID)-disk-\(number)", of: targetID, format: storage.defaultFormat)
                target.config.current[targetDisk] = drive.text
            }
            return course
        }
    }

    private func checkReassign(_ disk: String, of vmid: Int, to targetDisk: String, of targetID: Int, on node: String)
        throws
    {
        guard guests[vmid] != nil else { throw Refusal("could not find VM \(vmid)") }
        guard let target = guests[targetID] else { throw Refusal("could not find target VM \(targetID)") }
        let source = try guest(vmid, on: node)
        if target.node != node { throw Refusal("Both VMs need to be on the same node (\(node) != \(target.node))") }
        try source.checkLock()
        try target.checkLock()
        if source.isTemplate || target.isTemplate { throw Refusal("Can't move disks from or to template VMs") }
        guard let value = source.config.current[disk] else {
            throw Refusal("Disk '\(disk)' for VM '\(vmid)' does not exist")
        }
        if target.config.current[targetDisk] != nil {
            throw Refusal("Target disk key '\(targetDisk)' is already in use for VM '\(targetID)'")
        }
        if Drive(value).isCDROM { throw Refusal("CD drive contents can't be moved to another VM") }
        if source.run.isRunning, !ConfigOption.isUnused(disk) {
            throw Refusal("Cannot move disk to another VM while the source VM is running - detach first")
        }
    }
}
