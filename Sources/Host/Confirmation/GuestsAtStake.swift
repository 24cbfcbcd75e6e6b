// The guests that a request is about, in its path, by its parameters, or all there are.
// SPDX-License-Identifier: MIT

import Proxmox

/// Which guests a request may do something to.
struct GuestsAtStake: Equatable {
    /// Guests nobody names one by one.
    enum Scope: Equatable {
        case cluster
        case node(String)
        case pool(String)
        /// Whatever the request holds inside.
        case anything
    }

    /// Each once, in the order they are named.
    private(set) var vmids: [Int64] = []
    private(set) var scope: Scope?

    init(_ asked: AskedRequest) {
        add(asked.values["vmid"])
        for name in ["vmid", "vms", "target-vmid"] { asked.list(name).forEach { add($0) } }
        for name in ["sid", "resources"] {
            let given = asked.list(name) + AskedRequest.elements(asked.values[name] ?? "")
            given.forEach { add(GuestsAtStake.ofResource($0)) }
        }
        add(asked.values["upid"].flatMap(UPID.init)?.id)
        // Disks and backups carry the id of their guest in their names.
        for name in ["volume", "volid"] { add(asked.value(name).flatMap(GuestsAtStake.owner)) }
        // Slashes too many make no difference to the server.
        if let path = asked.parameter("path")?.split(separator: "/"), path.first == "vms" {
            add(path.dropFirst().first.map(String.init))
        }
        if asked.template == "/cluster/replication/{id}" {
            add(asked.values["id"]?.split(separator: "-").first.map(String.init))
        }
        scope = GuestsAtStake.scope(of: asked, namesGuests: !vmids.isEmpty)
    }

    var isEmpty: Bool { vmids.isEmpty && scope == nil }

    private mutating func add(_ text: String?) {
        guard let vmid = text.flatMap({ Int64($0) }), vmid > 0, !vmids.contains(vmid) else { return }
        vmids.append(vmid)
    }

    private static func scope(of asked: AskedRequest, namesGuests: Bool) -> Scope? {
        let node = asked.values["node"] ?? ""
        switch asked.template {
        case "/cluster/bulk-action/guest/shutdown", "/nodes/{node}/storage/{storage}/prunebackups":
            return namesGuests ? nil : .cluster
        case "/nodes/{node}/stopall": return namesGuests ? nil : .node(node)
        case "/nodes/{node}/status" where asked.method == .post: return .node(node)
        case "/nodes/{node}/execute": return .anything
        case "/nodes/{node}/vzdump", "/cluster/backup", "/cluster/backup/{id}":
            // A node backs up its own guests, whatever else there is.
            if asked.isOn("all") { return asked.value("node").map(Scope.node) ?? .cluster }
            return asked.parameter("pool").map(Scope.pool)
        default: return nil
        }
    }

    /// The id in `vm:100`, `ct:100` or `100`.
    private static func ofResource(_ sid: String) -> String {
        sid.hasPrefix("vm:") || sid.hasPrefix("ct:") ? String(sid.dropFirst(3)) : sid
    }

    /// The guest whose disk or backup a volume is: `local-lvm:vm-100-disk-0`, `local:100/vm-100-disk-0.qcow2`,
    /// `local:backup/vzdump-qemu-100-…`, `pbs:backup/vm/100/…`. A folder of a guest's holds what is that guest's, whatever
    /// its name.
    static func owner(_ volume: String) -> String? {
        let name = volume.split(separator: ":", maxSplits: 1).last ?? ""
        let segments = name.split(separator: "/")
        if segments.count >= 3, segments[0] == "backup", segments[1] == "vm" || segments[1] == "ct" {
            return String(segments[2])
        }
        if let folder = segments.dropLast().last, folder.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return String(folder)
        }
        let parts = (segments.last ?? "").split { $0 == "-" || $0 == "." }
        guard let kind = parts.first else { return nil }
        let place = kind == "vzdump" ? 2 : ["vm", "base", "subvol", "basevol"].contains(kind) ? 1 : parts.count
        return parts.count > place && Int64(parts[place]) != nil ? String(parts[place]) : nil
    }
}
