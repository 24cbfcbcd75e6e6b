// What requests about everything else take away: storages, users, pools, networks, backups, tasks.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

enum ClusterLoss {
    /// Nil for methods without a phrase of their own.
    static func phrase(_ asked: AskedRequest, _ state: ObjectState) -> String? {
        let data = state.data
        let node = shown(asked.values["node"] ?? "")
        switch (asked.method, asked.template) {
        // Guests together
        case (.post, "/cluster/bulk-action/guest/shutdown"):
            return
                "Shut \(guests(state)) down, and cut the power of those that do not follow in time: what they have not "
                + "written by then is lost."
        case (.post, "/nodes/{node}/stopall"):
            return "Stop \(guests(state)) on node \(node): those that do not shut down in time lose what they have not "
                + "written."
        case (.post, "/nodes/{node}/status"):
            return "Node \(node): \(shown(asked.parameter("command") ?? "reboot")). \(guests(state)) on it are stopped."
        // Storage
        case (.delete, "/nodes/{node}/storage/{storage}/content/{volume}"):
            let size = data?["size"]?.lenientInt.map { " (\(bytes($0)))" } ?? ""
            let owner = state.guests.first.flatMap { $0.isKnown ? " of \($0.subject)" : nil } ?? ""
            return "Delete \(shown(asked.values["volume"] ?? "", 120))\(size)\(owner) from storage "
                + "\(shown(asked.values["storage"] ?? "")): its content is lost."
        case (.delete, "/nodes/{node}/storage/{storage}/prunebackups"): return prune(asked, data)
        case (.delete, "/storage/{storage}"):
            let kind = data?["type"]?.lenientString.map { " (\(shown($0)))" } ?? ""
            return
                "Remove storage \(shown(asked.values["storage"] ?? ""))\(kind) from the cluster's configuration: guests "
                + "with disks on it cannot use them any more; the data itself stays."
        case (.put, "/storage/{storage}"), (.post, "/storage"):
            return settings(asked, "storage \(shown(asked.value("storage") ?? ""))")
        // Access
        case (.delete, "/access/users/{userid}"):
            return
                "Delete user \(shown(asked.values["userid"] ?? ""))\(user(data)): its tokens and permissions are lost."
        case (.delete, "/access/groups/{groupid}"):
            return "Delete group \(shown(asked.values["groupid"] ?? "")): its members lose what it grants them."
        case (.delete, "/access/roles/{roleid}"):
            return "Delete role \(shown(asked.values["roleid"] ?? "")): whoever has it loses its privileges."
        case (.delete, "/access/domains/{realm}"):
            return "Delete realm \(shown(asked.values["realm"] ?? "")): its users cannot log in any more."
        case (.delete, "/access/users/{userid}/token/{tokenid}"):
            return
                "Delete token \(shown(asked.values["tokenid"] ?? "")) of user \(shown(asked.values["userid"] ?? "")): its "
                + "secret is lost, and what uses it is locked out."
        case (.put, "/access/acl"):
            let who = Loss.list(["users", "groups", "tokens"].flatMap { asked.list($0) }.map { shown($0) })
            return
                "Take \(Loss.list(asked.list("roles").map { shown($0) })) on \(shown(asked.parameter("path") ?? "")) away "
                + "from \(who): what it allowed there is lost."
        case (.put, "/access/password"):
            return "Set a new password for \(shown(asked.parameter("userid") ?? "a user")): the old one is lost."
        // Pools
        case (.delete, "/pools"), (.delete, "/pools/{poolid}"):
            return
                "Delete pool \(shown(asked.value("poolid") ?? "")): its comment and the permissions on it are lost; its "
                + "members stay."
        case (.put, "/pools"), (.put, "/pools/{poolid}"):
            let members = state.guests.map(\.shortSubject) + asked.list("storage").map { "storage \(shown($0))" }
            return
                "Take \(Loss.list(members)) out of pool \(shown(asked.value("poolid") ?? "")): permissions that the pool "
                + "gave are lost."
        // Network and firewall
        case (.delete, "/nodes/{node}/network/{iface}"):
            return
                "Remove network interface \(shown(asked.values["iface"] ?? ""))\(interface(data)) of node \(node) from its "
                + "configuration; it goes when the pending changes are applied."
        case (.delete, "/nodes/{node}/network"): return "Drop all pending network changes of node \(node)."
        case (.put, "/nodes/{node}/network/{iface}"):
            return settings(asked, "network interface \(shown(asked.value("iface") ?? "")) of node \(node)")
                + " It holds once the pending changes are applied."
        case (.delete, let template) where template.mentionsSegment("firewall"):
            let place = template.hasPrefix("/cluster/") ? "the cluster" : "node \(node)"
            return "Remove from the firewall of \(place): \(firewallObject(asked, data))."
        // Backup, replication, tasks, HA
        case (.delete, "/cluster/backup/{id}"):
            return
                "Delete backup job \(shown(asked.values["id"] ?? ""))\(job(data)): nothing is backed up by it any more; "
                + "backups it made stay."
        case (.post, "/nodes/{node}/vzdump"), (.post, "/cluster/backup"), (.put, "/cluster/backup/{id}"):
            return backup(asked, state)
        case (.delete, "/cluster/replication/{id}"):
            return "Delete replication job \(shown(asked.values["id"] ?? "")) with the copies it made."
        case (.delete, "/nodes/{node}/tasks/{upid}"): return task(asked)
        case (.post, "/cluster/ha/resources"), (.put, "/cluster/ha/resources/{sid}"): return managed(asked, state)
        case (.post, "/cluster/ha/resources/{sid}/relocate"):
            return "Shut \(guests(state)) down, cut its power if it does not follow in time, and start it on another "
                + "node: what it has not written by then is lost."
        case (.delete, "/cluster/ha/resources/{sid}"):
            return
                "Take \(shown(asked.values["sid"] ?? "")) out of high availability: it is not restarted or moved any more "
                + "when its node fails."
        case (.delete, "/cluster/ha/rules/{rule}"):
            let kind = data?["type"]?.lenientString.map { " (\(shown($0)))" } ?? ""
            let resources = data?["resources"]?.lenientString.map { shown($0) } ?? "its resources"
            return
                "Delete HA rule \(shown(asked.values["rule"] ?? ""))\(kind): it no longer decides where \(resources) may run."
        default:
            return asked.list("delete").isEmpty || asked.method != .put ? nil : settings(asked, object(asked))
        }
    }

