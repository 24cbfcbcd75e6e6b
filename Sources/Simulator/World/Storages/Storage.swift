// Storages and the volumes on them.
// SPDX-License-Identifier: MIT

/// A storage of the cluster's configuration.
///
/// A storage named `full` has no space left, and one named `away` cannot be reached, whatever their types are.
struct Storage {
    let name: String
    /// Plugin: `dir`, `lvmthin`, `nfs`.
    let type: String
    var content: [String]
    /// Whether all nodes see the same volumes.
    var isShared: Bool
    /// Bytes, on each node unless it is shared.
    let size: Int
    /// Further members of its configuration, by their API names.
    var settings: [String: String]
    /// Volumes that no guest's configuration names, by volume id.
    var volumes: [String: StoredVolume] = [:]
    /// Disks that are named by a guest's configuration and were deleted all the same.
    var lost: Set<String> = []

    /// The format of a new disk when none is asked for.
    var defaultFormat: String { type == "nfs" ? "qcow2" : "raw" }

    /// Whether volumes are files with a name that ends in the format.
    var hasFiles: Bool { StorageType.all[type]?.hasFiles ?? false }

    var isDisabled: Bool { settings["disable"] == "1" }
    var isFull: Bool { name == "full" }
    var isReachable: Bool { name != "away" }

    /// Whether the configuration offers it on a node.
    func isOffered(on node: String) -> Bool {
        guard let nodes = settings["nodes"] else { return true }
        return nodes.split(separator: ",").contains { $0 == node }
    }

    /// The volume id of a guest's disk or other image, such as `vm-100-disk-0` or `base-108-disk-0`.
    func volume(_ image: String, of vmid: Int, format: String) -> String {
        hasFiles ? "\(name):\(vmid)/\(image).\(format)" : "\(name):\(image)"
    }

    /// Where a volume is on a node, by the part of its id after the colon.
    func path(of volume: String) -> String {
        guard hasFiles else {
            switch type {
            case "zfspool": return "/dev/zvol/\(settings["pool"] ?? "")/\(volume)"
            case "rbd": return "/dev/rbd-pve/\(settings["pool"] ?? "rbd")/\(volume)"
            case "pbs": return "\(settings["username"] ?? "")@\(settings["server"] ?? ""):\(volume)"
            default: return "/dev/\(settings["vgname"] ?? "pve")/\(volume)"
            }
        }
        let parts = volume.split(separator: "/", maxSplits: 1).map(String.init)
        let root = settings["path"] ?? "/mnt/pve/\(name)"
        guard parts.count == 2 else { return "\(root)/images/\(volume)" }
        switch parts[0] {
        case "iso": return "\(root)/template/iso/\(parts[1])"
        case "vztmpl": return "\(root)/template/cache/\(parts[1])"
        case "backup": return "\(root)/dump/\(parts[1])"
        case "snippets", "import": return "\(root)/\(volume)"
        default: return "\(root)/images/\(volume)"
        }
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
    /// What a backup holds, and of which sort of guest it is.
    var backup: [String: String]?
    var kind = Guest.Kind.qemu
}

extension Cluster {
    func storage(_ name: String) throws -> Storage {
        guard let storage = storages.first(where: { $0.name == name }) else {
            throw Refusal("storage '\(name)' does not exist")
        }
        return storage
    }

    func storage(of drive: Drive) -> Storage? { drive.storage.flatMap { try? storage($0) } }

    /// A storage that is enabled, and offered on a node if one is given.
    func enabledStorage(_ name: String, on node: String?) throws -> Storage {
        let storage = try storage(name)
        if storage.isDisabled { throw Refusal("storage '\(name)' is disabled") }
        if let node, !storage.isOffered(on: node) {
            throw Refusal("storage '\(name)' is not available on node '\(node)'")
        }
        return storage
    }

    /// A storage that can be used on a node now.
    func activeStorage(_ name: String, on node: String) throws -> Storage {
        let storage = try enabledStorage(name, on: node)
        if !storage.isReachable { throw Refusal("storage '\(name)' is not online") }
        return storage
    }

    /// A storage that can hold disks of virtual machines.
    func imageStorage(_ name: String, on node: String? = nil) throws -> Storage {
        let storage = try enabledStorage(name, on: node)
        guard storage.content.contains("images") else {
            throw Refusal(parameter: "storage", "storage '\(name)' does not support vm images")
        }
        if !storage.isReachable { throw Refusal("storage '\(name)' is not online") }
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
        if storage.isFull { return storage.size }
        let number = storage.isShared ? 3 : nodes[node]?.number ?? 1
        let before = storage.size / 32 * (4 + (number * 7 + storage.name.utf8.count) % 20)
        let later = storage.volumes.values.filter {
            Double($0.time) >= startedAt && ($0.node == nil || $0.node == node)
        }
        return min(storage.size, later.reduce(before) { $0 + $1.size })
    }

    /// Refuses what does not fit, in the words of the program that would write it.
    func checkSpace(for bytes: Int, on storage: Storage, of node: String, writing path: String) throws {
        if storage.size - usedBytes(storage, on: node) >= bytes { return }
        guard storage.hasFiles else {
            // A thin pool promises more than it has, until it is really full.
            guard storage.isFull else { return }
            let group = storage.settings["vgname"] ?? "pve"
            throw Refusal(
                "lvcreate '\(group)/\(path)' error:   Volume group \"\(group)\" has insufficient free space")
        }
        throw Refusal("unable to create image: qemu-img: \(path): Could not resize file: No space left on device")
    }

    /// The place of a storage in ``storages``.
    func storageIndex(_ name: String) throws -> Int {
        guard let index = storages.firstIndex(where: { $0.name == name }) else {
            throw Refusal("storage '\(name)' does not exist")
        }
        return index
    }
}
