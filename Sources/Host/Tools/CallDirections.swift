// What a call asks of the host besides its request.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

/// How to wait and what to show, as the call's arguments say.
struct CallDirections: Equatable {
    /// Longest time a call may wait for a task, in seconds.
    static let longestWait: Int64 = 3600

    /// Seconds to wait for the task that the request starts.
    var wait = 45
    /// Names of fields, each once; nil when the caller names none.
    var fields: [String]?
    var limit: Int?
    var cursor: String?
    /// Whether the tool can be asked to go on where an answer stopped.
    var takesCursor = false

    init(_ tool: Tool, _ arguments: JSONValue) {
        for parameter in tool.parameters {
            if parameter.role == .cursor { takesCursor = true }
            guard let value = arguments[parameter.name] else { continue }
            switch parameter.role {
            case .wait: wait = value.int.map { Int(min(max(0, $0), CallDirections.longestWait)) } ?? wait
            case .fields:
                var seen: Set<String> = []
                let names = value.elements.compactMap(\.string).filter { seen.insert($0).inserted }
                fields = names.isEmpty ? nil : names
            case .limit: limit = value.int.map { Int(max(0, $0)) }
            case .cursor: cursor = value.string
            default: break
            }
        }
    }
}
