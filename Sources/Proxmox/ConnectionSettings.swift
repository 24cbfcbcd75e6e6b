// How to reach a Proxmox VE server and who to be there.
// SPDX-License-Identifier: MIT

/// Everything a ``Client`` needs to know about its server.
public struct ConnectionSettings: Sendable {
    public var baseURL: BaseURL
    public var credentials: Credentials
    /// A PEM file of authorities that is used in place of the system's.
    public var caFile: String?
    /// The only certificate that is accepted. It replaces the check by authorities and by name.
    public var fingerprint: Fingerprint?
    /// Whether the server's certificate is checked when no fingerprint is given.
    public var verifyTLS = true
    /// Seconds from the start of a request to the end of its answer.
    public var timeoutSeconds = 30.0
    /// Seconds until a connection stands.
    public var connectTimeoutSeconds = 10.0
    /// Ask for compressed answers. Saves time on slow lines only: compressing costs the server more than a LAN does.
    public var compresses = false
    /// How many reading requests are under way at once; others wait.
    public var concurrentReads = 8
    /// How many writing requests are under way at once, each on a connection of its own.
    public var concurrentWrites = 4
    /// The largest answer that is read, in bytes.
    public var answerLimit = 256 << 20

    public init(baseURL: BaseURL, credentials: Credentials) {
        self.baseURL = baseURL
        self.credentials = credentials
    }
}
