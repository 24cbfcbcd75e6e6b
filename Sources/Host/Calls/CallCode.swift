// What a worker runs for a call: the code of a plugin, with everything it is handed.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginABI
import PluginLoader

/// The code of a tool, ready for one call.
enum CallCode: Sendable {
    case call(CallBody)
    case native(NativeFunction, [NativeValue])

    /// Nil for a tool without code, or whose code is not in this process. Throws when an argument cannot be handed to a C
    /// function.
    init?(_ tool: Tool, _ arguments: JSONValue) throws(ArgumentError) {
        switch tool.body {
        case .endpoint: return nil
        case .call(let body): self = .call(body)
        case .native(let native):
            guard let function = native.function else { return nil }
            self = .native(function, try NativeArguments.values(arguments, for: tool))
        }
    }

    /// Runs on the calling thread. What a function returned; nil for a body that replies by itself.
    func run(_ host: UnsafePointer<pve_host>, _ call: OpaquePointer) -> NativeResult? {
        switch self {
        case .call(let body):
            body.run(host, call, body.context)
            return nil
        case .native(let function, let values):
            return function.call(handle: call, values)
        }
    }
}