    /// Settings that `delete` takes away.
    private static func settings(_ asked: AskedRequest, _ object: String) -> String {
        var parts: [String] = []
        if let gone = Loss.removed(asked.list("delete")) { parts.append("the \(gone)") }
        if let keep = kept(asked) {
            parts.append("backups on it that \(shown(keep)) does not keep are deleted by the backups to come")
        }
        if parts.isEmpty { parts.append(asked.risk.why) }
        return "Change \(object): \(parts.joined(separator: "; "))."
    }

    /// What settings belong to, where they have no phrase of their own.
    private static func object(_ asked: AskedRequest) -> String {
        switch asked.template {
        case "/cluster/options": return "the options of the datacenter"
        case "/cluster/firewall/options": return "the options of the cluster's firewall"
        case "/cluster/firewall/rules/{pos}":
            return "rule \(shown(asked.values["pos"] ?? "")) of the cluster's firewall"
        case "/cluster/ha/resources/{sid}": return "HA resource \(shown(asked.values["sid"] ?? ""))"
        case "/cluster/ha/rules/{rule}": return "HA rule \(shown(asked.values["rule"] ?? ""))"
        default: return asked.request.name
        }
    }

    /// What is kept of the backups; `maxfiles` is the name it had up to 8.
    private static func kept(_ asked: AskedRequest) -> String? {
        asked.parameter("prune-backups") ?? asked.parameter("maxfiles").map { "maxfiles=\($0)" }
    }

    /// A guest under high availability that is to be stopped, or loses settings.
    private static func managed(_ asked: AskedRequest, _ state: ObjectState) -> String? {
        let change = asked.list("delete").isEmpty ? nil : settings(asked, object(asked))
        guard asked.risk.raisedBy.contains(where: { $0.parameter == "state" }) else { return change }
        let stop =
            "Have high availability shut \(guests(state)) down, and cut its power if it does not follow in time: what "
            + "it has not written by then is lost."
        return change.map { "\($0) \(stop)" } ?? stop
    }

    private static func guests(_ state: ObjectState) -> String {
        let running = state.guests.sorted { $0.vmid < $1.vmid }
        if running.isEmpty { return "all guests" }
        let names = Loss.list(running.map(\.shortSubject))
        return running.count == 1 ? "guest \(names)" : "\(running.count) guests (\(names))"
    }

