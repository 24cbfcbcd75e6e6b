// SPDX-License-Identifier: MIT

import JSON
import Synchronization
import Testing

@testable import Simulator

@Suite struct LoginTests {
    @Test func `Without credentials nothing is told`() throws {
        let reply = try Fixture().send("GET", "/version", token: nil)
        #expect(reply.status == 401)
        #expect(reply.reason == "No ticket")
        #expect(reply.body == "")
    }

    @Test(arguments: [
        "PVEAPIToken=root@pam!demo=s3cret", "PVEAPIToken root@pam!demo=s3cret",
        "PVEAPIToken=root%40pam%21demo=s3cret; x",
    ])
    func `Tokens are read from the header`(_ header: String) throws {
        #expect(try Fixture().send("GET", "/version", token: nil, headers: [("authorization", header)]).status == 200)
    }

    @Test(arguments: [
        "PVEAPIToken=root@pam!demo=wrong", "PVEAPIToken=root@pam!other=s3cret", "PVEAPIToken=root@pam=s3cret",
        "PVEAPIToken=root@pam!demo",
    ])
    func `Wrong tokens are refused`(_ header: String) throws {
        let reply = try Fixture().send("GET", "/version", token: nil, headers: [("Authorization", header)])
        #expect(reply.status == 401)
        #expect(reply.reason == "Authentication failed!")
        #expect(reply.body == "")
    }

    @Test func `A 401 is held back`() throws {
        let slept = Mutex(0)
        let shared = Slept(slept: 0)
        _ = try Fixture(sleep: { shared.add($0) }).send("GET", "/version", token: nil)
        #expect(shared.total == 3000)
        slept.withLock { $0 = 0 }
    }

    @Test func `A ticket logs in, renews itself, and guards writes`() throws {
        let fixture = try Fixture()
        let login = fixture.send("POST", "/access/ticket", token: nil, form: "username=root@pam&password=pve-sim")
        let data = try #require(JSONDocument(login.answer.body).root["data"])
        let ticket = try #require(data["ticket"]?.string)
        let prevention = try #require(data["CSRFPreventionToken"]?.string)
        let cookie = [("Cookie", "a=b; PVEAuthCookie=\(ticket)")]
        #expect(fixture.send("GET", "/version", token: nil, headers: cookie).status == 200)

        let write = fixture.send(
            "PUT", "/access/password", token: nil, form: "userid=root@pam&password=12345678", headers: cookie)
        #expect(write.reason == "Permission denied - invalid csrf token")
        let guarded = cookie + [("CSRFPreventionToken", prevention)]
        #expect(
            fixture.send(
                "PUT", "/access/password", token: nil, form: "userid=root@pam&password=12345678", headers: guarded
            )
            .status == 200)

        let renewed = fixture.send(
            "POST", "/access/ticket", token: nil, json: #"{"username":"root@pam","password":"\#(ticket)"}"#)
        #expect(renewed.status == 200)
    }

    @Test func `A wrong password is answered with JSON`() throws {
        let reply = try Fixture().send(
            "POST", "/access/ticket", token: nil, form: "username=root&realm=pam&password=no12345")
        #expect(reply.status == 401)
        #expect(reply.reason == "authentication failure")
        #expect(reply.body.hasPrefix("{"))
    }

    @Test func `Tickets end after two hours`() {
        let clock = Slept(slept: 0)
        let credentials = Credentials(now: { clock.total })
        let ticket = credentials.issueTicket(for: "root@pam").ticket
        clock.add(7199)
        #expect(credentials.user(ofTicket: ticket) == "root@pam")
        clock.add(1)
        #expect(credentials.user(ofTicket: ticket) == nil)
    }

    @Test(arguments: [
        ("root@pam", true), ("a.b@x-y!t1", true), ("root", false), ("root@p", false), ("root@pam!", false),
        ("a b@pam", false), ("@pam", false),
    ])
    func `Names of users and tokens`(_ id: String, _ isGood: Bool) {
        #expect((Principal(id) != nil) == isGood)
    }
}

/// A number that a closure on any thread may add to.
final class Slept: Sendable {
    private let slept: Mutex<Int>
    init(slept: Int) { self.slept = Mutex(slept) }
    func add(_ time: Int) { slept.withLock { $0 += time } }
    var total: Int { slept.withLock { $0 } }
}
