// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite struct FaultTests {
    @Test(arguments: [
        ("GET /nodes=500:oops", FaultRule.Effect.status(500, reason: "oops", body: .json)),
        ("* /nodes/**=595", .status(595, reason: nil, body: .empty)),
        ("GET /x=empty:500:a:b", .status(500, reason: "a:b", body: .empty)),
        ("GET /x=html", .status(502, reason: nil, body: .html)),
        ("GET /x=html:504", .status(504, reason: nil, body: .html)),
        ("GET /x=half", .half), ("GET /x=silence", .silence), ("POST /x=drop", .drop),
        ("GET /x=drop-idle", .dropIdle), ("GET /x=latency:20", .latency(20)),
    ])
    func `Rules are read`(_ text: String, _ effect: FaultRule.Effect) throws {
        #expect(try FaultRule(text).effect == effect)
    }

    @Test(arguments: [
        "GET /x", "GET=500", "GET x=500", "FETCH /x=500", "GET /x=", "GET /x=5", "GET /x=slow", "GET /x=500#0",
        "GET /x=500#many", "GET /x=latency:-1", "GET /x=half:1",
    ])
    func `Nonsense is refused with the way out`(_ text: String) {
        let error = #expect(throws: FaultRule.SyntaxError.self) { try FaultRule(text) }
        #expect(error?.description.contains("'") == true)
    }

    @Test(arguments: [
        ("GET /nodes", "GET", "nodes", true), ("GET /nodes", "POST", "nodes", false),
        ("GET /nodes", "GET", "nodes/pve1", false), ("* /nodes/*", "PUT", "nodes/pve1", true),
        ("* /nodes/**", "PUT", "nodes/pve1/qemu", true), ("* /**", "GET", "", true),
        ("GET /nodes/pve*/q*u", "GET", "nodes/pve2/qemu", true), ("GET /nodes/pve*", "GET", "nodes/other", false),
    ])
    func `Patterns choose requests`(_ requests: String, _ method: String, _ path: String, _ applies: Bool) throws {
        let rule = try FaultRule(requests: requests, effect: .half)
        #expect(rule.applies(method: method, path: path.split(separator: "/").map { String($0) }) == applies)
    }

    @Test func `A counted rule ends`() throws {
        let fixture = try Fixture(faults: ["GET /version=500:oops#2"])
        #expect(fixture.send("GET", "/version").reason == "oops")
        #expect(fixture.send("GET", "/version").body == #"{"data":null,"message":"oops\n"}"#)
        #expect(fixture.send("GET", "/version").status == 200)
    }

    @Test func `A dropped request is carried out, a silent one is not`() throws {
        let fixture = try Fixture(faults: ["GET /version=drop#1", "GET /version=silence"])
        let silent = fixture.send("GET", "/version")
        #expect(silent.delivery == .dropped || silent.delivery == .silence)
        let next = try Fixture(faults: ["PUT /access/password=drop#1"])
        let changed = next.send(
            "PUT", "/access/password", token: nil, form: "userid=root@pam&password=12345678", headers: next.rootHeaders)
        #expect(changed.delivery == .dropped)
        #expect(next.credentials.isPassword("12345678", ofUser: "root@pam"))
        let never = try Fixture(faults: ["PUT /access/password=silence#1"])
        _ = never.send(
            "PUT", "/access/password", token: nil, form: "userid=root@pam&password=12345678", headers: never.rootHeaders
        )
        #expect(!never.credentials.isPassword("12345678", ofUser: "root@pam"))
    }

    @Test func `Faults combine`() throws {
        let slept = Slept(slept: 0)
        let fixture = try Fixture(
            faults: ["* /**=latency:20", "GET /version=latency:5", "GET /version=half", "GET /version=drop-idle"],
            sleep: { slept.add($0) })
        let reply = fixture.send("GET", "/version")
        #expect(slept.total == 25)
        #expect(reply.delivery == .half)
        #expect(reply.endsSilently)
    }

    @Test func `Faults and the log are switched at run time`() throws {
        let fixture = try Fixture(control: true)
        #expect(fixture.send("POST", "/sim/faults", json: #"["GET /version=500:a#1"]"#).status == 200)
        #expect(fixture.send("GET", "/sim/faults").body == #"[{"rule":"GET /version=500:a#1","remaining":1}]"#)
        #expect(fixture.send("GET", "/version").reason == "a")
        #expect(fixture.send("POST", "/sim/faults", json: #"["nonsense"]"#).status == 400)
        #expect(fixture.send("DELETE", "/sim/faults").body == "[]")
        let log = try JSONDocument(fixture.send("GET", "/sim/log").answer.body).root
        #expect(log.elements.map { $0["status"]?.int } == [500])
        #expect(try Fixture().send("GET", "/sim/log").status == 501)
    }
}
