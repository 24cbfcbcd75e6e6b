// The version of a Proxmox VE server.
// SPDX-License-Identifier: MIT

import JSON

/// What GET /version answers.
public struct ServerVersion: Equatable, Sendable {
    /// Such as `9.0.3`.
    public let version: String
    /// Such as `9.0`.
    public let release: String

    public init(version: String, release: String) {
        self.version = version
        self.release = release
    }

    static func read(_ answer: Answer) -> Result<ServerVersion, Failure> {
        guard let version = answer.data?["version"]?.lenientString else {
            return .failure(.badAnswer(request: "GET /version", why: "an answer without a version"))
        }
        return .success(ServerVersion(version: version, release: answer.data?["release"]?.lenientString ?? version))
    }
}
