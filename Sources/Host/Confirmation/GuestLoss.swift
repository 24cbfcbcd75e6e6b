// What requests about one guest take away.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

enum GuestLoss {
    /// Nil for methods without a phrase of their own.
    static func phrase(_ asked: AskedRequest, _ guest: GuestState, _ data: JSONValue?) -> String? {
        let subject = guest.subject
        switch (asked.method, asked.belowGuest ?? "") {
        case (.delete, ""): return "Delete \(subject): \(everything(of: guest))."
        case (.post, "/status/stop") where guest.status == "stopped":
            return "Cut the power of \(subject): it does not run now, so only what was started meanwhile would be lost."
        case (.post, "/status/stop"):
            return "Cut the power of \(subject): what runs in it ends at once, and what it has not written yet is lost."
        case (.post, "/status/reset"):
            return "Press the reset button of \(subject): what it has not written yet is lost."
        case (.post, "/status/shutdown"):
            return "Shut \(subject) down, and cut its power if it does not follow in time: what it has not written by "
                + "then is lost."
        case (.post, "/snapshot/{snapname}/rollback"):
            return
                "Put \(subject) back to \(snapshot(asked, guest)): everything written to its disks since then is lost"
                + (guest.status == "running" ? ", and what runs in it ends." : ".")
        case (.delete, "/snapshot/{snapname}"):
            return
                "Delete \(snapshot(asked, guest)) of \(subject): nobody can go back to it any more; its present state "
                + "stays."
        case (.post, "/template"):
            return
                "Turn \(subject) into a template: it can only be copied after that, never started, and there is no way "
                + "back."
        case (.put, "/config"), (.post, "/config"): return configuration(asked, guest)
        case (.put, "/unlink"):
            let disks = disks(named: asked.list("idlist"), of: guest)
            return "Detach from \(subject): \(disks). "
                + (asked.isOn("force")
                    ? "Their data is deleted." : "Data of unused disks is deleted, others become unused.")
        case (.post, "/move_disk"), (.post, "/move_volume"):
            let key = asked.parameter("disk") ?? asked.parameter("volume") ?? ""
            return "Copy \(disks(named: [key], of: guest)) of \(subject) to another place and delete the original."
        case (.post, "/remote_migrate"):
            return "Move \(subject) to another cluster and delete it here: \(everything(of: guest))."
        case (.post, "/agent/exec"): return "Run a command inside \(subject): it can do anything there."
        case (.post, "/agent/file-write"):
            return
                "Write the file \(shown(asked.parameter("file") ?? "")) inside \(subject): what it holds now is lost."
        case (.post, "/agent/set-user-password"):
            return
                "Set the password of \(shown(asked.parameter("username") ?? "a user")) inside \(subject): the old one is "
                + "lost."
        case (.post, "/monitor"): return "Give a command to the QEMU monitor of \(subject): it can do anything to it."
        case (.delete, let below) where below.hasPrefix("/firewall/"):
            return "Remove from the firewall of \(subject): \(ClusterLoss.firewallObject(asked, data))."
        default: return "\(subject): \(Loss.general(asked))"
        }
    }

    /// A backup put over a guest. `guest` is nil, or not known, when there is none.
    static func restore(_ asked: AskedRequest, _ guest: GuestState?) -> String {
        let backup = asked.parameter("archive") ?? asked.parameter("ostemplate")
        let source = backup.map { "Put \(shown($0, 120)) over " } ?? "Create a new guest over "
        guard let guest, guest.isKnown else {
            return
                "\(source)guest \(asked.restoresOver ?? 0): no guest with this id can be seen now, so nothing is lost "
                + "unless there is one that is hidden from this user."
        }
        return "\(source)\(guest.subject): \(everything(of: guest))."
    }

    /// What goes with a guest: "its disks … and 2 snapshots (a, b) are lost".
    private static func everything(of guest: GuestState) -> String {
        var things: [String] = []
        if !guest.disks.isEmpty {
            let disks = Loss.list(guest.disks.map(described))
            things.append(guest.disks.count == 1 ? "its disk \(disks)" : "its disks \(disks)")
        }
        if let snapshots = guest.snapshots, !snapshots.isEmpty {
            let names = Loss.list(snapshots.map { shown($0.name) })
            things.append(snapshots.count == 1 ? "1 snapshot (\(names))" : "\(snapshots.count) snapshots (\(names))")
        }
        things.append("its configuration")
        let last = things.removeLast()
        guard !things.isEmpty else { return "\(last) is lost; it has no disks" }
        return things.joined(separator: ", ") + " and \(last) are lost"
    }

    private static func described(_ disk: GuestState.Disk) -> String {
        "\(disk.key) \(shown(disk.volume, 100))" + (disk.size.map { " (\($0))" } ?? "")
    }

    private static func disks(named keys: [String], of guest: GuestState) -> String {
        Loss.list(keys.map { key in guest.disks.first { $0.key == key }.map(described) ?? shown(key) })
    }

    private static func snapshot(_ asked: AskedRequest, _ guest: GuestState) -> String {
        let name = asked.values["snapname"] ?? ""
        var text = "snapshot \(shown(name))"
        guard let snapshot = guest.snapshots?.first(where: { $0.name == name }) else { return text }
        var details = snapshot.time.map { ["taken \(Loss.time($0))"] } ?? []
        if snapshot.hasMemory { details.append("with memory") }
        if !snapshot.description.isEmpty { details.append(quoted(shown(snapshot.description))) }
        if !details.isEmpty { text += " (\(details.joined(separator: ", ")))" }
        return text
    }

    private static func configuration(_ asked: AskedRequest, _ guest: GuestState) -> String {
        var parts: [String] = []
        let gone = asked.list("delete")
        let unused = gone.filter { $0.hasPrefix("unused") }
        let drives = gone.filter { GuestState.isDisk($0) && !$0.hasPrefix("unused") }
        let settings = gone.filter { !GuestState.isDisk($0) }
        if !unused.isEmpty || (!drives.isEmpty && asked.isOn("force")) {
            let keys = unused + (asked.isOn("force") ? drives : [])
            parts.append("the data of \(disks(named: keys, of: guest)) is deleted")
        }
        if !drives.isEmpty, !asked.isOn("force") {
            parts.append(
                "\(disks(named: drives, of: guest)) "
                    + (drives.count == 1
                        ? "is taken out and stays as an unused disk" : "are taken out and stay as unused disks"))
        }
        if let removed = Loss.removed(settings) { parts.append("the \(removed)") }
        let dropped = asked.list("revert")
        if !dropped.isEmpty {
            parts.append("the pending changes of \(Loss.list(dropped.map { shown($0) })) are dropped")
        }
        if parts.isEmpty { parts.append("something is overwritten") }
        return "Change the configuration of \(guest.subject): \(parts.joined(separator: "; "))."
    }
}
