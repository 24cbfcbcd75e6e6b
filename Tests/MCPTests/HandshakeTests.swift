// The handshake of the older revisions.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Handshake")
struct HandshakeTests {
    @Test(arguments: Revision.allCases.filter { !$0.isStateless })
    func answersWithTheRevisionThatWasAskedFor(_ revision: Revision) throws {
        let wire = Wire()
        let result = try #require(try wire.ask(Wire.initialize(revision.rawValue))["result"])
        #expect(result["protocolVersion"]?.string == revision.rawValue)
        #expect(result["capabilities"]?.rawText == #"{"tools":{}}"#)
        #expect(result["instructions"]?.string == Wire.instructions)
    }

    @Test(arguments: ["2026-07-28", "2024-10-07", "2030-01-01", "", "newest"])
    func offersTheNewestHandshakeForAnyOtherRevision(_ version: String) throws {
        let wire = Wire()
        #expect(try wire.ask(Wire.initialize(version))["result"]?["protocolVersion"]?.string == "2025-11-25")
    }

    @Test(arguments: [
        (Revision.v2024_11_05, ["name", "version"]),
        (.v2025_03_26, ["name", "version"]),
        (.v2025_06_18, ["name", "title", "version"]),
        (.v2025_11_25, ["name", "title", "version", "description", "websiteUrl"]),
    ])
    func identifiesTheServerWithWhatTheRevisionHas(_ revision: Revision, _ names: [String]) throws {
        let wire = Wire()
        #expect(try wire.ask(Wire.initialize(revision.rawValue))["result"]?["serverInfo"]?.names == names)
    }

    @Test func leavesOutWhatTheIdentityDoesNotHave() throws {
        let identity = ServerIdentity(name: "a", title: "b", version: "c")
        var session = Session(identity: identity, instructions: { "" }, tools: { [] })
        let actions = session.receive(Array(Wire.initialize("2025-11-25").utf8))
        let result = try #require(try read(actions.first?.frame)["result"])
        #expect(result["serverInfo"]?.names == ["name", "title", "version"])
        #expect(result.names == ["protocolVersion", "capabilities", "serverInfo"])
    }

    @Test func declaresListChangesWhenTheServerTellsThem() throws {
        let wire = Wire(listChanged: true)
        let capabilities = try wire.ask(Wire.initialize("2025-06-18"))["result"]?["capabilities"]
        #expect(capabilities?["tools"]?["listChanged"]?.bool == true)
    }

    @Test func mayHappenAgain() throws {
        let wire = Wire(greeted: .v2024_11_05)
        _ = try wire.ask(Wire.initialize("2025-06-18"))
        let list = try wire.ask(Wire.request("tools/list", in: .v2025_06_18))
        #expect(list["result"]?["tools"]?.first?["title"] != nil)
    }

    @Test func mayFollowRequestsThatStandAlone() throws {
        let wire = Wire()
        #expect(try wire.ask(Wire.request("server/discover", in: .modern))["result"] != nil)
        let answer = try wire.ask(Wire.initialize("2025-11-25"))
        #expect(answer["result"]?["protocolVersion"]?.string == "2025-11-25")
    }

    @Test(arguments: ["2026-07-28", "2025-11-25", "1999-01-01"])
    func isNoMethodOfRequestsThatStandAlone(_ version: String) throws {
        let wire = Wire()
        let answer = try wire.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"#
                + #""_meta":{"io.modelcontextprotocol/protocolVersion":"\#(version)"}}}"#)
        #expect(answer.errorCode == -32601)
    }

    @Test(arguments: [#""params":{}"#, #""params":{"protocolVersion":1}"#, #""params":[]"#, #""id":2"#])
    func needsAVersionThatIsAString(_ member: String) throws {
        let wire = Wire()
        #expect(try wire.ask(#"{"jsonrpc":"2.0","id":1,"method":"initialize",\#(member)}"#).errorCode == -32602)
    }

    @Test func answersPingBeforeAndAfter() throws {
        let wire = Wire()
        let ping = #"{"jsonrpc":"2.0","id":"p","method":"ping"}"#
        #expect(try wire.ask(ping).rawText == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
        _ = try wire.ask(Wire.initialize("2025-11-25"))
        #expect(try wire.ask(ping).rawText == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
    }

    @Test func isNotNeededToCallATool() throws {
        let wire = Wire()
        #expect(try wire.ask(Wire.request("tools/list", in: .v2025_11_25))["result"]?["tools"]?.count == 2)
        let call = try wire.call(Wire.request("tools/call", #""name":"version""#, in: .v2025_11_25))
        #expect(call.revision == .v2025_11_25)
    }

    @Test(arguments: [
        "logging/setLevel", "resources/list", "resources/templates/list", "resources/read", "resources/subscribe",
        "prompts/list", "prompts/get", "completion/complete", "tasks/list", "subscriptions/listen", "no/such", "",
    ])
    func knowsNoMethodItDidNotDeclare(_ method: String) throws {
        for revision in Revision.allCases where !revision.isStateless {
            let wire = Wire(greeted: revision)
            let answer = try wire.ask(Wire.request(method, in: revision))
            #expect(answer.errorCode == -32601)
            #expect(answer["id"]?.int == 7)
        }
    }

    @Test func wantsVersionedMetaForDiscovery() throws {
        let wire = Wire()
        let line = #"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#
        #expect(try wire.ask(line).errorCode == -32602)
        _ = try wire.ask(Wire.initialize("2025-11-25"))
        #expect(try wire.ask(line).errorCode == -32602)
    }

    @Test func asksForToolsAndInstructionsOnlyWhenTheyAreWanted() throws {
        final class Count { var tools = 0, instructions = 0 }
        let count = Count()
        var session = Session(
            identity: Wire.identity,
            instructions: {
                count.instructions += 1
                return "x"
            },
            tools: {
                count.tools += 1
                return [.plain]
            })
        _ = session.receive(Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8))
        #expect(count.instructions == 0)
        for _ in 0..<2 { _ = session.receive(Array(Wire.initialize("2025-11-25").utf8)) }
        #expect(count.instructions == 1)
        #expect(count.tools == 0)
        for revision in Revision.allCases {
            _ = session.receive(Array(Wire.request("tools/list", in: revision).utf8))
        }
        #expect(count.tools == 1)
    }
}
