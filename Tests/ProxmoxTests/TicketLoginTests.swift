// When a user and password are sent, and when a ticket is enough.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Ticket login")
struct TicketLoginTests {
    let ticket = TicketLogin.Ticket(value: "PVE:root@pam:1", csrf: "c1")
    static let minute: UInt64 = 60_000_000_000
    let refused = Failure.unauthorized(identity: "root@pam", isToken: false, reason: "authentication failure")

    @Test("one login serves everybody who waits")
    func logsInOnce() {
        var login = TicketLogin(password: "geheim")
        #expect(login.next(now: 0) == .logIn(password: "geheim"))
        #expect(login.next(now: 1) == .wait)
        login.accepted(ticket, now: 2)
        #expect(login.next(now: 3) == .use(ticket))
        #expect(login.next(now: 89 * Self.minute) == .use(ticket))
    }

    @Test("a ticket is renewed with itself before it ends, and with the password after")
    func renews() {
        var login = TicketLogin(password: "geheim")
        _ = login.next(now: 0)
        login.accepted(ticket, now: 0)
        #expect(login.next(now: 91 * Self.minute) == .logIn(password: ticket.value))
        #expect(login.next(now: 91 * Self.minute) == .wait)
        let second = TicketLogin.Ticket(value: "PVE:root@pam:2", csrf: "c2")
        login.accepted(second, now: 91 * Self.minute)
        #expect(login.next(now: 92 * Self.minute) == .use(second))
        #expect(login.next(now: 300 * Self.minute) == .logIn(password: "geheim"))
    }

    @Test("a renewal that is refused is followed by the password")
    func renewalFails() {
        var login = TicketLogin(password: "geheim")
        _ = login.next(now: 0)
        login.accepted(ticket, now: 0)
        _ = login.next(now: 91 * Self.minute)
        let goesOn = login.rejected(refused, now: 91 * Self.minute)
        #expect(goesOn)
        #expect(login.next(now: 91 * Self.minute) == .logIn(password: "geheim"))
    }

    @Test("a refused password is not tried again at once")
    func pauses() {
        var login = TicketLogin(password: "geheim")
        _ = login.next(now: 0)
        let goesOn = login.rejected(refused, now: 0)
        #expect(!goesOn)
        #expect(login.next(now: Self.minute / 12) == .refused)
        #expect(login.refusal?.message.contains("root@pam") == true)
        #expect(login.next(now: Self.minute / 6) == .logIn(password: "geheim"))
    }

    @Test("a server that cannot be reached says nothing about the password")
    func retriesAfterOutage() {
        var login = TicketLogin(password: "geheim")
        _ = login.next(now: 0)
        let goesOn = login.rejected(.unreachable(host: "pve1", why: "refused"), now: 0)
        #expect(!goesOn)
        #expect(login.next(now: 1) == .logIn(password: "geheim"))
    }

    @Test("only the ticket in use can be lost")
    func loses() {
        var login = TicketLogin(password: "geheim")
        _ = login.next(now: 0)
        login.accepted(ticket, now: 0)
        login.lost(TicketLogin.Ticket(value: "older", csrf: ""))
        #expect(login.next(now: 1) == .use(ticket))
        login.lost(ticket)
        #expect(login.next(now: 2) == .logIn(password: "geheim"))
    }
}
