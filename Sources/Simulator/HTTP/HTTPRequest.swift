// One HTTP/1.x request as it came over the wire.
// SPDX-License-Identifier: MIT

/// A request: its line, its header fields and its whole body.
struct HTTPRequest: Sendable {
    var method: String
    /// The request target as sent: path and query, still percent-encoded.
    var target: String
    /// `1.1` or `1.0`.
    var version = "1.1"
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// The value of the first header field with this name, compared without case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    /// The part of the target before the question mark.
    var path: Substring { target.prefix { $0 != "?" } }

    /// The part of the target behind the question mark; empty without one.
    var query: Substring { target[path.endIndex...].dropFirst() }

    /// Whether the client wants to go on with this connection after the answer.
    var wantsKeepAlive: Bool {
        let connection = header("Connection") ?? ""
        return version == "1.1" ? !connection.equalsIgnoringCase("close") : connection.equalsIgnoringCase("keep-alive")
    }
}

extension StringProtocol {
    /// ASCII letters compare without case; all else as it is.
    func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { left, right in
                left == right || (left | 0x20 == right | 0x20 && (0x61...0x7A).contains(left | 0x20))
            }
    }
}
