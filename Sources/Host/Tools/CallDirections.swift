// What a call asks of the host besides its request.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

/// How to wait and what to show, as the tool and the call's arguments say.
struct CallDirections: Equatable {
    /// Longest time a call may wait for a task, in seconds.
    static let longestWait: Int64 = 3600

    /// Seconds to wait for the task that the request starts or asks about; the tool's own default, or 45.
    var wait = 45
    /// Whether the tool has an argument for it.
    var takesWait = false
    /// Names of fields, each once; nil when the caller names none.
    var fields: [String]?
    var limit: Int?
    var cursor: String?
    /// Whether the tool can be asked to go on where an answer stopped.
    var takesCursor = false
    /// What the tool says with every success.
    var note: String?
    /// What Proxmox said beside a list is configured and not applied yet.
    var changes: String?

    init(_ tool: Tool, _ arguments: JSONValue) {
        note = tool.result?.note
        for parameter in tool.parameters {
            if parameter.role == .cursor { takesCursor = true }
            if parameter.role == .wait {
                takesWait = true
                if let preset = parameter.defaultJSON.flatMap({ Int64($0) }) { wait = CallDirections.bounded(preset) }
            }
            guard let value = arguments[parameter.name] else { continue }
            switch parameter.role {
            case .wait: wait = value.int.map(CallDirections.bounded) ?? wait
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

    private static func bounded(_ seconds: Int64) -> Int { Int(min(max(0, seconds), longestWait)) }
}
