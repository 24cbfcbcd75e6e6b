// The path of an API request: the format asked for, and the decoded parts behind it.
// SPDX-License-Identifier: MIT

import JSON

/// `/api2/json/nodes/pve1` as format `json` and parts `nodes`, `pve1`.
struct APITarget {
    let format: APIFormat
    let parts: [String]

    /// nil for a path outside the API, or a format it does not have.
    init?(_ path: Substring) {
        let parts = path.split(separator: "/")
        guard parts.count >= 2, parts[0] == "api2", let format = APIFormat(rawValue: String(parts[1])) else {
            return nil
        }
        self.format = format
        self.parts = parts.dropFirst(2).map { PercentEncoding.decode($0) }
    }
}

/// The shape of the answers.
enum APIFormat: String {
    case json
    /// For the web interface: always status 200, with the outcome inside.
    case extjs

    /// An answer of the API in this format.
    func answer(_ answer: APIAnswer) -> HTTPAnswer {
        switch (self, answer) {
        case (.json, .data(let json, let total)):
            return HTTPAnswer(status: 200, reason: "OK", body: Self.body(json, total))
        case (let format, .changed(let json, let changes)):
            let body = Self.body(json, nil, success: format == .extjs, changes: changes)
            return HTTPAnswer(status: 200, reason: "OK", body: body)
        case (.json, .failure(let status, let message, let errors)):
            // The connection to another node broke: there is no daemon to write a body.
            if status >= 590 { return .plain(status, message) }
            return HTTPAnswer(status: status, reason: message, body: Self.body(message, errors, status: nil))
        case (.extjs, .data(let json, let total)):
            return HTTPAnswer(status: 200, reason: "OK", body: Self.body(json, total, success: true))
        case (.extjs, .failure(let status, let message, let errors)):
            return HTTPAnswer(status: 200, reason: "OK", body: Self.body(message, errors, status: status))
        }
    }

    private static func body(
        _ json: [UInt8], _ total: Int?, success: Bool = false, changes: String? = nil
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(json.count + 32)
        body += "{\"data\":".utf8
        body += json
        if let total { body += ",\"total\":\(total)".utf8 }
        if let changes {
            var writer = JSONWriter()
            writer.string(changes)
            body += ",\"changes\":".utf8
            body += writer.bytes
        }
        if success { body += ",\"success\":1".utf8 }
        body += "}".utf8
        return body
    }

    private static func body(
        _ message: String, _ errors: [(parameter: String, text: String)], status: Int?
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("data")
            writer.null()
            writer.member("message", message.hasSuffix("\n") ? message : message + "\n")
            if let status {
                writer.member("success", 0)
                writer.member("status", status)
            }
            if !errors.isEmpty {
                writer.member("errors") { writer in
                    writer.object { writer in for (name, text) in errors { writer.member(name, text) } }
                }
            }
        }
        return writer.bytes
    }
}
