// What the start check found out.
// SPDX-License-Identifier: MIT

import JSON

/// Whether the server can be reached with these credentials, as a value that can be shown or passed between processes.
public struct StartVerdict: Equatable, Sendable {
    /// The server's address.
    public let server: String
    /// The token id or user.
    public let identity: String
    /// The server's version; nil when there is a problem.
    public let version: String?
    /// Why the server cannot be used; nil when it can.
    public let problem: String?
    /// What else is worth knowing, one sentence each.
    public let notes: [String]

    public init(server: String, identity: String, version: String?, problem: String?, notes: [String]) {
        self.server = server
        self.identity = identity
        self.version = version
        self.problem = problem
        self.notes = notes
    }

    /// Whether the server answers and accepts the credentials.
    public var isGood: Bool { problem == nil }

    /// One line per finding.
    public var text: String {
        let first =
            if let problem {
                problem
            } else {
                "Proxmox VE \(version ?? "of unknown version") at \(server) accepts \(identity)."
            }
        return ([first] + notes).joined(separator: "\n")
    }

    /// The verdict as one JSON object on one line.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("server", server)
            $0.member("identity", identity)
            if let version { $0.member("version", version) }
            if let problem { $0.member("problem", problem) }
            $0.member("notes") { $0.array { for note in notes { $0.string(note) } } }
        }
        return writer.bytes
    }

    /// Reads what ``json`` wrote; nil when it is something else.
    public init?(json: some Collection<UInt8>) {
        guard let root = try? JSONDocument(json).root, let server = root["server"]?.string,
            let identity = root["identity"]?.string, let notes = root["notes"]
        else { return nil }
        self.init(
            server: server, identity: identity, version: root["version"]?.string, problem: root["problem"]?.string,
            notes: notes.elements.compactMap(\.string))
    }
}
