// Storages and the volumes on them.
// SPDX-License-Identifier: MIT

/// A storage of the cluster's configuration.
struct Storage {
    let name: String
    /// Plugin: `dir`, `lvmthin`, `nfs`.
    let type: String
    let content: [String]
    /// Whether all nodes see the same volumes.
    let isShared: Bool
    /// Bytes, on each node unless it is shared.
    let size: Int
    /// Further members of its configuration.
    let settings: [String: String]
    /// Volumes that no guest's configuration names, by volume id.
    var volumes: [String: StoredVolume] = [:]

    /// The format of a new disk when none is asked for.
    var defaultFormat: String { type == "nfs" ? "qcow2" : "raw" }

    /// Whether volumes are files with a name that ends in the format.
    var hasFiles: Bool { type != "lvmthin" }

    /// The volume id of a guest's disk or other image, such as `vm-100-disk-0` or `base-108-disk-0`.
    func volume(_ image: String, of vmid: Int, format: String) -> String {
        hasFiles ? "\(name):\(vmid)/\(image).\(format)" : "\(name):\(image)"
    }
}

/// A volume that is no guest's disk: an ISO image, a backup, a template, a leftover disk.
struct StoredVolume {
    /// The one node that has it; nil when every node does, as on a shared storage.
    var node: String?
    var content: String
    var format: String
    /// Bytes.
    var size: Int
    /// Seconds since 1970.
    var time: Int
    var vmid: Int?
    var notes: String?
    var isProtected = false
    /// What a backup holds.
    var backup: [String: String]?
}

extension Cluster {
    func storage(_ name: String) throws -> Storage {
        guard let storage = storages.first(where: { $0.name == name }) else {
            throw Refusal("storage '\(name)' does not exist")
        }
        return storage
    }

    func storage(of drive: Drive) -> Storage? { drive.storage.flatMap { try? storage($0) } }

    /// A storage that can hold disks of guests.
    func imageStorage(_ name: String) throws -> Storage {
        let storage = try storage(name)
        guard storage.content.contains("images") else {
            throw Refusal(parameter: "storage", "storage '\(name)' does not support vm images")
        }
        return storage
    }

    /// A volume that is no guest's disk, as a node sees it.
    func storedVolume(_ id: String, on node: String) -> StoredVolume? {
        guard let colon = id.firstIndex(of: ":"), let storage = try? storage(String(id[..<colon])),
            let volume = storage.volumes[id], volume.node == nil || volume.node == node
        else { return nil }
        return volume
    }

    func usedBytes(_ storage: Storage, on node: String) -> Int {
        let number = storage.isShared ? 3 : nodes[node]?.number ?? 1
        return storage.size / 32 * (4 + (number * 7 + storage.name.utf8.count) % 20)
    }
}
