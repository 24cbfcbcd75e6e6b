// One JSON-RPC message, told apart from the others.
// SPDX-License-Identifier: MIT

import JSON

/// A message as it was read: what kind it is, and the parts every kind may have.
struct Message {
    enum Kind {
        case request(RequestID, method: String)
        case notification(method: String)
        /// An answer to something the server asked, or what is left of one.
        case response
        /// None of the above. The id, when it could be read.
        case invalid(RequestID?, reason: String)
    }

    let kind: Kind
    /// The object of parameters; nil when there is none or it is not an object.
    let params: JSONValue?
    /// The `_meta` object of the parameters.
    let meta: JSONValue?
    /// The member of `_meta` that makes a message one of a stateless revision.
    let version: JSONValue?
    /// Why `params` or `_meta` cannot be used.
    let paramsFault: String?

    init(_ value: JSONValue) {
        let members = Members(of: value)
        var fault: String?
        let params = Self.object(members.params, named: "params", &fault)
        let meta = Self.object(params?["_meta"], named: "_meta", &fault)
        self.params = params
        self.meta = meta
        paramsFault = fault
        version = meta?[MetaKey.protocolVersion]
        kind = value.isObject ? members.kind : .invalid(nil, reason: "a message is a JSON object")
    }

    /// Whether the message belongs to a revision in which every request stands alone.
    var isModern: Bool { version != nil }

    /// Absent and null are the same: some clients write every optional member.
    private static func object(_ value: JSONValue?, named name: String, _ fault: inout String?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        if value.isObject { return value }
        fault = "\(name) must be an object"
        return nil
    }
}

/// The members of a JSON-RPC message, found in one pass over it.
private struct Members {
    var version: JSONValue?
    var id: JSONValue?
    var method: JSONValue?
    var params: JSONValue?
    var isAnswer = false

    init(of value: JSONValue) {
        for member in value.members {
            if member.hasName("jsonrpc") {
                version = member.value
            } else if member.hasName("id") {
                id = member.value
            } else if member.hasName("method") {
                method = member.value
            } else if member.hasName("params") {
                params = member.value
            } else if member.hasName("result") || member.hasName("error") {
                isAnswer = true
            }
        }
    }

    var kind: Message.Kind {
        // Before anything else: answering an answer, however odd it is, could go on for ever.
        if method == nil, isAnswer { return .response }
        let readable = id.flatMap { RequestID($0) }
        guard version?.string == "2.0" else { return .invalid(readable, reason: #"jsonrpc must be "2.0""#) }
        guard let name = method?.string else { return .invalid(readable, reason: "method must be a string") }
        guard id != nil else { return .notification(method: name) }
        guard let readable else { return .invalid(nil, reason: "id must be a string or an integer") }
        return .request(readable, method: name)
    }
}

/// The reserved keys of `_meta`.
enum MetaKey {
    static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let logLevel = "io.modelcontextprotocol/logLevel"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
}
