// Lines that are nearly right.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import Testing

@testable import MCP

@Suite("Odd input")
struct FuzzTests {
    /// A generator that gives the same numbers every time (SplitMix64).
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let lines: [String] =
        Revision.allCases.flatMap { revision -> [String] in
            [
                Wire.initialize(revision.rawValue), Wire.request("ping", in: revision),
                Wire.request("tools/list", #""cursor":"p0""#, id: #""l""#, in: revision),
                Wire.request(
                    "tools/call", #""name":"a","arguments":{"x":[1,"é\u00e9",null]}"#, id: "-4", in: revision,
                    meta: #""progressToken":"t""#),
                Wire.request("subscriptions/listen", #""notifications":{"toolsListChanged":true}"#, in: revision),
                Wire.request("server/discover", id: "99", in: revision),
                Wire.request(
                    "tools/call",
                    #""name":"a","requestState":"s","inputResponses":{"ask_confirm":{"action":"decline"}}"#,
                    id: "5", in: revision, capabilities: #"{"elicitation":{}}"#),
            ]
        } + [
            ProgressTests.cancellation(of: "-4"), #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a"}}]"#,
        ]

    static func mutated(_ line: String, _ dice: inout Dice) -> [UInt8] {
        var bytes = Array(line.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &dice) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0..<5, using: &dice) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(Array("{}[]\",:0\\".utf8).randomElement(using: &dice)!, at: at)
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + 12))
            default: bytes.replaceSubrange(at..<min(bytes.count, at + 4), with: Array("null".utf8))
            }
        }
        return bytes
    }

    @Test(arguments: 0..<UInt64(20))
    func everyRequestWithAReadableIdGetsOneAnswer(_ seed: UInt64) throws {
        var dice = Dice(state: seed)
        for revision in Revision.allCases {
            let wire = Wire(greeted: revision, listChanged: true, capabilities: #"{"elicitation":{}}"#)
            for _ in 0..<150 {
                let bytes = Self.mutated(Self.lines.randomElement(using: &dice)!, &dice)
                try Self.exchange(bytes, with: wire)
            }
        }
    }

    /// Sends a line, asks about and finishes the calls it led to, and counts the answers for each id in it.
    static func exchange(_ bytes: [UInt8], with wire: Wire) throws {
        var frames: [[UInt8]] = []
        for action in wire.receive(bytes) {
            switch action {
            case .send(let frame): frames.append(frame)
            case .call(let call):
                if let question = wire.ask(call.key, .sure) {
                    frames.append(question)
                    if wire.send(QuestionTests.yes(try read(question)["id"]!.rawText)).isEmpty {
                        Issue.record("a question has no answer")
                    }
                }
                let end =
                    call.input == nil
                    ? wire.requireInput(call.key, .sure, state: "s") ?? wire.finish(call.key, .init(.text("x")))
                    : wire.finish(call.key, .init(.text("x")))
                if let end { frames.append(end) }
            case .answered: Issue.record("an answer nobody gave")
            case .cancel, .log: break
            }
        }
        frames += wire.shutdown()
        #expect(wire.pendingCalls == 0)

        var answers: [String: Int] = [:]
        for frame in frames {
            let message = try read(frame)
            for answer in message.isArray ? Array(message.elements) : [message] where answer["method"] == nil {
                #expect((answer["result"] == nil) != (answer["error"] == nil))
                if let id = answer["id"], !id.isNull { answers[id.rawText, default: 0] += 1 }
            }
        }
        var expected: [String: Int] = [:]
        if let root = try? JSONDocument(bytes).root, root.isObject || wire.session.legacy.revision.hasBatches {
            for message in root.isArray ? Array(root.elements) : [root] {
                let isAnswer = message["method"] == nil && (message["result"] != nil || message["error"] != nil)
                guard !isAnswer, let id = message["id"], RequestID(id) != nil else { continue }
                expected[id.rawText, default: 0] += 1
            }
        }
        #expect(answers == expected, "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test(arguments: 0..<UInt64(10))
    func onlyAYesIsAYes(_ seed: UInt64) throws {
        var dice = Dice(state: seed)
        var count = (yes: 0, other: 0, none: 0)
        for _ in 0..<400 {
            let wire = Wire(greeted: .v2025_11_25, capabilities: #"{"elicitation":{}}"#)
            let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .v2025_11_25))
            let bytes = Self.mutated(QuestionTests.yes(try wire.question(of: call.key)), &dice)
            let answers = wire.receive(bytes).compactMap(\.answer)
            let isOpen = wire.withdraw(call.key) != nil
            switch answers.first?.answer {
            case .yes:
                count.yes += 1
                #expect(try Self.isYes(bytes), "\(String(decoding: bytes, as: UTF8.self))")
            case nil: count.none += 1
            default: count.other += 1
            }
            #expect(answers.count == (isOpen ? 0 : 1))
        }
        #expect(count.yes > 0 && count.other > 0 && count.none > 0)
    }

    /// Whether another parser reads a yes.
    static func isYes(_ bytes: [UInt8]) throws -> Bool {
        guard let message = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let result = message["result"] as? [String: Any], let content = result["content"] as? [String: Any]
        else { return false }
        return message["jsonrpc"] as? String == "2.0" && message["error"] == nil
            && result["action"] as? String == "accept" && content["confirm"] as? Bool == true
    }

    @Test func surviveAnyBytes() throws {
        var dice = Dice(state: 7)
        let wire = Wire()
        for length in 0..<400 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) }
            for frame in wire.receive(bytes).compactMap(\.frame) {
                #expect(try read(frame).errorCode != nil)
            }
        }
    }
}
