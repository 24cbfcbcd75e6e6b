// What the resource manager does: it starts, stops and moves guests until they are as requested.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// Starts or stops a guest if it is not in the state its resource requests. Errors show as its state.
    mutating func attend(to sid: String) {
        guard ha.disarmed == nil, let resource = ha.resources[sid], resource.isManaged,
            resource.task == nil || isDone(resource),
            let guest = guests[resource.vmid], !guest.isTemplate, nodes[guest.node]?.isOnline == true
        else { return }
        let wantsToRun = resource.request == "started"
        guard guest.run.isRunning != wantsToRun else { return }
        ask(sid, guest, wantsToRun ? "start" : "shutdown", wantsToRun ? [:] : ["forceStop": "1"])
    }

    private func isDone(_ resource: HAResource) -> Bool {
        resource.task.flatMap { taskNumbers[$0] }.flatMap { tasks[$0]?.outcome } != nil
    }

    /// Calls an endpoint of a guest as the manager, and remembers the task.
    private mutating func ask(_ sid: String, _ guest: Guest, _ command: String, _ values: Settings) {
        let folder = "/nodes/{node}/\(guest.kind.rawValue)/{vmid}"
        let template = command == "migrate" ? "\(folder)/migrate" : "\(folder)/status/\(command)"
        guard let endpoint = Endpoints.table[Endpoints.key("POST", template)] else { return }
        let all = values.merging(["node": guest.node, "vmid": String(guest.vmid)]) { $1 }
        let call = APICall(method: "POST", template: template, values: all, lists: [:], caller: "root@pam")
        guard case .data(let json, _)? = try? endpoint(&self, call), let upid = try? JSONDocument(json).root.string
        else { return }
        ha.resources[sid]?.task = upid
    }

    /// Moves a guest: a running machine live, unless it is to be relocated.
    mutating func move(_ sid: String, to target: String, relocates: Bool) {
        guard let resource = ha.resources[sid], let guest = guests[resource.vmid], guest.node != target else { return }
        if guest.run.isRunning, relocates || guest.kind == .lxc {
            relocate(sid, guest, to: target)
        } else {
            ask(sid, guest, "migrate", guest.run.isRunning ? ["target": target, "online": "1"] : ["target": target])
        }
    }

    /// Stops a guest, moves it, and starts it again there.
    private mutating func relocate(_ sid: String, _ guest: Guest, to target: String) {
        let vmid = guest.vmid
        let type = guest.kind == .qemu ? "qmigrate" : "vzmigrate"
        let answer = begin(type, id: String(vmid), on: guest.node, by: "root@pam", locking: vmid) { cluster in
            guard let guest = cluster.guests[vmid] else { throw Refusal("no such guest") }
            if cluster.nodes[target]?.isOnline != true { throw Refusal("migration aborted") }
            var course = TaskCourse(seconds: cluster.duration(2, for: guest))
            course.lines = ["stopping service on node '\(guest.node)'", "starting service on node '\(target)'"]
            course.finish = { cluster in
                guard let guest = cluster.guests[vmid] else { return }
                let wasRunning = guest.run.isRunning
                guest.node = target
                if wasRunning {
                    guest.run = .running(since: cluster.now)
                    guest.pid = cluster.nodes[target]?.nextPID() ?? 1
                }
            }
            return course
        }
        if case .data(let json, _) = answer { ha.resources[sid]?.task = try? JSONDocument(json).root.string }
    }

    /// Calls for a guest under high availability that the manager takes over: it gets a request, and a task of its own
    /// says so. nil for all other calls.
    mutating func takenOver(_ call: APICall) throws -> APIAnswer? {
        let parts = call.template.split(separator: "/")
        guard call.method != "GET", parts.count >= 4, parts[2] == "qemu" || parts[2] == "lxc",
            let guest = try? guest(call, parts[2] == "qemu" ? .qemu : .lxc)
        else { return nil }
        let sid = serviceID(of: guest)
        guard let resource = ha.resources[sid] else { return nil }
        let what = guest.kind == .qemu ? "VM" : "CT"
        if call.method == "DELETE", parts.count == 4, !call.flag("purge"), guest.config.current["protection"] != "1" {
            throw Refusal("unable to remove \(what) \(guest.vmid) - used in HA resources and purge parameter not set.")
        }
        guard call.method == "POST", resource.isManaged, ha.disarmed != "ignore" else { return nil }
        let (vmid, node) = (guest.vmid, guest.node)
        switch parts.dropFirst(4).joined(separator: "/") {
        case "status/start":
            if guest.kind == .lxc, guest.run.isRunning { throw Refusal("CT \(vmid) already running") }
            return request("hastart", "Requesting HA start for \(what) \(vmid)", vmid, node, call) {
                $0.ha.resources[sid]?.settings["state"] = "started"
                $0.attend(to: sid)
            }
        case "status/stop", "status/shutdown":
            return request("hastop", "Requesting HA stop for \(what) \(vmid)", vmid, node, call) {
                $0.ha.resources[sid]?.settings["state"] = "stopped"
                $0.attend(to: sid)
            }
        case "migrate":
            let target = call.required("target")
            if target == node { throw Refusal(parameter: "target", "target is local node.") }
            if nodes[target] == nil { throw Refusal("no such cluster node '\(target)'") }
            let text = "Requesting HA migration for \(what) \(vmid) to node \(target)"
            return request("hamigrate", text, vmid, node, call) { $0.move(sid, to: target, relocates: false) }
        default: return nil
        }
    }

    private mutating func request(
        _ type: String, _ text: String, _ vmid: Int, _ node: String, _ call: APICall,
        _ effect: @escaping @Sendable (inout Cluster) -> Void
    ) -> APIAnswer {
        begin(type, id: String(vmid), on: node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(0.1))
            course.lines = [text]
            course.finish = effect
            return course
        }
    }
}
