// Bulk actions: a task with children, in order.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated bulk actions")
struct BulkActionTests {
    let lab = WorldLab()

    private func run(
        _ kind: String, _ vms: [Int]?, _ values: [String: String] = [:], as caller: String = "root@pam!demo"
    ) -> LabAnswer {
        let call = APICall(
            method: "POST", template: "/cluster/bulk-action/guest/\(kind)", values: values,
            lists: vms.map { ["vms": $0.map(String.init)] } ?? [:], caller: caller)
        switch lab.world.answer(call) {
        case .data(let json, _): return LabAnswer(status: 200, json: try? JSONDocument(json).root)
        case .failure(let status, let message, _): return LabAnswer(status: status, message: message)
        default: return LabAnswer(status: 0)
        }
    }

    private func started(on node: String) -> [String] {
        let tasks = lab.call("GET", "/nodes/{node}/tasks", ["node": node, "source": "all", "limit": "20"])
        return tasks.json?.elements.compactMap { $0["type"]?.string } ?? []
    }

    @Test func startsGuestsOfAllNodes() {
        let answer = run("start", [100, 111])
        #expect(answer.text.contains(":bulk-start::"))
        #expect(started(on: "pve2").contains("vzstart"))
        #expect(lab.finish(answer) == "OK")
        #expect(lab.status(100) == "running")
        #expect(lab.containerStatus(111, on: "pve2") == "running")
        #expect(lab.log(answer.text).first == "Starting guests: 100, 111")
    }

    @Test func goesByOrderAndWaits() {
        _ = lab.vm(100, "PUT", "/config", ["startup": "order=2"])
        _ = lab.vm(107, "PUT", "/config", ["startup": "order=1,up=30"])
        let answer = run("start", [100, 107])
        lab.clock.turn(20)
        #expect(lab.status(107) == "running")
        #expect(lab.status(100) == "stopped")
        lab.clock.turn(60)
        #expect(lab.status(100) == "running")
        #expect(lab.exit(answer.text) == "OK")
    }

    @Test func namesThoseThatFail() {
        let answer = run("start", [100, 104], ["max-workers": "1"])
        #expect(lab.finish(answer) == "Some guests failed to start: 104")
        #expect(lab.log(answer.text).contains { $0.hasPrefix("WARN: Starting VM 104 failed: start failed") })
        #expect(lab.status(100) == "running")
    }

    @Test func shutsDownAndSkipsTheStopped() {
        let answer = run("shutdown", [100, 101, 110])
        #expect(lab.finish(answer) == "WARNINGS: 1")
        #expect(lab.log(answer.text).contains("WARN: Skipping VM 100, not running."))
        #expect(lab.status(101) == "stopped")
        #expect(lab.containerStatus(110, on: "pve3") == "stopped")
    }

    @Test func suspendsMachinesOnly() {
        #expect(lab.finish(run("suspend", [101, 110], ["to-disk": "1"])) == "WARNINGS: 1")
        #expect(lab.option(101, "lock") == "suspended")
        #expect(lab.containerStatus(110, on: "pve3") == "running")
    }

    @Test func migratesToOneNode() {
        let answer = run("migrate", [100, 110], ["target": "pve2", "online": "1", "with-local-disks": "1"])
        #expect(lab.finish(answer, within: 120) == "OK")
        #expect(lab.status(100, on: "pve2") == "stopped")
        #expect(lab.containerStatus(110, on: "pve2") == "running")
        #expect(run("migrate", nil, ["target": "pve9"]).message == "no such cluster node 'pve9'")
    }

    @Test func needsThePrivilegeOnEachGuest() {
        let refused = run("start", [100], as: "auditor@pve!ro")
        #expect(refused.status == 403)
        #expect(refused.message == "Permission check failed (/vms/100, VM.PowerMgmt)")
        #expect(run("start", nil, as: "auditor@pve!ro").message == "Permission check failed (/, VM.PowerMgmt)")
    }

    @Test func stopsWithoutStartingMore() {
        let answer = run("start", [100, 107], ["max-workers": "1"])
        lab.clock.turn(0.5)
        _ = lab.call("DELETE", "/nodes/{node}/tasks/{upid}", ["upid": answer.text])
        lab.clock.turn(60)
        #expect(lab.status(100) == "running")
        #expect(lab.status(107) == "stopped")
    }
}
