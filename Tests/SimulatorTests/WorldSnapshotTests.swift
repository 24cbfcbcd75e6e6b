// Snapshots and the guest agent.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated snapshots and agent")
struct WorldSnapshotTests {
    let lab = WorldLab()

    private func names(_ vmid: Int) -> [String] {
        lab.vm(vmid, "GET", "/snapshot").json?.elements.compactMap { $0["name"]?.string } ?? []
    }

    private func parent(_ vmid: Int, _ name: String) -> String? {
        lab.vm(vmid, "GET", "/snapshot").json?.elements.first { $0["name"]?.string == name }?["parent"]?.string
    }

    @Test func theListEndsWithTheCurrentState() {
        #expect(names(101) == ["before-upgrade", "after-upgrade", "current"])
        #expect(parent(101, "after-upgrade") == "before-upgrade")
        #expect(parent(101, "current") == "after-upgrade")
        #expect(names(100) == ["current"])
    }

    @Test func takesAndRollsBack() {
        let take = lab.vm(100, "POST", "/snapshot", ["snapname": "clean", "description": "fresh"])
        #expect(lab.option(100, "lock") == "snapshot")
        #expect(lab.finish(lab.vm(100, "POST", "/status/start"), within: 0) == "VM is locked (snapshot)")
        #expect(lab.finish(take) == "OK")
        #expect(names(100) == ["clean", "current"])
        _ = lab.vm(100, "PUT", "/config", ["cores": "16"])
        #expect(lab.option(100, "cores", ["snapshot": "clean"]) == "2")
        #expect(lab.finish(lab.vm(100, "POST", "/snapshot/{snapname}/rollback", ["snapname": "clean"])) == "OK")
        #expect(lab.option(100, "cores") == "2")
        #expect(lab.option(100, "lock") == nil)
    }

    @Test func aSnapshotWithMemoryRunsAgainAfterRollback() {
        #expect(lab.finish(lab.vm(101, "POST", "/snapshot", ["snapname": "live", "vmstate": "1"])) == "OK")
        #expect(lab.finish(lab.vm(101, "POST", "/status/stop")) == "OK")
        #expect(lab.finish(lab.vm(101, "POST", "/snapshot/{snapname}/rollback", ["snapname": "live"])) == "OK")
        #expect(lab.status(101) == "running")
    }

    @Test func deletingMendsTheTree() {
        let delete = lab.vm(101, "DELETE", "/snapshot/{snapname}", ["snapname": "before-upgrade"])
        #expect(lab.finish(delete) == "OK")
        #expect(names(101) == ["after-upgrade", "current"])
        #expect(parent(101, "after-upgrade") == nil)
    }

    @Test func refusals() {
        let config = "/snapshot/{snapname}/config"
        #expect(
            lab.vm(100, "POST", "/snapshot", ["snapname": "current"]).message
                == "unable to use snapshot name 'current' (reserved name)")
        #expect(
            lab.finish(lab.vm(101, "POST", "/snapshot", ["snapname": "after-upgrade"]))
                == "snapshot name 'after-upgrade' already used")
        #expect(lab.vm(101, "GET", config, ["snapname": "current"]).message == "snapshot 'current' does not exist")
        #expect(
            lab.exit(lab.vm(101, "DELETE", "/snapshot/{snapname}", ["snapname": "none"]).text)
                == "snapshot 'none' does not exist")
        #expect(lab.exit(lab.vm(106, "POST", "/snapshot", ["snapname": "s1"]).text) == "VM is locked (backup)")
        #expect(lab.vm(101, "PUT", config, ["snapname": "after-upgrade", "description": "new"]).status == 200)
        #expect(lab.vm(101, "GET", config, ["snapname": "after-upgrade"]).json?["description"]?.string == "new")
    }

    @Test func theAgentSaysWhyItDoesNotAnswer() {
        #expect(lab.vm(103, "POST", "/agent/ping").message == "No QEMU guest agent configured")
        #expect(lab.vm(100, "POST", "/agent/ping").message == "VM 100 is not running")
        _ = lab.finish(lab.vm(105, "POST", "/status/start", ["node": "pve2"]), on: "pve2")
        #expect(lab.vm(105, "POST", "/agent/ping", ["node": "pve2"]).message == "QEMU guest agent is not running")
        #expect(lab.vm(101, "POST", "/agent/ping").json?["result"]?.isObject == true)
    }

    @Test func theAgentRunsCommandsAndKeepsFiles() throws {
        let run = lab.world.answer(
            APICall(
                method: "POST", template: "/nodes/{node}/qemu/{vmid}/agent/exec",
                values: ["node": "pve1", "vmid": "101"],
                lists: ["command": ["echo", "hello", "world"]], caller: "root@pam"))
        guard case .data(let json, _) = run else { throw LabError.noData }
        let pid = try #require(try JSONDocument(json).root["pid"]?.int)
        let status = lab.vm(101, "GET", "/agent/exec-status", ["pid": String(pid)]).json
        #expect(status?["out-data"]?.string == "hello world\n")
        #expect(status?["exitcode"]?.int == 0)
        #expect(
            lab.vm(101, "GET", "/agent/exec-status", ["pid": String(pid)]).message
                == "Agent error: Invalid parameter 'pid'")
        #expect(lab.vm(101, "POST", "/agent/file-write", ["file": "/tmp/a", "content": "x"]).status == 200)
        #expect(lab.vm(101, "GET", "/agent/file-read", ["file": "/tmp/a"]).json?["content"]?.string == "x")
        #expect(
            lab.vm(101, "GET", "/agent/file-read", ["file": "/none"]).message.hasPrefix(
                "Agent error: failed to open file"))
    }

    private enum LabError: Error { case noData }
}
