// Which guest runs where, as the cluster said a moment ago.
// SPDX-License-Identifier: MIT

import JSON

/// Where a VM or container is.
public struct GuestLocation: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case qemu, lxc
    }

    public let vmid: Int64
    public let node: String
    public let kind: Kind
    public let name: String?
    /// `running`, `stopped`, `unknown` …
    public let status: String

    public init(vmid: Int64, node: String, kind: Kind, name: String?, status: String) {
        self.vmid = vmid
        self.node = node
        self.kind = kind
        self.name = name
        self.status = status
    }

    /// Reads an element of GET /cluster/resources; nil when it is no guest.
    init?(_ value: JSONValue) {
        guard let vmid = value["vmid"]?.lenientInt, let node = value["node"]?.string,
            let kind = value["type"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        self.init(
            vmid: vmid, node: node, kind: kind, name: value["name"]?.lenientString,
            status: value["status"]?.string ?? "unknown")
    }
}

/// The guests of the cluster (GET /cluster/resources?type=vm), trusted for five seconds.
struct GuestDirectory {
    enum Lookup: Equatable {
        case found(GuestLocation)
        /// The list is missing, too old, or does not have the guest: fetch it.
        case stale
    }

    /// Nanoseconds for which the list is trusted.
    static let lifetime: UInt64 = 5_000_000_000

    private var guests: [Int64: JSONValue] = [:]
    private var fetchedAt: UInt64?

    func lookup(_ vmid: Int64, now: UInt64) -> Lookup {
        guard let fetchedAt, now &- fetchedAt < GuestDirectory.lifetime, let guest = location(vmid) else {
            return .stale
        }
        return .found(guest)
    }

    /// Takes a new list. Its values are decoded when they are asked for.
    mutating func store(_ list: JSONValue?, now: UInt64) {
        guests = [:]
        fetchedAt = now
        guard let list else { return }
        guests.reserveCapacity(list.count)
        for element in list.elements {
            if let vmid = element["vmid"]?.lenientInt { guests[vmid] = element }
        }
    }

    mutating func forget(_ vmid: Int64) {
        guests[vmid] = nil
    }

    func location(_ vmid: Int64) -> GuestLocation? {
        guests[vmid].flatMap(GuestLocation.init)
    }

    /// The guests with the ids nearest to `vmid`, at most five, nearest first.
    func near(_ vmid: Int64) -> [GuestLocation] {
        let byDistance = guests.keys.sorted {
            ($0.distance(to: vmid).magnitude, $0) < ($1.distance(to: vmid).magnitude, $1)
        }
        return byDistance.prefix(5).compactMap(location)
    }
}

extension GuestDirectory {
    /// Whether a refusal or a task's exit status says that the node has no such guest; with `vmid`, that it has not this one.
    static func saysMissing(_ text: String, vmid: Int64? = nil) -> Bool {
        let isFile =
            text.mentions(".conf' does not exist") && (text.mentions("/qemu-server/") || text.mentions("/lxc/"))
        let others = [
            "unable to find configuration file for VM", "unable to find configuration file for CT", "- no such machine",
        ]
        guard isFile || others.contains(where: text.mentions) else { return false }
        guard let vmid else { return true }
        return text.utf8.split { !(0x30...0x39).contains($0) }.contains { $0.elementsEqual(String(vmid).utf8) }
    }

    /// The guests that may be elsewhere, new or gone once a request was accepted.
    static func changed(by request: Request) -> Set<Int64> {
        let segments = request.template.split(separator: "/").map { segment -> Substring in
            guard segment.first == "{", segment.last == "}" else { return segment }
            return request.path[String(segment.dropFirst().dropLast())].map { $0[...] } ?? segment
        }
        guard segments.count >= 3, segments[0] == "nodes", segments[2] == "qemu" || segments[2] == "lxc" else {
            return []
        }
        switch (request.method, segments.count) {
        case (.post, 3), (.delete, 4): break
        case (.post, 5) where ["migrate", "remote_migrate", "clone"].contains(segments[4]): break
        default: return []
        }
        var changed = Set(segments.dropFirst(3).prefix(1).compactMap { Int64($0) })
        for given in request.parameters where given.name == "vmid" || given.name == "newid" {
            switch given.value {
            case .int(let vmid): changed.insert(vmid)
            case .string(let text): Int64(text).map { _ = changed.insert($0) }
            default: break
            }
        }
        return changed
    }
}
