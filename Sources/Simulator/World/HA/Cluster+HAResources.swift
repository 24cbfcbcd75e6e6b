// The resources of high availability.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// Whether this release has groups, and no rules.
    var hasHAGroups: Bool { isRelease8 }

    static let haNumbers: Set<String> = [
        "max_restart", "max_relocate", "failback", "restricted", "nofailback", "strict", "disable",
    ]
    private static let resourceSettings = ["state", "group", "max_restart", "max_relocate", "failback", "comment"]

    /// The service id of a guest, such as `ct:110`.
    func serviceID(of guest: Guest) -> String { "\(guest.kind == .qemu ? "vm" : "ct"):\(guest.vmid)" }

    /// The service id a call names; a number alone stands for the guest with that id.
    func serviceID(_ call: APICall) throws -> String {
        let text = call.required("sid")
        guard let vmid = Int(text) else { return text }
        guard let guest = guests[vmid] else { throw Refusal("unable to parse service id '\(text)'") }
        return serviceID(of: guest)
    }

    private func resource(_ sid: String) throws -> HAResource {
        guard let resource = ha.resources[sid] else { throw Refusal("no such resource '\(sid)'") }
        return resource
    }

    private func write(_ resource: HAResource, _ sid: String, to row: inout JSONWriter) {
        row.member("sid", sid)
        row.member("type", String(sid.prefix(2)))
        row.settings(resource.settings, numbers: Self.haNumbers)
        row.member("digest", ha.resourceDigest)
    }

    /// GET /cluster/ha/resources
    func haResourceList(_ call: APICall) -> APIAnswer {
        let type = call.values["type"]
        return .array { array in
            for (sid, resource) in ha.resources.sorted(by: { $0.key < $1.key })
            where type == nil || sid.hasPrefix("\(type ?? ""):") {
                array.object { write(resource, sid, to: &$0) }
            }
        }
    }

    /// GET /cluster/ha/resources/{sid}
    func haResourceDetails(_ call: APICall) throws -> APIAnswer {
        let sid = try serviceID(call)
        let resource = try resource(sid)
        return .object { write(resource, sid, to: &$0) }
    }

    private func checkGroup(_ call: APICall) throws {
        guard let group = call.values["group"], !group.isEmpty else { return }
        guard hasHAGroups else {
            throw Refusal("invalid parameter 'group': ha groups have been migrated to rules")
        }
        if ha.groups[group] == nil { throw Refusal("HA group '\(group)' does not exist") }
    }

    /// POST /cluster/ha/resources
    mutating func createHAResource(_ call: APICall) throws -> APIAnswer {
        let sid = try serviceID(call)
        if let type = call.values["type"], type != sid.prefix(2) { throw Refusal("types does not match") }
        let vmid = Int(sid.dropFirst(3)) ?? 0
        guard let guest = guests[vmid], serviceID(of: guest) == sid else {
            throw Refusal("resource '\(sid)' does not exist in cluster")
        }
        try checkGroup(call)
        try locked("create resource failed") {
            if ha.resources[sid] != nil { throw Refusal("resource ID '\(sid)' already defined") }
            ha.resources[sid] = HAResource(
                vmid: vmid, settings: call.settings(Self.resourceSettings).filter { !$0.value.isEmpty })
        }
        attend(to: sid)
        return .null
    }

    /// PUT /cluster/ha/resources/{sid}
    mutating func updateHAResource(_ call: APICall) throws -> APIAnswer {
        let sid = try serviceID(call)
        try checkGroup(call)
        if ha.resources[sid] != nil, serviceState(of: sid) == "error", call.values["state"] != "disabled" {
            throw Refusal("service '\(sid)' in error state, must be disabled and fixed first")
        }
        try locked("update resource failed") {
            try call.checkDigest(ha.resourceDigest)
            var resource = try self.resource(sid)
            resource.settings.merge(call.settings(Self.resourceSettings)) { $1 }
            for name in call.names("delete") {
                guard Self.resourceSettings.contains(name) else { throw Refusal("no such option '\(name)'") }
                resource.settings[name] = nil
            }
            // Disabling is how an error is acknowledged.
            if call.values["state"] == "disabled" { resource.task = nil }
            ha.resources[sid] = resource
        }
        attend(to: sid)
        return .null
    }

    /// DELETE /cluster/ha/resources/{sid}; with `purge` rules forget it too, and vanish when nothing is left.
    mutating func deleteHAResource(_ call: APICall) throws -> APIAnswer {
        let sid = try serviceID(call)
        _ = try resource(sid)
        ha.resources[sid] = nil
        if call.values["purge"] != "0" { purgeHARules(of: sid) }
        return .null
    }

    mutating func purgeHARules(of sid: String) {
        for index in ha.rules.indices { ha.rules[index].rule.resources.remove(sid) }
        ha.rules.removeAll { $0.rule.resources.isEmpty }
    }

    /// POST /cluster/ha/resources/{sid}/migrate and …/relocate
    mutating func moveHAResource(_ call: APICall, relocates: Bool) throws -> APIAnswer {
        let sid = try serviceID(call)
        _ = try resource(sid)
        let target = call.required("node")
        guard nodes[target] != nil else { throw Refusal("no such cluster node '\(target)'") }
        if serviceState(of: sid) == "error" {
            throw Refusal("service '\(sid)' in error state, must be disabled and fixed first")
        }
        let affinities = ha.rules.map(\.rule).filter {
            $0.type == "resource-affinity" && !$0.isDisabled && $0.resources.contains(sid)
        }
        let together = Set(affinities.filter(\.isPositive).flatMap(\.resources)).subtracting([sid])
        let blocking = Set(affinities.filter { !$0.isPositive }.flatMap(\.resources)).subtracting([sid])
            .filter { ha.resources[$0].flatMap { guests[$0.vmid]?.node } == target }
        if blocking.isEmpty, ha.disarmed == nil {
            for service in [sid] + together.sorted() { move(service, to: target, relocates: relocates) }
        }
        if hasHAGroups { return .null }
        return .object { answer in
            answer.member("sid", sid)
            answer.member("requested-node", target)
            if !together.isEmpty {
                answer.member("comigrated-resources") {
                    $0.array { for other in together.sorted() { $0.string(other) } }
                }
            }
            guard !blocking.isEmpty else { return }
            answer.member("blocking-resources") { list in
                list.array { array in
                    for other in blocking.sorted() {
                        array.object {
                            $0.member("sid", other)
                            $0.member("cause", "resource-affinity")
                        }
                    }
                }
            }
        }
    }
}
