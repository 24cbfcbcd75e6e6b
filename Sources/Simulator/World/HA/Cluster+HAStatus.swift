// The state of high availability.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// The state of a resource as it is shown.
    func serviceState(of sid: String) -> String {
        guard let resource = ha.resources[sid] else { return "unknown" }
        if !resource.isManaged || ha.disarmed == "ignore" { return "ignored" }
        if ha.disarmed == "freeze" { return "freeze" }
        guard let guest = guests[resource.vmid] else { return "error" }
        if nodes[guest.node]?.isOnline != true { return isQuorate ? "fence" : "unknown" }
        if let task = resource.task.flatMap({ taskNumbers[$0] }).flatMap({ tasks[$0] }) {
            if case .failed = task.outcome, resource.request == "started", !guest.run.isRunning { return "error" }
            if task.outcome == nil, task.upid.type.hasSuffix("migrate") { return "migrate" }
        }
        switch (resource.request, guest.run.isRunning) {
        case ("started", true): return "started"
        case ("started", false): return "starting"
        case (_, true): return "stopping"
        case ("disabled", false): return "disabled"
        default: return "stopped"
        }
    }

    /// The state a guest shows in lists; nil when it is under no high availability.
    func haState(of guest: Guest) -> String? {
        if ha.resources.isEmpty { return nil }
        let sid = serviceID(of: guest)
        return ha.resources[sid] == nil ? nil : serviceState(of: sid)
    }

    /// What the state of a guest says about it.
    func writeHA(of guest: Guest, to status: inout JSONWriter) {
        status.member("ha") { writer in
            writer.object {
                guard let resource = ha.resources[serviceID(of: guest)], resource.isManaged else {
                    return $0.member("managed", 0)
                }
                $0.member("managed", 1)
                $0.member("state", serviceState(of: serviceID(of: guest)))
                if let group = resource.settings["group"] { $0.member("group", group) }
            }
        }
    }

    private var hasManagedResources: Bool { ha.resources.values.contains { $0.isManaged } }
    private var onlineNames: [String] { nodeNames.filter { nodes[$0]?.isOnline == true } }

    private var stamp: String { CalendarTime(now).text }

    /// GET /cluster/ha/status/current
    func haStatus(_ call: APICall) -> APIAnswer {
        .array { array in
            array.object {
                $0.member("id", "quorum")
                $0.member("type", "quorum")
                $0.member("node", localNode)
                $0.member("status", isQuorate ? "OK" : "No quorum on node '\(localNode)'!")
                $0.member("quorate", isQuorate ? 1 : 0)
            }
            if hasManagedResources {
                array.object { writeDaemon("master", id: "master", localNode, "active", to: &$0) }
            }
            if !hasHAGroups { array.object { writeFencing(to: &$0) } }
            if hasManagedResources {
                for node in onlineNames {
                    let isBusy = ha.resources.values.contains { $0.isManaged && guests[$0.vmid]?.node == node }
                    array.object { writeDaemon("lrm", id: "lrm:\(node)", node, isBusy ? "active" : "idle", to: &$0) }
                }
            }
            for sid in ha.resources.keys.sorted() { array.object { writeService(sid, to: &$0) } }
        }
    }

    private func writeDaemon(
        _ type: String, id: String, _ node: String, _ status: String, to row: inout JSONWriter
    ) {
        row.member("id", id)
        row.member("type", type)
        row.member("node", node)
        row.member("status", "\(node) (\(status), \(stamp))")
        row.member("timestamp", seconds)
    }

    private func writeFencing(to row: inout JSONWriter) {
        row.member("id", "fencing")
        row.member("type", "fencing")
        row.member("node", localNode)
        if let mode = ha.disarmed {
            row.member("status", "disarmed (resource mode: \(mode))")
            row.member("armed-state", "disarmed")
            row.member("resource_mode", mode)
        } else if hasManagedResources {
            row.member("status", "armed (CRM watchdog active)")
            row.member("armed-state", "armed")
        } else {
            row.member("status", "standby (CRM watchdog standby)")
            row.member("armed-state", "standby")
        }
    }

    private func writeService(_ sid: String, to row: inout JSONWriter) {
        guard let resource = ha.resources[sid] else { return }
        let node = guests[resource.vmid]?.node ?? ""
        let state = serviceState(of: sid)
        row.member("id", "service:\(sid)")
        row.member("type", "service")
        row.member("sid", sid)
        row.member("node", node)
        row.member("state", state)
        if resource.isManaged { row.member("crm_state", Self.managerState(state)) }
        row.member("status", "\(sid) (\(node), \(state))")
        row.member("request_state", resource.request)
        row.member("max_restart", resource.settings["max_restart"].flatMap { Int($0) } ?? 1)
        row.member("max_relocate", resource.settings["max_relocate"].flatMap { Int($0) } ?? 1)
        if !hasHAGroups { row.member("failback", resource.settings["failback"].flatMap { Int($0) } ?? 1) }
        for name in ["group", "comment"] {
            if let value = resource.settings[name] { row.member(name, value) }
        }
    }

    /// The manager's own word for a state.
    private static func managerState(_ state: String) -> String {
        switch state {
        case "starting": "started"
        case "stopping": "request_stop"
        case "disabled": "stopped"
        default: state
        }
    }

    /// GET /cluster/ha/status/manager_status
    func haManagerStatus(_ call: APICall) -> APIAnswer {
        .object { answer in
            answer.member("manager_status") { status in
                status.object { status in
                    status.member("node_status") { list in
                        list.object {
                            guard hasManagedResources else { return }
                            for node in nodeNames {
                                $0.member(node, nodes[node]?.isOnline == true ? "online" : "unknown")
                            }
                        }
                    }
                    guard hasManagedResources else { return }
                    status.member("master_node", localNode)
                    status.member("timestamp", seconds)
                    status.member("service_status") { list in
                        list.object { list in
                            for (sid, resource) in ha.resources.sorted(by: { $0.key < $1.key }) where resource.isManaged
                            {
                                list.member(sid) { service in
                                    service.object {
                                        $0.member("node", guests[resource.vmid]?.node ?? "")
                                        $0.member("state", Self.managerState(serviceState(of: sid)))
                                        $0.member("running", guests[resource.vmid]?.run.isRunning == true ? 1 : 0)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            answer.member("quorum") { quorum in
                quorum.object {
                    $0.member("node", localNode)
                    $0.member("quorate", isQuorate ? "1" : "0")
                }
            }
        }
    }

    /// POST /cluster/ha/status/disarm-ha
    mutating func disarmHA(_ call: APICall) -> APIAnswer {
        ha.disarmed = call.required("resource-mode")
        return .null
    }

    /// POST /cluster/ha/status/arm-ha: what was asked for meanwhile happens now.
    mutating func armHA(_ call: APICall) -> APIAnswer {
        ha.disarmed = nil
        for sid in ha.resources.keys.sorted() { attend(to: sid) }
        return .null
    }
}
