// What a repeated call brings: the answer to the question that the first one ended with.
// SPDX-License-Identifier: MIT

import JSON

/// The answer to a question that ended an earlier request (``Session/requireInput(_:_:state:)``), come with a new
/// request for the same call. Stateless revisions only. Whoever made the state has to make sure that it is theirs.
public struct CallInput: Sendable {
    /// The state as the client returned it; empty when it returned none.
    public let state: String
    public let answer: QuestionAnswer

    public init(state: String, answer: QuestionAnswer) {
        self.state = state
        self.answer = answer
    }
}

extension CallInput {
    /// Nil when the request brings neither state nor answers.
    init?(_ request: Request) throws(ProtocolError) {
        let state = request["requestState"]
        let responses = request["inputResponses"]
        if state == nil, responses == nil { return nil }
        if let state, state.string == nil { throw .invalidParams("requestState must be a string") }
        if let responses, !responses.isObject { throw .invalidParams("inputResponses must be an object") }
        self.state = state?.string ?? ""
        answer = Self.answer(in: responses)
    }

    private static func answer(in responses: JSONValue?) -> QuestionAnswer {
        // Answers to what was not asked are to be ignored.
        let found = (responses?.members.map { ($0.name, $0.value) } ?? []).filter { name, _ in
            name.hasPrefix(Question.inputPrefix)
        }
        guard let (name, value) = found.first else { return .nonsense("inputResponses do not answer the question") }
        guard found.count == 1 else { return .nonsense("inputResponses answer more than one question") }
        return QuestionAnswer(result: value, field: String(name.dropFirst(Question.inputPrefix.count)))
    }
}
