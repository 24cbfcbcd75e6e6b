// Questions to the person behind the client, in both ways the revisions have for them.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    /// Asks the client's person while the call goes on: an `elicitation/create` request (2025-06-18 and 2025-11-25).
    /// The answer comes as ``Action/answered(_:_:)``, once, unless the call ends first. Nil when the call is not open,
    /// is asking already, or its client cannot be asked: it declared no forms, or will not send anything any more.
    public mutating func ask(_ key: CallKey, _ question: Question) -> [UInt8]? {
        guard !hasInputEnded, let call = calls[key], call.canAsk, !call.revision.isStateless,
            let id = questions.open(key, field: question.field)
        else { return nil }
        var frame = Frame(reserving: 320 + question.message.utf8.count)
        frame.literal(#"{"jsonrpc":"2.0","id":"#)
        frame.raw(id.text)
        frame.literal(#","method":"elicitation/create","params":"#)
        frame.elicitation(question, call.revision)
        return frame.closed()
    }

    /// Ends this request with a question (2026-07-28, `InputRequiredResult`): the client sends the call again with the
    /// answer and `state`, which ``ToolCall/input`` then holds. The state passes through the client, which may alter
    /// it. Nil when the call is not open or its client cannot be asked in this way; it stays open then.
    public mutating func requireInput(_ key: CallKey, _ question: Question, state: String) -> [UInt8]? {
        guard let call = calls[key], call.canAsk, call.revision.isStateless, calls.close(key) != nil else { return nil }
        var frame = Frame(reserving: 480 + question.message.utf8.count + state.utf8.count + modernIdentity.count)
        frame.beginResponse(call.id)
        frame.literal(#"{"resultType":"input_required","inputRequests":{"#)
        frame.string(question.inputKey)
        frame.literal(#":{"method":"elicitation/create","params":"#)
        frame.elicitation(question, call.revision)
        frame.literal(#"}},"requestState":"#)
        frame.string(state)
        frame.meta(nil, serverInfo: modernIdentity)
        frame.literal("}")
        return frame.closed()
    }

    /// Takes back the question of a call, before the call is finished without an answer to it. Nil when none is open.
    public mutating func withdraw(_ key: CallKey) -> [UInt8]? {
        questions.close(key).map(Self.withdrawal)
    }

    /// Says that nothing more will be received: open questions fail, and none can be asked.
    public mutating func endOfInput() -> [Action] {
        hasInputEnded = true
        return failQuestions("the client's messages have ended")
    }

    /// Fails every open question: nobody is there to answer any more.
    mutating func failQuestions(_ reason: String) -> [Action] {
        questions.closeAll().map { .answered($0.call, .failed(reason)) }
    }

    /// Takes a response. What answers nothing that is open is ignored: it may be late, or a second one.
    mutating func answered(_ response: JSONValue) -> [Action] {
        guard let id = response["id"].flatMap({ RequestID($0) }), let question = questions.close(id) else { return [] }
        return [.answered(question.call, QuestionAnswer(response: response, field: question.field))]
    }

    /// The notification that a question needs no answer any more.
    static func withdrawal(of id: RequestID) -> [UInt8] {
        var frame = Frame(reserving: 160)
        frame.literal(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"#)
        frame.raw(id.text)
        frame.literal(#","reason":"the call has ended"}"#)
        return frame.closed()
    }
}
