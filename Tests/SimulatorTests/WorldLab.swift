// A simulated cluster with a clock that stands until a test turns it.
// SPDX-License-Identifier: MIT

import JSON
import Synchronization
import Testing

@testable import Simulator

/// A clock that a test sets.
final class ManualClock: Sendable {
    private let time = Mutex(1_800_000_000.0)

    var now: Double { time.withLock { $0 } }

    func turn(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// What came back from a call.
struct LabAnswer {
    var status: Int
    var message = ""
    var errors: [String: String] = [:]
    var json: JSONValue?
    var total: Int?
    var changes: String?

    var text: String { json?.string ?? "" }
}

/// A cluster, its clock, and calls in short form.
struct WorldLab {
    let clock = ManualClock()
    let world: World

    init(_ options: WorldOptions = WorldOptions()) {
        let clock = clock
        world = World(options: options) { clock.now }
    }

    /// Calls an endpoint. `node` is pve1 unless told otherwise.
    func call(
        _ method: String, _ template: String, _ values: [String: String] = [:], as caller: String = "root@pam!demo"
    )
        -> LabAnswer
    {
        var all = template.contains("{node}") ? ["node": "pve1"] : [:]
        all.merge(values) { $1 }
        let answer = world.answer(APICall(method: method, template: template, values: all, lists: [:], caller: caller))
        switch answer {
        case .changed(let json, let changes):
            return LabAnswer(status: 200, json: try? JSONDocument(json).root, changes: changes)
        case .data(let json, let total):
            guard let document = try? JSONDocument(json) else {
                Issue.record(
                    "\(method) \(template) answered what is not JSON: \(String(decoding: json, as: UTF8.self))")
                return LabAnswer(status: 200)
            }
            return LabAnswer(status: 200, json: document.root, total: total)
        case .failure(let status, let message, let errors):
            return LabAnswer(
                status: status, message: message,
                errors: Dictionary(errors.map { ($0.parameter, $0.text) }, uniquingKeysWith: { $1 }))
        }
    }

    /// A call for the virtual machine with this id.
    func vm(
        _ vmid: Int, _ method: String, _ path: String = "", _ values: [String: String] = [:],
        as caller: String = "root@pam!demo"
    ) -> LabAnswer {
        let all = ["vmid": String(vmid)].merging(values) { $1 }
        return call(method, "/nodes/{node}/qemu/{vmid}\(path)", all, as: caller)
    }

    /// The status of a task, by its UPID.
    func task(_ upid: String, on node: String = "pve1") -> LabAnswer {
        call("GET", "/nodes/{node}/tasks/{upid}/status", ["node": node, "upid": upid])
    }

    /// The exit status of a task; nil while it runs.
    func exit(_ upid: String, on node: String = "pve1") -> String? { task(upid, on: node).json?["exitstatus"]?.string }

    /// The lines of a task's log.
    func log(_ upid: String, on node: String = "pve1", _ values: [String: String] = ["limit": "0"]) -> [String] {
        let all = ["node": node, "upid": upid].merging(values) { $1 }
        return call("GET", "/nodes/{node}/tasks/{upid}/log", all).json?.elements.compactMap { $0["t"]?.string } ?? []
    }

    /// Lets a task that was just started run to its end and answers its exit status.
    func finish(_ answer: LabAnswer, on node: String = "pve1", within seconds: Double = 60) -> String? {
        clock.turn(seconds)
        return exit(answer.text, on: node)
    }

    /// `running` or `stopped`.
    func status(_ vmid: Int, on node: String = "pve1") -> String? {
        vm(vmid, "GET", "/status/current", ["node": node]).json?["status"]?.string
    }

    /// An option of a machine's configuration, as text.
    func option(_ vmid: Int, _ name: String, _ values: [String: String] = [:]) -> String? {
        let value = vm(vmid, "GET", "/config", values).json?[name]
        return value?.string ?? value?.int.map { String($0) }
    }

    /// A cluster with one of everything that a new one lacks.
    static func furnished() -> WorldLab {
        let lab = WorldLab()
        let firewall = "/cluster/firewall"
        let guestFirewalls = ["qemu", "lxc"].map { "/nodes/{node}/\($0)/{vmid}/firewall" }
        var calls: [(String, String, [String: String])] = [
            ("POST", "/access/groups", ["groupid": "ops", "comment": "c"]),
            ("POST", "/access/users", ["userid": "alice@pve"]),
            ("POST", "/access/users", ["userid": "bob@pve", "groups": "ops"]),
            ("POST", "/access/users/{userid}/token/{tokenid}", ["userid": "alice@pve", "tokenid": "full"]),
            ("POST", "/access/roles", ["roleid": "R1", "privs": "VM.Audit"]),
            ("PUT", "/access/acl", ["path": "/vms/100", "users": "alice@pve", "roles": "R1"]),
            ("POST", "/pools", ["poolid": "dev"]),
            ("PUT", "/pools", ["poolid": "dev", "vms": "101"]),
            ("POST", "\(firewall)/groups", ["group": "web"]),
            ("POST", "\(firewall)/groups/{group}", ["group": "web", "type": "in", "action": "ACCEPT"]),
            ("POST", "\(firewall)/ipset/{name}", ["name": "x1", "cidr": "10.0.0.0"]),
            ("POST", "/nodes/{node}/firewall/rules", ["type": "in", "action": "ACCEPT"]),
            ("POST", "/cluster/ha/resources", ["sid": "vm:101", "state": "ignored"]),
            (
                "POST", "/cluster/ha/rules",
                ["rule": "r1", "type": "node-affinity", "nodes": "pve1", "resources": "vm:101"]
            ),
        ]
        for (prefix, vmid) in [(firewall, "")] + zip(guestFirewalls, ["101", "110"]) {
            let position = calls.firstIndex { $0.1 == "\(firewall)/ipset/{name}" } ?? 0
            calls.insert(("POST", "\(prefix)/rules", ["vmid": vmid, "type": "in", "action": "ACCEPT"]), at: position)
            calls.insert(("POST", "\(prefix)/ipset", ["vmid": vmid, "name": "x1"]), at: position)
        }
        for (prefix, vmid) in zip(guestFirewalls, ["101", "110"]) {
            calls.append(("POST", "\(prefix)/ipset/{name}", ["vmid": vmid, "name": "x1", "cidr": "10.0.0.0"]))
        }
        for (method, template, values) in calls {
            let answer = lab.call(method, template, values.filter { !$0.value.isEmpty })
            #expect(answer.status == 200, "\(method) \(template): \(answer.message) \(answer.errors)")
        }
        return lab
    }
}
