// A simulator without sockets: requests go in, replies come out.
// SPDX-License-Identifier: MIT

import JSON

@testable import Simulator

/// A server whose 401 delays and latencies are only written down.
struct Fixture {
    let api: APIServer
    let credentials: Credentials
    static let facts: APIFacts? = try? APIFacts(release: "9.2")

    init(
        faults: [String] = [], offline: [String] = [], control: Bool = false,
        sleep: @escaping @Sendable (Int) -> Void = { _ in }, now: @escaping @Sendable () -> Int = { 1_000_000 }
    ) throws {
        let credentials = Credentials(now: now)
        for id in ["root@pam!demo", "root@pam!nothing", "auditor@pve!ro"] {
            credentials.setSecret("s3cret", ofToken: id)
        }
        credentials.setPassword("pve-sim", ofUser: "root@pam")
        self.credentials = credentials
        var options = WorldOptions()
        options.offlineNodes = offline
        api = APIServer(
            facts: try APIFacts(release: "9.2"), world: World(options: options), credentials: credentials,
            faults: Faults(try faults.map { try FaultRule($0) }), log: RequestLog(file: nil, keeps: true),
            loginDelay: 3000, hasControl: control, sleep: sleep)
    }

    func send(
        _ method: String, _ target: String, token: String? = "root@pam!demo", form: String? = nil, json: String? = nil,
        headers: [(String, String)] = []
    ) -> HTTPReply {
        var request = HTTPRequest(method: method, target: target.hasPrefix("/sim/") ? target : "/api2/json" + target)
        if let token { request.headers.append(("Authorization", "PVEAPIToken=\(token)=s3cret")) }
        for (name, value) in headers { request.headers.append((name, value)) }
        if let form {
            request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            request.body = Array(form.utf8)
        }
        if let json {
            request.headers.append(("Content-Type", "application/json"))
            request.body = Array(json.utf8)
        }
        return api.handle(request)
    }

    /// Root's own ticket, for calls that tokens may not make.
    var rootHeaders: [(String, String)] {
        let (ticket, prevention) = credentials.issueTicket(for: "root@pam")
        return [("Cookie", "PVEAuthCookie=\(ticket)"), ("CSRFPreventionToken", prevention)]
    }
}

extension HTTPReply {
    var status: Int { answer.status }
    var reason: String { answer.reason }
    var body: String { String(decoding: answer.body, as: UTF8.self) }

    /// The text for one parameter in `errors`.
    func error(_ parameter: String) -> String? {
        (try? JSONDocument(answer.body))?.root["errors"]?[parameter]?.string
    }
}
