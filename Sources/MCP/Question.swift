// A question that a call asks the person behind the client, and what came of it.
// SPDX-License-Identifier: MIT

/// A question for the person behind the client: a text, and a form of one box to tick.
public struct Question: Sendable {
    /// What is asked, as the person reads it.
    public var message: String
    /// The name of the one boolean the form asks for, such as "confirm".
    public var field: String
    /// What stands beside the box.
    public var fieldTitle: String
    /// What ticking the box means.
    public var fieldText: String

    public init(message: String, field: String, fieldTitle: String, fieldText: String) {
        self.message = message
        self.field = field
        self.fieldTitle = fieldTitle
        self.fieldText = fieldText
    }
}

/// What came of a question. Only `yes` is a yes.
public enum QuestionAnswer: Sendable, Equatable {
    /// Accepted, and the box is ticked.
    case yes
    /// Accepted, but the box is not ticked.
    case no
    /// The person refused.
    case declined
    /// The person closed the form without choosing.
    case cancelled
    /// The answer is none: what is wrong with it.
    case nonsense(String)
    /// The client declared forms, but does not know the request (-32601).
    case unsupported
    /// The client answered with another error, or cannot answer any more: what it said, or why.
    case failed(String)
}

extension Question {
    /// The name of the question among the `inputRequests` of a stateless result. It carries the field's name, since
    /// nothing else is there to know it by when the call comes again.
    var inputKey: String { Self.inputPrefix + field }

    /// What the names of questions begin with.
    static let inputPrefix = "ask_"
}

extension Frame {
    /// The `params` of an `elicitation/create` request.
    mutating func elicitation(_ question: Question, _ revision: Revision) {
        literal("{")
        if revision.hasURLElicitation { literal(#""mode":"form","#) }
        literal(#""message":"#)
        string(question.message)
        literal(#","requestedSchema":{"type":"object","properties":{"#)
        string(question.field)
        literal(#":{"type":"boolean","title":"#)
        string(question.fieldTitle)
        literal(#","description":"#)
        string(question.fieldText)
        literal(#","default":false}},"required":["#)
        string(question.field)
        literal("]}}")
    }
}
