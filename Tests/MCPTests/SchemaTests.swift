// Everything that leaves a session, held against the published schemas.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import Testing

@testable import MCP

/// A JSON Schema document as the protocol publishes them, and the few keywords they use.
struct Schema {
    let definitions: JSONValue

    init(_ revision: Revision) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Data/mcp-schema/\(revision.rawValue).json")
        let root = try JSONDocument(Array(Data(contentsOf: file))).root
        definitions = try #require(root["$defs"] ?? root["definitions"])
    }

    /// What is wrong with a value, as paths and reasons. Members a definition does not name are wrong too, though
    /// the schemas allow them: that is how fields of newer revisions are found.
    func faults(of value: JSONValue, as definition: String) throws -> [String] {
        faults(value, try #require(definitions[definition]), definition, strict: true)
    }

    private func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String, strict: Bool) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = definitions[name] else { return ["\(path): no definition \(name)"] }
            return faults(value, target, path, strict: strict)
        }
        var found: [String] = []
        if let options = schema["anyOf"] {
            let tried = options.elements.map { faults(value, $0, path, strict: strict) }
            if !tried.contains(where: \.isEmpty) { found += tried.min { $0.count < $1.count } ?? [] }
        }
        for part in schema["allOf"]?.elements.map({ $0 }) ?? [] {
            // A part names some of the members, the others name the rest.
            found += faults(value, part, path, strict: false)
        }
        if let constant = schema["const"], constant.rawText != value.rawText {
            found.append("\(path): not \(constant.rawText)")
        }
        if let type = schema["type"], !Self.has(value, type) {
            return found + ["\(path): \(value.kind) is not \(type.rawText)"]
        }
        for name in schema["required"]?.elements.compactMap(\.string) ?? [] where value[name] == nil {
            found.append("\(path): \(name) is missing")
        }
        for (index, element) in value.elements.enumerated() {
            if let items = schema["items"] { found += faults(element, items, "\(path)[\(index)]", strict: strict) }
        }
        return found + membersFaults(value, schema, path, strict: strict)
    }

    private func membersFaults(_ value: JSONValue, _ schema: JSONValue, _ path: String, strict: Bool) -> [String] {
        guard let properties = schema["properties"], properties.count > 0 else { return [] }
        var found: [String] = []
        for member in value.members {
            let here = "\(path).\(member.name)"
            if let property = properties[member.name] {
                found += faults(member.value, property, here, strict: strict)
            } else if let other = schema["additionalProperties"], other.isObject {
                found += faults(member.value, other, here, strict: strict)
            } else if strict, member.name != "jsonrpc",
                !["inputSchema", "outputSchema", "_meta"].contains(path.split(separator: ".").last ?? "")
            {
                found.append("\(here): not in this revision")
            }
        }
        return found
    }

    private static func has(_ value: JSONValue, _ type: JSONValue) -> Bool {
        let names = type.isArray ? type.elements.compactMap(\.string) : [type.string ?? ""]
        return names.contains { name in
            switch (name, value.kind) {
            case ("object", .object), ("array", .array), ("string", .string), ("null", .null), ("number", .number),
                ("boolean", .true), ("boolean", .false):
                true
            case ("integer", .number): value.int != nil
            default: false
            }
        }
    }
}

