// Questions that are asked while a call goes on, revisions 2025-06-18 and 2025-11-25.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Questions during a call")
struct QuestionTests {
    static let revisions: [Revision] = [.v2025_06_18, .v2025_11_25]
    static let line = #""name":"restart_vm","arguments":{"vmid":100}"#

    /// A wire whose client can be asked, and an open call of its.
    private func open(
        _ revision: Revision = .v2025_11_25, capabilities: String = #"{"elicitation":{}}"#
    ) throws -> (Wire, ToolCall) {
        let wire = Wire(greeted: revision, capabilities: capabilities)
        return (wire, try wire.call(Wire.request("tools/call", Self.line, id: "1", in: revision)))
    }

    @Test(arguments: revisions)
    func areRequestsOfTheServer(_ revision: Revision) throws {
        let (wire, call) = try open(revision)
        #expect(call.canAsk)
        let request = try read(wire.ask(call.key, .sure))
        #expect(request.names == ["jsonrpc", "id", "method", "params"])
        #expect(request["method"]?.string == "elicitation/create")
        let params = try #require(request["params"])
        #expect(params["mode"]?.string == (revision == .v2025_06_18 ? nil : "form"))
        #expect(params["message"]?.string == Question.sure.message)
        let form = try #require(params["requestedSchema"])
        #expect(form["required"]?.rawText == #"["confirm"]"#)
        let box = try #require(form["properties"]?["confirm"])
        #expect(box["type"]?.string == "boolean")
        #expect(box["title"]?.string == Question.sure.fieldTitle)
        #expect(box["description"]?.string == Question.sure.fieldText)
        #expect(box["default"]?.bool == false)
        #expect(wire.pendingCalls == 1)
    }

