// Requests of the revisions in which each one stands alone.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    private static let logLevels: Set<String> = [
        "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency",
    ]

    mutating func answerModern(_ request: Request) throws(ProtocolError) -> Outcome {
        hasMetModern = true
        if request.batch != nil { throw .invalidRequest("this revision has no batches; send one message a line") }
        // Whatever version it names: a handshake is what these revisions do not have.
        if request.method == "initialize" { throw .methodNotFound(request.method) }
        let capabilities = try clientCapabilities(request)
        switch request.method {
        case "tools/call":
            let elicitation = ElicitationMode.declared(in: capabilities, revision: .modern)
            return try call(request, revision: .modern, elicitation: elicitation)
        case "tools/list":
            return .answer(try listTools(request, revision: .modern))
        case "server/discover":
            return .answer(discover(request))
        case "subscriptions/listen":
            return .actions([.send(try listen(request))])
        default:
            throw .methodNotFound(request.method)
        }
    }

    /// Checks the members of `_meta` that every request has.
    private func clientCapabilities(_ request: Request) throws(ProtocolError) -> JSONValue {
        guard let version = request.message.version?.string else {
            throw .invalidParams("\(MetaKey.protocolVersion) must be a string")
        }
        guard version == Revision.modern.rawValue else { throw .unsupportedVersion(version) }
        guard let capabilities = request.message.meta?[MetaKey.clientCapabilities], capabilities.isObject else {
            throw .invalidParams("_meta must carry \(MetaKey.clientCapabilities), an object")
        }
        if let level = request.message.meta?[MetaKey.logLevel], !Self.logLevels.contains(level.string ?? "") {
            throw .invalidParams("\(MetaKey.logLevel) must be one of debug to emergency")
        }
        return capabilities
    }

    private mutating func discover(_ request: Request) -> [UInt8] {
        let instructions = self.instructions
        var writer = JSONWriter(reserving: 4096)
        writer.object { writer in
            writer.member("resultType", "complete")
            // Only what can be used without a handshake.
            writer.member("supportedVersions") { $0.array { $0.string(Revision.modern.rawValue) } }
            writer.member("capabilities", raw: capabilitiesJSON)
            if !instructions.isEmpty { writer.member("instructions", instructions) }
            writer.member("ttlMs", Self.cacheMilliseconds)
            writer.member("cacheScope", "private")
            writer.member("_meta") { $0.object { $0.member(MetaKey.serverInfo, raw: modernIdentity) } }
        }
        return Frame.response(request.id, result: writer.bytes)
    }

    /// What a result that may be kept ends with.
    var cacheableTail: [UInt8] {
        var frame = Frame(reserving: 256)
        frame.literal(#","ttlMs":"#)
        frame.number(Double(Self.cacheMilliseconds))
        frame.literal(#","cacheScope":"private""#)
        frame.meta(nil, serverInfo: modernIdentity)
        return frame.bytes
    }
}
