// An answer as it goes over the wire, with the reason phrase Proxmox puts its error texts in.
// SPDX-License-Identifier: MIT

import Glibc

/// Status line, header fields and body of an answer.
struct HTTPAnswer: Sendable {
    var status: Int
    /// One line; Proxmox carries the first line of an error message here.
    var reason: String
    var contentType = "application/json;charset=UTF-8"
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// The bytes to send. An empty body has no length: the end of the connection is its end, as with Proxmox.
    func bytes(version: String, closing: Bool, date: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(320 + body.count)
        func line(_ text: String) {
            out.append(contentsOf: text.utf8)
            out.append(0x0D)
            out.append(0x0A)
        }
        line("HTTP/\(version) \(status) \(reasonLine)")
        line("Cache-Control: max-age=0")
        line(closing ? "Connection: close" : "Connection: Keep-Alive")
        line("Date: \(date)")
        line("Pragma: no-cache")
        line("Server: pve-api-daemon/3.0")
        if !body.isEmpty {
            line("Content-Length: \(body.count)")
            line("Content-Type: \(contentType)")
        } else if !closing {
            line("Content-Length: 0")
        }
        line("Expires: \(date)")
        for (name, value) in headers { line("\(name): \(value)") }
        line("")
        out.append(contentsOf: body)
        return out
    }

    /// The first line of the reason; the code's usual phrase when there is none, or when a carriage return would
    /// break the head apart.
    private var reasonLine: String {
        let line = reason.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).first.map { String($0) } ?? ""
        guard let first = line, !first.isEmpty, !first.utf8.contains(0x0D) else { return Self.phrase(for: status) }
        return first
    }

    /// The phrase RFC 9110 has for a status code.
    static func phrase(for status: Int) -> String {
        switch status {
        case 200: "OK"
        case 301: "Moved Permanently"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 595: "Connection refused"
        case 596: "Broken pipe"
        default: "Error"
        }
    }
}

/// What happens to a request in the end.
struct HTTPReply: Sendable {
    /// How much of the answer reaches the client.
    enum Delivery: Sendable {
        case whole
        /// The head, half of the body, then the end of the connection.
        case half
        /// The connection ends without an answer.
        case dropped
        /// Nothing is ever sent; the connection stays until the client gives up.
        case silence
    }

    var answer: HTTPAnswer
    var delivery = Delivery.whole
    /// Whether the connection ends after the answer although the answer does not say so.
    var endsSilently = false

    init(_ answer: HTTPAnswer) {
        self.answer = answer
    }
}

/// Time of day in the notation of HTTP headers.
enum HTTPDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` for a number of seconds since 1970.
    static func text(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        return "\(day) \(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