    /// What a client sends beside the id, and what it means.
    static let answers: [(String, QuestionAnswer)] = [
        (#""result":{"action":"accept","content":{"confirm":true}}"#, .yes),
        (#""result":{"_meta":{},"content":{"other":1,"c\u006fnfirm":true},"action":"accept"}"#, .yes),
        (#""result":{"action":"accept","content":{"confirm":false}}"#, .no),
        (#""result":{"action":"decline"}"#, .declined),
        (#""result":{"action":"decline","content":{"confirm":true}}"#, .declined),
        (#""result":{"action":"cancel","content":null}"#, .cancelled),
        (#""error":{"code":-32601,"message":"Method not found"}"#, .unsupported),
        (#""error":{"code":-32603,"message":"no screen"}"#, .failed("error -32603: no screen")),
        (#""error":{"code":-1,"message":"","data":{}}"#, .failed("error -1")),
        (#""error":{"code":-1}"#, .failed("error -1")),
    ]

    @Test(arguments: answers)
    func areAnsweredInEveryWayThereIs(_ members: String, _ answer: QuestionAnswer) throws {
        for revision in Self.revisions {
            let (wire, call) = try open(revision)
            let id = try wire.question(of: call.key)
            let actions = wire.send(#"{"jsonrpc":"2.0","id":\#(id),\#(members)}"#)
            #expect(actions.compactMap(\.answer) == [.init(call.key, answer)])
            #expect(actions.count == 1)
            #expect(wire.pendingCalls == 1)
        }
    }

    @Test(arguments: [
        #""result":{}"#, #""result":null"#, #""result":[]"#, #""result":true"#, #""result":"accept""#,
        #""result":{"action":"accept"}"#, #""result":{"action":"accept","content":null}"#,
        #""result":{"action":"accept","content":[true]}"#, #""result":{"action":"accept","content":{}}"#,
        #""result":{"action":"accept","content":{"confirm":"true"}}"#,
        #""result":{"action":"accept","content":{"confirm":1}}"#,
        #""result":{"action":"accept","content":{"confirm":null}}"#,
        #""result":{"action":"accept","content":{"Confirm":true}}"#,
        #""result":{"action":"accept","content":{"confirm":{"confirm":true}}}"#,
        #""result":{"action":"accept","content":{"confirm":false,"confirm":true}}"#,
        #""result":{"action":"Accept","content":{"confirm":true}}"#,
        #""result":{"action":["accept"],"content":{"confirm":true}}"#,
        #""result":{"action":"","content":{"confirm":true}}"#, #""result":{"content":{"confirm":true}}"#,
        #""result":{"action":"accept","content":{"confirm":true}},"error":{"code":1,"message":"x"}"#,
        #""error":null"#, #""error":"no""#, #""error":{"message":"x"}"#, #""error":{"code":"x","message":"x"}"#,
    ])
    func areNotAnsweredByNonsense(_ members: String) throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let actions = wire.send(#"{"jsonrpc":"2.0","id":\#(id),\#(members)}"#)
        try #require(actions.count == 1)
        let answer = try #require(actions[0].answer)
        #expect(answer.key == call.key)
        guard case .nonsense(let fault) = answer.answer else {
            Issue.record("\(answer.answer)")
            return
        }
        #expect(!fault.isEmpty)
    }

    @Test(arguments: [#""jsonrpc":"1.0","#, #""jsonrpc":2,"#, ""])
    func areNotAnsweredInAnotherProtocol(_ member: String) throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let actions = wire.send(#"{\#(member)"id":\#(id),"result":{"action":"accept","content":{"confirm":true}}}"#)
        #expect(actions.compactMap(\.answer) == [.init(call.key, .nonsense(#"its jsonrpc is not "2.0""#))])
    }

    @Test func keepLongErrorsShort() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let text = String(repeating: "é", count: 10_000)
        let answer = wire.send(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":1,"message":"\#(text)"}}"#).first?.answer
        guard case .failed(let message) = answer?.answer else {
            Issue.record("\(String(describing: answer))")
            return
        }
        #expect(message.count < 400)
    }

    @Test func areNotAnsweredByOtherIds() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let text = id.dropFirst().dropLast()
        for other in ["1", "null", #""1""#, #""\#(text)0""#, #""\#(text.dropLast())""#, "[\(id)]", "{}", "1.5", #""""#]
        {
            #expect(wire.send(Self.yes(other)).isEmpty, "\(other)")
        }
        #expect(wire.send(#"{"jsonrpc":"2.0","result":{"action":"accept","content":{"confirm":true}}}"#).isEmpty)
        #expect(wire.send(Self.yes(id)).count == 1)
    }

    @Test func areAnsweredOnce() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        #expect(wire.send(#"{"jsonrpc":"2.0","id":\#(id),"result":{"action":"decline"}}"#).count == 1)
        #expect(wire.send(Self.yes(id)).isEmpty)
        #expect(wire.withdraw(call.key) == nil)
    }

    @Test func mayBeAskedAgainButNotTwiceAtATime() throws {
        let (wire, call) = try open()
        let first = try wire.question(of: call.key)
        #expect(wire.ask(call.key, .sure) == nil)
        _ = wire.send(#"{"jsonrpc":"2.0","id":\#(first),"result":{}}"#)
        let second = try wire.question(of: call.key)
        #expect(first != second)
        #expect(wire.send(Self.yes(first)).isEmpty)
        #expect(wire.send(Self.yes(second)).compactMap(\.answer) == [.init(call.key, .yes)])
    }

    @Test func haveIdsNoOtherSessionHas() throws {
        var ids: Set<String> = []
        for _ in 0..<20 {
            let wire = Wire(greeted: .v2025_11_25, capabilities: #"{"elicitation":{}}"#)
            for number in 0..<20 {
                let line = Wire.request("tools/call", Self.line, id: "\(number)", in: .v2025_11_25)
                ids.insert(try wire.question(of: try wire.call(line).key))
            }
        }
        #expect(ids.count == 400)
    }

    @Test func belongToTheirCall() throws {
        let (wire, first) = try open()
        let second = try wire.call(Wire.request("tools/call", Self.line, id: "2", in: .v2025_11_25))
        let ids = [try wire.question(of: first.key), try wire.question(of: second.key)]
        #expect(wire.send(Self.yes(ids[1])).compactMap(\.answer) == [.init(second.key, .yes)])
        let no = #"{"jsonrpc":"2.0","id":\#(ids[0]),"result":{"action":"accept","content":{"confirm":false}}}"#
        #expect(wire.send(no).compactMap(\.answer) == [.init(first.key, .no)])
    }

    @Test func holdNothingElseUp() throws {
        let wire = Wire(greeted: .v2025_11_25, capabilities: #"{"elicitation":{}}"#)
        let line = Wire.request("tools/call", Self.line, id: "1", in: .v2025_11_25, meta: #""progressToken":5"#)
        let call = try wire.call(line)
        let id = try wire.question(of: call.key)
        #expect(try read(wire.progress(call.key, 1))["params"]?["progressToken"]?.int == 5)
        #expect(try wire.ask(Wire.request("ping", id: "2", in: .v2025_11_25))["result"] != nil)
        let other = try wire.call(Wire.request("tools/call", Self.line, id: id, in: .v2025_11_25))
        #expect(try read(wire.finish(other.key, .init(.text("x"))))["id"]?.rawText == id)
        #expect(wire.send(Self.yes(id)).compactMap(\.answer) == [.init(call.key, .yes)])
        #expect(try read(wire.finish(call.key, .init(.text("x"))))["id"]?.int == 1)
    }

    @Test func areWithdrawnWithTheCall() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let notice = try read(wire.withdraw(call.key))
        #expect(notice["method"]?.string == "notifications/cancelled")
        #expect(notice["params"]?["requestId"]?.rawText == id)
        #expect(wire.withdraw(call.key) == nil)
        #expect(wire.send(Self.yes(id)).isEmpty)
        #expect(wire.finish(call.key, .init(.text("x"))) != nil)
    }

    @Test func areForgottenWhenTheCallIsAnswered() throws {
        let (wire, first) = try open()
        let id = try wire.question(of: first.key)
        #expect(wire.finish(first.key, .init(.text("x"))) != nil)
        #expect(wire.send(Self.yes(id)).isEmpty)
        #expect(wire.ask(first.key, .sure) == nil)
        let second = try wire.call(Wire.request("tools/call", Self.line, id: "1", in: .v2025_11_25))
        let other = try wire.question(of: second.key)
        #expect(wire.fail(second.key, .internalError("x")) != nil)
        #expect(wire.send(Self.yes(other)).isEmpty)
        #expect(wire.shutdown().isEmpty)
    }

    @Test func areWithdrawnWhenTheClientCancelsTheCall() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let actions = wire.send(ProgressTests.cancellation(of: "1"))
        try #require(actions.count == 2)
        #expect(actions[0].cancelled == call.key)
        #expect(try read(actions[1].frame)["params"]?["requestId"]?.rawText == id)
        #expect(wire.send(Self.yes(id)).isEmpty)
        #expect(wire.ask(call.key, .sure) == nil)
        #expect(wire.withdraw(call.key) == nil)
    }

    @Test func endWithTheServer() throws {
        let (wire, first) = try open()
        let second = try wire.call(Wire.request("tools/call", Self.line, id: "2", in: .v2025_11_25))
        let ids = [try wire.question(of: first.key), try wire.question(of: second.key)]
        let frames = try wire.shutdown().map { try read($0) }
        #expect(frames.map { $0["params"]?["requestId"]?.rawText } == ids)
        #expect(wire.shutdown().isEmpty)
        for id in ids { #expect(wire.send(Self.yes(id)).isEmpty) }
    }

    @Test func failWhenTheClientSaysNothingMore() throws {
        let (wire, first) = try open()
        let second = try wire.call(Wire.request("tools/call", Self.line, id: "2", in: .v2025_11_25))
        _ = try wire.question(of: first.key)
        let actions = wire.session.endOfInput()
        #expect(actions.compactMap(\.answer) == [.init(first.key, .failed("the client's messages have ended"))])
        #expect(actions.count == 1)
        #expect(wire.session.endOfInput().isEmpty)
        #expect(wire.ask(second.key, .sure) == nil)
        #expect(wire.finish(second.key, .init(.text("x"))) != nil)
    }

    @Test func failWhenTheClientBeginsAnew() throws {
        let (wire, call) = try open()
        let id = try wire.question(of: call.key)
        let actions = wire.send(Wire.initialize("2025-11-25", id: "9"))
        #expect(try read(actions.first?.frame)["id"]?.int == 9)
        #expect(actions.compactMap(\.answer) == [.init(call.key, .failed("the client has begun a new session"))])
        #expect(wire.send(Self.yes(id)).isEmpty)
    }

    @Test(arguments: [#"{}"#, #"{"elicitation":{"url":{}}}"#, #"{"elicitation":true}"#, #"{"elicitation":null}"#])
    func areNotForClientsThatHaveNoForms(_ capabilities: String) throws {
        let (wire, call) = try open(capabilities: capabilities)
        #expect(!call.canAsk)
        #expect(wire.ask(call.key, .sure) == nil)
        #expect(wire.finish(call.key, .init(.text("x"))) != nil)
    }

    @Test(arguments: [Revision.v2024_11_05, .v2025_03_26])
    func areUnknownToTheOldest(_ revision: Revision) throws {
        let (wire, call) = try open(revision, capabilities: #"{"elicitation":{"form":{}}}"#)
        #expect(!call.canAsk)
        #expect(wire.ask(call.key, .sure) == nil)
        #expect(wire.requireInput(call.key, .sure, state: "s") == nil)
        let batched = try #require(
            wire.send(revision == .v2025_03_26 ? "[\(Wire.request("tools/call", Self.line, in: revision))]" : "")
                .first?.toolCall ?? call)
        #expect(wire.ask(batched.key, .sure) == nil)
    }

    @Test func areNotAskedWithoutAHandshake() throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", Self.line, in: .v2025_11_25))
        #expect(!call.canAsk)
        #expect(wire.ask(call.key, .sure) == nil)
    }

    @Test func areNotAskedOnBehalfOfRequestsThatStandAlone() throws {
        let wire = Wire(greeted: .v2025_11_25, capabilities: #"{"elicitation":{}}"#)
        let call = try wire.call(
            Wire.request("tools/call", Self.line, in: .modern, capabilities: #"{"elicitation":{}}"#))
        #expect(call.canAsk)
        #expect(wire.ask(call.key, .sure) == nil)
    }

    @Test func stayOnOneLineWhateverTheySay() throws {
        let (wire, call) = try open()
        let question = Question(message: "a\r\n\"b\"\u{0}", field: "a\"b\n", fieldTitle: "\n", fieldText: "\\")
        let params = try #require(try read(wire.ask(call.key, question))["params"])
        #expect(params["message"]?.string == question.message)
        #expect(params["requestedSchema"]?["properties"]?.names == [question.field])
    }

    static func yes(_ id: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":{"action":"accept","content":{"confirm":true}}}"#
    }
}
