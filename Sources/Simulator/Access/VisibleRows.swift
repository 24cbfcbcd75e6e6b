// Lists show everybody only what they may see.
// SPDX-License-Identifier: MIT

import JSON

/// Leaves out the rows of a list that the caller has no rights to.
struct VisibleRows {
    private let principal: Principal
    private let rights: Rights
    /// The path of a row, and the privileges of which one is needed there.
    private let need: (JSONValue) -> (path: String, wanted: [String])
    /// Members that are left of a row that may not be seen whole; nil when nothing is left.
    private let remains: [String]?

    /// nil for templates whose answers everybody sees whole, and for those who see everything.
    init?(_ template: String, principal: Principal, rights: Rights) {
        if principal.user == "root@pam", !rights.separatedTokens.contains(principal.id) { return nil }
        self.principal = principal
        self.rights = rights
        switch template {
        case "/nodes/{node}/qemu", "/nodes/{node}/lxc": need = Self.guest
        case "/pools": need = { Self.pool($0, "poolid") }
        case "/storage", "/nodes/{node}/storage": need = Self.storage
        case "/cluster/resources": need = Self.resource
        case "/nodes", "/nodes/{node}/tasks", "/cluster/tasks": need = Self.node
        default: return nil
        }
        remains = template == "/nodes" ? ["node", "id", "type", "status", "level", "ssl_fingerprint"] : nil
    }

    private static func guest(_ row: JSONValue) -> (String, [String]) {
        ("/vms/\(row["vmid"]?.int.map { String($0) } ?? row["vmid"]?.string ?? "")", ["VM.Audit"])
    }

    private static func pool(_ row: JSONValue, _ name: String) -> (String, [String]) {
        ("/pool/\(row[name]?.string ?? "")", ["Pool.Audit"])
    }

    private static func storage(_ row: JSONValue) -> (String, [String]) {
        let wanted = ["Datastore.Audit", "Datastore.AllocateSpace", "Datastore.AllocateTemplate"]
        return ("/storage/\(row["storage"]?.string ?? "")", wanted)
    }

    private static func node(_ row: JSONValue) -> (String, [String]) {
        ("/nodes/\(row["node"]?.string ?? "")", ["Sys.Audit"])
    }

    private static func resource(_ row: JSONValue) -> (String, [String]) {
        switch row["type"]?.string {
        case "qemu", "lxc": guest(row)
        case "storage": storage(row)
        case "pool": pool(row, "pool")
        case "sdn": ("/sdn/zones/\(row["sdn"]?.string ?? "")", ["SDN.Audit"])
        default: node(row)
        }
    }

    /// The list without what the caller may not see.
    func filtered(_ json: [UInt8]) -> [UInt8] {
        guard let list = try? JSONDocument(json).root, list.isArray else { return json }
        var writer = JSONWriter(reserving: json.count)
        writer.array { writer in
            for row in list.elements {
                if isOwnTask(row) || isAllowed(row) {
                    writer.value(row)
                } else if let remains {
                    writer.object { writer in
                        for member in row.members where remains.contains(member.name) {
                            writer.member(member.name, member.value)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func isAllowed(_ row: JSONValue) -> Bool {
        let (path, wanted) = need(row)
        let held = rights.privileges(of: principal, on: path)
        return wanted.contains { held.contains($0) }
    }

    private func isOwnTask(_ row: JSONValue) -> Bool {
        guard row["upid"] != nil, let user = row["user"]?.string else { return false }
        return user == principal.user || user == principal.id
    }
}
