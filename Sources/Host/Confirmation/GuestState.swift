// What is known of a guest before something is done to it.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

/// A guest as the cluster's list and its own configuration describe it.
struct GuestState: Equatable, Sendable {
    struct Disk: Equatable, Sendable {
        /// Such as `scsi0`, `rootfs` or `unused0`.
        let key: String
        let volume: String
        /// As the configuration has it, such as `32G`.
        let size: String?
    }

    struct Snapshot: Equatable, Sendable {
        let name: String
        /// Seconds since 1970.
        let time: Int64?
        let description: String
        let hasMemory: Bool
    }

    var vmid: Int64
    var kind: GuestLocation.Kind?
    var node: String?
    var name: String?
    var status: String?
    var tags: [String] = []
    var pool: String?
    /// Whether the cluster's list, or its own configuration, was seen.
    var isKnown = false
    /// The API's own flag.
    var hasProtectionFlag = false
    var isTemplate = false
    /// Of the configuration's file.
    var digest: String?
    var disks: [Disk] = []
    /// Oldest first; nil when they were not asked for.
    var snapshots: [Snapshot]?

    init(vmid: Int64) {
        self.vmid = vmid
    }

    /// Takes an element of GET /cluster/resources.
    mutating func take(listed value: JSONValue) {
        isKnown = true
        kind = value["type"]?.string.flatMap(GuestLocation.Kind.init(rawValue:)) ?? kind
        node = value["node"]?.string ?? node
        name = value["name"]?.lenientString ?? name
        status = value["status"]?.string ?? status
        pool = value["pool"]?.lenientString ?? pool
        if let tags = value["tags"]?.lenientString { self.tags = AskedRequest.elements(tags) }
        isTemplate = value["template"]?.lenientBool ?? isTemplate
    }

    /// Takes the answer of GET …/status/current.
    mutating func take(status value: JSONValue) {
        status = value["status"]?.string ?? status
        name = value["name"]?.lenientString ?? name
    }

    /// Takes the answer of GET …/config.
    mutating func take(config value: JSONValue) {
        isKnown = true
        digest = value["digest"]?.lenientString
        name = value["name"]?.lenientString ?? value["hostname"]?.lenientString ?? name
        hasProtectionFlag = value["protection"]?.lenientBool ?? false
        isTemplate = value["template"]?.lenientBool ?? false
        tags = value["tags"]?.lenientString.map(AskedRequest.elements) ?? []
        disks = value.members.compactMap { GuestState.disk($0.name, $0.value.lenientString ?? "") }
    }

    /// Takes the answer of GET …/snapshot, which ends with the present state.
    mutating func take(snapshots value: JSONValue) {
        let taken = value.elements.compactMap { element -> Snapshot? in
            guard let name = element["name"]?.lenientString, name != "current" else { return nil }
            return Snapshot(
                name: name, time: element["snaptime"]?.lenientInt,
                description: element["description"]?.lenientString ?? "",
                hasMemory: element["vmstate"]?.lenientBool ?? false)
        }
        snapshots = taken.sorted { ($0.time ?? 0, $0.name) < ($1.time ?? 0, $1.name) }
    }

    private static func disk(_ key: String, _ text: String) -> Disk? {
        guard isDisk(key) else { return nil }
        let parts = text.split(separator: ",")
        guard let volume = parts.first, volume != "none", !parts.contains("media=cdrom") else { return nil }
        let size = parts.first { $0.hasPrefix("size=") }.map { String($0.dropFirst("size=".count)) }
        return Disk(key: key, volume: String(volume), size: size)
    }

    /// Whether a setting of a guest is one that holds a disk.
    static func isDisk(_ key: String) -> Bool {
        if ["rootfs", "efidisk0", "tpmstate0"].contains(key) { return true }
        let name = key.prefix { !$0.isNumber }
        let number = key.dropFirst(name.count)
        return ["ide", "sata", "scsi", "virtio", "mp", "unused"].contains(name) && !number.isEmpty
            && number.allSatisfy(\.isNumber)
    }
}

extension GuestState {
    /// `VM` or `container`.
    var noun: String {
        switch kind {
        case .qemu?: "VM"
        case .lxc?: "container"
        case nil: "guest"
        }
    }

    /// Such as `VM 101 (web, running on pve1)`.
    var subject: String {
        var details: [String] = []
        if let name { details.append(shown(name)) }
        var standing = status ?? ""
        if isTemplate { standing = "template" }
        if let node { standing += standing.isEmpty ? "on \(node)" : " on \(node)" }
        if !standing.isEmpty { details.append(standing) }
        return "\(noun) \(vmid)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    /// Such as `101 (web, running)`, for lists.
    var shortSubject: String {
        let details = [name.map { shown($0) }, status].compactMap { $0 }
        return "\(vmid)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }
}

/// A text that came from outside, such as a guest's name, as a question can bear: one short line.
func shown(_ text: String, _ limit: Int = 60) -> String {
    shortened(text.withoutControls, limit)
}

extension String {
    /// With blanks in place of what moves a terminal's cursor, breaks the line or turns the direction of writing.
    var withoutControls: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
