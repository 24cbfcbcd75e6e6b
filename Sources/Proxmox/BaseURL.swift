// Where the Proxmox VE API is reached.
// SPDX-License-Identifier: MIT

/// The scheme, host and port of a Proxmox VE node or of a proxy in front of it.
public struct BaseURL: Equatable, Sendable {
    /// The address without a trailing slash, such as `https://pve1.example.com:8006`.
    public let text: String
    /// The host as it stands in the address, brackets of an IPv6 address included.
    public let host: String
    public let port: Int
    public let isSecure: Bool
    /// A path in front of `/api2/json`, for servers behind a proxy; empty or beginning with `/`.
    public let prefix: String

    /// Reads an address: port 8006 if it names none; a trailing `/` or `/api2/json` is accepted.
    ///
    /// `http` is accepted for this machine only, as credentials go with every request.
    public init(_ text: String) throws(SettingError) {
        let given = BaseURL.trimmed(text)
        func wrong(_ what: String) -> SettingError {
            SettingError("\(what), got \"\(BaseURL.withoutLogin(given))\"; example: https://pve.example.com:8006")
        }
        guard !given.isEmpty else { throw wrong("expected the address of a Proxmox VE server") }
        guard given.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw wrong("an address has only printable ASCII characters and no blanks or backslashes")
        }
        let lowered = given.lowercased()
        let schemeLength: Int
        if lowered.hasPrefix("https://") {
            isSecure = true
            schemeLength = 8
        } else if lowered.hasPrefix("http://") {
            isSecure = false
            schemeLength = 7
        } else if let colon = lowered.firstRange("://") {
            throw wrong("expected https, not \(lowered[..<colon])")
        } else {
            isSecure = true
            schemeLength = 0
        }
        let rest = given.dropFirst(schemeLength)
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { throw wrong("an address has no ? or #") }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else {
            throw SettingError(
                "the address holds a user or password; they go into settings of their own. "
                    + "Example of an address: https://pve.example.com:8006")
        }
        guard let (host, port) = BaseURL.split(authority) else {
            throw wrong("expected a host and a port from 1 to 65535")
        }
        self.host = host.lowercased()
        self.port = port ?? 8006
        guard let prefix = BaseURL.prefix(rest.dropFirst(authority.count)) else {
            throw wrong("expected an address that ends with the port")
        }
        self.prefix = prefix
        let scheme = isSecure ? "https" : "http"
        self.text = "\(scheme)://\(self.host):\(self.port)\(prefix)"
        guard isSecure || isLoopback else {
            throw wrong("http would send the credentials unprotected, use https (http is for this machine only)")
        }
    }

    /// Whether the host is this machine.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func split(_ authority: Substring) -> (host: Substring, port: Int?)? {
        let host: Substring
        let after: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            after = authority[authority.index(after: end)...]
            guard host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return nil
            }
            guard host.contains(":") else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            after = authority[host.endIndex...]
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" }) else {
                return nil
            }
        }
        guard !host.isEmpty else { return nil }
        if after.isEmpty { return (host, nil) }
        guard after.first == ":", let port = Int(after.dropFirst()), (1...65535).contains(port) else { return nil }
        return (host, port)
    }

    /// What stands in front of `/api2/json`; nil when that cannot be part of an address.
    private static func prefix(_ path: Substring) -> String? {
        var segments = path.split(separator: "/")
        if segments.suffix(2).elementsEqual(["api2", "json"]) {
            segments.removeLast(2)
        } else if segments.last == "api2" {
            segments.removeLast()
        }
        for segment in segments {
            let isPlain = segment.utf8.allSatisfy(PercentEncoding.isUnreserved)
            guard isPlain, segment != ".", segment != ".." else { return nil }
        }
        return segments.map { "/" + $0 }.joined()
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }
        let start = text.drop(while: blanks)
        guard let last = start.lastIndex(where: { !blanks($0) }) else { return "" }
        return String(start[...last])
    }

    /// The address without what stands before an `@`, for messages.
    private static func withoutLogin(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return "…" + text[at...]
    }
}

extension String {
    /// The index at which `other` first occurs.
    fileprivate func firstRange(_ other: String) -> Index? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(other) { return at }
            at = index(after: at)
        }
        return nil
    }
}
