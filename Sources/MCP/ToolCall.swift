// A request to run a tool, as the session hands it out.
// SPDX-License-Identifier: MIT

import JSON

/// Names a request that has been read and not yet answered. Never used twice in a session, though clients may use
/// their ids again.
public struct CallKey: Hashable, Sendable {
    let serial: UInt64
}

/// A way in which a client can ask its person something.
public enum ElicitationMode: Hashable, Sendable {
    case form, url
}

/// A `tools/call` request whose shape has been checked. Whether there is such a tool is for the receiver to say.
public struct ToolCall {
    /// What to answer with: ``Session/finish(_:_:)`` or ``Session/fail(_:_:)``.
    public let key: CallKey
    public let name: String
    /// An object, or nil when the request has none.
    public let arguments: JSONValue?
    /// The revision the answer will be written in.
    public let revision: Revision
    /// Whether progress may be told.
    public let wantsProgress: Bool
    /// How the client can ask its person, as it declared in the request (modern) or at `initialize` (legacy).
    public let elicitation: Set<ElicitationMode>
    /// The request's `_meta` object.
    public let meta: JSONValue?
    /// What a call brings that comes again after ``Session/requireInput(_:_:state:)`` (stateless revisions).
    public let input: CallInput?

    /// Whether the client can show its person a form.
    public var canAsk: Bool { elicitation.contains(.form) }
}
