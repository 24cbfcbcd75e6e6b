// Calls that have to be confirmed, from the client's line to its answer.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import PluginLoader
import Synchronization
import TestServer
import Testing

@testable import Host

@Suite("Confirmed calls")
struct ConfirmedCallTests {
    private static let path = "/nodes/{node}/qemu/{vmid}/status/stop"
    private let stop = tool(
        "pve_stop", [.node, .vmid], PVE_METHOD_POST, path, tier: PVE_TIER_READ_EXECUTE,
        annotations: [PVE_ANNOTATION_DESTRUCTIVE])
    private static let arguments = #"{"vmid":101,"node":"pve1"}"#

    /// Answers for VM 101.
    private static func answer(_ request: LoopbackServer.Received) -> LoopbackServer.Reply {
        if request.line.hasPrefix("POST") { return .data("null") }
        return request.line.hasSuffix("/config")
            ? .data(#"{"name":"web","digest":"d1"}"#) : .data(#"{"status":"running","name":"web"}"#)
    }

    private func writes(_ served: ServedTools) -> [String] { served.proxmox.lines.filter { !$0.hasPrefix("GET") } }

    private func token(_ answer: Answered) throws -> String {
        try #require(ConfirmationGate.Action.end(answer.text).token)
    }

    private func confirmed(_ token: String) -> String { #"{"confirm":"\#(token)","node":"pve1","vmid":101}"# }

    @Test func waitForTheToken() throws {
        let served = try ServedTools([stop], confirmation: ConfirmationSettings(), proxmox: Self.answer)
        let asked = try served.call("pve_stop", Self.arguments)
        #expect(asked.isError && asked.text.contains("VM 101 (web, running on pve1)"))
        #expect(writes(served) == [])
        let token = try token(asked)
        #expect(try !served.call("pve_stop", confirmed(token)).isError)
        #expect(writes(served) == ["POST /api2/json/nodes/pve1/qemu/101/status/stop"])
        #expect(try served.call("pve_stop", confirmed(token)).isError)
        #expect(writes(served).count == 1)
        #expect(served.end() == 0)
    }

    @Test func keepTheArgumentToThemselves() throws {
        let served = try ServedTools([stop], proxmox: Self.answer)
        #expect(try !served.call("pve_stop", confirmed("x")).isError)
        #expect(try served.call("pve_stop", #"{"vmid":101,"node":"pve1","confirm":5}"#).text.contains("takes a string"))
        #expect(try !served.call("pve_stop", #"{"vmid":101,"node":"pve1","confirm":null}"#).isError)
        let reads = tool("pve_read", [], annotations: [PVE_ANNOTATION_READ_ONLY])
        let other = try ServedTools([reads], proxmox: Self.answer)
        #expect(try other.call("pve_read", #"{"confirm":"x"}"#).text.contains("\"confirm\""))
    }

    @Test func tellTheCodeOfAPluginThatItsCallHasEnded() throws {
        let seen = Mutex<[Int32]>([])
        let twice = tool(
            "pve_twice", [.node, .vmid], sends: [endpoint(PVE_METHOD_POST, Self.path)],
            annotations: [PVE_ANNOTATION_DESTRUCTIVE]
        ) { side in
            for _ in 0..<2 {
                let status = side.send(PVE_METHOD_POST, Self.path, withArguments: true).status
                seen.withLock { $0.append(status) }
            }
            side.reply("1")
        }
        let served = try ServedTools([twice], confirmation: ConfirmationSettings(), proxmox: Self.answer)
        let token = try token(try served.call("pve_twice", Self.arguments))
        #expect(writes(served) == [])
        // Each request needs a yes of its own.
        let second = try served.call("pve_twice", confirmed(token))
        #expect(
            second.isError && second.text.contains("This call has already sent POST /nodes/pve1/qemu/101/status/stop"))
        #expect(writes(served).count == 1)
        #expect(served.end() == 0)
        #expect(
            seen.withLock { $0 } == [PVE_CANCELLED, PVE_CANCELLED, PVE_OK, PVE_CANCELLED].map(\.code))
    }

    @Test func keepAParameterThatIsAlreadyThere() throws {
        let own = tool(
            "pve_own", [.node, .vmid, ParameterSpec("confirm", PVE_TYPE_BOOL)], PVE_METHOD_POST, Self.path,
            annotations: [PVE_ANNOTATION_DESTRUCTIVE])
        #expect(!own.takesConfirmation)
        let registry = try Registry(
            inventory([own, stop]), try Settings(SettingSource(flags: [:], environment: [:], file: nil)))
        #expect(registry.remarks.count == 1 && registry.remarks[0].contains("pve_own"))
        let schema = String(decoding: stop.inputSchema(), as: UTF8.self)
        #expect(schema.contains(#""confirm":{"type":"string","description":"Token"#))
    }

    @Test func askThePersonBehindTheClient() throws {
        let served = try ServedTools(
            [stop], confirmation: ConfirmationSettings(), capabilities: #"{"elicitation":{}}"#, proxmox: Self.answer)
        for (reply, count) in [(#"{"action":"decline"}"#, 0), (#"{"action":"accept","content":{"confirm":true}}"#, 1)] {
            let id = served.start("pve_stop", Self.arguments)
            let question = try #require(try served.frame())
            #expect(question["method"]?.string == "elicitation/create")
            served.send(#"{"jsonrpc":"2.0","id":\#(question["id"]?.rawText ?? ""),"result":\#(reply)}"#)
            let answer = try #require(try served.frame())
            #expect(answer["id"]?.int == Int64(id))
            #expect(writes(served).count == count)
        }
    }

    @Test func doNotWaitForAPersonWhoDoesNotAnswer() throws {
        let served = try ServedTools(
            [stop], confirmation: ConfirmationSettings(seconds: 1), capabilities: #"{"elicitation":{}}"#,
            proxmox: Self.answer)
        served.start("pve_stop", Self.arguments)
        #expect(try served.frame()?["method"]?.string == "elicitation/create")
        #expect(try served.frame()?["method"]?.string == "notifications/cancelled")
        #expect(try served.frame()?["result"]?["isError"]?.bool == true)
        #expect(writes(served) == [])
    }
}
