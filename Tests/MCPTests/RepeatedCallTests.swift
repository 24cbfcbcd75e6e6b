// Calls that end with a question and come again with its answer, revision 2026-07-28.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Calls that come again")
struct RepeatedCallTests {
    private let wire = Wire()

    private func call(_ more: String = "", capabilities: String = #"{"elicitation":{"form":{}}}"#) throws -> ToolCall {
        try wire.call(
            Wire.request("tools/call", QuestionTests.line + more, in: .modern, capabilities: capabilities))
    }

    @Test func endWithTheQuestion() throws {
        let call = try call()
        #expect(call.canAsk)
        #expect(call.input == nil)
        let state = "v1.\"x\"\n"
        let answer = try read(wire.requireInput(call.key, .sure, state: state))
        #expect(answer["id"]?.int == 7)
        let result = try #require(answer["result"])
        #expect(result.names == ["resultType", "inputRequests", "requestState", "_meta"])
        #expect(result["resultType"]?.string == "input_required")
        #expect(result["requestState"]?.string == state)
        #expect(result["inputRequests"]?.names == ["ask_confirm"])
        let request = try #require(result["inputRequests"]?["ask_confirm"])
        #expect(request.names == ["method", "params"])
        #expect(request["method"]?.string == "elicitation/create")
        #expect(request["params"]?["mode"]?.string == "form")
        #expect(request["params"]?["message"]?.string == Question.sure.message)
        #expect(request["params"]?["requestedSchema"]?["properties"]?["confirm"]?["type"]?.string == "boolean")
        #expect(wire.pendingCalls == 0)
        #expect(wire.requireInput(call.key, .sure, state: state) == nil)
        #expect(wire.finish(call.key, .init(.text("x"))) == nil)
        #expect(wire.withdraw(call.key) == nil)
        // The id is free again.
        _ = try self.call()
    }

    /// The answer to the question, and what it means.
    static let answers: [(String, QuestionAnswer)] = [
        (#"{"ask_confirm":{"action":"accept","content":{"confirm":true}}}"#, .yes),
        (#"{"ask_confirm":{"action":"accept","content":{"confirm":true}},"other":{"action":"decline"}}"#, .yes),
        (#"{"ask_confirm":{"action":"accept","content":{"confirm":false}}}"#, .no),
        (#"{"ask_confirm":{"action":"decline"}}"#, .declined),
        (#"{"ask_confirm":{"action":"cancel"}}"#, .cancelled),
    ]

    @Test(arguments: answers)
    func bringTheAnswer(_ responses: String, _ answer: QuestionAnswer) throws {
        let input = try #require(try call(#","inputResponses":\#(responses),"requestState":"s\u0031""#).input)
        #expect(input.state == "s1")
        #expect(input.answer == answer)
    }

    @Test(arguments: [
        #""inputResponses":{},"requestState":"s""#, #""requestState":"s""#,
        #""inputResponses":null,"requestState":"s""#,
        #""inputResponses":{"confirm":{"action":"accept","content":{"confirm":true}}},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":{"action":"accept","content":{"other":true}}},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":{"action":"accept"}},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":true},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":null},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":{"action":"accept","content":{"confirm":true}},"ask_a":{}},"requestState":"s""#,
        #""inputResponses":{"ask_confirm":{"action":"decline"},"#
            + #""ask_confirm":{"action":"accept","content":{"confirm":true}}},"requestState":"s""#,
    ])
    func areNotAnsweredByNonsense(_ members: String) throws {
        let input = try #require(try call("," + members).input)
        #expect(input.state == "s")
        guard case .nonsense(let fault) = input.answer else {
            Issue.record("\(input.answer)")
            return
        }
        #expect(!fault.isEmpty)
    }

    @Test func haveNoStateWhenTheClientReturnsNone() throws {
        let yes = #","inputResponses":{"ask_confirm":{"action":"accept","content":{"confirm":true}}}"#
        let call = try call(yes)
        #expect(call.input?.state == "")
        _ = wire.finish(call.key, .init(.text("x")))
        #expect(try self.call(#","inputResponses":null,"requestState":null"#, capabilities: "{}").input == nil)
    }

    @Test(arguments: [
        #""requestState":1"#, #""requestState":{}"#, #""inputResponses":[]"#,
        #""inputResponses":"x","requestState":"s""#,
    ])
    func mustHaveTheShapeOfTheRevision(_ members: String) throws {
        let answer = try wire.ask(Wire.request("tools/call", QuestionTests.line + "," + members, in: .modern))
        #expect(answer.errorCode == -32602)
        #expect(wire.pendingCalls == 0)
    }

    @Test(arguments: [#"{}"#, #"{"elicitation":{"url":{}}}"#, #"{"elicitation":[]}"#])
    func areNotAskedForFromClientsThatHaveNoForms(_ capabilities: String) throws {
        let call = try call(capabilities: capabilities)
        #expect(!call.canAsk)
        #expect(wire.requireInput(call.key, .sure, state: "s") == nil)
        #expect(wire.finish(call.key, .init(.text("x"))) != nil)
    }

    @Test func dependOnNothingThatWasDeclaredBefore() throws {
        let wire = Wire(greeted: .v2025_11_25, capabilities: #"{"elicitation":{}}"#)
        _ = try wire.call(
            Wire.request("tools/call", QuestionTests.line, id: "1", in: .modern, capabilities: #"{"elicitation":{}}"#))
        let call = try wire.call(Wire.request("tools/call", QuestionTests.line, id: "2", in: .modern))
        #expect(!call.canAsk)
        #expect(wire.requireInput(call.key, .sure, state: "s") == nil)
    }

    @Test(arguments: Revision.allCases.filter { !$0.isStateless })
    func areNotKnownToHandshakes(_ revision: Revision) throws {
        let wire = Wire(greeted: revision, capabilities: #"{"elicitation":{}}"#)
        let members =
            #","requestState":1,"inputResponses":{"ask_confirm":{"action":"accept","content":{"confirm":true}}}"#
        let call = try wire.call(Wire.request("tools/call", QuestionTests.line + members, in: revision))
        #expect(call.input == nil)
        #expect(wire.requireInput(call.key, .sure, state: "s") == nil)
    }

    @Test func areSilentWhenTheClientCancelled() throws {
        let call = try call()
        #expect(wire.send(ProgressTests.cancellation(of: "7")).first?.cancelled == call.key)
        #expect(wire.requireInput(call.key, .sure, state: "s") == nil)
    }
}
