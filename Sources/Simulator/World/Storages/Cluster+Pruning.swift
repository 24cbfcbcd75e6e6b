// Removing old backups.
// SPDX-License-Identifier: MIT

import JSON

/// A backup that pruning looks at.
struct PruneCandidate {
    enum Mark: String { case keep, remove, protected, renamed }

    var id: String
    var volume: StoredVolume
    var mark: Mark
}

extension Cluster {
    /// What pruning would do with the backups on a storage, newest last within each guest.
    func pruneCandidates(
        on storage: Storage, of node: String, _ retention: Retention, vmid: Int?, kind: String?
    ) -> [PruneCandidate] {
        let backups = storage.volumes.filter { id, volume in
            volume.content == "backup" && (volume.node == nil || volume.node == node)
                && (vmid == nil || vmid == volume.vmid) && (kind == nil || kind == volume.kind.rawValue)
        }.sorted { $0.key < $1.key }
        var candidates = backups.map { id, volume in
            let isRenamed = !id.contains("vzdump-\(volume.kind.rawValue)-\(volume.vmid ?? 0)-")
            return PruneCandidate(
                id: id, volume: volume, mark: volume.isProtected ? .protected : isRenamed ? .renamed : .keep)
        }
        let groups = Dictionary(grouping: candidates.indices.filter { candidates[$0].mark == .keep }) {
            "\(candidates[$0].volume.kind.rawValue)/\(candidates[$0].volume.vmid ?? 0)"
        }
        for places in groups.values {
            for place in retention.removed(of: places.map { candidates[$0].volume.time }) {
                candidates[places[place]].mark = .remove
            }
        }
        return candidates
    }

    private func retention(_ call: APICall, _ storage: Storage) throws -> Retention {
        guard storage.content.contains("backup") else {
            throw Refusal("storage '\(storage.name)' does not support backups")
        }
        guard let text = call.values["prune-backups"] ?? storage.settings["prune-backups"] else {
            throw Refusal("no prune-backups options configured for storage '\(storage.name)'")
        }
        return Retention(text)
    }

    /// GET /nodes/{node}/storage/{storage}/prunebackups: what would be removed.
    func prunePreview(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let storage = try storage(call.values["storage"] ?? "")
        let retention = try retention(call, storage)
        _ = try activeStorage(storage.name, on: node)
        let candidates = pruneCandidates(
            on: storage, of: node, retention, vmid: call.number("vmid"), kind: call.values["type"])
        return .array { array in
            for candidate in candidates {
                array.object {
                    $0.member("volid", candidate.id)
                    $0.member("ctime", candidate.volume.time)
                    $0.member("mark", candidate.mark.rawValue)
                    $0.member("type", candidate.volume.kind.rawValue)
                    if let vmid = candidate.volume.vmid { $0.member("vmid", vmid) }
                }
            }
        }
    }

    /// DELETE /nodes/{node}/storage/{storage}/prunebackups
    mutating func pruneBackups(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let name = call.values["storage"] ?? ""
        let vmid = call.number("vmid")
        try demandRemoval(call, ofBackupsOf: vmid, in: name)
        let id = (vmid.map { "\($0)@" } ?? "") + name
        return begin("prunebackups", id: id, on: node, by: call.caller) { cluster in
            let storage = try cluster.storage(name)
            let retention = try cluster.retention(call, storage)
            _ = try cluster.activeStorage(name, on: node)
            let removed = cluster.pruneCandidates(
                on: storage, of: node, retention, vmid: vmid, kind: call.values["type"]
            ).filter { $0.mark == .remove }.map(\.id)
            var course = TaskCourse(seconds: cluster.duration(0.25))
            course.lines = removed.map { "removing backup '\($0)'" }
            course.finish = { try $0.removeVolumes(removed, on: name) }
            return course
        }
    }

    mutating func removeVolumes(_ ids: [String], on storage: String) throws {
        let index = try storageIndex(storage)
        for id in ids { storages[index].volumes[id] = nil }
    }
}
