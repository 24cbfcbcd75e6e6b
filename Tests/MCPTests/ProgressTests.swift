// Progress notifications and cancellation.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

@Suite("Progress and cancellation")
struct ProgressTests {
    @Test(arguments: Revision.allCases)
    func carriesTheTokenAndWhatTheRevisionHas(_ revision: Revision) throws {
        for token in [#""t\"1""#, "0", "-12"] {
            let wire = Wire(greeted: revision)
            let call = try wire.call(
                Wire.request("tools/call", #""name":"a""#, in: revision, meta: #""progressToken":\#(token)"#))
            #expect(call.wantsProgress)
            let frame = wire.progress(call.key, 0.5, total: 2, message: "half\na step")
            let notice = try read(frame)
            #expect(notice.names == ["jsonrpc", "method", "params"])
            #expect(notice["method"]?.string == "notifications/progress")
            let params = try #require(notice["params"])
            #expect(params["progressToken"]?.rawText == token)
            #expect(params["progress"]?.double == 0.5)
            #expect(params["total"]?.double == 2)
            #expect(params["message"]?.string == (revision == .v2024_11_05 ? nil : "half\na step"))
        }
    }

    @Test(arguments: ["", #""progressToken":null"#])
    func isToldToThoseWhoAskedOnly(_ meta: String) throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .modern, meta: meta))
        #expect(!call.wantsProgress)
        #expect(wire.progress(call.key, 1) == nil)
    }

    @Test func onlyGrows() throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, in: .modern, meta: #""progressToken":1"#))
        let values: [Double] = [0, 0, 1, 0.5, .nan, .infinity, 1, 1.5]
        let sent = values.map { wire.progress(call.key, $0) != nil }
        #expect(sent == [true, false, true, false, false, false, false, true])
        let odd = try read(wire.progress(call.key, 2, total: .infinity))
        #expect(odd["params"]?.names == ["progressToken", "progress"])
    }

    @Test func endsWithTheCall() throws {
        let wire = Wire()
        let line = Wire.request("tools/call", #""name":"a""#, in: .modern, meta: #""progressToken":1"#)
        let call = try wire.call(line)
        _ = wire.finish(call.key, .init(.text("")))
        #expect(wire.progress(call.key, 1) == nil)
        let again = try wire.call(line)
        #expect(wire.progress(call.key, 1) == nil)
        #expect(wire.progress(again.key, 1) != nil)
    }

    @Test(arguments: Revision.allCases)
    func aCancelledCallIsSilent(_ revision: Revision) throws {
        let wire = Wire(greeted: revision)
        let call = try wire.call(
            Wire.request("tools/call", #""name":"a""#, id: #""x""#, in: revision, meta: #""progressToken":1"#))
        let actions = wire.send(Self.cancellation(of: #""x""#))
        #expect(actions.count == 1)
        #expect(actions.first?.cancelled == call.key)
        #expect(wire.pendingCalls == 0)
        #expect(wire.progress(call.key, 1) == nil)
        #expect(wire.finish(call.key, .init(.text(""))) == nil)
        #expect(wire.fail(call.key, .internalError("x")) == nil)
        #expect(wire.send(Self.cancellation(of: #""x""#)).isEmpty)
    }

    @Test func aCancellationOfSomethingElseChangesNothing() throws {
        let wire = Wire(greeted: .v2025_11_25)
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, id: "1", in: .v2025_11_25))
        // "1" is not 1; 0 was the handshake, which cannot be cancelled; 9 was never heard of.
        for id in [#""1""#, "0", "9"] { #expect(wire.send(Self.cancellation(of: id)).isEmpty) }
        #expect(wire.finish(call.key, .init(.text(""))) != nil)
        #expect(wire.send(Self.cancellation(of: "1")).isEmpty)
    }

    @Test(arguments: [
        #""params":{"requestId":null}"#, #""params":{}"#, #""params":[1]"#, #""params":{"requestId":1.5}"#, #""x":0"#,
    ])
    func aCancellationThatMakesNoSenseIsLogged(_ member: String) throws {
        let wire = Wire()
        let call = try wire.call(Wire.request("tools/call", #""name":"a""#, id: "1", in: .modern))
        let actions = wire.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled",\#(member)}"#)
        #expect(actions.count == 1)
        #expect(actions.first?.line != nil)
        #expect(wire.finish(call.key, .init(.text(""))) != nil)
    }

    @Test func anIdMayBeSpelledInAnotherWay() throws {
        let wire = Wire()
        _ = try wire.call(Wire.request("tools/call", #""name":"a""#, id: #""\u0041/""#, in: .modern))
        #expect(wire.send(Self.cancellation(of: #""A\/""#)).first?.cancelled != nil)
        _ = try wire.call(Wire.request("tools/call", #""name":"a""#, id: "3", in: .modern))
        #expect(wire.send(Self.cancellation(of: "3.0")).first?.cancelled != nil)
    }

    static func cancellation(of id: String) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id),"reason":"bored"}}"#
    }
}
