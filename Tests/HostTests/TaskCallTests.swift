// Tools about tasks: where the node comes from, and waiting for the end of a task that is there already.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Synchronization
import TestServer
import Testing

@testable import Host

@Suite("Calls about tasks")
struct TaskCallTests {
    private static let elsewhere = "UPID:pve2:000004B7:05CC7967:6B005F6C:vzdump:101:root@pam!test:"
    private static let parameters: [ParameterSpec] = [.taskNode, .upid]

    private let log = tool(
        "pve_log", parameters, PVE_METHOD_GET, "/nodes/{node}/tasks/{upid}/log", result: result(PVE_SHAPE_LOG, "lines"),
        tier: PVE_TIER_READ_ONLY)
    private let status = tool(
        "pve_status",
        parameters + [ParameterSpec("wait", PVE_TYPE_I64, role: PVE_ROLE_WAIT, in: 0...3600, default: "0")],
        PVE_METHOD_GET, "/nodes/{node}/tasks/{upid}/status",
        result: result(PVE_SHAPE_OBJECT, nil, [FieldSpec("status", PVE_TYPE_UTF8)]), tier: PVE_TIER_READ_ONLY)

    // MARK: The node

    @Test func takesTheNodeFromTheUPID() throws {
        let served = try ServedTools([log]) { _ in .data("[]") }
        for arguments in [
            #"{"upid":"\#(Self.elsewhere)"}"#, #"{"node":null,"upid":"\#(Self.elsewhere)"}"#,
            #"{"upid":"\#(Self.elsewhere)","node":"pve2"}"#,
        ] {
            #expect(try !served.call("pve_log", arguments).isError)
        }
        let lines = served.proxmox.lines
        #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("GET /api2/json/nodes/pve2/tasks/UPID") })
    }

