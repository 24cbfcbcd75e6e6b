// Streams of notifications, and the list changes they are for.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Subscriptions")
struct SubscriptionTests {
    private static func listen(_ wishes: String, id: String = #""s""#) -> String {
        Wire.request("subscriptions/listen", #""notifications":\#(wishes)"#, id: id, in: .modern)
    }

    private static let key = "io.modelcontextprotocol/subscriptionId"

    @Test func beginWithWhatIsHonoured() throws {
        let wire = Wire(listChanged: true)
        let first = try wire.ask(Self.listen(#"{"toolsListChanged":true,"promptsListChanged":true}"#))
        #expect(first.names == ["jsonrpc", "method", "params"])
        #expect(first["method"]?.string == "notifications/subscriptions/acknowledged")
        #expect(first["params"]?["notifications"]?.rawText == #"{"toolsListChanged":true}"#)
        #expect(first["params"]?["_meta"]?[Self.key]?.string == "s")
        #expect(wire.pendingCalls == 0)
    }

    @Test func honourNothingTheServerDoesNotTell() throws {
        let wire = Wire(listChanged: false)
        let first = try wire.ask(Self.listen(#"{"toolsListChanged":true}"#))
        #expect(first["params"]?["notifications"]?.rawText == "{}")
        #expect(wire.toolsChanged().isEmpty)
    }

    @Test func hearOfChangesTheyAskedFor() throws {
        let wire = Wire(listChanged: true)
        _ = wire.send(Self.listen(#"{"toolsListChanged":true}"#, id: "1"))
        _ = wire.send(Self.listen(#"{"toolsListChanged":false}"#, id: "2"))
        _ = wire.send(Self.listen(#"{}"#, id: "3"))
        _ = wire.send(Self.listen(#"{"toolsListChanged":true}"#, id: #""4""#))
        let notices = try wire.toolsChanged().map { try read($0) }
        #expect(notices.map { $0["method"]?.string } == Array(repeating: "notifications/tools/list_changed", count: 2))
        #expect(notices.map { $0["params"]?["_meta"]?[Self.key]?.rawText } == ["1", #""4""#])
    }

    @Test(arguments: [
        "", #""notifications":[]"#, #""notifications":null"#, #""notifications":{"toolsListChanged":1}"#,
    ])
    func mustSayWhatFor(_ params: String) throws {
        let wire = Wire(listChanged: true)
        #expect(try wire.ask(Wire.request("subscriptions/listen", params, in: .modern)).errorCode == -32602)
        #expect(wire.shutdown().isEmpty)
    }

    @Test func endSilentlyWhenCancelled() throws {
        let wire = Wire(listChanged: true)
        _ = wire.send(Self.listen(#"{"toolsListChanged":true}"#))
        #expect(wire.send(ProgressTests.cancellation(of: #""s""#)).isEmpty)
        #expect(wire.toolsChanged().isEmpty)
        #expect(wire.shutdown().isEmpty)
    }

    @Test func keepTheirIdWhileTheyAreOpen() throws {
        let wire = Wire(listChanged: true)
        _ = wire.send(Self.listen("{}"))
        #expect(try wire.ask(Self.listen("{}")).errorCode == -32600)
        _ = wire.send(ProgressTests.cancellation(of: #""s""#))
        #expect(try wire.ask(Self.listen("{}"))["method"] != nil)
    }

    @Test func endWithAResultWhenTheServerEnds() throws {
        let wire = Wire(listChanged: true)
        _ = wire.send(Self.listen("{}", id: "1"))
        _ = wire.send(Self.listen("{}", id: "2"))
        let ends = try wire.shutdown().map { try read($0) }
        #expect(ends.map { $0["id"]?.int } == [1, 2])
        #expect(ends.allSatisfy { $0["result"]?["resultType"]?.string == "complete" })
        #expect(ends.map { $0["result"]?["_meta"]?[Self.key]?.int } == [1, 2])
        #expect(wire.shutdown().isEmpty)
    }

    @Test func areNotNeededByClientsThatShookHands() throws {
        let wire = Wire(listChanged: true)
        #expect(wire.toolsChanged().isEmpty)
        _ = wire.send(Wire.initialize("2025-06-18"))
        #expect(wire.toolsChanged().isEmpty)
        _ = wire.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        let notices = try wire.toolsChanged().map { try read($0).rawText }
        #expect(notices == [#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#])
    }

    @Test func areNotNeededByClientsThatForgetToSayTheyAreReady() throws {
        let wire = Wire(listChanged: true)
        _ = wire.send(Wire.initialize("2025-06-18"))
        _ = wire.send(Wire.request("tools/list", in: .v2025_06_18))
        #expect(wire.toolsChanged().count == 1)
    }

    @Test func aChangedListIsAskedForAgain() throws {
        final class Source { var tools = [ToolDefinition.plain] }
        let source = Source()
        var session = Session(identity: Wire.identity, instructions: { "" }, tools: { source.tools })
        let line = Array(Wire.request("tools/list", in: .modern).utf8)
        func count() throws -> Int? {
            let frame = session.receive(line).first?.frame
            return try read(frame)["result"]?["tools"]?.count
        }
        #expect(try count() == 1)
        source.tools.append(.restart)
        #expect(try count() == 1)
        _ = session.toolsChanged()
        #expect(try count() == 2)
    }
}
