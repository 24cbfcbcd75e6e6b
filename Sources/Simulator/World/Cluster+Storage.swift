// The storage endpoints.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /storage
    func storageConfigs(_ call: APICall) -> APIAnswer {
        .array { array in
            for storage in storages where call.values["type"] == nil || call.values["type"] == storage.type {
                array.object { writeConfig(of: storage, to: &$0) }
            }
        }
    }

    /// GET /storage/{storage}
    func storageConfig(_ call: APICall) throws -> APIAnswer {
        let storage = try storage(call.values["storage"] ?? "")
        return .object { writeConfig(of: storage, to: &$0) }
    }

    private func writeConfig(of storage: Storage, to row: inout JSONWriter) {
        row.member("storage", storage.name)
        row.member("type", storage.type)
        row.member("content", storage.content.joined(separator: ","))
        for (key, value) in storage.settings.sorted(by: { $0.key < $1.key }) { row.member(key, value) }
        let text = storages.map { "\($0.type): \($0.name)\n\t\($0.settings.sorted { $0.key < $1.key })\n" }.joined()
        row.member("digest", SHA1.hexadecimal(of: Array(text.utf8)))
    }

    /// GET /nodes/{node}/storage
    func storageList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let wanted = call.names("content")
        let name = call.values["storage"]
        return .array { array in
            for storage in storages where name == nil || name == storage.name {
                guard wanted.isEmpty || wanted.contains(where: { storage.content.contains($0) }) else { continue }
                array.object {
                    $0.member("storage", storage.name)
                    writeStatus(of: storage, on: node, to: &$0)
                    let share = Double(usedBytes(storage, on: node)) / Double(storage.size)
                    $0.member("used_fraction", share)
                }
            }
        }
    }

    /// GET /nodes/{node}/storage/{storage}/status
    func storageStatus(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let storage = try storage(call.values["storage"] ?? "")
        return .object { writeStatus(of: storage, on: node, to: &$0) }
    }

    private func writeStatus(of storage: Storage, on node: String, to row: inout JSONWriter) {
        let used = usedBytes(storage, on: node)
        row.member("type", storage.type)
        row.member("content", storage.content.joined(separator: ","))
        row.member("active", 1)
        row.member("enabled", 1)
        row.member("shared", storage.isShared ? 1 : 0)
        row.member("total", storage.size)
        row.member("used", used)
        row.member("avail", storage.size - used)
    }

    /// GET /nodes/{node}/storage/{storage}
    func storageIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .index(
            "subdir",
            [
                "content", "download-url", "file-restore", "import-metadata", "identity", "oci-registry-pull",
                "prunebackups", "rrd", "rrddata", "status", "upload",
            ])
    }

    /// GET /nodes/{node}/storage/{storage}/content
    func storageContent(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let storage = try storage(call.values["storage"] ?? "")
        let content = call.values["content"]
        let vmid = call.number("vmid")
        return .array { array in
            if storage.content.contains("images"), content == nil || content == "images" || content == "rootdir" {
                writeGuestVolumes(of: storage, on: node, content, vmid, to: &array)
            }
            for (id, volume) in storage.volumes.sorted(by: { $0.key < $1.key }) {
                guard volume.node == nil || volume.node == node, content == nil || content == volume.content,
                    vmid == nil || vmid == volume.vmid
                else { continue }
                array.object {
                    $0.member("volid", id)
                    $0.member("content", volume.content)
                    $0.member("format", volume.format)
                    $0.member("size", volume.size)
                    $0.member("ctime", volume.time)
                    if let owner = volume.vmid { $0.member("vmid", owner) }
                    if let notes = volume.notes { $0.member("notes", notes) }
                    if volume.backup != nil { $0.member("subtype", "qemu") }
                    if volume.isProtected { $0.member("protected", 1) }
                }
            }
        }
    }

    private func writeGuestVolumes(
        of storage: Storage, on node: String, _ content: String?, _ vmid: Int?, to array: inout JSONWriter
    ) {
        for id in vmid.map({ [$0] }) ?? guestIDs {
            guard let guest = guests[id], storage.isShared || guest.node == node else { continue }
            let kind = guest.kind == .qemu ? "images" : "rootdir"
            guard content == nil || content == kind else { continue }
            for (_, drive) in guest.config.drives where drive.isOwned && drive.storage == storage.name {
                let size = drive.size ?? (drive.isCloudInit ? 4 << 20 : 32 << 30)
                let time = guest.config.current["meta"]?.split(separator: "=").last.flatMap { Int($0) }
                array.object {
                    $0.member("volid", drive.volume)
                    $0.member("content", kind)
                    $0.member("format", drive.volumeName.hasSuffix(".qcow2") ? "qcow2" : "raw")
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
}
