// Single volumes: allocation, attributes, removal.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// A volume named in a path, with its storage; volumes may be named without it there.
    private func volumeID(_ call: APICall) throws -> (id: String, storage: String) {
        let volume = call.values["volume"] ?? ""
        let named = call.values["storage"]
        guard let colon = volume.firstIndex(of: ":") else {
            guard let named else {
                throw Refusal(parameter: "volume", "no storage specified - incomplete volume ID")
            }
            return ("\(named):\(volume)", named)
        }
        let own = String(volume[..<colon])
        if let named, named != own {
            throw Refusal(parameter: "volume", "storage ID mismatch (\(own) != \(named))\n")
        }
        return (volume, own)
    }

    /// POST /nodes/{node}/storage/{storage}/content: a disk that no guest has yet. Answers its id.
    mutating func allocateVolume(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let name = call.values["storage"] ?? ""
        let vmid = call.number("vmid") ?? 0
        var file = call.values["filename"] ?? ""
        let storage = try activeStorage(name, on: node)
        guard storage.content.contains("images") || storage.content.contains("rootdir") else {
            throw Refusal("storage '\(name)' does not support content type 'images'")
        }
        let size = try Self.allocationSize(call.values["size"] ?? "")
        let ending = ["raw", "qcow2", "vmdk"].first { file.hasSuffix(".\($0)") }
        if let ending, let format = call.values["format"], format != ending {
            throw Refusal(parameter: "format", "different storage formats (\(format) != \(ending))")
        }
        let format = ending ?? call.values["format"] ?? storage.defaultFormat
        if !storage.hasFiles, format != "raw", !(storage.type == "zfspool" && format == "subvol") {
            throw Refusal("unsupported format '\(format)'")
        }
        guard file.hasPrefix("vm-\(vmid)-") || file.hasPrefix("subvol-\(vmid)-") else {
            throw Refusal("illegal name '\(file)' - should be 'vm-\(vmid)-*'")
        }
        if storage.hasFiles, ending == nil { file += ".\(format)" }
        let id = storage.hasFiles ? "\(name):\(vmid)/\(file)" : "\(name):\(file)"
        let path = storage.path(of: storage.hasFiles ? "\(vmid)/\(file)" : file)
        if storage.volumes[id] != nil || isGuestVolume(id) {
            let group = storage.settings["vgname"] ?? "pve"
            throw Refusal(
                storage.hasFiles
                    ? "disk image '\(path)' already exists"
                    : "lvcreate '\(group)/\(file)' error:   Logical Volume \"\(file)\" already exists in volume group \"\(group)\""
            )
        }
        try checkSpace(for: storage.hasFiles ? size / 16 : size, on: storage, of: node, writing: path)
        storages[try storageIndex(name)].volumes[id] = StoredVolume(
            node: storage.isShared ? nil : node, content: "images", format: format, size: size, time: seconds,
            vmid: vmid)
        return .text(id)
    }

    /// Kilobytes, or with a suffix megabytes or gigabytes.
    private static func allocationSize(_ text: String) throws -> Int {
        let shift = text.hasSuffix("G") ? 30 : text.hasSuffix("M") ? 20 : 10
        guard let number = Int(text.filter { $0.isNumber }), number < 1 << 32 else {
            throw Refusal(parameter: "size", "unable to parse size '\(text)'")
        }
        return number << shift
    }

    /// Whether a guest's configuration names a volume.
    private func isGuestVolume(_ id: String) -> Bool { owner(of: id) != nil }

    private func owner(of id: String) -> Guest? {
        guests.values.first { $0.config.drives.contains { $0.drive.volume == id && $0.drive.isOwned } }
    }

    /// GET /nodes/{node}/storage/{storage}/content/{volume}
    func volumeInfo(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let (id, name) = try volumeID(call)
        let storage = try storage(name)
        try demandAccess(call, to: id, in: name)
        let path = storage.path(of: String(id.dropFirst(name.count + 1)))
        if let volume = storedVolume(id, on: node) {
            return .object {
                $0.member("path", path)
                $0.member("size", volume.size)
                $0.member("used", volume.size)
                $0.member("format", volume.format)
                if let notes = volume.notes { $0.member("notes", notes) }
                if volume.content == "backup" { $0.member("protected", volume.isProtected ? 1 : 0) }
            }
        }
        guard !storage.lost.contains(id), let guest = owner(of: id), storage.isShared || guest.node == node,
            let drive = guest.config.drives.first(where: { $0.drive.volume == id })?.drive
        else { throw Refusal("volume_size_info on '\(id)' failed - no format") }
        let size = drive.size ?? 32 << 30
        return .object {
            $0.member("path", path)
            $0.member("size", size)
            $0.member("used", size / 4)
            $0.member("format", Self.format(of: drive.volumeName, on: storage))
        }
    }

    /// PUT /nodes/{node}/storage/{storage}/content/{volume}
    mutating func setVolumeAttributes(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let (id, name) = try volumeID(call)
        let index = try storageIndex(name)
        try demandAccess(call, to: id, in: name)
        guard var volume = storedVolume(id, on: node) else { throw Refusal("volume '\(id)' does not exist") }
        if let notes = call.values["notes"] {
            guard volume.content == "backup" else { throw Refusal("only backups can have notes") }
            volume.notes = notes.isEmpty ? nil : notes
        }
        if let isProtected = call.values["protected"] {
            guard volume.content == "backup" else { throw Refusal("only backups can be protected") }
            volume.isProtected = isProtected == "1"
        }
        storages[index].volumes[id] = volume
        return .null
    }

    /// DELETE /nodes/{node}/storage/{storage}/content/{volume}
    mutating func deleteVolume(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let (id, name) = try volumeID(call)
        let storage = try activeStorage(name, on: node)
        let file = String(id.dropFirst(name.count + 1))
        let owner = storedVolume(id, on: node)?.vmid ?? owner(of: id)?.vmid ?? Self.ownerInName(file)
        try demandRemoval(call, ofBackupsOf: file.hasPrefix("backup/") ? owner : nil, in: name)
        let seconds = duration(0.25)
        let upid = begin("imgdel", id: (owner.map { "\($0)@" } ?? "") + name, on: node, by: call.caller) { cluster in
            let index = try cluster.storageIndex(name)
            var course = TaskCourse(seconds: seconds)
            course.closing = ["Removed volume '\(id)'"]
            if let volume = cluster.storedVolume(id, on: node) {
                if volume.isProtected { throw Refusal("cannot remove protected volume '\(file)' on '\(name)'") }
                course.finish = { cluster in
                    let index = try cluster.storageIndex(name)
                    cluster.storages[index].volumes[id] = nil
                }
                return course
            }
            guard let guest = cluster.owner(of: id), !cluster.storages[index].lost.contains(id) else {
                if storage.hasFiles {
                    course.lines = ["disk image '\(storage.path(of: file))' does not exist"]
                    return course
                }
                let group = storage.settings["vgname"] ?? "pve"
                throw Refusal(
                    "lvremove '\(group)/\(file)' error:   Failed to find logical volume \"\(group)/\(file)\"")
            }
            if file.contains("base-"), cluster.guests.values.contains(where: { $0.linkedTo == guest.vmid }) {
                throw Refusal("base volume '\(id)' is still in use by linked cloned")
            }
            if guest.run.isRunning, !storage.hasFiles {
                let group = storage.settings["vgname"] ?? "pve"
                throw Refusal("lvremove '\(group)/\(file)' error:   Logical volume \(group)/\(file) in use.")
            }
            course.finish = { cluster in
                let index = try cluster.storageIndex(name)
                cluster.storages[index].lost.insert(id)
            }
            return course
        }
        // The real server waits this long for the task and answers null when it is done by then.
        guard let delay = call.number("delay"), seconds <= Double(delay) else { return upid }
        let number = nextTask - 1
        advance(to: now + seconds)
        if case .failed(let text) = tasks[number]?.outcome { throw Refusal(text) }
        return .null
    }
}
