// Batches of revision 2025-03-26.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Batches")
struct BatchTests {
    private let wire = Wire(greeted: .v2025_03_26)

    private static func ping(_ id: String) -> String { #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"# }
    private static func call(_ id: String) -> String {
        Wire.request("tools/call", #""name":"a""#, id: id, in: .v2025_03_26)
    }
    private static let notice = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#

    @Test func areAnsweredAtOnceWhenNothingTakesTime() throws {
        let answer = try wire.ask("[\(Self.ping("1")), \(Self.notice),\(Self.ping("2"))]")
        #expect(answer.elements.map { $0["id"]?.int } == [1, 2])
        #expect(answer.elements.allSatisfy { $0["result"]?.rawText == "{}" })
    }

    @Test func waitForTheirCallsAndLeaveInOneFrame() throws {
        let actions = wire.send("[\(Self.call("1")),\(Self.ping("2")),\(Self.call("3")),\(Self.notice)]")
        let calls = actions.compactMap(\.toolCall)
        #expect(actions.count == 2)
        try #require(calls.count == 2)
        #expect(wire.pendingCalls == 2)
        #expect(wire.finish(calls[1].key, .init(.text("three"))) == nil)
        let frame = try #require(wire.fail(calls[0].key, .unknownTool("a")))
        let answer = try read(frame)
        #expect(answer.elements.map { $0["id"]?.int } == [2, 3, 1])
        #expect(Array(answer.elements)[2].errorCode == -32602)
        #expect(wire.pendingCalls == 0)
    }

    @Test func leaveOutWhatWasCancelled() throws {
        let calls = wire.send("[\(Self.call("1")),\(Self.call("2"))]").compactMap(\.toolCall)
        try #require(calls.count == 2)
        #expect(wire.finish(calls[0].key, .init(.text("one"))) == nil)
        let actions = wire.send(ProgressTests.cancellation(of: "2"))
        try #require(actions.count == 2)
        #expect(actions[0].cancelled == calls[1].key)
        #expect(try read(actions[1].frame).elements.map { $0["id"]?.int } == [1])
    }

    @Test func areNotAnsweredWhenAllOfThemWasCancelled() throws {
        let call = try #require(wire.send("[\(Self.call("1"))]").first?.toolCall)
        let actions = wire.send(ProgressTests.cancellation(of: "1"))
        #expect(actions.map { $0.cancelled } == [call.key])
        #expect(wire.send("[\(Self.notice),\(Self.notice)]").isEmpty)
    }

    @Test func mayCancelTheirOwnCalls() throws {
        let actions = wire.send("[\(Self.call("1")),\(ProgressTests.cancellation(of: "1")),\(Self.ping("2"))]")
        try #require(actions.count == 3)
        #expect(actions[1].cancelled == actions[0].toolCall?.key)
        #expect(try read(actions[2].frame).elements.map { $0["id"]?.int } == [2])
    }

    @Test func mayEndOtherBatches() throws {
        _ = wire.send("[\(Self.ping("1")),\(Self.call("2"))]")
        let frames = wire.send("[\(Self.ping("3")),\(ProgressTests.cancellation(of: "2"))]").compactMap(\.frame)
        #expect(try frames.map { try read($0).elements.map { $0["id"]?.int } } == [[1], [3]])
    }

    @Test func reportWhatIsWrongWithEachMessage() throws {
        let answer = try wire.ask(#"[1, {}, [], {"jsonrpc":"2.0","id":5,"method":"x"}, {"id":6}]"#)
        #expect(answer.elements.map(\.errorCode) == [-32600, -32600, -32600, -32601, -32600])
        #expect(answer.elements.map { $0["id"]?.rawText } == ["null", "null", "null", "5", "6"])
    }

    @Test func cannotHoldAHandshakeOrARequestThatStandsAlone() throws {
        let discover = Wire.request("server/discover", id: "2", in: .modern)
        let answer = try wire.ask("[\(Wire.initialize("2025-11-25", id: "1")),\(discover),\(Self.ping("3"))]")
        #expect(answer.elements.map(\.errorCode) == [-32600, -32600, nil])
    }

    @Test func cannotUseAnIdTwice() throws {
        let answer = try wire.ask("[\(Self.ping("1")),\(Self.ping("1"))]")
        #expect(answer.elements.map(\.errorCode) == [nil, -32600])
        _ = wire.send("[\(Self.ping("1")),\(Self.call("2"))]")
        #expect(try wire.ask(Self.ping("1")).errorCode == -32600)
    }

    @Test func areNeitherEmptyNorEndless() throws {
        #expect(try wire.ask("[]").errorCode == -32600)
        let many = Array(repeating: "1", count: Batch.maximumCount + 1).joined(separator: ",")
        let answer = try wire.ask("[\(many)]")
        #expect(answer.errorCode == -32600)
    }

    @Test func mayHoldAnswersToNothing() {
        #expect(wire.send(#"[{"jsonrpc":"2.0","id":1,"result":{}}]"#).isEmpty)
    }

    @Test(arguments: Revision.allCases.filter { $0 != .v2025_03_26 })
    func areUnknownToOtherRevisions(_ revision: Revision) throws {
        let wire = Wire(greeted: revision)
        let answer = try wire.ask("[\(Self.ping("1"))]")
        #expect(answer.isObject)
        #expect(answer.errorCode == -32600)
    }

    @Test func areUnknownBeforeTheHandshake() throws {
        let wire = Wire()
        #expect(try wire.ask("[\(Self.ping("1"))]").errorCode == -32600)
    }
}
