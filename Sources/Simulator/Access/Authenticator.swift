// Finds out who a request comes from, by its cookie or its Authorization header.
// SPDX-License-Identifier: MIT

/// Why a request is not let in: the reason phrase of a 401 with an empty body.
struct LoginError: Error, Equatable {
    let reason: String
}

extension Credentials {
    /// The principal of a request. A cookie wins over the header.
    func principal(of request: HTTPRequest, isExemptFromPrevention: Bool = false) throws(LoginError) -> Principal {
        if let ticket = Self.ticket(of: request) {
            guard let user = user(ofTicket: ticket), let principal = Principal(user) else {
                throw LoginError(reason: "permission denied - invalid PVE ticket")
            }
            if request.method != "GET", !isExemptFromPrevention {
                guard let token = request.header("CSRFPreventionToken"), isPreventionToken(token, ofUser: user) else {
                    throw LoginError(reason: "Permission denied - invalid csrf token")
                }
            }
            return principal
        }
        guard let token = Self.value(of: "PVEAPIToken", in: request.header("Authorization") ?? "") else {
            throw LoginError(reason: "No ticket")
        }
        guard let mark = token.firstIndex(of: "="),
            let principal = Principal(token[..<mark]), principal.token != nil,
            isSecret(String(token[token.index(after: mark)...]), ofToken: principal.id)
        else { throw LoginError(reason: "Authentication failed!") }
        return principal
    }

    private static func ticket(of request: HTTPRequest) -> String? {
        for (name, cookies) in request.headers where name.equalsIgnoringCase("Cookie") {
            for cookie in cookies.split(separator: ";") {
                if let ticket = value(of: "PVEAuthCookie", in: cookie.drop { $0 == " " }) { return ticket }
            }
        }
        return value(of: "PVEAuthCookie", in: request.header("Authorization") ?? "")
    }

    /// The value in `name=value` or `name value`, up to a semicolon, decoded.
    private static func value(of name: String, in text: some StringProtocol) -> String? {
        guard text.hasPrefix(name) else { return nil }
        let rest = text.dropFirst(name.count)
        guard let separator = rest.first, separator == "=" || separator == " " else { return nil }
        let value = rest.dropFirst().drop { $0 == " " }.prefix { $0 != ";" }
        return value.isEmpty ? nil : PercentEncoding.decode(value)
    }
}
