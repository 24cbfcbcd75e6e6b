// Storages as a node sees them: state and content.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /nodes/{node}/storage
    func storageList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let wanted = call.names("content")
        let name = call.values["storage"]
        let target = call.values["target"].flatMap { $0 == node || $0 == "localhost" ? nil : $0 }
        if let name, !storages.contains(where: { $0.name == name }) {
            throw Refusal(parameter: "storage", "No such storage.")
        }
        return .array { array in
            for storage in storages where name == nil || name == storage.name {
                guard wanted.isEmpty || wanted.contains(where: { storage.content.contains($0) }) else { continue }
                if call.flag("enabled"), storage.isDisabled { continue }
                if let target {
                    guard storage.isShared, storage.isOffered(on: node), storage.isOffered(on: target) else { continue }
                }
                array.object { row in
                    row.member("storage", storage.name)
                    writeStatus(of: storage, on: node, to: &row)
                    if isActive(storage, on: node) {
                        row.member(
                            "used_fraction", Double(usedBytes(storage, on: node)) / Double(storage.size))
                    }
                    if call.flag("format"), !release.hasPrefix("8.") { writeFormats(of: storage, to: &row) }
                }
            }
        }
    }

    private func writeFormats(of storage: Storage, to row: inout JSONWriter) {
        row.member("formats") { formats in
            formats.object {
                $0.member("default", storage.defaultFormat)
                $0.member("supported") { list in
                    list.array { for format in supportedFormats(of: storage) { $0.string(format) } }
                }
            }
        }
    }

    private func supportedFormats(of storage: Storage) -> [String] {
        switch storage.type {
        case "zfspool": ["raw", "subvol"]
        case _ where storage.hasFiles: ["qcow2", "raw", "subvol", "vmdk"]
        default: ["raw"]
        }
    }

    /// GET /nodes/{node}/storage/{storage}/status
    func storageStatus(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        guard let storage = try? storage(call.values["storage"] ?? "") else {
            throw Refusal(parameter: "storage", "No such storage.")
        }
        return .object { writeStatus(of: storage, on: node, to: &$0) }
    }

    private func isActive(_ storage: Storage, on node: String) -> Bool {
        !storage.isDisabled && storage.isOffered(on: node) && storage.isReachable
    }

    private func writeStatus(of storage: Storage, on node: String, to row: inout JSONWriter) {
        let isActive = isActive(storage, on: node)
        let used = isActive ? usedBytes(storage, on: node) : 0
        let size = isActive ? storage.size : 0
        row.member("type", storage.type)
        row.member("content", storage.content.joined(separator: ","))
        row.member("active", isActive ? 1 : 0)
        row.member("enabled", !storage.isDisabled && storage.isOffered(on: node) ? 1 : 0)
        row.member("shared", storage.isShared ? 1 : 0)
        row.member("total", size)
        row.member("used", used)
        row.member("avail", size - used)
    }

    /// GET /nodes/{node}/storage/{storage}
    func storageIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        let names = [
            "content", "download-url", "file-restore", "import-metadata", "identity", "oci-registry-pull",
            "prunebackups", "rrd", "rrddata", "status", "upload",
        ]
        let later: Set = ["identity", "oci-registry-pull"]
        return .index("subdir", release.hasPrefix("8.") ? names.filter { !later.contains($0) } : names)
    }

    /// GET /nodes/{node}/storage/{storage}/content
    func storageContent(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let storage = try activeStorage(call.values["storage"] ?? "", on: node)
        let content = call.values["content"]
        let vmid = call.number("vmid")
        return .array { array in
            let disks: Set = ["images", "rootdir"]
            if !disks.isDisjoint(with: storage.content), content.map({ disks.contains($0) }) ?? true {
                writeGuestVolumes(of: storage, on: node, content, vmid, to: &array)
            }
            for (id, volume) in storage.volumes.sorted(by: { $0.key < $1.key }) {
                guard volume.node == nil || volume.node == node, content == nil || content == volume.content,
                    vmid == nil || vmid == volume.vmid
                else { continue }
                array.object { write(volume, id, of: storage, to: &$0) }
            }
        }
    }

    private func write(_ volume: StoredVolume, _ id: String, of storage: Storage, to row: inout JSONWriter) {
        row.member("volid", id)
        row.member("content", volume.content)
        row.member("format", volume.format)
        row.member("size", volume.size)
        row.member("ctime", volume.time)
        if let owner = volume.vmid { row.member("vmid", owner) }
        if let notes = volume.notes { row.member("notes", notes) }
        if volume.backup != nil { row.member("subtype", volume.kind.rawValue) }
        if volume.isProtected { row.member("protected", 1) }
        guard volume.content == "images", storage.hasFiles else { return }
        row.member("used", volume.size / 4)
        row.name("parent")
        row.null()
    }

    private func writeGuestVolumes(
        of storage: Storage, on node: String, _ content: String?, _ vmid: Int?, to array: inout JSONWriter
    ) {
        for id in vmid.map({ [$0] }) ?? guestIDs {
            guard let guest = guests[id], storage.isShared || guest.node == node else { continue }
            let kind = guest.kind == .qemu ? "images" : "rootdir"
            guard content == nil || content == kind else { continue }
            let time = guest.config.current["meta"]?.split(separator: "=").last.flatMap { Int($0) }
            for (_, drive) in guest.config.drives
            where drive.isOwned && drive.storage == storage.name && !storage.lost.contains(drive.volume) {
                let size = drive.size ?? (drive.isCloudInit ? 4 << 20 : 32 << 30)
                array.object {
                    $0.member("volid", drive.volume)
                    $0.member("content", kind)
                    $0.member("format", Self.format(of: drive.volumeName, on: storage))
                    $0.member("size", size)
                    $0.member("vmid", guest.vmid)
                    $0.member("ctime", time ?? seconds - 86_400)
                    guard storage.hasFiles else { return }
                    $0.member("used", size / 4)
                    $0.name("parent")
                    $0.null()
                }
            }
        }
    }

    /// The format that a disk's name ends in, where names have one.
    static func format(of volume: String, on storage: Storage) -> String {
        for format in ["qcow2", "vmdk", "subvol"] where volume.hasSuffix(".\(format)") { return format }
        return storage.type == "zfspool" && volume.hasPrefix("subvol-") ? "subvol" : "raw"
    }
}