    private static func backup(_ asked: AskedRequest, _ state: ObjectState) -> String {
        let what =
            asked.template == "/nodes/{node}/vzdump" ? "Back up \(guests(state))" : "Back up \(guests(state)) by a job"
        if asked.isOn("stop") { return "Stop the backups that run on node \(shown(asked.values["node"] ?? ""))." }
        var parts: [String] = []
        let whose = state.guests.count == 1 ? "its older backups" : "older backups of them"
        if let keep = kept(asked) {
            parts.append("\(whose) that \(shown(keep)) does not keep are deleted")
        } else if asked.isOn("remove") {
            parts.append("\(whose) are deleted as the storage's retention says")
        }
        if let gone = Loss.removed(asked.list("delete")) { parts.append("the job's \(gone)") }
        // A script is spoken of by the remark that follows.
        if parts.isEmpty { return asked.isOn("script") ? "\(what)." : "\(what): \(Loss.general(asked))" }
        return "\(what): \(parts.joined(separator: "; "))."
    }

    private static func prune(_ asked: AskedRequest, _ data: JSONValue?) -> String {
        let storage = shown(asked.values["storage"] ?? "")
        guard let data, data.isArray else { return "Delete older backups from storage \(storage)." }
        let gone = data.elements.filter { $0["mark"]?.string == "remove" }
        let names = gone.compactMap { $0["volid"]?.lenientString }.map { shown($0, 100) }
        if names.isEmpty { return "Delete older backups from storage \(storage): none at present." }
        return "Delete \(names.count) of \(data.count) backups from storage \(storage): \(Loss.list(names))."
    }

    private static func task(_ asked: AskedRequest) -> String {
        guard let upid = asked.values["upid"].flatMap(UPID.init) else { return "Stop a task: \(Loss.general(asked))" }
        let object = upid.id.isEmpty ? "" : " of \(shown(upid.id))"
        return "Stop task \(shown(upid.type))\(object) on node \(upid.node), started \(Loss.time(upid.startTime)) by "
            + "\(shown(upid.user)): what it has done so far may be lost."
    }

    private static func user(_ data: JSONValue?) -> String {
        let name = ["firstname", "lastname"].compactMap { data?[$0]?.lenientString }.joined(separator: " ")
        return name.isEmpty ? "" : " (\(shown(name)))"
    }

    private static func interface(_ data: JSONValue?) -> String {
        let details = ["type", "cidr", "address", "bridge_ports"].compactMap { data?[$0]?.lenientString }
            .filter { !$0.isEmpty }.map { shown($0) }
        return details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
    }

    private static func job(_ data: JSONValue?) -> String {
        let guests = data?["vmid"]?.lenientString ?? (data?["all"]?.lenientBool == true ? "all guests" : nil)
        let details = [guests, data?["schedule"]?.lenientString, data?["storage"]?.lenientString].compactMap { $0 }
        return details.isEmpty ? "" : " (\(details.map { shown($0) }.joined(separator: ", ")))"
    }

    /// The rule, alias or set that goes.
    static func firewallObject(_ asked: AskedRequest, _ data: JSONValue?) -> String {
        let kind =
            asked.template.mentionsSegment("ipset")
            ? "IP set" : asked.template.mentionsSegment("groups") ? "group" : "alias"
        if let position = asked.values["pos"] {
            let details = ["type", "action", "macro", "proto", "source", "dest", "dport", "comment"]
                .compactMap { data?[$0]?.lenientString }.filter { !$0.isEmpty }.map { shown($0) }
            let group = asked.values["group"].map { " of group \(shown($0))" } ?? ""
            return "rule \(position)\(group)" + (details.isEmpty ? "" : " (\(details.joined(separator: " ")))")
                + "; the rules after it move up"
        }
        let name = shown(asked.values["name"] ?? asked.values["group"] ?? "")
        if let cidr = asked.values["cidr"] { return "\(shown(cidr)) from IP set \(name)" }
        let entries = data.map { $0.isArray ? " with \($0.count) entries" : "" } ?? ""
        return "\(kind) \(name)\(entries)"
    }

    private static func bytes(_ count: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int64(tenths)) \(units[unit])" : "\(tenths) \(units[unit])"
    }
}

extension String {
    /// Whether a path has this segment.
    fileprivate func mentionsSegment(_ segment: String) -> Bool { split(separator: "/").contains { $0 == segment } }
}
