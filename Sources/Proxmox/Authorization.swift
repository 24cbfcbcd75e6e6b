// The headers that say who is asking.
// SPDX-License-Identifier: MIT

/// The header lines of the current login, made once and shared by the requests that carry them.
struct Authorization {
    let reads: HeaderLines
    let writes: HeaderLines
    /// The ticket in them; nil for a token.
    let ticket: TicketLogin.Ticket?

    /// A request announces no `100-continue`, which the server does not know.
    private static let noExpect = "Expect:"

    /// What goes with the login itself, which has no credentials in its headers.
    static func none() -> HeaderLines { HeaderLines([noExpect]) }

    init(tokenID id: String, secret: String) {
        let line = "Authorization: PVEAPIToken=\(Authorization.escape(id))=\(Authorization.escape(secret))"
        reads = HeaderLines([line])
        writes = HeaderLines([line, Authorization.noExpect])
        ticket = nil
    }

    init(_ ticket: TicketLogin.Ticket) {
        let cookie = "Cookie: PVEAuthCookie=\(PercentEncoding.encode(ticket.value))"
        reads = HeaderLines([cookie])
        writes = HeaderLines([cookie, "CSRFPreventionToken: \(ticket.csrf)", Authorization.noExpect])
        self.ticket = ticket
    }

    /// The server decodes the value and cuts it at a semicolon.
    private static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "%"): out.append(contentsOf: "%25".utf8)
            case UInt8(ascii: ";"): out.append(contentsOf: "%3B".utf8)
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
