// Calls of tools whose body is code, on workers of a running server.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Synchronization
import TestServer
import Testing

@testable import Host

@Suite("Plugin calls")
struct PluginCallTests {
    private let version = endpoint(PVE_METHOD_GET, "/version")
    private let start = endpoint(PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/status/start")

    @Test func answerWithWhatTheCodeReplies() throws {
        let fields = [FieldSpec("said", PVE_TYPE_UTF8)]
        let talk = tool("pve_talk", result: result(PVE_SHAPE_OBJECT, nil, fields)) { $0.reply(#"{"said":7}"#) }
        let served = try ServedTools([talk]) { _ in .close }
        #expect(try served.call("pve_talk").data == #"{"said":"7"}"#)
        #expect(served.end() == 0)
    }

    @Test func failWithWhatTheCodeSays() throws {
        let tools = [
            tool("pve_fail") { $0.fail("There is no such thing; list them first.") }, tool("pve_mute") { $0.fail("") },
            tool("pve_lazy") { _ in },
            tool("pve_wrong", result: result(PVE_SHAPE_LIST)) { $0.reply("{}") },
        ]
        let served = try ServedTools(tools) { _ in .close }
        #expect(try served.call("pve_fail").text == "There is no such thing; list them first.")
        #expect(try served.call("pve_mute").text == "The plugin's code for pve_mute failed and did not say why.")
        for name in ["pve_lazy", "pve_wrong"] {
            let answer = try served.call(name)
            #expect(answer.isError)
            #expect(
                answer.text == "The plugin's code for \(name) ended without a reply; this is a fault of the plugin.")
        }
    }

    @Test func sendRequestsThroughTheHost() throws {
        let ask = tool("pve_ask", sends: [version]) { plugin in
            plugin.reply(plugin.send(PVE_METHOD_GET, "/version").answer ?? "null")
        }
        let served = try ServedTools([ask]) { _ in .data(#"{"version":"9.1"}"#) }
        #expect(try served.call("pve_ask").data == #"{"status":"ok","data":{"version":"9.1"}}"#)
    }

    @Test func countTheWholeListOfAnAnswerPassedOn() throws {
        let list = tool("pve_list", sends: [version], result: result(PVE_SHAPE_LIST, "all")) { plugin in
            var wanted = pve_request()
            wanted.struct_size = UInt32(MemoryLayout<pve_request>.size)
            wanted.method = UInt8(PVE_METHOD_GET.rawValue)
            "/version".withCString { path in
                wanted.path = path
                var answer: pve_value = 0
                _ = plugin.request.send(plugin.call, &wanted, &answer)
                _ = plugin.json.reply_value(plugin.call, answer)
            }
        }
        let served = try ServedTools([list]) { _ in .answer(200, "OK", #"{"data":[{"a":1}],"total":70}"#) }
        #expect(try served.call("pve_list").data == #"{"all":[{"a":1}],"total":70}"#)
    }

    @Test func tellTheCodeWhatTheClusterKnowsOfAFailure() throws {
        let content = endpoint(PVE_METHOD_GET, "/nodes/{node}/storage/{storage}/content")
        let list = tool("pve_content", sends: [content]) { plugin in
            let (status, answer) = plugin.send(
                PVE_METHOD_GET, "/nodes/{node}/storage/{storage}/content", [("node", "a"), ("storage", "locl")])
            plugin.fail("\(status == PVE_FAILED.code) \(answer ?? "")")
        }
        let served = try ServedTools([list]) {
            $0.line.hasSuffix("/storage")
                ? .data(#"[{"storage":"local"}]"#) : .answer(500, "storage 'locl' does not exist", "")
        }
        #expect(
            try served.call("pve_content").text
                == "true GET /nodes/a/storage/locl/content failed with status 500: storage 'locl' does not exist. "
                + "No storage is called locl; did you mean local? There is local.")
    }

    @Test func keepToTheTierWhateverTheCodeSends() throws {
        // Declared as the tier admits it, sent with a parameter that needs more.
        let migrate = endpoint(PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/migrate")
        let sneak = tool("pve_sneak", sends: [migrate], tier: PVE_TIER_READ_EXECUTE) { plugin in
            let values = [("node", "a"), ("vmid", "100"), ("target", "b"), ("force", "1")]
            let (status, answer) = plugin.send(PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/migrate", values)
            plugin.fail("\(status == PVE_REFUSED.code) \(answer ?? "")")
        }
        let served = try ServedTools([sneak], tier: .readExecute) { _ in .data("null") }
        #expect(try served.call("pve_sneak").text.hasPrefix("true `force` on POST"))
        #expect(served.proxmox.lines == [])
    }

    @Test func findTheNodeOfAGuestForTheCode() throws {
        let locate = tool("pve_where", [.guestNode, .vmid]) { plugin in
            plugin.reply("\"\(plugin.text(plugin.member(plugin.arguments, "node")) ?? "none")\"")
        }
        let served = try ServedTools([locate]) { _ in .data(#"[{"vmid":101,"node":"pve7","type":"qemu"}]"#) }
        #expect(try served.call("pve_where", #"{"vmid":101}"#).data == #"{"status":"ok","data":"pve7"}"#)
        #expect(try served.call("pve_where", #"{"vmid":101,"node":"x"}"#).data == #"{"status":"ok","data":"x"}"#)
        #expect(try served.call("pve_where", #"{"vmid":101,"node":null}"#).data == #"{"status":"ok","data":"pve7"}"#)
        #expect(try served.call("pve_where", #"{"vmid":999}"#).isError)
    }

    @Test func doNotRunForAGuestOfTheOtherKind() throws {
        let begin = tool("pve_begin", [.guestNode, .vmid], sends: [start]) { $0.reply("{}") }
        let served = try ServedTools([begin]) { _ in .data(#"[{"vmid":110,"node":"pve3","type":"lxc"}]"#) }
        let answer = try served.call("pve_begin", #"{"vmid":110}"#)
        #expect(answer.text == "110 is the container on node pve3, not a VM; nothing was sent.")
    }

    @Test func doNotSeeArgumentsThatAreNull() throws {
        let any = ParameterSpec("any", PVE_TYPE_JSON)
        let look = tool("pve_look", [.wait, any]) { plugin in
            let seen = ["wait", "any"].filter { plugin.member(plugin.arguments, $0) != 0 }
            plugin.reply("\"\(seen.joined(separator: " "))\"")
        }
        let served = try ServedTools([look]) { _ in .close }
        #expect(try served.call("pve_look", #"{"wait":null,"any":null}"#).data == #"{"status":"ok","data":"any"}"#)
    }

    @Test func refuseOptionsBeforeTheirFirstRequest() throws {
        let ask = tool("pve_ask", [.vmid, .options], sends: [version]) { plugin in
            plugin.reply(plugin.send(PVE_METHOD_GET, "/version").answer ?? "null")
        }
        let served = try ServedTools([ask]) { _ in .data("{}") }
        let answer = try served.call("pve_ask", #"{"vmid":101,"options":{"vmid":102}}"#)
        #expect(answer.text.hasPrefix("Nothing was sent: option \"vmid\" is an argument of the tool"))
        #expect(served.proxmox.lines == [])
    }

    @Test func waitForTheTaskThatTheCodeReplies() throws {
        let begin = tool("pve_begin", [.wait], result: result(PVE_SHAPE_TASK)) { $0.reply("\"\(upid)\"") }
        let served = try ServedTools([begin]) { request in
            request.line.hasSuffix("/status")
                ? .data(#"{"status":"stopped","exitstatus":"WARNINGS: 1"}"#) : .data("[]")
        }
        #expect(try served.call("pve_begin").data?.contains(#""exitstatus":"WARNINGS: 1""#) == true)
    }

    @Test func tellProgressBeforeTheAnswer() throws {
        let work = tool("pve_work") { plugin in
            for step in 1...3 { _ = plugin.host.pointee.progress(plugin.call, Double(step), 3, "step", 4) }
            plugin.reply("{}")
        }
        let served = try ServedTools([work]) { _ in .close }
        let id = served.start("pve_work", progress: true)
        var seen: [Double?] = []
        while let frame = try served.frame(), frame["id"]?.int != Int64(id) {
            seen.append(frame["params"]?["progress"]?.double)
        }
        #expect(seen == [1, 2, 3])
    }

    @Test func runBesideEachOtherAndBlockNobody() throws {
        let both = DispatchSemaphore(value: 0)
        let arrived = Mutex(0)
        let meet = tool("pve_meet") { plugin in
            // Each waits for the other: one after the other would never end.
            let count = arrived.withLock { count in
                count += 1
                return count
            }
            if count == 2 {
                both.signal()
                both.signal()
            }
            both.wait()
            plugin.reply("{}")
        }
        let served = try ServedTools([meet]) { _ in .close }
        let ids = [served.start("pve_meet")]
        served.send(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
        #expect(try served.frame()?["id"]?.string == "p")
        let all = ids + [served.start("pve_meet")]
        let answered = try (0..<2).map { _ in try served.frame()?["id"]?.int }
        #expect(Set(answered) == Set(all.map { Int64($0) }))
    }

    // MARK: Cancelling

    @Test func thatAreCancelledSendNothingMore() throws {
        let running = DispatchSemaphore(value: 0)
        let cancelled = DispatchSemaphore(value: 0)
        let seen = Mutex<[Int32]>([])
        let ended = DispatchSemaphore(value: 0)
        let work = tool("pve_work", sends: [version]) { plugin in
            running.signal()
            cancelled.wait()
            seen.withLock {
                $0 = [
                    plugin.host.pointee.cancelled(plugin.call), plugin.send(PVE_METHOD_GET, "/version").status,
                    plugin.host.pointee.progress(plugin.call, 1, 0, nil, 0),
                ]
            }
            plugin.reply("{}")
            ended.signal()
        }
        let served = try ServedTools([work]) { _ in .data("{}") }
        let id = served.start("pve_work", progress: true)
        running.wait()
        served.cancel(id)
        served.send(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
        #expect(try served.frame()?["id"]?.string == "p")
        cancelled.signal()
        ended.wait()
        #expect(seen.withLock { $0 } == [1, PVE_CANCELLED.code, PVE_CANCELLED.code])
        #expect(served.end() == 0)
        #expect(try served.frame() == nil)
        #expect(served.proxmox.lines == [])
    }

    @Test func thatAreCancelledWhileTheyReadAreWokenUp() throws {
        let arrived = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        let status = Mutex<Int32>(7)
        let work = tool("pve_work", sends: [version]) { plugin in
            status.withLock { $0 = plugin.send(PVE_METHOD_GET, "/version").status }
            ended.signal()
        }
        let served = try ServedTools([work]) { _ in
            arrived.signal()
            return .silence
        }
        let id = served.start("pve_work")
        arrived.wait()
        served.cancel(id)
        ended.wait()
        #expect(status.withLock { $0 } == PVE_CANCELLED.code)
        #expect(served.end() == 0)
        #expect(try served.frame() == nil)
    }

    @Test func thatAreCancelledWhileTheyWriteLearnWhatCameOfIt() throws {
        let arrived = DispatchSemaphore(value: 0)
        let answering = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        let got = Mutex("")
        let work = tool("pve_work", sends: [start], result: result(PVE_SHAPE_TASK)) { plugin in
            let values = [("node", "pve1"), ("vmid", "101")]
            let (status, answer) = plugin.send(PVE_METHOD_POST, "/nodes/{node}/qemu/{vmid}/status/start", values)
            got.withLock { $0 = "\(status) \(answer ?? "")" }
            plugin.reply("\"\(upid)\"")
            ended.signal()
        }
        let served = try ServedTools([work]) { _ in
            arrived.signal()
            answering.wait()
            return .data("\"\(upid)\"")
        }
        let id = served.start("pve_work")
        arrived.wait()
        served.cancel(id)
        served.send(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
        #expect(try served.frame()?["id"]?.string == "p")
        answering.signal()
        ended.wait()
        #expect(got.withLock { $0 } == "0 \(upid)")
        // The task is not followed for nobody.
        #expect(served.end() == 0)
        #expect(served.proxmox.lines.count == 1)
    }

    @Test func thatAreCancelledBeforeAWorkerIsFreeNeverRun() throws {
        let gate = DispatchSemaphore(value: 0)
        let running = DispatchSemaphore(value: 0)
        let ran = Mutex(0)
        let block = tool("pve_block") { plugin in
            running.signal()
            gate.wait()
            plugin.reply("{}")
        }
        let count = tool("pve_count") { plugin in
            ran.withLock { $0 += 1 }
            plugin.reply("{}")
        }
        let served = try ServedTools([block, count]) { _ in .close }
        for _ in 0..<8 { served.start("pve_block") }
        for _ in 0..<8 { running.wait() }
        let queued = served.start("pve_count")
        served.cancel(queued)
        served.send(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
        #expect(try served.frame()?["id"]?.string == "p")
        let last = served.start("pve_count")
        for _ in 0..<8 { gate.signal() }
        var answered: [Int64?] = []
        for _ in 0..<9 { answered.append(try served.frame()?["id"]?.int) }
        #expect(answered.contains(Int64(last)) && !answered.contains(Int64(queued)))
        #expect(ran.withLock { $0 } == 1)
    }
}