@Suite("Published schemas")
struct SchemaTests {
    @Test(arguments: Revision.allCases)
    func agreeWithEveryResult(_ revision: Revision) throws {
        let schema = try Schema(revision)
        let wire = Wire(greeted: revision, listChanged: true)
        var results: [(JSONValue?, String)] = []
        if revision.isStateless {
            results.append((try wire.ask(Wire.request("server/discover", in: revision)), "DiscoverResult"))
        } else {
            results.append((try wire.ask(Wire.initialize(revision.rawValue)), "InitializeResult"))
            results.append((try wire.ask(Wire.request("ping", in: revision)), "EmptyResult"))
        }
        results.append((try wire.ask(Wire.request("tools/list", in: revision)), "ListToolsResult"))
        for (message, definition) in results {
            let result = try #require(message?["result"])
            #expect(try schema.faults(of: result, as: definition) == [])
        }
        for result in [
            ToolResult(.structured(Array(#"{"a":[1]}"#.utf8))), ToolResult(.text("x"), isError: true),
            ToolResult(.structured(Array("{}".utf8)), isError: true, meta: Array(#"{"org.example/a":1}"#.utf8)),
        ] {
            #expect(try schema.faults(of: try wire.result(of: result, in: revision), as: "CallToolResult") == [])
        }
    }

    @Test(arguments: Revision.allCases)
    func agreeWithEveryErrorAndNotification(_ revision: Revision) throws {
        let schema = try Schema(revision)
        let error = revision < .v2025_11_25 ? "JSONRPCError" : "JSONRPCErrorResponse"
        let wire = Wire(greeted: revision, listChanged: true)
        let answer = try wire.ask(Wire.request("no/such", in: revision))
        #expect(try schema.faults(of: answer, as: error) == [])

        let call = try wire.call(
            Wire.request("tools/call", #""name":"a""#, in: revision, meta: #""progressToken":1"#))
        let progress = try read(wire.progress(call.key, 1, total: 2, message: "x"))
        #expect(try schema.faults(of: progress, as: "ProgressNotification") == [])

        if revision.isStateless {
            let listen = Wire.request(
                "subscriptions/listen", #""notifications":{"toolsListChanged":true}"#, id: "8", in: revision)
            #expect(try schema.faults(of: try wire.ask(listen), as: "SubscriptionsAcknowledgedNotification") == [])
        }
        let changed = try read(wire.toolsChanged().first)
        #expect(try schema.faults(of: changed, as: "ToolListChangedNotification") == [])
        if revision.isStateless {
            let end = try read(wire.shutdown().first)
            #expect(try schema.faults(of: try #require(end["result"]), as: "SubscriptionsListenResult") == [])
        }
    }

    @Test func agreeWithTheErrorsOnlyTheNewestHas() throws {
        let schema = try Schema(.modern)
        let wire = Wire()
        let version = try wire.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"#
                + #""io.modelcontextprotocol/protocolVersion":"2030-01-01"}}}"#)
        #expect(try schema.faults(of: version, as: "UnsupportedProtocolVersionError") == [])

        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .modern))
        let missing = try read(wire.fail(call.key, .missingCapability(Array(#"{"elicitation":{"form":{}}}"#.utf8))))
        #expect(try schema.faults(of: missing, as: "MissingRequiredClientCapabilityError") == [])
    }

    @Test(arguments: QuestionTests.revisions)
    func agreeWithAQuestionAndItsWithdrawal(_ revision: Revision) throws {
        let schema = try Schema(revision)
        let wire = Wire(greeted: revision, capabilities: #"{"elicitation":{}}"#)
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: revision))
        let request = try read(wire.ask(call.key, .sure))
        // The ids of requests stand in a definition of their own before 2025-11-25.
        let known = revision < .v2025_11_25 ? ["ElicitRequest.id: not in this revision"] : []
        #expect(try schema.faults(of: request, as: "ElicitRequest") == known)
        #expect(try schema.faults(of: request, as: "JSONRPCRequest") == [])
        #expect(
            try schema.faults(
                of: #require(request["params"]?["requestedSchema"]?["properties"]?["confirm"]), as: "BooleanSchema")
                == [])
        let withdrawal = try read(wire.withdraw(call.key))
        #expect(try schema.faults(of: withdrawal, as: "CancelledNotification") == [])
    }

    @Test func agreeWithACallThatIsToComeAgain() throws {
        let schema = try Schema(.modern)
        let wire = Wire()
        let call = try wire.call(
            Wire.request("tools/call", #""name":"a""#, in: .modern, capabilities: #"{"elicitation":{}}"#))
        let answer = try read(wire.requireInput(call.key, .sure, state: "s"))
        #expect(try schema.faults(of: answer, as: "CallToolResultResponse") == [])
        let result = try #require(answer["result"])
        #expect(try schema.faults(of: result, as: "InputRequiredResult") == [])
        let question = try #require(result["inputRequests"]?["ask_confirm"])
        #expect(try schema.faults(of: question, as: "ElicitRequest") == [])
        #expect(try schema.faults(of: #require(question["params"]), as: "ElicitRequestFormParams") == [])
    }

    @Test func agreeWithABatch() throws {
        let schema = try Schema(.v2025_03_26)
        let wire = Wire(greeted: .v2025_03_26)
        let answer = try wire.ask(#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"x"}]"#)
        #expect(try schema.faults(of: answer, as: "JSONRPCBatchResponse") == [])
    }

    @Test func wouldFindAFieldOfANewerRevision() throws {
        let old = try Schema(.v2024_11_05)
        let modern = Wire()
        let list = try #require(try modern.ask(Wire.request("tools/list", in: .modern))["result"])
        let faults = try old.faults(of: list, as: "ListToolsResult")
        #expect(faults.contains("ListToolsResult.ttlMs: not in this revision"))
        #expect(faults.contains("ListToolsResult.tools[0].title: not in this revision"))
    }
}
