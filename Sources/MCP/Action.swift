// What a session wants done about what it received.
// SPDX-License-Identifier: MIT

/// One thing to do, in the order of the array it came in.
public enum Action {
    /// Write one whole frame, newline included.
    case send([UInt8])
    /// Run a tool and answer with ``Session/finish(_:_:)`` or ``Session/fail(_:_:)``.
    case call(ToolCall)
    /// The client gave up: stop. Nothing more is sent for this call, whatever it is finished with.
    case cancel(CallKey)
    /// What came of a question that ``Session/ask(_:_:)`` sent for a call that is still open.
    case answered(CallKey, QuestionAnswer)
    /// A line for the log. Holds nothing the client sent.
    case log(String)
}
