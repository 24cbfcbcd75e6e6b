// What a request would take away, in words that name the object and what is lost.
// SPDX-License-Identifier: MIT

import Proxmox

/// The text of the question: what is done to what, and what is lost by it.
enum Loss {
    /// Things of a list that are named; the rest is counted.
    static let listed = 8

    /// One or two sentences, such as "Delete VM 101 (web, running on pve1): its disk scsi0 local-lvm:vm-101-disk-0 (32G) is
    /// lost."
    static func text(_ asked: AskedRequest, _ atStake: GuestsAtStake, _ state: ObjectState) -> String {
        if let question = asked.question { return question }
        var text = phrase(asked, atStake, state) ?? general(asked)
        if ProtectionCheck.switchesFlagOff(asked), let guest = state.guest {
            text = "Switch the protection flag of \(guest.subject) off: it and its disks can be removed after that."
        }
        return text + remarks(asked)
    }

    /// What the question is about, for messages.
    static func subject(_ asked: AskedRequest, _ atStake: GuestsAtStake, _ state: ObjectState) -> String {
        if let guest = state.guest { return guest.subject }
        return state.guests.count == 1 ? state.guests[0].subject : asked.name
    }

    /// "setting keyboard is removed" or "settings a, b are removed"; nil when there are none.
    static func removed(_ settings: [String]) -> String? {
        guard !settings.isEmpty else { return nil }
        let names = list(settings.map { shown($0) })
        return settings.count == 1 ? "setting \(names) is removed" : "settings \(names) are removed"
    }

    /// Why there is nothing to ask about: a snapshot that does not exist, a task that has ended. Nil when there is
    /// something.
    static func nothingThere(_ asked: AskedRequest, _ state: ObjectState) -> String? {
        if asked.template == "/nodes/{node}/tasks/{upid}", state.data?["status"]?.string == "stopped" {
            let end = state.data?["exitstatus"]?.lenientString.map { ": \(shown($0))" } ?? ""
            return "Nothing was sent: this task has ended already\(end)."
        }
        guard let name = asked.values["snapname"], let guest = state.guest, let snapshots = guest.snapshots,
            !snapshots.contains(where: { $0.name == name })
        else { return nil }
        let names = snapshots.map { shown($0.name) }
        return "Nothing was sent: \(guest.subject) has no snapshot \(quoted(shown(name))); "
            + (names.isEmpty ? "it has none." : "it has \(list(names)).")
    }

    private static func phrase(_ asked: AskedRequest, _ atStake: GuestsAtStake, _ state: ObjectState) -> String? {
        if let guest = state.guest, asked.guest != nil { return GuestLoss.phrase(asked, guest, state.data) }
        if asked.restoresOver != nil { return GuestLoss.restore(asked, state.guest) }
        return ClusterLoss.phrase(asked, state)
    }

    /// For methods without a phrase of their own.
    static func general(_ asked: AskedRequest) -> String {
        let why = asked.risk.why
        return "\(asked.request.name): " + (why.isEmpty ? "it overwrites or deletes something." : "it \(why).")
    }

    /// Parameters that make it worse and that no phrase above has said.
    private static func remarks(_ asked: AskedRequest) -> String {
        var remarks: [String] = []
        for raised in asked.risk.raisedBy {
            switch raised.parameter {
            case "purge":
                remarks.append(
                    asked.guest == nil
                        ? "With purge, what refers to it goes too."
                        : "With purge, it also goes from backup, replication and HA jobs.")
            case "destroy-unreferenced-disks":
                remarks.append("Disks with its id that its configuration does not list are deleted too.")
            case "skiplock": remarks.append("With skiplock, a lock on it is ignored.")
            case "overrule-shutdown": remarks.append("Its shutdown tasks that still run are ended first.")
            case "cleanup-disks": remarks.append("With cleanup-disks, the disks are wiped.")
            case "cleanup-config": remarks.append("With cleanup-config, storages that use it are removed too.")
            case "force"
            where asked.restoresOver == nil && asked.belowGuest != "/unlink" && asked.belowGuest != "/config":
                remarks.append("With force, it goes on where it would otherwise stop.")
            case "script": remarks.append("A script is run as root on the node.")
            default: break
            }
        }
        return remarks.isEmpty ? "" : " " + remarks.joined(separator: " ")
    }

    /// Names with commas and a count of those that are left out.
    static func list(_ names: [String]) -> String {
        guard names.count > listed else { return names.joined(separator: ", ") }
        return names.prefix(listed).joined(separator: ", ") + " and \(names.count - listed) more"
    }

    /// Seconds since 1970 as a date and time that people read.
    static func time(_ seconds: Int64) -> String {
        let days = Int(seconds / 86_400) - (seconds % 86_400 < 0 ? 1 : 0)
        let rest = Int(seconds) - days * 86_400
        // Days since 1 March 0000, in eras of 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(day)) \(two(rest / 3600)):\(two(rest / 60 % 60)) UTC"
    }
}
