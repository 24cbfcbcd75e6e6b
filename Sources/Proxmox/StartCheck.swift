// Finds out whether a server can be used, before anybody asks for something.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON

/// Asks a server for its version and for what the credentials may do.
public enum StartCheck {
    /// Runs the check on an event loop of its own and returns when it is over. Blocks, so it belongs into a process or a
    /// command of its own.
    public static func run(_ settings: ConnectionSettings) -> StartVerdict {
        let loop = EventLoop()
        let client = Client(settings: settings, policy: UncheckedPolicy(), loop: loop)
        var verdict = StartVerdict(
            server: settings.baseURL.text, identity: settings.credentials.identity, version: nil,
            problem: "The check did not end.", notes: [])
        check(client) {
            verdict = $0
            loop.stop()
        }
        loop.run()
        return verdict
    }

    /// Runs the check with a client that is in use (GET /version, GET /access/permissions).
    public static func check(_ client: Client, completion: @escaping (StartVerdict) -> Void) {
        let settings = client.settings
        client.version { result in
            switch result {
            case .failure(let failure): completion(verdict(settings, nil, failure.message, []))
            case .success(let version):
                client.send(Request(.get, "/access/permissions")) { result in
                    let notes = trust(settings) + permissions(result, settings.credentials)
                    completion(verdict(settings, version.version, nil, notes))
                }
            }
        }
    }

    private static func verdict(
        _ settings: ConnectionSettings, _ version: String?, _ problem: String?, _ notes: [String]
    ) -> StartVerdict {
        StartVerdict(
            server: settings.baseURL.text, identity: settings.credentials.identity, version: version, problem: problem,
            notes: notes)
    }

    private static func trust(_ settings: ConnectionSettings) -> [String] {
        guard settings.baseURL.isSecure, !settings.verifyTLS, settings.fingerprint == nil else { return [] }
        return [
            "The server's certificate is not checked (PVE_VERIFY_SSL is false), so anybody in between can read the "
                + "credentials; set PVE_FINGERPRINT instead."
        ]
    }

    static func permissions(_ result: Result<Answer, Failure>, _ credentials: Credentials) -> [String] {
        let answer: Answer
        switch result {
        case .failure(let failure): return ["What \(credentials.identity) may do is not known: \(failure.message)"]
        case .success(let received): answer = received
        }
        var paths: [(path: String, privileges: [String])] = []
        for member in answer.data.map({ Array($0.members) }) ?? [] {
            let privileges = member.value.members.filter { $0.value.lenientBool == true }.map(\.name).sorted()
            if !privileges.isEmpty { paths.append((member.name, privileges)) }
        }
        paths.sort { $0.path < $1.path }
        guard !paths.isEmpty else { return [nothing(credentials)] }
        let root = paths.first { $0.path == "/" }
        var note = "\(credentials.identity) has "
        if let root {
            note += "\(root.privileges.count) privileges on the whole cluster"
            let others = paths.count - 1
            if others > 0 { note += " and more on \(others) other path\(others == 1 ? "" : "s")" }
        } else {
            let shown = paths.prefix(8).map(\.path).joined(separator: ", ")
            note +=
                "privileges on \(shown)\(paths.count > 8 ? " and \(paths.count - 8) more" : ""), none on the whole cluster"
        }
        return [note + "."]
    }

    private static func nothing(_ credentials: Credentials) -> String {
        let identity = credentials.identity
        guard credentials.isToken else {
            return "\(identity) has no privileges at all, so lists will be empty and changes refused. "
                + "Grant a role: pveum acl modify / --users '\(identity)' --roles PVEAuditor."
        }
        return
            "The token \(identity) has no privileges at all, so lists will be empty and changes refused. It was probably "
            + "made with privilege separation: grant it a role of its own (pveum acl modify / --tokens '\(identity)' "
            + "--roles PVEAuditor), or make it again without separation (--privsep 0)."
    }
}
