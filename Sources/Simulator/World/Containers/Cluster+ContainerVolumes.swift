// Volumes and network interfaces of containers: allocation, and values that are filled in.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// An option's value as it is stored: volumes allocated, addresses filled in.
    mutating func completedContainerValue(
        _ name: String, _ value: String, for vmid: Int, on node: String, in config: GuestConfig
    ) throws -> String {
        if ContainerOption.index(of: name, in: "net") != nil { return withHardwareAddress(value) }
        if name == "tags" {
            return Set(value.split(whereSeparator: { ",; ".contains($0) }).map(String.init)).sorted().joined(
                separator: ";")
        }
        guard ContainerOption.isVolume(name) else { return value }
        return try allocatedVolume(Drive(value), for: vmid, on: node, in: config).text
    }

    /// `name=eth0,bridge=vmbr0` with an address and a type.
    private mutating func withHardwareAddress(_ value: String) -> String {
        var parts = value.split(separator: ",").map(String.init)
        if !parts.contains(where: { $0.hasPrefix("hwaddr=") }) { parts.append("hwaddr=\(random.mac())") }
        if !parts.contains(where: { $0.hasPrefix("type=") }) { parts.append("type=veth") }
        return parts.joined(separator: ",")
    }

    /// A mount point with its volume: a new one for `storage:GiB`, else the one named.
    private mutating func allocatedVolume(
        _ asked: Drive, for vmid: Int, on node: String, in config: GuestConfig
    ) throws -> Drive {
        var drive = asked
        guard let name = drive.storage else { return drive }
        let storage = try containerStorage(name, on: node)
        if let gibibytes = Double(drive.volumeName) {
            let number = freeDiskNumber(of: vmid, config, on: name)
            let size = Int(gibibytes * 1_073_741_824)
            drive.volume = storage.volume("vm-\(vmid)-disk-\(number)", of: vmid, format: containerFormat(of: storage))
            try checkSpace(for: size / 16, on: storage, of: node, writing: storage.path(of: drive.volumeName))
            drive["format"] = nil
            drive["size"] = Drive.sizeText(size)
            return drive
        }
        let known = config.drives.first { $0.drive.volume == drive.volume }
        guard known != nil || storedVolume(drive.volume, on: node) != nil else {
            throw Refusal("volume '\(drive.volume)' does not exist")
        }
        if drive["size"] == nil {
            let stored = storedVolume(drive.volume, on: node).map { Drive.sizeText($0.size) }
            drive["size"] = known?.drive["size"] ?? stored ?? "4G"
        }
        return drive
    }

    /// Containers know raw images and ZFS file systems.
    func containerFormat(of storage: Storage) -> String { storage.type == "zfspool" ? "subvol" : "raw" }

    /// A storage that can hold file systems of containers.
    func containerStorage(_ name: String, on node: String) throws -> Storage {
        let storage = try enabledStorage(name, on: node)
        guard storage.content.contains("rootdir") else {
            throw Refusal(parameter: "storage", "storage '\(name)' does not support container directories")
        }
        if !storage.isReachable { throw Refusal("storage '\(name)' is not online") }
        return storage
    }

    /// New addresses, so that the original can run beside it.
    mutating func makeContainerUnique(_ config: inout GuestConfig) {
        for (name, value) in config.current.sorted(by: { $0.key < $1.key })
        where ContainerOption.index(of: name, in: "net") != nil {
            let others = value.split(separator: ",").filter { !$0.hasPrefix("hwaddr=") }.joined(separator: ",")
            config.current[name] = withHardwareAddress(others)
        }
    }

    /// PUT /nodes/{node}/lxc/{vmid}/resize
    mutating func resizeVolume(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        let vmid = guest.vmid
        let node = guest.node
        let disk = call.values["disk"] ?? ""
        let text = call.values["size"] ?? ""
        let digest = call.values["digest"]
        let check: @Sendable (Guest) throws -> Int = { guest in
            try guest.checkLock()
            if let digest, digest != guest.config.digest {
                throw Refusal("detected modified configuration - file changed by other user? Try again.")
            }
            return try Self.grownSize(text, of: disk, in: guest.config)
        }
        _ = try check(guest)
        return try begin("resize", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            let size = try check(guest)
            var course = TaskCourse(seconds: cluster.duration(0.25, for: guest))
            let volume = Drive(guest.config.current[disk] ?? "").volumeName
            course.lines = [
                "  Size of logical volume pve/\(volume) changed to \(Drive.sizeText(size)).",
                "  Logical volume pve/\(volume) successfully resized.",
                "resize2fs 1.47.2 (1-Jan-2025)",
            ]
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node, .lxc)
                guard var drive = guest.config.current[disk].map({ Drive($0) }) else { return }
                drive["size"] = Drive.sizeText(size)
                guest.config.current[disk] = drive.text
            }
            return course
        }
    }

    private static func grownSize(_ text: String, of disk: String, in config: GuestConfig) throws -> Int {
        guard let value = config.current[disk] else { throw Refusal("disk '\(disk)' does not exist") }
        guard let size = Drive(value).size else {
            throw Refusal("Could not determine current size of volume '\(Drive(value).volume)'")
        }
        guard let number = Drive.bytes(text.hasPrefix("+") ? String(text.dropFirst()) : text) else {
            throw Refusal("invalid size string")
        }
        let new = text.hasPrefix("+") ? size + number : number
        if new < size { throw Refusal("unable to shrink disk size") }
        if new == size { throw Refusal("disk is already at specified size") }
        return new
    }
}
