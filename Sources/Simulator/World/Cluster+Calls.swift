// What holds for every call, whatever its endpoint: quorum, pools of new guests, guests under high availability.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// Whether enough nodes are there to change what all of them share.
    var isQuorate: Bool { nodeNames.count == 1 || nodes.values.count { $0.isOnline } * 2 > nodeNames.count }

    /// Carries out a call with what is around it.
    mutating func carryOut(_ call: APICall, _ endpoint: Endpoint) throws -> APIAnswer {
        if call.method != "GET", !isQuorate, Self.needsQuorum(call.template) {
            throw Refusal("cluster not ready - no quorum?")
        }
        let joining = Self.newGuest(call)
        if joining != nil { try checkPool(call) }
        if let answer = try takenOver(call) { return answer }
        let answer = try endpoint(&self, call)
        if let joining, let pool = call.values["pool"], guests[joining] != nil { access.poolOfGuest[joining] = pool }
        return answer
    }

    /// Changes to a node's own files, processes and running guests go on without the others.
    private static func needsQuorum(_ template: String) -> Bool {
        let own = [
            "/nodes/{node}/network", "/nodes/{node}/services", "/nodes/{node}/tasks", "/nodes/{node}/dns",
            "/nodes/{node}/time", "/nodes/{node}/qemu/{vmid}/agent", "/nodes/{node}/status", "/access/ticket",
        ]
        if template.hasSuffix("/status/start") { return true }
        return !own.contains { template.hasPrefix($0) } && !template.split(separator: "/").contains("status")
    }

    /// The id of the guest that a call makes.
    private static func newGuest(_ call: APICall) -> Int? {
        guard call.method == "POST", call.values["pool"] != nil else { return nil }
        switch call.template {
        case "/nodes/{node}/qemu", "/nodes/{node}/lxc": return call.number("vmid")
        case "/nodes/{node}/qemu/{vmid}/clone", "/nodes/{node}/lxc/{vmid}/clone": return call.number("newid")
        default: return nil
        }
    }

    /// Drops what other files say about a guest that is gone.
    mutating func forget(guest vmid: Int) {
        firewall[.guest(vmid)] = nil
        for sid in ["vm:\(vmid)", "ct:\(vmid)"] where ha.resources[sid] != nil {
            ha.resources[sid] = nil
            purgeHARules(of: sid)
        }
        if access.poolOfGuest[vmid] != nil { access.poolOfGuest[vmid] = nil }
        if access.entries.contains(where: { $0.path == "/vms/\(vmid)" }) {
            access.entries.removeAll { $0.path == "/vms/\(vmid)" }
        }
    }
}
