// What the HTTP layer of Proxmox VE refuses before anybody looks at the path.
// SPDX-License-Identifier: MIT

/// The rules a request must keep to have its body read.
enum HTTPRules {
    /// The largest body of a request that is not an upload.
    static let maximumBody = 512 * 1024

    /// The answer to a request that breaks a rule; nil when it keeps them all.
    static func refusal(of request: HTTPRequest) -> HTTPAnswer? {
        let method = request.method
        guard ["GET", "POST", "PUT", "DELETE"].contains(method) else {
            return .plain(501, "method '\(method)' not available")
        }
        if let coding = request.header("Transfer-Encoding"), !coding.equalsIgnoringCase("identity") {
            return .plain(501, "chunked transfer encoding not supported")
        }
        guard let length = request.header("Content-Length") else { return nil }
        guard let count = Int(length), count >= 0 else { return .plain(400, "invalid Content-Length '\(length)'") }
        if method == "GET" || method == "DELETE" {
            return count > 0 ? .plain(501, "Unexpected content for method '\(method)'") : nil
        }
        if isUpload(request) { return nil }
        if count > maximumBody { return .plain(501, "for data too large") }
        let type = mediaType(request)
        if count > 0, !["", "application/x-www-form-urlencoded", "application/json"].contains(type),
            !request.target.hasPrefix("/sim/")
        {
            return .plain(506, "upload 'Content-Type '\(request.header("Content-Type") ?? "")' not implemented")
        }
        return nil
    }

    /// Whether the body is a file for a storage; it has no size limit and a syntax of its own.
    static func isUpload(_ request: HTTPRequest) -> Bool {
        request.method == "POST" && request.path.hasSuffix("/upload") && mediaType(request) == "multipart/form-data"
    }

    /// The content type without its parameters, in lower case; empty without one.
    static func mediaType(_ request: HTTPRequest) -> String {
        let type = (request.header("Content-Type") ?? "").prefix { $0 != ";" && $0 != " " && $0 != "," }
        return type.lowercased()
    }
}
