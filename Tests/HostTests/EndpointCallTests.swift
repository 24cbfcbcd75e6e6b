// Calls of endpoint tools, from the client's line to its answer, on a Proxmox that answers as told.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Synchronization
import TestServer
import Testing

@testable import Host

let upid = "UPID:pve1:000004B7:05CC7967:6B005F6C:qmstart:101:root@pam!test:"

@Suite("Endpoint calls")
struct EndpointCallTests {
    let start = tool(
        "pve_start", [.guestNode, .vmid, .wait], PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/status/start",
        result: result(PVE_SHAPE_TASK), tier: PVE_TIER_READ_EXECUTE)
    let version = tool(
        "pve_version", [.fields], result: result(PVE_SHAPE_OBJECT, nil, [FieldSpec("version", PVE_TYPE_UTF8)]),
        tier: PVE_TIER_READ_ONLY)
    private static let guests = #"[{"vmid":101,"node":"pve1","type":"qemu","status":"running"}]"#

    @Test func answersWithTheDataOfProxmox() throws {
        let served = try ServedTools([version]) { _ in .data(#"{"version":9.1}"#) }
        let answer = try served.call("pve_version")
        #expect(!answer.isError)
        #expect(answer.data == #"{"version":"9.1"}"#)
        #expect(answer.text == answer.data)
        #expect(served.proxmox.lines == ["GET /api2/json/version"])
        #expect(served.end() == 0)
    }

    @Test func sendsNothingForArgumentsItRefuses() throws {
        let served = try ServedTools([version, start]) { _ in .data("{}") }
        #expect(try served.call("pve_version", #"{"x":1}"#).text.hasPrefix("Nothing was sent: argument \"x\""))
        #expect(try served.call("pve_start", #"{"vmid":1}"#).isError)
        #expect(served.proxmox.lines == [])
    }

    @Test func answersForUnknownToolsWithAProtocolError() throws {
        let served = try ServedTools([version]) { _ in .data("{}") }
        #expect(try served.call("pve_nothing").frame["error"]?["code"]?.int == -32602)
    }

    @Test func passesOnWhatProxmoxRefuses() throws {
        let served = try ServedTools([version]) { _ in .answer(500, "VM is locked (backup)", "") }
        let answer = try served.call("pve_version")
        #expect(answer.isError && answer.text.contains("VM is locked (backup)"))
    }

    @Test func refusesWhatIsNotOfItsShape() throws {
        let served = try ServedTools([version]) { _ in .data("[]") }
        #expect(try served.call("pve_version").text.contains("expected to answer an object, but answered a list"))
    }

    @Test(arguments: [
        (
            #"[{"vmid":101,"node":"pve2","type":"qemu","name":"web"}]"#,
            "VM 101 (web) is on node pve2, not on pve1; leave"
        ),
        (#"[{"vmid":101,"node":"pve1","type":"lxc"}]"#, "Container 101 on node pve1 is not a VM."),
        (
            #"[{"vmid":104,"node":"pve1","type":"lxc"}]"#,
            "No VM or container with id 101 is visible in the cluster. Nearest: 104"
        ),
    ])
    func saysWhereAGuestIsThatIsNotWhereItWasSaidToBe(_ guests: String, _ text: String) throws {
        let gone = "Configuration file 'nodes/pve1/qemu-server/101.conf' does not exist"
        let served = try ServedTools([start]) {
            $0.line.contains("/cluster/resources") ? .data(guests) : .answer(500, gone, "")
        }
        let answer = try served.call("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        #expect(answer.isError && answer.text.contains("\(gone). \(text)"), "\(answer.text)")
        #expect(served.proxmox.lines.count == 2)
    }

    @Test func namesTheNodesNearOneThatIsNotThere() throws {
        let served = try ServedTools([log]) {
            $0.line.hasSuffix("/nodes")
                ? .data(#"[{"node":"pve1","status":"online"}]"#) : .answer(500, "hostname lookup 'pve' failed - no", "")
        }
        let answer = try served.call("pve_log", #"{"node":"pve"}"#)
        #expect(
            answer.isError
                && answer.text.hasSuffix("No node is called pve; did you mean pve1? There is pve1 (online)."))
    }

    @Test(arguments: [
        ("pve_start", "it needs tier read-execute (PVE_ACCESS_TIER=read-execute), and this server runs as read-only"),
        ("pve_versoin", #"did you mean "pve_version"? tools/list names those there are"#),
        ("x", "tools/list names those there are"),
    ])
    func saysWhyThereIsNoSuchTool(_ name: String, _ why: String) throws {
        let served = try ServedTools([version, start], tier: .readOnly) { _ in .data("{}") }
        #expect(try served.call(name).frame["error"]?["message"]?.string == "Unknown tool: \(name); \(why)")
    }

    // MARK: Logs

    private let log = tool(
        "pve_log", [.node, ParameterSpec("start", PVE_TYPE_I64), ParameterSpec("limit", PVE_TYPE_I64)], PVE_METHOD_GET,
        "/nodes/{node}/syslog", result: result(PVE_SHAPE_LOG, "lines"), tier: PVE_TIER_READ_ONLY)

    /// Answers as `dump_journal` does: lines are counted from the oldest, fifty when nothing is said.
    private static func lines(_ request: LoopbackServer.Received, total: Int) -> LoopbackServer.Reply {
        let query = URLComponents(string: String(request.line.dropFirst(4)))?.queryItems ?? []
        func number(_ name: String) -> Int? { query.first { $0.name == name }?.value.flatMap { Int($0) } }
        let start = number("start") ?? 0
        let lines = (0..<total).dropFirst(start).prefix(number("limit") ?? 50).map {
            #"{"n":\#($0 + 1),"t":"\#($0 + 1)"}"#
        }
        return .answer(200, "OK", #"{"data":[\#(lines.joined(separator: ","))],"total":\#(total)}"#)
    }

    @Test func asksForTheEndOfALog() throws {
        let served = try ServedTools([log]) { Self.lines($0, total: 70) }
        let answer = try served.call("pve_log", #"{"node":"pve1","limit":3}"#)
        #expect(answer.data == #"{"lines":["68","69","70"],"total":70}"#)
        #expect(
            served.proxmox.lines == [
                "GET /api2/json/nodes/pve1/syslog?limit=3", "GET /api2/json/nodes/pve1/syslog?limit=3&start=67",
            ])
        #expect(try served.call("pve_log", #"{"node":"pve1"}"#).data?.hasPrefix(#"{"lines":["21","#) == true)
    }

    @Test func startsALogWhereTheCallerSays() throws {
        let served = try ServedTools([log]) { Self.lines($0, total: 70) }
        #expect(
            try served.call("pve_log", #"{"node":"pve1","start":0,"limit":2}"#).data
                == #"{"lines":["1","2"],"total":70}"#)
        #expect(served.proxmox.lines.count == 1)
    }

    @Test func asksOnceForALogThatIsShort() throws {
        let served = try ServedTools([log]) { Self.lines($0, total: 2) }
        #expect(try served.call("pve_log", #"{"node":"pve1"}"#).data == #"{"lines":["1","2"],"total":2}"#)
        #expect(served.proxmox.lines.count == 1)
    }

    // MARK: Guests

    @Test func findsTheNodeOfAGuest() throws {
        let served = try ServedTools([start]) {
            $0.line.contains("/cluster/resources") ? .data(Self.guests) : .data("\"\(upid)\"")
        }
        let answer = try served.call("pve_start", #"{"vmid":101,"wait":0}"#)
        #expect(answer.data?.contains(#""status":"running""#) == true)
        #expect(
            served.proxmox.lines == [
                "GET /api2/json/cluster/resources?type=vm", "POST /api2/json/nodes/pve1/qemu/101/status/start",
            ])
    }

    @Test func usesTheNodeItIsGiven() throws {
        let served = try ServedTools([start]) { _ in .data("\"\(upid)\"") }
        _ = try served.call("pve_start", #"{"vmid":101,"node":"pve9","wait":0}"#)
        #expect(served.proxmox.lines == ["POST /api2/json/nodes/pve9/qemu/101/status/start"])
    }

    @Test func sendsNothingToAGuestOfTheOtherKind() throws {
        let served = try ServedTools([start]) { _ in
            .data(#"[{"vmid":110,"node":"pve3","type":"lxc","name":"proxy1","status":"running"}]"#)
        }
        let answer = try served.call("pve_start", #"{"vmid":110}"#)
        #expect(answer.isError)
        #expect(answer.text == "110 is the container proxy1 on node pve3, not a VM; nothing was sent.")
        #expect(served.proxmox.lines == ["GET /api2/json/cluster/resources?type=vm"])
    }

    @Test func saysWhichGuestsAreNearAnUnknownOne() throws {
        let served = try ServedTools([start]) { _ in .data(Self.guests) }
        let answer = try served.call("pve_start", #"{"vmid":102}"#)
        #expect(answer.isError && answer.text.contains("102") && answer.text.contains("101"))
        #expect(served.proxmox.lines.count == 1)
    }

    @Test func followsAGuestThatHasMoved() throws {
        let gone = "Configuration file 'nodes/pve1/qemu-server/101.conf' does not exist"
        let served = try ServedTools([start]) { request in
            if request.line.contains("/cluster/resources") {
                return .data(
                    request.number == 1 ? Self.guests : Self.guests.replacingOccurrences(of: "pve1", with: "pve2"))
            }
            return request.line.contains("/pve1/") ? .answer(500, gone, "") : .data("\"\(upid)\"")
        }
        #expect(try !served.call("pve_start", #"{"vmid":101,"wait":0}"#).isError)
        #expect(served.proxmox.lines.last == "POST /api2/json/nodes/pve2/qemu/101/status/start")
        #expect(served.proxmox.lines.count == 4)
    }

    @Test func reportsAGuestThatIsGoneWhereTheClusterSeesIt() throws {
        let gone = "Configuration file 'nodes/pve1/qemu-server/101.conf' does not exist"
        let served = try ServedTools([start]) {
            $0.line.contains("/cluster/resources") ? .data(Self.guests) : .answer(500, gone, "")
        }
        let answer = try served.call("pve_start", #"{"vmid":101}"#)
        #expect(answer.isError && answer.text.contains("101"))
        #expect(served.proxmox.lines.count { $0.hasPrefix("POST") } == 1)
    }

    /// Lists guest 101 on `nodes`, one list after the other, and fails its task on pve1.
    private func servedWhereTasksMissGuests(on nodes: [String]) throws -> ServedTools {
        let lists = Mutex(nodes[...])
        return try ServedTools([start]) { request in
            if request.line.contains("/cluster/resources") {
                let node = lists.withLock { $0.count > 1 ? $0.removeFirst() : $0[$0.startIndex] }
                return .data(Self.guests.replacingOccurrences(of: "pve1", with: node))
            }
            let node = request.line.contains("/nodes/pve1/") ? "pve1" : "pve2"
            if request.line.hasPrefix("POST") {
                return .data("\"\(upid.replacingOccurrences(of: ":pve1:", with: ":\(node):"))\"")
            }
            if request.line.contains("/log") { return .data("[]") }
            let gone = "unable to find configuration file for VM 101 on node 'pve1'"
            return .data(#"{"status":"stopped","exitstatus":"\#(node == "pve1" ? gone : "OK")"}"#)
        }
    }

    @Test func followsAGuestThatItsTaskDidNotFind() throws {
        let served = try servedWhereTasksMissGuests(on: ["pve1", "pve2"])
        let answer = try served.call("pve_start", #"{"vmid":101}"#)
        #expect(!answer.isError && answer.data?.contains(#""node":"pve2","id":"101","status":"ok""#) == true)
        #expect(
            served.proxmox.lines.filter { $0.hasPrefix("POST") } == [
                "POST /api2/json/nodes/pve1/qemu/101/status/start", "POST /api2/json/nodes/pve2/qemu/101/status/start",
            ])
    }

    @Test func reportsATaskThatMissesAGuestWhereTheClusterSeesIt() throws {
        let served = try servedWhereTasksMissGuests(on: ["pve1"])
        let answer = try served.call("pve_start", #"{"vmid":101}"#)
        #expect(answer.isError && answer.text.hasPrefix("The task qmstart of 101 on node pve1 failed: unable to find"))
        #expect(served.proxmox.lines.count { $0.hasPrefix("POST") } == 1)
    }

    @Test func sendsOnceWhereItIsToldTheNode() throws {
        let served = try servedWhereTasksMissGuests(on: ["pve2"])
        let answer = try served.call("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        #expect(answer.isError && answer.text.hasPrefix("The task qmstart of 101 on node pve1 failed: unable to find"))
        #expect(answer.text.hasSuffix("\nVM 101 is on node pve2, not on pve1; leave the node out to have it found."))
        #expect(served.proxmox.lines.count { $0.hasPrefix("POST") } == 1)
    }

    @Test func looksForTheNodeWhenItIsGivenAsNull() throws {
        let served = try ServedTools([start]) {
            $0.line.contains("/cluster/resources") ? .data(Self.guests) : .data("\"\(upid)\"")
        }
        #expect(try !served.call("pve_start", #"{"vmid":101,"node":null,"wait":0}"#).isError)
        #expect(served.proxmox.lines.last == "POST /api2/json/nodes/pve1/qemu/101/status/start")
    }

    // MARK: Tasks

    @Test func waitsForTheTaskAndReportsItsEnd() throws {
        let served = try ServedTools([start]) { request in
            if request.line.hasPrefix("POST") { return .data("\"\(upid)\"") }
            if request.line.hasSuffix("/status") { return .data(#"{"status":"stopped","exitstatus":"OK"}"#) }
            return .answer(200, "OK", #"{"data":[{"n":1,"t":"started"}],"total":1}"#)
        }
        served.start("pve_start", #"{"vmid":101,"node":"pve1"}"#, progress: true)
        var methods: [String?] = []
        var end: Answered?
        while end == nil, let frame = try served.frame() {
            methods.append(frame["method"]?.string)
            if frame["id"] != nil { end = Answered(frame: frame) }
        }
        #expect(methods.first == "notifications/progress")
        #expect(
            end?.data
                == #"{"upid":"\#(upid)","node":"pve1","id":"101","status":"ok","exitstatus":"OK","log":["started"]}"#)
    }

    @Test func reportsAFailedTaskAsAnError() throws {
        let served = try ServedTools([start]) { request in
            if request.line.hasPrefix("POST") { return .data("\"\(upid)\"") }
            if request.line.hasSuffix("/status") { return .data(#"{"status":"stopped","exitstatus":"got timeout"}"#) }
            return .data(#"[{"n":1,"t":"TASK ERROR: got timeout"}]"#)
        }
        let answer = try served.call("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        #expect(answer.isError)
        #expect(answer.text.hasPrefix("The task qmstart of 101 on node pve1 failed: got timeout"))
    }

    @Test func saysWhyATaskCouldNotBeFollowed() throws {
        let served = try ServedTools([start]) { request in
            request.line.hasPrefix("POST") ? .data("\"\(upid)\"") : .answer(500, "no such task", "")
        }
        let answer = try served.call("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        #expect(
            answer.isError && answer.text.contains("status 500: no such task.")
                && answer.text.contains(" The task goes on; ask"))
    }
}
