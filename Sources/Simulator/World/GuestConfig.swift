// A guest's configuration: current values, changes that wait for a restart, and snapshots.
// SPDX-License-Identifier: MIT

import JSON

/// What the configuration file of a guest holds.
struct GuestConfig {
    /// Values by option, as texts, the way the file has them.
    var current: [String: String] = [:]
    /// New values that the guest takes at its next start.
    var pending: [String: String] = [:]
    /// Options to be removed at the next start; true when their volumes are to be destroyed too.
    var removals: [String: Bool] = [:]
    var snapshots = SnapshotTree()

    /// The SHA-1 of the file, which changes with every change.
    var digest: String { SHA1.hexadecimal(of: Array(fileText.utf8)) }

    private var fileText: String {
        var text = Self.section(current)
        if !pending.isEmpty || !removals.isEmpty {
            text += "\n[PENDING]\n"
            let names = removals.sorted { $0.key < $1.key }.map { ($0.value ? "!" : "") + $0.key }
            if !names.isEmpty { text += "delete: \(names.joined(separator: ","))\n" }
            text += Self.section(pending)
        }
        if let parent = snapshots.parentOfCurrent { text += "parent: \(parent)\n" }
        for snapshot in snapshots.all {
            text += "\n[\(snapshot.name)]\n\(Self.section(snapshot.values))\(snapshot.description)\n"
        }
        return text
    }

    private static func section(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
    }

    /// The options as they will be after the next start.
    var withPending: [String: String] {
        var values = current.merging(pending) { $1 }
        for name in removals.keys { values[name] = nil }
        return values
    }

    /// Makes pending changes current. Answers the volumes that are to be destroyed.
    mutating func applyPending() -> [String] {
        var destroyed: [String] = []
        for (name, force) in removals.sorted(by: { $0.key < $1.key }) {
            guard let value = current.removeValue(forKey: name), ConfigOption.holdsVolume(name) else { continue }
            if force || Drive(value).isCloudInit { destroyed.append(Drive(value).volume) } else { keepUnused(value) }
        }
        for (name, value) in pending.sorted(by: { $0.key < $1.key }) {
            replace(name, with: value)
        }
        removals = [:]
        pending = [:]
        return destroyed
    }

    /// Sets an option; the volume of a drive that is replaced becomes an unused one.
    mutating func replace(_ name: String, with value: String) {
        if ConfigOption.holdsVolume(name), let old = current[name], Drive(old).volume != Drive(value).volume {
            keepUnused(old)
        }
        current[name] = value
    }

    /// Keeps the volume of a drive under the first free `unused` option.
    mutating func keepUnused(_ drive: String) {
        let drive = Drive(drive)
        guard drive.isOwned, !drive.isCloudInit else { return }
        let taken = current.filter { ConfigOption.isUnused($0.key) }
        guard !taken.values.contains(drive.volume) else { return }
        for number in 0..<256 where taken["unused\(number)"] == nil {
            current["unused\(number)"] = drive.volume
            return
        }
    }

    /// The disk that comes first in the boot order, or else the first disk there is.
    var bootDisk: String? {
        if let order = current["boot"], order.hasPrefix("order=") {
            let devices = order.dropFirst(6).split(separator: ";").map(String.init)
            if let disk = devices.first(where: { isDisk($0) }) { return disk }
        }
        return current.keys.filter { isDisk($0) }.min()
    }

    private func isDisk(_ name: String) -> Bool {
        guard ConfigOption.isDrive(name), name != "efidisk0", name != "tpmstate0" else { return false }
        return current[name].map { !Drive($0).isCDROM } ?? false
    }

    /// Options that hold drives, attached or unused, by name.
    var drives: [(name: String, drive: Drive)] {
        current.filter { ConfigOption.holdsVolume($0.key) || ConfigOption.isUnused($0.key) }
            .sorted { $0.key < $1.key }.map { ($0.key, Drive($0.value)) }
    }

    /// Options as members of an object, numbers where Proxmox sends numbers.
    static func write(_ values: [String: String], of kind: Guest.Kind, to writer: inout JSONWriter) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            writer.name(name)
            writeValue(name, value, of: kind, to: &writer)
        }
    }

    static func writeValue(_ name: String, _ value: String, of kind: Guest.Kind, to writer: inout JSONWriter) {
        let isNumeric = kind == .qemu ? ConfigOption.isNumeric(name) : ContainerOption.isNumeric(name)
        if name == "cipassword" {
            writer.string("**********")
        } else if isNumeric, let number = Int(value) {
            writer.int(number)
        } else if isNumeric, let number = Double(value) {
            writer.double(number)
        } else {
            writer.string(value)
        }
    }
}
