// tools/call and its answers in every revision.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Tool calls")
struct ToolCallTests {
    @Test(arguments: Revision.allCases)
    func areHandedOutAsTheyCame(_ revision: Revision) throws {
        let wire = Wire(greeted: revision)
        let call = try wire.call(
            Wire.request(
                "tools/call", #""name":"restart_vm","arguments":{"vmid":100}"#, in: revision,
                meta: #""org.example/a":1"#))
        #expect(call.name == "restart_vm")
        #expect(call.arguments?["vmid"]?.int == 100)
        #expect(call.revision == revision)
        #expect(!call.wantsProgress)
        #expect(call.meta?["org.example/a"]?.int == 1)
        #expect(wire.pendingCalls == 1)
    }

    @Test(arguments: ["", #","arguments":null"#])
    func mayHaveNoArguments(_ member: String) throws {
        let wire = Wire()
        #expect(try wire.call(Wire.request("tools/call", #""name":"version"\#(member)"#, in: .modern)).arguments == nil)
    }

    @Test(arguments: [
        #""arguments":{}"#, #""name":1"#, #""name":null"#, #""name":"a","arguments":[]"#,
        #""name":"a","arguments":"{}""#,
        #""name":"a","arguments":0"#, #""name":"a","_meta":[]"#, #""name":"a","_meta":{"progressToken":1.5}"#,
    ])
    func needANameAndAnObject(_ params: String) throws {
        let wire = Wire()
        let answer = try wire.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{\#(params)}}"#)
        #expect(answer.errorCode == -32602)
        #expect(wire.pendingCalls == 0)
    }

    /// The members of a result in each revision: when it is structured, and when it is text.
    static let shapes: [(Revision, structured: [String], text: [String])] = [
        (.v2024_11_05, ["content", "isError"], ["content", "isError"]),
        (.v2025_03_26, ["content", "isError"], ["content", "isError"]),
        (.v2025_06_18, ["content", "structuredContent", "isError"], ["content", "isError"]),
        (.v2025_11_25, ["content", "structuredContent", "isError"], ["content", "isError"]),
        (
            .v2026_07_28, ["resultType", "content", "structuredContent", "isError", "_meta"],
            ["resultType", "content", "isError", "_meta"]
        ),
    ]

    @Test(arguments: shapes)
    func areAnsweredWithTheMembersOfTheRevision(_ revision: Revision, structured: [String], text: [String]) throws {
        let wire = Wire(greeted: revision)
        let json = #"{"name":"a \"b\" \\ c","tags":["ä","\n"],"n":1}"#
        for isError in [false, true] {
            let data = try wire.result(of: .init(.structured(Array(json.utf8)), isError: isError), in: revision)
            #expect(data.names == structured)
            #expect(data["content"]?.count == 1)
            let block = data["content"]?.first
            #expect(block?.names == ["type", "text"])
            #expect(block?["type"]?.string == "text")
            #expect(block?["text"]?.string == json)
            #expect(data["isError"]?.bool == isError)
            if let content = data["structuredContent"] { #expect(content.rawText == json) }

            let words = try wire.result(of: .init(.text("no \"quorum\"\n\u{1}\t"), isError: isError), in: revision)
            #expect(words.names == text)
            #expect(words["content"]?.first?["text"]?.string == "no \"quorum\"\n\u{1}\t")
            #expect(words["isError"]?.bool == isError)
        }
    }

    @Test func keepTheirOwnMetaBesideTheServers() throws {
        let wire = Wire()
        let meta = Array(#"{ "org.example/a" : [1] }"#.utf8)
        let modern = try wire.result(of: .init(.text("x"), meta: meta), in: .modern)
        #expect(modern["_meta"]?.names == ["io.modelcontextprotocol/serverInfo", "org.example/a"])
        let legacy = try wire.result(of: .init(.text("x"), meta: meta), in: .v2025_11_25)
        #expect(legacy["_meta"]?.names == ["org.example/a"])
        let empty = try wire.result(of: .init(.text("x"), meta: Array("{ }".utf8)), in: .modern)
        #expect(empty["_meta"]?.names == ["io.modelcontextprotocol/serverInfo"])
    }

    @Test func stayOnOneLineWhateverTheToolWrote() throws {
        let wire = Wire()
        let json = Array("{\r\n  \"a\": 1,\n  \"b\": \"\\n\"\n}\n".utf8)
        let result = try wire.result(of: .init(.structured(json), meta: Array("{\n\"m\":1}".utf8)), in: .modern)
        #expect(result["structuredContent"]?["a"]?.int == 1)
        #expect(result["content"]?.first?["text"]?.string == String(decoding: json, as: UTF8.self))
    }

    @Test func areAnsweredOnceAndInAnyOrder() throws {
        let wire = Wire()
        let first = try wire.call(Wire.request("tools/call", #""name":"a""#, id: "1", in: .modern))
        let second = try wire.call(Wire.request("tools/call", #""name":"b""#, id: #""two""#, in: .v2025_11_25))
        #expect(try wire.ask(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#)["id"]?.int == 3)
        let late = try #require(wire.finish(second.key, .init(.text("b"))))
        #expect(try read(late)["id"]?.string == "two")
        let early = try #require(wire.finish(first.key, .init(.text("a"))))
        #expect(try read(early)["id"]?.int == 1)
        #expect(wire.finish(first.key, .init(.text("a"))) == nil)
        #expect(wire.fail(second.key, .unknownTool("b")) == nil)
        #expect(wire.pendingCalls == 0)
    }

    @Test func ofToolsThatAreNotThereAreErrors() throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, id: #""x""#, in: .modern))
        let answer = try read(wire.fail(call.key, .unknownTool("a")))
        #expect(answer.errorCode == -32602)
        #expect(answer["id"]?.string == "x")
        #expect(answer["error"]?["message"]?.string?.contains("Unknown tool: a") == true)
    }

    @Test func mayNeedWhatTheClientCannotDo() throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .modern))
        let error = ProtocolError.missingCapability(Array(#"{"elicitation":{}}"#.utf8))
        let answer = try read(wire.fail(call.key, error))
        #expect(answer.errorCode == -32021)
        #expect(answer["error"]?["data"]?.rawText == #"{"requiredCapabilities":{"elicitation":{}}}"#)
    }

    @Test func haveIdsOfTheirOwnWhileTheyAreOpen() throws {
        let wire = Wire()
        let line = Wire.request("tools/call", #""name":"a""#, id: #""a""#, in: .modern)
        let call = try wire.call(line)
        #expect(try wire.ask(line).errorCode == -32600)
        #expect(try wire.ask(#"{"jsonrpc":"2.0","id":"\u0061","method":"ping"}"#).errorCode == -32600)
        #expect(wire.finish(call.key, .init(.text(""))) != nil)
        #expect(try wire.call(line).key != call.key)
    }

    /// Capabilities, how a client with them can ask, and how it can in the first revision that has it.
    static let elicitation: [(String, Set<ElicitationMode>, Set<ElicitationMode>)] = [
        (#"{}"#, [], []),
        (#"{"elicitation":{}}"#, [.form], [.form]),
        (#"{"elicitation":{"form":{}}}"#, [.form], [.form]),
        (#"{"elicitation":{"url":{}}}"#, [.url], [.form]),
        (#"{"elicitation":{"form":{},"url":{}}}"#, [.form, .url], [.form]),
        (#"{"elicitation":true}"#, [], []),
    ]

    @Test(arguments: elicitation)
    func knowHowTheClientCanAsk(
        _ capabilities: String, _ modes: Set<ElicitationMode>, _ first: Set<ElicitationMode>
    ) throws {
        for revision in Revision.allCases where !revision.isStateless {
            let wire = Wire()
            _ = try wire.ask(Wire.initialize(revision.rawValue, capabilities: capabilities))
            let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: revision))
            switch revision {
            case .v2024_11_05, .v2025_03_26: #expect(call.elicitation == [])
            case .v2025_06_18: #expect(call.elicitation == first)
            default: #expect(call.elicitation == modes)
            }
        }
        let wire = Wire()
        let line = Wire.request("tools/call", #""name":"a""#, in: .modern, capabilities: capabilities)
        #expect(try wire.call(line).elicitation == modes)
    }
}

extension Wire {
    /// The result a client reads when its call is finished like this.
    func result(of result: ToolResult, in revision: Revision) throws -> JSONValue {
        let call = try call(Wire.request("tools/call", #""name":"version""#, in: revision))
        let frame = try #require(finish(call.key, result))
        return try #require(try read(frame)["result"])
    }
}
