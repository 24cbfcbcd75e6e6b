// A request on its way to its answer.
// SPDX-License-Identifier: MIT

import JSON

/// A message that is a request, with the batch it came in.
struct Request {
    let id: RequestID
    let method: String
    let message: Message
    let batch: Int?

    var params: JSONValue? { message.params }

    /// A parameter; absent and null are the same, since some clients write every optional member.
    subscript(name: String) -> JSONValue? {
        guard let value = params?[name], !value.isNull else { return nil }
        return value
    }
}
