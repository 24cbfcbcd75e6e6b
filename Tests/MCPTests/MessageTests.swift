// What is and is not a JSON-RPC message.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Messages")
struct MessageTests {
    @Test(arguments: ["", " ", "\r", "\t \r"])
    func blankLinesAreNothing(_ line: String) {
        let wire = Wire()
        #expect(wire.send(line).isEmpty)
    }

    @Test func aCarriageReturnAtTheEndIsNothing() throws {
        let wire = Wire()
        #expect(try wire.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r")["result"] != nil)
    }

    static let notJSON: [[UInt8]] = [
        Array("{".utf8), Array("hello".utf8), Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}}"#.utf8),
        Array(#"{"jsonrpc":"2.0","id":1,"method":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), [0xFF, 0xFE],
        Array(repeating: UInt8(ascii: "["), count: 300),
    ]

    @Test(arguments: notJSON)
    func whatIsNotJSONIsAParseError(_ line: [UInt8]) throws {
        let wire = Wire()
        let actions = wire.receive(line)
        try #require(actions.count == 1)
        let answer = try read(actions[0].frame)
        #expect(answer.errorCode == -32700)
        #expect(answer["id"]?.isNull == true)
    }

    @Test(arguments: [
        "1", #""x""#, "null", "true", "{}", #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1e40,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, #"{"method":"ping"}"#, #"{"jsonrpc":"2.0","method":1}"#,
    ])
    func whatIsNoMessageIsAnInvalidRequest(_ line: String) throws {
        let wire = Wire()
        let answer = try wire.ask(line)
        #expect(answer.errorCode == -32600)
        #expect(answer["id"]?.isNull == true)
    }

    @Test(arguments: [
        #"{"id":1,"method":"ping"}"#, #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1,"method":{}}"#,
    ])
    func aReadableIdComesBackWithTheError(_ line: String) throws {
        let wire = Wire()
        let answer = try wire.ask(line)
        #expect(answer.errorCode == -32600)
        #expect(answer["id"]?.int == 1)
    }

    @Test(arguments: [
        (Revision.v2024_11_05, true), (.v2025_03_26, true), (.v2025_06_18, true), (.v2025_11_25, false),
        (.v2026_07_28, false),
    ])
    func anUnreadableIdIsNullInOlderRevisionsAndAbsentInNewer(_ revision: Revision, _ isNull: Bool) throws {
        let wire = Wire(greeted: revision)
        if revision.isStateless { _ = wire.send(Wire.request("server/discover", in: revision)) }
        for line in ["{", "1", #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#] {
            #expect(try wire.ask(line).names == (isNull ? ["jsonrpc", "id", "error"] : ["jsonrpc", "error"]))
        }
        let overlong = try read(wire.receiveOverlong().first?.frame)
        #expect(overlong.errorCode == -32600)
        #expect((overlong["id"] != nil) == isNull)
    }

    @Test func aMessageThatStandsAloneDecidesAboutItsOwnError() throws {
        let wire = Wire(greeted: .v2024_11_05)
        #expect(try wire.ask(Wire.request("tools/list", id: "null", in: .modern)).names == ["jsonrpc", "error"])
        #expect(try wire.ask(Wire.request("tools/list", id: "null", in: .v2024_11_05))["id"]?.isNull == true)
    }

    @Test(arguments: [
        "0", "-1", "12345678901234567890123", "3.0", #""""#, #""\u00e9\ud83d\ude00\"\n""#, #""é""#, #""1""#,
    ])
    func idsComeBackAsTheyWereWritten(_ id: String) throws {
        let wire = Wire()
        #expect(try wire.ask(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)["id"]?.rawText == id)
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, id: id, in: .modern))
        let frame = try #require(wire.finish(call.key, .init(.text(""))))
        #expect(try read(frame)["id"]?.rawText == id)
    }

    @Test(arguments: ["[]", "1", #""x""#, "true"])
    func parametersAreAnObject(_ params: String) throws {
        for method in ["initialize", "ping", "tools/list", "tools/call", "no/such"] {
            let wire = Wire()
            let answer = try wire.ask(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
            #expect(answer.errorCode == -32602)
        }
    }

    @Test func parametersThatAreNullAreNone() throws {
        let wire = Wire()
        #expect(try wire.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}"#)["result"] != nil)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"x"}}"#,
        #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"x"}}"#, #"{"id":"x","result":null}"#,
    ])
    func answersAreNeverAnswered(_ line: String) {
        let wire = Wire(greeted: .v2025_06_18)
        #expect(wire.send(line).isEmpty)
    }

    @Test(arguments: [
        "notifications/initialized", "notifications/roots/list_changed", "notifications/progress", "no/such",
        "tools/call", "initialize",
    ])
    func notificationsAreNeverAnswered(_ method: String) {
        for params in ["", #","params":{}"#, #","params":[]"#] {
            let wire = Wire()
            let actions = wire.send(#"{"jsonrpc":"2.0","method":"\#(method)"\#(params)}"#)
            #expect(actions.allSatisfy { $0.line != nil })
        }
    }

    @Test func anUnknownMethodIsNamedButNotAtAnyLength() throws {
        let wire = Wire()
        let short = try wire.ask(Wire.request(#"do \"it\""#, in: .v2025_11_25))["error"]?["message"]?.string
        #expect(short == #"Method not found: do "it""#)
        let long = try wire.ask(Wire.request(String(repeating: "x", count: 100_000), in: .v2025_11_25))
        #expect(long["error"]?["message"]?.string?.count ?? 0 < 200)
    }
}
