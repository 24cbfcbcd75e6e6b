// The state of what a request is about: what a question tells of it, and whether it is still the same later.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

/// What was read before something is lost.
struct ObjectState: Sendable {
    /// The guest in the path, or the one a backup is put over.
    var guest: GuestState?
    /// All guests at stake as far as they were looked up, that one included.
    var guests: [GuestState] = []
    /// Whether the cluster's list of guests was read.
    var hasGuestList = false
    /// The answer of the GET at the same path.
    var data: JSONValue?

    /// A property that makes the state another one when it changes. `shown` is nil for what means nothing to a reader.
    struct Fact: Equatable, Sendable {
        let name: String
        let value: String
        var isShown = true
    }

    /// Members of answers that change by themselves.
    static let volatile: Set<String> = [
        "uptime", "cpu", "mem", "memhost", "disk", "netin", "netout", "diskread", "diskwrite", "used", "avail",
        "used_fraction", "loadavg", "wait", "pid", "swap", "pressurecpusome", "pressurecpufull", "pressureiosome",
        "pressureiofull", "pressurememorysome", "pressurememoryfull",
    ]

    /// The properties, in an order that is always the same.
    var facts: [Fact] {
        var facts: [Fact] = []
        for guest in guests.sorted(by: { $0.vmid < $1.vmid }) {
            let who = "\(guest.noun) \(guest.vmid)"
            if !guest.isKnown {
                facts.append(Fact(name: "\(who)", value: "not there"))
                continue
            }
            facts.append(Fact(name: "the status of \(who)", value: guest.status ?? ""))
            facts.append(Fact(name: "the name of \(who)", value: shown(guest.name ?? "")))
            facts.append(Fact(name: "the node of \(who)", value: guest.node ?? ""))
            if let digest = guest.digest {
                facts.append(Fact(name: "the configuration of \(who)", value: digest, isShown: false))
            }
            if let snapshots = guest.snapshots {
                let names = snapshots.map(\.name).joined(separator: ", ")
                facts.append(Fact(name: "the snapshots of \(who)", value: names.isEmpty ? "none" : names))
            }
        }
        if let data {
            let text = CanonicalJSON.text(of: data, dropping: ObjectState.volatile)
            // Only whether it is the same matters; the text itself may be long, or secret.
            let value = Digest(of: [text])?.hex ?? String(decoding: text, as: UTF8.self)
            facts.append(Fact(name: "the object", value: value, isShown: false))
        }
        return facts
    }

    /// What is different in a later state, as a phrase: "the status of VM 101 was running and is stopped".
    static func changes(from earlier: [Fact], to later: [Fact]) -> String {
        var phrases: [String] = []
        for fact in later {
            let before = earlier.first { $0.name == fact.name }
            if before == fact { continue }
            if fact.isShown, let before {
                phrases.append("\(fact.name) was \(before.value) and is \(fact.value)")
            } else {
                phrases.append("\(fact.name) is another one")
            }
        }
        for fact in earlier where !later.contains(where: { $0.name == fact.name }) {
            phrases.append("\(fact.name) is gone")
        }
        let more = phrases.count - Loss.listed
        return phrases.prefix(Loss.listed).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
    }
}
