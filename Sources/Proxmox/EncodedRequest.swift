// A request as it goes over the wire.
// SPDX-License-Identifier: MIT

/// The address and the body of a request, every value encoded and checked.
struct EncodedRequest: Equatable {
    /// What the server takes for path and query together. It puts the address into a header a second time when it
    /// passes a request on, and drops requests with more than 8 KiB of headers.
    static let longestTarget = 7 << 10
    /// What the server takes for a body (since 8.4; 64 KiB before).
    static let longestBody = 512 << 10

    let method: Method
    let url: String
    /// Form pairs, possibly none, for a POST or PUT; nil for a GET or DELETE, which must not have a body.
    let body: [UInt8]?

    init(_ request: Request, base: BaseURL) throws(Failure) {
        method = request.method
        var target = Array(base.prefix.utf8)
        target.append(contentsOf: "/api2/json".utf8)
        try EncodedRequest.appendPath(of: request, to: &target)
        var pairs: [UInt8] = []
        try EncodedRequest.appendPairs(of: request.withURLEncodedValues, to: &pairs)
        switch request.method {
        case .get, .delete:
            if !pairs.isEmpty {
                target.append(UInt8(ascii: "?"))
                target.append(contentsOf: pairs)
            }
            body = nil
        case .post, .put:
            guard pairs.count <= EncodedRequest.longestBody else {
                throw .malformedRequest(
                    request: request.name,
                    why:
                        "its values take \(pairs.count) bytes, Proxmox VE accepts \(EncodedRequest.longestBody); shorten them"
                )
            }
            body = pairs
        }
        guard target.count <= EncodedRequest.longestTarget else {
            throw .malformedRequest(
                request: request.name,
                why: "its address takes \(target.count) bytes, Proxmox VE passes on \(EncodedRequest.longestTarget); "
                    + "shorten the values or ask for less at a time")
        }
        let origin = "\(base.isSecure ? "https" : "http")://\(base.host):\(base.port)"
        url = origin + String(decoding: target, as: UTF8.self)
    }

    private static func appendPath(of request: Request, to target: inout [UInt8]) throws(Failure) {
        var used = 0
        let segments = request.template.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count > 1, segments[0].isEmpty else {
            throw .malformedRequest(request: request.name, why: "a path begins with /")
        }
        for segment in segments.dropFirst() {
            target.append(UInt8(ascii: "/"))
            let start = target.count
            var rest = segment
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                try appendLiteral(rest[..<open], of: request, to: &target)
                let name = String(rest[rest.index(after: open)..<close])
                guard let value = request.path[name] else {
                    throw .malformedRequest(request: request.name, why: "it needs a value for {\(name)}")
                }
                try check(value, name, request)
                PercentEncoding.append(value, to: &target)
                used += 1
                rest = rest[rest.index(after: close)...]
            }
            try appendLiteral(rest, of: request, to: &target)
            let written = target[start...]
            guard !written.isEmpty, !written.elementsEqual(".".utf8), !written.elementsEqual("..".utf8) else {
                throw .malformedRequest(request: request.name, why: "a part of its path is empty, \".\" or \"..\"")
            }
        }
        guard used == request.path.count else {
            let extra = request.path.keys.sorted().filter { !request.template.mentions("{\($0)}") }
            throw .malformedRequest(
                request: request.name, why: "its path has no place for \(extra.joined(separator: ", "))")
        }
    }

    private static func appendLiteral(
        _ text: Substring, of request: Request, to target: inout [UInt8]
    ) throws(Failure) {
        guard text.utf8.allSatisfy(PercentEncoding.isUnreserved) else {
            throw .malformedRequest(request: request.name, why: "\"\(text)\" is no part of an API path")
        }
        target.append(contentsOf: text.utf8)
    }

    private static func check(_ value: String, _ name: String, _ request: Request) throws(Failure) {
        let controls = value.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        guard !value.isEmpty, value != ".", value != "..", !controls else {
            throw .invalidPathValue(name: name, value: value, request: request.name)
        }
    }

    private static func appendPairs(of request: Request, to out: inout [UInt8]) throws(Failure) {
        for parameter in request.parameters {
            switch parameter.value {
            case .bool(let value): try append(parameter.name, value ? "1" : "0", request, to: &out)
            case .int(let value): try append(parameter.name, String(value), request, to: &out)
            case .double(let value):
                try append(parameter.name, try number(value, parameter.name, request), request, to: &out)
            case .string(let value): try append(parameter.name, value, request, to: &out)
            case .list(let values): for value in values { try append(parameter.name, value, request, to: &out) }
            }
        }
    }

    private static func append(
        _ name: String, _ value: String, _ request: Request, to out: inout [UInt8]
    ) throws(Failure) {
        // Proxmox VE splits lists at NUL too, so one inside a value would smuggle in another element.
        guard !value.utf8.contains(0) || request.takesNUL(name), !name.isEmpty else {
            throw .malformedRequest(request: request.name, why: "parameter \"\(name)\" has no name or holds a NUL")
        }
        if !out.isEmpty { out.append(UInt8(ascii: "&")) }
        PercentEncoding.append(name, to: &out)
        out.append(UInt8(ascii: "="))
        PercentEncoding.append(value, to: &out)
    }

    private static func number(_ value: Double, _ name: String, _ request: Request) throws(Failure) -> String {
        guard value.isFinite else {
            throw .malformedRequest(request: request.name, why: "parameter \"\(name)\" is not a finite number")
        }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}

extension Request {
    /// Verb and path with its values, for messages, such as `GET /nodes/pve1/status`.
    public var name: String {
        var text = template
        var out = method.rawValue + " "
        while let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") {
            let name = String(text[text.index(after: open)..<close])
            out += text[..<open]
            out += path[name].map(printable) ?? "{\(name)}"
            text = String(text[text.index(after: close)...])
        }
        return out + text
    }

    /// Whether the request changes something, as far as its verb tells.
    public var isWrite: Bool { method != .get }

    /// Whether a release knows a parameter as one whose elements have NUL between them, such as `env` of containers.
    fileprivate func takesNUL(_ name: String) -> Bool {
        guard let node = Route(template: template, values: path)?.node else { return false }
        return Facts.all.contains {
            $0.endpoint(method, at: node)?.parameter(name)?.pattern.mentions("\\0") ?? false
        }
    }

    private func printable(_ value: String) -> String {
        String(decoding: value.utf8.prefix(200).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }
}
