// Reads rights out of the simulated cluster, by the same calls an administrator would make.
// SPDX-License-Identifier: MIT

import JSON

extension Rights {
    /// The users and tokens a new simulator has beside what its cluster knows.
    static let builtInEntries = [
        Entry(path: "/", subject: "auditor@pve", kind: .user, role: "PVEAuditor"),
        Entry(path: "/", subject: "auditor@pve!ro", kind: .token, role: "PVEAuditor"),
    ]
    static let builtInSeparatedTokens: Set<String> = ["root@pam!nothing", "auditor@pve!ro"]

    /// Rights as they are in the cluster now.
    init(of world: World, hidingBuiltIn removed: Set<String>) {
        roles = BuiltInRoles.privileges
        for role in world.list("/access/roles") {
            guard let name = role["roleid"]?.string else { continue }
            roles[name] = Set(Validator.splitList(role["privs"]?.string ?? ""))
        }
        separatedTokens = Self.builtInSeparatedTokens.subtracting(removed)
        for user in world.list("/access/users") {
            guard let id = user["userid"]?.string else { continue }
            let details = world.read("/access/users/{userid}", ["userid": id])
            groups[id] = Set(details?["groups"]?.elements.compactMap { $0.string } ?? [])
            for token in world.list("/access/users/{userid}/token", ["userid": id]) {
                guard let name = token["tokenid"]?.string else { continue }
                let full = "\(id)!\(name)"
                tokens.insert(full)
                if token["privsep"]?.isTrue == true {
                    separatedTokens.insert(full)
                } else {
                    separatedTokens.remove(full)
                }
            }
        }
        var known: Set<String> = []
        for entry in world.list("/access/acl") {
            guard let path = entry["path"]?.string, let subject = entry["ugid"]?.string,
                let kind = entry["type"]?.string.flatMap({ Kind(rawValue: $0) }), let role = entry["roleid"]?.string
            else { continue }
            known.insert(subject)
            let propagates = entry["propagate"].map { $0.isTrue } ?? true
            entries.append(Entry(path: path, subject: subject, kind: kind, role: role, propagates: propagates))
        }
        entries += Self.builtInEntries.filter { !known.contains($0.subject) && !removed.contains($0.subject) }
        for pool in world.list("/pools") {
            guard let id = pool["poolid"]?.string else { continue }
            let details = world.read("/pools/{poolid}", ["poolid": id])
            for member in details?["members"]?.elements.map({ $0 }) ?? [] {
                if let vmid = member["vmid"]?.int {
                    pools["/vms/\(vmid)", default: []].insert(id)
                } else if let storage = member["storage"]?.string {
                    pools["/storage/\(storage)", default: []].insert(id)
                }
            }
        }
    }
}

extension World {
    /// What root@pam reads at a path; nil when the cluster does not know the path or the object.
    fileprivate func read(_ template: String, _ values: [String: String] = [:]) -> JSONValue? {
        guard knows(method: "GET", template: template) else { return nil }
        let call = APICall(method: "GET", template: template, values: values, lists: [:], caller: "root@pam")
        guard case .data(let json, _) = answer(call) else { return nil }
        return try? JSONDocument(json).root
    }

    fileprivate func list(_ template: String, _ values: [String: String] = [:]) -> [JSONValue] {
        read(template, values)?.elements.map { $0 } ?? []
    }
}

extension JSONValue {
    /// Whether this is one of Proxmox' spellings of true.
    fileprivate var isTrue: Bool { bool == true || int == 1 || string == "1" }
}
