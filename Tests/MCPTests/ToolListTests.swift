// tools/list in every revision.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Tool list")
struct ToolListTests {
    /// What a tool looks like in each revision, and what the result carries beside the tools.
    static let shapes: [(Revision, tool: [String], hints: [String], result: [String])] = [
        (.v2024_11_05, ["name", "description", "inputSchema"], [], ["tools"]),
        (
            .v2025_03_26, ["name", "description", "inputSchema", "annotations"],
            ["title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], ["tools"]
        ),
        (
            .v2025_06_18, ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"],
            ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], ["tools"]
        ),
        (
            .v2025_11_25, ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"],
            ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], ["tools"]
        ),
        (
            .v2026_07_28, ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"],
            ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"],
            ["resultType", "tools", "ttlMs", "cacheScope", "_meta"]
        ),
    ]

    @Test(arguments: shapes)
    func hasTheMembersOfTheRevision(_ revision: Revision, tool: [String], hints: [String], result: [String]) throws {
        let wire = Wire(greeted: revision)
        let answer = try #require(try wire.ask(Wire.request("tools/list", in: revision))["result"])
        #expect(answer.names == result)
        let first = try #require(answer["tools"]?.first)
        #expect(first.names == tool)
        #expect(first["annotations"]?.names ?? [] == hints)
    }

    @Test(arguments: Revision.allCases)
    func saysWhatTheToolsSay(_ revision: Revision) throws {
        let wire = Wire(greeted: revision)
        let answer = try #require(try wire.ask(Wire.request("tools/list", in: revision))["result"])
        let tools = Array(try #require(answer["tools"]).elements)
        #expect(tools.map { $0["name"]?.string } == ["restart_vm", "version"])
        #expect(tools[0]["description"]?.string == ToolDefinition.restart.description)
        #expect(tools[0]["inputSchema"]?.raw == ToolDefinition.restart.inputSchema)
        #expect(tools[1]["inputSchema"]?["additionalProperties"]?.bool == false)
        if let hints = tools[0]["annotations"] {
            #expect(hints["destructiveHint"]?.bool == true)
            #expect(hints["readOnlyHint"]?.bool == false)
        }
        #expect(try wire.ask(Wire.request("tools/list", in: revision))["result"]?.raw == answer.raw)
    }

    @Test(arguments: [0, 1, 499, 500])
    func isOnePageUpToFiveHundredTools(_ count: Int) throws {
        let wire = Wire(tools: ToolDefinition.numbered(count))
        let result = try #require(try wire.ask(Wire.request("tools/list", in: .modern))["result"])
        #expect(result["tools"]?.count == count)
        #expect(result["nextCursor"] == nil)
    }

    @Test(arguments: Revision.allCases)
    func goesOnAtItsCursor(_ revision: Revision) throws {
        let wire = Wire(greeted: revision, tools: ToolDefinition.numbered(1001))
        var names: [String] = []
        var cursor: String?
        repeat {
            let params = cursor.map { #""cursor":"\#($0)""# } ?? ""
            let result = try #require(try wire.ask(Wire.request("tools/list", params, in: revision))["result"])
            names += try #require(result["tools"]).elements.compactMap { $0["name"]?.string }
            cursor = result["nextCursor"]?.string
            #expect(result["cacheScope"]?.string == (revision.isStateless ? "private" : nil))
        } while cursor != nil && names.count < 2000
        #expect(names == (0..<1001).map { "tool_\($0)" })
    }

    @Test(arguments: [#""x""#, #""p1""#, #""p-1""#, #""p01""#, #""1""#, #""p99999999999999999999""#, "0", "[]"])
    func refusesACursorItDidNotGive(_ cursor: String) throws {
        let wire = Wire()
        for revision in [Revision.v2025_11_25, .modern] {
            #expect(
                try wire.ask(Wire.request("tools/list", #""cursor":\#(cursor)"#, in: revision)).errorCode == -32602)
        }
    }

    @Test(arguments: [#""""#, "null"])
    func beginsAtTheBeginningForAnEmptyCursor(_ cursor: String) throws {
        let wire = Wire()
        let answer = try wire.ask(Wire.request("tools/list", #""cursor":\#(cursor)"#, in: .modern))
        #expect(answer["result"]?["tools"]?.count == 2)
    }
}
