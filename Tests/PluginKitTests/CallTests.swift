// Code of a tool against a host: reading, asking, replying, failing.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@testable import PluginKitHosted

@Suite("Call")
struct CallTests {
    @discardableResult
    private func run(
        _ arguments: String = "{}", on host: UnsafePointer<pve_host> = FakeHost.table,
        answer: @escaping (SentRequest) -> FakeAnswer = { _ in .json("null") }, cancelled: Bool = false,
        _ code: @escaping Tool.Code
    ) throws -> FakeCall {
        let tool = Tool("t", "T", tier: .full, effect: .changes, "d", sends: [], answers: .nothing, code: code)
        let call = try FakeCall(arguments: arguments, answer: answer)
        call.isCancelled = cancelled
        call.run(tool.descriptor.call.pointee, on: host)
        return call
    }

    @Test func readsArguments() throws {
        let text = #"{"n":"512","b":1,"f":"0.5","s":"qemu","o":{"x":1,"y":2},"z":null}"#
        let call = try run(text) { call throws(CallFailure) in
            let given = call.arguments
            guard given["n"].int == 512, given["b"].bool == true, given["f"].double == 0.5, given["s"].string == "qemu",
                given["s"].isText("qemu"), !given["s"].isText("qem"), !given["s"].isText("qemu2"),
                given["s"].contains("em"), given["s"].contains("qemu"), !given["s"].contains("qemux"),
                given["s"].int == nil, given["s"].bool == nil, given["none"].kind == .missing,
                !given["none"].exists, !given["z"].exists, given["z"].kind == .null, given["none"].string == nil,
                given.count == 6, given["o"].elements.reduce(0, { $0 + ($1.int ?? 0) }) == 3,
                Array(given["s"].elements).isEmpty, Array(given["none"].elements).isEmpty
            else { throw .text("a value was read as something else") }
            try call.reply(given["s"])
        }
        #expect(call.failure == nil)
        #expect(call.reply == #""qemu""#)
    }

    @Test func sendsRequests() throws {
        let call = try run(#"{"id":100}"#, answer: { _ in .json(#"{"ok":1}"#) }) { call throws(CallFailure) in
            var more: RequestParameters = ["id": .value(call.arguments["id"]), "type": "vm", "full": true, "count": 3]
            more.set("name", .string("näme"))
            more.set("rate", .double(1.5))
            try call.reply(call.send(.put("/a/{id}"), more, withArguments: true))
        }
        let sent = ["id": "100", "type": "vm", "full": "true", "count": "3", "name": "näme", "rate": "1.5"]
        #expect(call.requests == [SentRequest(method: 3, path: "/a/{id}", parameters: sent, withArguments: true)])
        #expect(call.reply == #"{"ok":1}"#)
    }

    @Test func writesAnswers() throws {
        let call = try run(#"{"v":[1]}"#) { call throws(CallFailure) in
            try call.reply { answer throws(CallFailure) in
                try answer.object { () throws(CallFailure) in
                    try answer.member("v", .value(call.arguments["v"]))
                    try answer.member("t", "text")
                    try answer.member("s", .string("a\"b"))
                    try answer.name("l")
                    try answer.array { () throws(CallFailure) in
                        try answer.write(1)
                        try answer.write(.double(0.5))
                        try answer.write(false)
                        try answer.null()
                    }
                }
            }
        }
        #expect(call.reply == #"{"v":[1],"t":"text","s":"a\"b","l":[1,0.5,false,null]}"#)
        #expect(call.replies == 1)
    }

    @Test(arguments: [PVE_FAILED, PVE_REFUSED])
    func failsWithTheHostsWords(status: pve_status) throws {
        let call = try run(answer: { _ in .status(Int32(status.rawValue), "VM 9 does not exist") }) {
            call throws(CallFailure) in try call.reply(call.send(.get("/a")))
        }
        #expect(call.failure == "VM 9 does not exist")
        #expect(call.replies == 1)
    }

    @Test func failsWithItsOwnWords() throws {
        #expect(try run { _ throws(CallFailure) in throw .text("No node is online.") }.failure == "No node is online.")
        let call = try run(#"{"n":3}"#) { call throws(CallFailure) in
            throw .message("\(call.arguments["n"].int ?? 0) nodes are offline.")
        }
        #expect(call.failure == "3 nodes are offline.")
    }

    @Test func stopsWhenCancelled() throws {
        let sent = try run(answer: { _ in .status(Int32(PVE_CANCELLED.rawValue), "") }) { call throws(CallFailure) in
            try call.send(.get("/a"))
            try call.send(.get("/b"))
        }
        #expect(sent.requests.count == 1)
        #expect(sent.failure == "The call was cancelled.")
        let told = try run(cancelled: true) { call throws(CallFailure) in
            guard call.isCancelled else { throw .text("not cancelled") }
            try call.progress(1, of: 2, "half")
        }
        #expect(told.progress == ["half"])
        #expect(told.failure == "The call was cancelled.")
    }

    @Test func keepsTheFirstReply() throws {
        let call = try run(#"{"a":1}"#) { call throws(CallFailure) in
            try call.reply(call.arguments)
            try call.reply(call.arguments)
        }
        #expect(call.reply == #"{"a":1}"#)
        #expect(call.failure == nil)
    }

    @Test func refusesToReplyWithNothing() throws {
        let call = try run { call throws(CallFailure) in try call.reply(call.arguments["none"]) }
        #expect(call.failure == "The tool's code wrote an answer that is not of its shape.")
    }

    @Test func saysWhatTheHostLacks() throws {
        let call = try run(on: FakeHost.bare) { call throws(CallFailure) in try call.reply(call.arguments) }
        #expect(call.failure == "This host lacks pve.json/1 or pve.request/1; use a newer one.")
    }
}
