// Tool calls, from the request to the answer.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    /// How many calls have been handed out and not yet been answered or cancelled.
    public var pendingCalls: Int { calls.count }

    /// Answers a call with what its tool said. Nil when there is nothing to send: the call is unknown, was cancelled,
    /// or belongs to a batch of which another call is still open. A question it asked is forgotten; ``withdraw(_:)``
    /// before this tells the client.
    public mutating func finish(_ key: CallKey, _ result: ToolResult) -> [UInt8]? {
        guard let call = calls.close(key) else { return nil }
        _ = questions.close(key)
        return deliver(result.frame(id: call.id, revision: call.revision, serverInfo: modernIdentity), call.batch)
    }

    /// Answers a call with a protocol error. Nil as in ``finish(_:_:)``.
    public mutating func fail(_ key: CallKey, _ error: ProtocolError) -> [UInt8]? {
        guard let call = calls.close(key) else { return nil }
        _ = questions.close(key)
        return deliver(Frame.error(error, id: call.id, omittingID: false), call.batch)
    }

    /// Tells how far a call has got. Nil unless the client asked for it, the call is open and `progress` grew.
    public mutating func progress(
        _ key: CallKey, _ progress: Double, total: Double? = nil, message: String? = nil
    ) -> [UInt8]? {
        calls.progress(key, progress, total: total, message: message)
    }

    /// Hands out the call a `tools/call` request asks for.
    mutating func call(
        _ request: Request, revision: Revision, elicitation: Set<ElicitationMode>
    ) throws(ProtocolError) -> Outcome {
        guard let name = request["name"]?.string else {
            throw .invalidParams("name must be a string, the name of a tool")
        }
        let arguments = request["arguments"]
        if let arguments, !arguments.isObject { throw .invalidParams("arguments must be an object") }
        let token = try progressToken(request)
        let input = revision.isStateless ? try CallInput(request) : nil
        let key = calls.open(
            PendingCall(
                id: request.id, revision: revision, batch: request.batch, canAsk: elicitation.contains(.form),
                progress: token.map { Progress(token: $0) }))
        if let batch = request.batch { batches[batch]?.begin() }
        let call = ToolCall(
            key: key, name: name, arguments: arguments, revision: revision, wantsProgress: token != nil,
            elicitation: elicitation, meta: request.message.meta, input: input)
        return .actions([.call(call)])
    }

    private func progressToken(_ request: Request) throws(ProtocolError) -> RequestID? {
        guard let value = request.message.meta?["progressToken"], !value.isNull else { return nil }
        guard let token = RequestID(value) else { throw .invalidParams("progressToken must be a string or an integer") }
        return token
    }

    /// Forgets the open request with this id, whatever it is; anything else is ignored, as the client may be late.
    mutating func cancel(_ id: RequestID) -> [Action] {
        if let index = subscriptions.firstIndex(where: { $0.id == id }) {
            subscriptions.remove(at: index)
            return []
        }
        guard let key = calls[id], let call = calls.close(key) else { return [] }
        var actions = [Action.cancel(key)]
        if let frame = withdraw(key) { actions.append(.send(frame)) }
        if let frame = deliver(nil, call.batch) { actions.append(.send(frame)) }
        return actions
    }
}
