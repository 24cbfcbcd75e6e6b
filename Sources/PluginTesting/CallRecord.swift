// What came of calling a tool in a test.
// SPDX-License-Identifier: MIT

import JSON

/// A call that is over: its reply or why it failed, and what it did on the way.
public struct CallRecord: Sendable {
    /// JSON, as the tool gave it; nil when it failed.
    public internal(set) var reply: String?
    /// Nil when it replied.
    public internal(set) var failure: String?
    /// Each with its parameters as JSON: `GET /cluster/resources {"type":"vm"}`.
    public internal(set) var requests: [String] = []
    /// The messages.
    public internal(set) var progress: [String] = []

    init() {}

    /// A call that never began.
    public init(failure: String) { self.failure = failure }

    /// A part of the reply as JSON, by a path such as `guests.0.name`; nil when there is none.
    public func member(_ path: String) -> String? {
        guard let reply, var value = try? JSONDocument(reply).root else { return nil }
        for step in path.split(separator: ".") {
            let inner =
                value.isArray ? Int(step).flatMap { element($0, of: value) } : value[String(step)]
            guard let inner else { return nil }
            value = inner
        }
        return value.rawText
    }

    private func element(_ index: Int, of array: JSONValue) -> JSONValue? {
        index >= 0 ? array.elements.dropFirst(index).first { _ in true } : nil
    }
}
