// Checks the members of a call's `options`: further API parameters, each of which has no other place.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

enum OptionCheck {
    /// Members that `options` may have. Proxmox's longest list of parameters is shorter.
    static let limit = 200

    /// Finds every fault of `options`, the value of `parameter`, before a request with this path is made.
    static func faults(
        of options: JSONValue, _ parameter: Parameter, _ tool: Tool, pathNames: Set<String>
    ) -> [String] {
        guard options.count <= limit else {
            return ["argument \(quoted(parameter.name)) takes at most \(limit) members; got \(options.count)"]
        }
        var arguments: [String: String] = [:]
        for parameter in tool.parameters where parameter.role == .argument {
            arguments[parameter.apiName] = parameter.name
        }
        var faults: [String] = []
        var given: Set<String> = []
        for member in options.members where !member.value.isNull {
            let name = member.name
            let option = "option \(quoted(shortened(name, 64)))"
            if let argument = arguments[name] {
                faults.append("\(option) is an argument of the tool; give it as the argument \(quoted(argument))")
            } else if pathNames.contains(name) {
                faults.append("\(option) is a value of the request's path, which the tool fills in; leave it out")
            } else if !given.insert(name).inserted {
                faults.append("\(option) is given twice; give it once")
            } else if RequestBuilder.parameterValue(member.value) == nil {
                // The value is not repeated: it may be a password, a key or a token.
                faults.append(
                    "\(option) takes a string, number, boolean or array of strings; got \(member.value.kind.noun)")
            }
        }
        return faults
    }
}
