// An answer that says the request was wrong, as against a tool that failed.
// SPDX-License-Identifier: MIT

import JSON

/// A JSON-RPC error. What a tool or the system behind it refuses is a ``ToolResult`` with `isError` instead.
public struct ProtocolError: Error, Equatable, Sendable {
    public var code: Int
    /// One sentence.
    public var message: String
    /// JSON text for `data`.
    public var data: [UInt8]?

    public init(code: Int, message: String, data: [UInt8]? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }
}

extension ProtocolError {
    /// -32700: the line is not JSON.
    public static func parseError(_ reason: String) -> ProtocolError {
        ProtocolError(code: -32700, message: "Parse error: \(reason)")
    }

    /// -32600: the message is JSON but not a request.
    public static func invalidRequest(_ reason: String) -> ProtocolError {
        ProtocolError(code: -32600, message: "Invalid request: \(reason)")
    }

    /// -32601: the server does not have the method, or not in this revision.
    public static func methodNotFound(_ method: String) -> ProtocolError {
        ProtocolError(code: -32601, message: "Method not found: \(abridged(method))")
    }

    /// -32602: the method is there, its parameters are wrong.
    public static func invalidParams(_ reason: String) -> ProtocolError {
        ProtocolError(code: -32602, message: "Invalid params: \(reason)")
    }

    /// -32602: `tools/call` names a tool that is not there. `why` goes on after its name.
    public static func unknownTool(
        _ name: String, _ why: String = "tools/list names those there are"
    ) -> ProtocolError {
        ProtocolError(code: -32602, message: "Unknown tool: \(abridged(name)); \(why)")
    }

    /// -32603: the server failed in a way that is not the request's fault.
    public static func internalError(_ reason: String) -> ProtocolError {
        ProtocolError(code: -32603, message: "Internal error: \(reason)")
    }

    /// -32022: a request of a stateless revision that is not spoken here.
    public static func unsupportedVersion(_ requested: String) -> ProtocolError {
        var writer = JSONWriter()
        writer.object {
            $0.member("supported") { $0.array { $0.string(Revision.modern.rawValue) } }
            $0.member("requested", requested)
        }
        return ProtocolError(code: -32022, message: "Unsupported protocol version", data: writer.bytes)
    }

    /// -32021: the request cannot be served unless the client declares more. `required` is a `ClientCapabilities`
    /// object as JSON text. Only stateless revisions have this error.
    public static func missingCapability(_ required: [UInt8]) -> ProtocolError {
        var writer = JSONWriter()
        writer.object { $0.member("requiredCapabilities", raw: required) }
        return ProtocolError(code: -32021, message: "The client lacks a required capability", data: writer.bytes)
    }

    /// A name a client sent, cut so that it fits a sentence.
    private static func abridged(_ name: String) -> String {
        name.count <= 128 ? name : "\(name.prefix(128))…"
    }
}
