// A request of a plugin as a test reads it.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

/// A request with the values of a call: what the host would send.
struct RequestText {
    /// `GET /nodes/{node}/status`, as the plugin declares it.
    let declared: String
    /// `GET /nodes/pve1/status`.
    let filled: String
    /// With the other parameters as JSON, in the order of their names.
    let text: String

    /// `given` are the request's own parameters. `arguments` are the call's, sent beside them if `sendsArguments`; the path takes
    /// from both. A name in the path without a value stays as it is: the host would find it.
    init(
        _ verb: String, _ path: String, given: [String: String] = [:], arguments: JSONValue, sendsArguments: Bool,
        of tool: Tool
    ) {
        var rest = given
        var values = given
        for parameter in tool.parameters {
            guard let value = arguments[parameter.name], !value.isNull else { continue }
            switch parameter.role {
            case .argument:
                values[parameter.apiName] = values[parameter.apiName] ?? RequestText.shown(value)
                if sendsArguments { rest[parameter.apiName] = values[parameter.apiName] }
            case .options where sendsArguments:
                for member in value.members where rest[member.name] == nil {
                    rest[member.name] = RequestText.shown(member.value)
                }
            default: break
            }
        }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            guard segment.first == "{", segment.last == "}" else { return String(segment) }
            let name = String(segment.dropFirst().dropLast())
            rest[name] = nil
            return values[name] ?? String(segment)
        }
        declared = "\(verb) \(path)"
        filled = "\(verb) \(segments.joined(separator: "/"))"
        if rest.isEmpty {
            text = filled
        } else {
            var writer = JSONWriter()
            writer.object { for (name, value) in rest.sorted(by: { $0.key < $1.key }) { $0.member(name, value) } }
            text = "\(filled) \(writer.text)"
        }
    }

    private static func shown(_ value: JSONValue) -> String { value.string ?? value.rawText }
}
