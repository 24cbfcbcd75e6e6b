// Requests that stand alone, revision 2026-07-28.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Requests that stand alone")
struct ModernTests {
    @Test func discoversWhatTheServerIs() throws {
        let wire = Wire(listChanged: true)
        let result = try #require(try wire.ask(Wire.request("server/discover", in: .modern))["result"])
        #expect(result["resultType"]?.string == "complete")
        #expect(result["supportedVersions"]?.rawText == #"["2026-07-28"]"#)
        #expect(result["capabilities"]?.rawText == #"{"tools":{"listChanged":true}}"#)
        #expect(result["instructions"]?.string == Wire.instructions)
        #expect(result["ttlMs"]?.int ?? -1 >= 0)
        #expect(result["cacheScope"]?.string == "private")
        let info = result["_meta"]?["io.modelcontextprotocol/serverInfo"]
        #expect(info?.names == ["name", "title", "version", "description", "websiteUrl"])
    }

    @Test(arguments: [
        "ping", "logging/setLevel", "resources/list", "resources/subscribe", "prompts/list", "completion/complete",
        "tasks/get", "notifications/initialized", "no/such",
    ])
    func haveNoMethodThatWasRemovedOrNotDeclared(_ method: String) throws {
        let wire = Wire()
        #expect(try wire.ask(Wire.request(method, in: .modern)).errorCode == -32601)
    }

    @Test(arguments: ["2025-11-25", "2027-01-01", ""])
    func areToldWhichVersionsThereAre(_ version: String) throws {
        let wire = Wire()
        let answer = try wire.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"#
                + #""io.modelcontextprotocol/protocolVersion":"\#(version)","#
                + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#)
        #expect(answer.errorCode == -32022)
        #expect(answer["error"]?["data"]?["supported"]?.rawText == #"["2026-07-28"]"#)
        #expect(answer["error"]?["data"]?["requested"]?.string == version)
    }

    @Test(arguments: ["tools/list", "tools/call", "server/discover", "subscriptions/listen"])
    func mustCarryTheCapabilitiesOfTheClient(_ method: String) throws {
        for member in ["", #","io.modelcontextprotocol/clientCapabilities":[]"#] {
            let wire = Wire(greeted: .v2025_11_25)
            let answer = try wire.ask(
                #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"name":"version","notifications":{},"_meta":{"#
                    + #""io.modelcontextprotocol/protocolVersion":"2026-07-28"\#(member)}}}"#)
            #expect(answer.errorCode == -32602)
        }
    }

    @Test(arguments: ["1", "null", "{}"])
    func mustNameTheirVersionAsAString(_ version: String) throws {
        let wire = Wire()
        let answer = try wire.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"#
                + #""io.modelcontextprotocol/protocolVersion":\#(version),"#
                + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#)
        #expect(answer.errorCode == -32602)
    }

    @Test func mayNameALogLevelThatExists() throws {
        let wire = Wire()
        let key = #""io.modelcontextprotocol/logLevel":"#
        #expect(try wire.ask(Wire.request("tools/list", in: .modern, meta: key + #""alert""#))["result"] != nil)
        #expect(try wire.ask(Wire.request("tools/list", in: .modern, meta: key + #""loud""#)).errorCode == -32602)
        #expect(try wire.ask(Wire.request("tools/list", in: .modern, meta: key + "3")).errorCode == -32602)
    }

    @Test func leaveTheHandshakeAsItWas() throws {
        let wire = Wire(greeted: .v2024_11_05)
        _ = try wire.ask(Wire.request("tools/list", in: .modern))
        let list = try wire.ask(Wire.request("tools/list", in: .v2024_11_05))
        #expect(list["result"]?.names == ["tools"])
        #expect(list["result"]?["tools"]?.first?.names == ["name", "description", "inputSchema"])
    }

    @Test func learnNothingFromOneAnother() throws {
        let wire = Wire()
        let form = Wire.request(
            "tools/call", #""name":"a""#, id: "1", in: .modern, capabilities: #"{"elicitation":{}}"#)
        #expect(try wire.call(form).elicitation == [.form])
        #expect(try wire.call(Wire.request("tools/call", #""name":"a""#, id: "2", in: .modern)).elicitation == [])
    }
}
