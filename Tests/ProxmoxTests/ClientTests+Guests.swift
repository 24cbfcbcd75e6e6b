// The client's knowledge of guests, tasks and who it is.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON
import TestServer
import Testing

@testable import Proxmox

extension ClientTests {
    @Test("two guests are looked up with one list, and a missing one is forgotten")
    func findsGuests() throws {
        let server = LoopbackServer { request in
            request.line.contains("/cluster/resources")
                ? .data(
                    #"[{"vmid":100,"node":"pve1","type":"qemu","status":"running"},{"vmid":101,"node":"pve2","type":"lxc"}]"#
                )
                : .answer(500, "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist", "")
        }
        let run = try Run(server)
        var found: [String] = []
        func look(_ vmids: Int64...) {
            var left = vmids.count
            for vmid in vmids {
                run.client.node(ofGuest: vmid) { [loop = run.loop] result in
                    switch result {
                    case .success(let guest): found.append(guest.node)
                    case .failure(let failure): found.append(failure.message)
                    }
                    left -= 1
                    if left == 0 { loop.stop() }
                }
            }
            run.loop.run()
        }
        look(100, 101)
        look(100)
        #expect(found == ["pve1", "pve2", "pve1"])
        #expect(server.lines == ["GET /api2/json/cluster/resources?type=vm"])
        let path = ["node": "pve1", "vmid": "100"]
        _ = run.send(Request(.get, "/nodes/{node}/qemu/{vmid}/config", path: path))
        look(100)
        #expect(server.lines.filter { $0.contains("resources") }.count == 2)
        look(7)
        #expect(found.last?.contains("Nearest: 100") == true)
    }

    @Test("a task is followed to its end")
    func followsTask() throws {
        let upid = UPID(TaskWaitTests.text)!
        let server = LoopbackServer { request in
            request.line.contains("/status")
                ? .data(#"{"status":"stopped","exitstatus":"WARNINGS: 1"}"#)
                : .answer(200, "OK", #"{"total":2,"data":[{"n":1,"t":"one"},{"n":2,"t":"TASK WARNINGS: 1"}]}"#)
        }
        let run = try Run(server)
        var outcome: TaskOutcome?
        var seen: [Int] = []
        run.client.waitForTask(upid, seconds: 5) {
            seen.append($0.linesSeen)
        } completion: { [loop = run.loop] result in
            outcome = try? result.get()
            loop.stop()
        }
        run.loop.run()
        #expect(outcome == TaskOutcome(upid: upid, state: .warnings(1), log: ["one", "TASK WARNINGS: 1"]))
        #expect(seen == [2])
        #expect(server.lines.last?.hasSuffix("/log?start=0&limit=500") == true)
    }

    @Test("the start check says who we are and what we may do")
    func startCheck() throws {
        let server = LoopbackServer { request in
            request.line.hasSuffix("/version") ? .data(#"{"version":"9.0.3","release":"9.0"}"#) : .data("{}")
        }
        let settings = ConnectionSettings(
            baseURL: try BaseURL("http://127.0.0.1:\(server.port)"), credentials: ClientTests.token)
        let verdict = StartCheck.run(settings)
        #expect(verdict.isGood && verdict.version == "9.0.3")
        #expect(verdict.text.contains("privilege separation"))
    }

    @Test("a guest is looked up again after a request that moves it, unless that was refused")
    func forgetsMovedGuests() throws {
        let server = LoopbackServer { request in
            if request.line.contains("/cluster/resources") {
                return .data(#"[{"vmid":102,"node":"pve1","type":"qemu","status":"running"}]"#)
            }
            return request.body.contains("pve9") ? .answer(500, "no such cluster node 'pve9'", "") : .data("null")
        }
        let run = try Run(server)
        func lookUp() -> Int {
            run.client.node(ofGuest: 102) { _ in run.loop.stop() }
            run.loop.run()
            return server.lines.count { $0.contains("/cluster/resources") }
        }
        func migrate(to node: String) {
            let path = ["node": "pve1", "vmid": "102"]
            let target = Request.Parameter("target", .string(node))
            _ = run.send(Request(.post, "/nodes/{node}/qemu/{vmid}/migrate", path: path, [target]))
        }
        #expect(lookUp() == 1)
        migrate(to: "pve9")
        #expect(lookUp() == 1)
        migrate(to: "pve2")
        #expect(lookUp() == 2)
    }

    @Test("a guest is looked up again after a task that did not find it")
    func forgetsMissingGuests() throws {
        let server = LoopbackServer { request in
            if request.line.contains("/cluster/resources") {
                return .data(#"[{"vmid":102,"node":"pve1","type":"qemu","status":"running"}]"#)
            }
            if request.line.contains("/log") { return .data("[]") }
            return .data(
                #"{"status":"stopped","exitstatus":"unable to find configuration file for VM 102 on node 'pve1'"}"#)
        }
        let run = try Run(server)
        for count in 1...2 {
            run.client.node(ofGuest: 102) { _ in run.loop.stop() }
            run.loop.run()
            #expect(server.lines.count { $0.contains("/cluster/resources") } == count)
            let upid = try #require(UPID("UPID:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:102:root@pam!mcp:"))
            run.client.waitForTask(upid, seconds: 45) { _ in
            } completion: { _ in
                run.loop.stop()
            }
            run.loop.run()
        }
    }
}