    @Test func givesTheNodeToCodeToo() throws {
        let code = tool("pve_code", Self.parameters) { plugin in
            plugin.reply("\"\(plugin.text(plugin.member(plugin.arguments, "node")) ?? "none")\"")
        }
        let served = try ServedTools([code]) { _ in .close }
        let answer = try served.call("pve_code", #"{"node":null,"upid":"\#(Self.elsewhere)"}"#)
        #expect(answer.data == #"{"status":"ok","data":"pve2"}"#)
    }

    @Test func refusesANodeThatIsNotTheTasks() throws {
        let served = try ServedTools([log]) { _ in .data("[]") }
        let answer = try served.call("pve_log", #"{"node":"pve1","upid":"\#(Self.elsewhere)"}"#)
        #expect(
            answer.isError
                && answer.text == #"Nothing was sent: argument "node" is "pve1", but the task of this UPID is on node "#
                    + #""pve2"; leave node out."#
        )
        #expect(served.proxmox.lines == [])
    }

    @Test(arguments: ["", "101", "UPID:pve2:000004B7:05CC7967:6B005F6C:vzdump:101:root@pam!test", "UPID:../x:"])
    func showsTheFormOfAUPIDForWhatIsNone(_ text: String) throws {
        let served = try ServedTools([log]) { _ in .data("[]") }
        let answer = try served.call("pve_log", #"{"upid":"\#(text)"}"#)
        #expect(answer.isError)
        #expect(
            answer.text
                == #"Nothing was sent: argument "upid" takes the UPID of a task, whole and as it was returned: "#
                + #"UPID:node:pid:pstart:starttime:type:id:user@realm: (with the colon at its end); got "\#(text)"."#)
        #expect(served.proxmox.lines == [])
    }

    @Test func saysOnceThatTheUPIDIsMissing() throws {
        let served = try ServedTools([log]) { _ in .data("[]") }
        #expect(
            try served.call("pve_log", "{}").text
                == #"Nothing was sent: argument "upid" is missing; it takes a string."#)
    }

    // MARK: Waiting

    /// A task that runs for as many looks at it as `runs`, and then ends so.
    private func served(runs: Int, then exit: String, silent: Bool = false) throws -> ServedTools {
        let looks = Mutex(0)
        return try ServedTools([status]) { request in
            if request.line.contains("/log") {
                let lines = request.line.contains("start=0&") ? #"{"n":1,"t":"half done"}"# : ""
                return .answer(200, "OK", #"{"data":[\#(lines)],"total":1}"#)
            }
            let look = looks.withLock { count in
                count += 1
                return count
            }
            if silent, look > 1 { return .silence }
            let state = look <= runs ? #""status":"running""# : #""status":"stopped","exitstatus":"\#(exit)""#
            return .data(#"{"upid":"\#(Self.elsewhere)","node":"pve2",\#(state)}"#)
        }
    }

    private static func arguments(wait: Int) -> String { #"{"upid":"\#(elsewhere)","wait":\#(wait)}"# }

    @Test func answersTheStatusAsItIsWhenNotAskedToWait() throws {
        let served = try served(runs: 1, then: "OK")
        let answer = try served.call("pve_status", #"{"upid":"\#(Self.elsewhere)"}"#)
        #expect(answer.data == #"{"upid":"\#(Self.elsewhere)","node":"pve2","status":"running"}"#)
        #expect(served.proxmox.lines.count == 1)
    }

    @Test func answersAFailureAsAStatusWhenNotAskedToWait() throws {
        let served = try served(runs: 0, then: "got timeout")
        let answer = try served.call("pve_status", Self.arguments(wait: 0))
        #expect(!answer.isError && answer.data?.contains(#""exitstatus":"got timeout""#) == true)
    }

    @Test(arguments: ["OK", "WARNINGS: 2"]) func waitsForTheEndAndAsksAgain(_ exit: String) throws {
        let served = try served(runs: 2, then: exit)
        served.start("pve_status", Self.arguments(wait: 60), progress: true)
        var told: [String] = []
        var end: Answered?
        while end == nil, let frame = try served.frame() {
            if let message = frame["params"]?["message"]?.string { told.append(message) }
            if frame["id"] != nil { end = Answered(frame: frame) }
        }
        #expect(told == ["task vzdump asked for on pve2", "half done"])
        #expect(end?.isError == false)
        #expect(
            end?.data
                == #"{"upid":"\#(Self.elsewhere)","node":"pve2","status":"stopped","exitstatus":"\#(exit)"}"#)
    }

    @Test(arguments: [0, 1]) func tellsAFailureWithItsLogWhenAskedToWait(_ runs: Int) throws {
        let served = try served(runs: runs, then: "got timeout")
        let answer = try served.call("pve_status", Self.arguments(wait: 60))
        #expect(answer.isError)
        #expect(
            answer.text == "The task vzdump of 101 on node pve2 failed: got timeout\n\(Self.elsewhere)\n"
                + "End of its log:\nhalf done")
    }

    @Test func doesNotWaitForATaskThatHasEndedWell() throws {
        let served = try served(runs: 0, then: "OK")
        #expect(try !served.call("pve_status", Self.arguments(wait: 60)).isError)
        #expect(served.proxmox.lines.count == 1)
    }

    @Test func answersTheStatusItHasWhenTheServerStops() throws {
        let served = try served(runs: 9, then: "OK", silent: true)
        served.start("pve_status", Self.arguments(wait: 60), progress: true)
        // The first progress says that the waiting has begun.
        #expect(try served.frame()?["method"]?.string == "notifications/progress")
        served.stop()
        let answer = Answered(frame: try #require(try served.frame()))
        #expect(answer.data == #"{"upid":"\#(Self.elsewhere)","node":"pve2","status":"running"}"#)
    }

    // MARK: Defaults

    @Test func waitsAsTheToolSays() throws {
        #expect(CallDirections(status, emptyObject).wait == 0)
        #expect(CallDirections(tool("pve_x", [.wait]), emptyObject).wait == 45)
        #expect(CallDirections(status, try json(#"{"wait":null}"#)).wait == 0)
        #expect(CallDirections(status, try json(#"{"wait":7}"#)).wait == 7)
        let endless = ParameterSpec("wait", PVE_TYPE_I64, role: PVE_ROLE_WAIT, default: "99999")
        #expect(CallDirections(tool("pve_x", [endless]), emptyObject).wait == 3600)
    }
}
