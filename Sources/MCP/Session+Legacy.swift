// Requests of the revisions that begin with a handshake.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    mutating func answerLegacy(_ request: Request) throws(ProtocolError) -> Outcome {
        switch request.method {
        case "initialize":
            if request.batch != nil { throw .invalidRequest("initialize cannot be part of a batch") }
            let answer = try initialize(request)
            // The client has begun anew and knows nothing of what it was asked before.
            let failed = failQuestions("the client has begun a new session")
            return failed.isEmpty ? .answer(answer) : .actions([.send(answer)] + failed)
        case "ping":
            return .answer(Frame.response(request.id, result: Array("{}".utf8)))
        case "server/discover":
            // The method of a stateless revision without what makes it one.
            throw .invalidParams("_meta must carry \(MetaKey.protocolVersion)")
        default:
            break
        }
        // Clients have been seen to leave out notifications/initialized; whoever asks for more has begun.
        legacy.isReady = legacy.isGreeted
        switch request.method {
        case "tools/list": return .answer(try listTools(request, revision: legacy.revision))
        case "tools/call": return try call(request, revision: legacy.revision, elicitation: legacy.elicitation)
        default: throw .methodNotFound(request.method)
        }
    }

    private mutating func initialize(_ request: Request) throws(ProtocolError) -> [UInt8] {
        guard let wanted = request["protocolVersion"]?.string else {
            throw .invalidParams("protocolVersion must be a string such as \(Revision.latestLegacy.rawValue)")
        }
        var revision = Revision(rawValue: wanted) ?? .latestLegacy
        if revision.isStateless { revision = .latestLegacy }
        let capabilities = request["capabilities"]
        legacy = LegacyState(
            revision: revision, isGreeted: true, isReady: false,
            elicitation: ElicitationMode.declared(in: capabilities, revision: revision))

        let instructions = self.instructions
        var writer = JSONWriter(reserving: 4096)
        writer.object { writer in
            writer.member("protocolVersion", revision.rawValue)
            writer.member("capabilities", raw: capabilitiesJSON)
            writer.member("serverInfo", raw: identity.json(for: revision))
            if !instructions.isEmpty { writer.member("instructions", instructions) }
        }
        return Frame.response(request.id, result: writer.bytes)
    }

    /// The server's capabilities, the same in all revisions.
    var capabilitiesJSON: [UInt8] {
        Array((supportsListChanged ? #"{"tools":{"listChanged":true}}"# : #"{"tools":{}}"#).utf8)
    }

    mutating func listTools(_ request: Request, revision: Revision) throws(ProtocolError) -> [UInt8] {
        var cursor: String?
        if let value = request["cursor"] {
            guard let string = value.string else { throw .invalidParams("cursor must be a string") }
            cursor = string
        }
        let tail = revision.isStateless ? cacheableTail : []
        guard let result = toolList.result(at: cursor, revision: revision, tail: tail) else {
            throw .invalidParams("no page of the tool list begins at this cursor; list again without one")
        }
        return Frame.response(request.id, result: result)
    }
}

extension ElicitationMode {
    /// What a `ClientCapabilities` object says; an empty `elicitation` means forms.
    static func declared(in capabilities: JSONValue?, revision: Revision) -> Set<ElicitationMode> {
        guard revision.hasElicitation, let elicitation = capabilities?["elicitation"], elicitation.isObject else {
            return []
        }
        guard revision.hasURLElicitation else { return [.form] }
        var modes: Set<ElicitationMode> = []
        if elicitation["form"]?.isObject == true { modes.insert(.form) }
        if elicitation["url"]?.isObject == true { modes.insert(.url) }
        return modes.isEmpty ? [.form] : modes
    }
}
