// Turns a call's checked arguments into a request to Proxmox.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

enum RequestBuilder {
    /// The request of an endpoint: each argument in the path if the template names it, else as a parameter, and the
    /// members of `options` beside them.
    ///
    /// `overrides` are values the host or a plugin's code sets itself; they win over arguments.
    static func request(
        _ endpoint: Endpoint, _ tool: Tool, _ arguments: JSONValue, overrides: [Request.Parameter] = []
    ) throws(ArgumentError) -> Request {
        let template = endpoint.path
        var request = Request(endpoint.method.verb, template)
        let pathNames = Set(PathTemplate.names(in: template))
        var faults: [String] = []
        for parameter in tool.parameters where parameter.role == .argument {
            let name = parameter.apiName
            guard !overrides.contains(where: { $0.name == name }), let value = arguments[parameter.name] else {
                continue
            }
            if let value = parameterValue(value) {
                request.set(Request.Parameter(name, value), inPath: pathNames.contains(name))
            } else if !value.isNull {
                faults.append(
                    "argument \(quoted(parameter.name)) cannot be sent to Proxmox as it is; "
                        + "it takes a string, number, boolean or array of strings")
            }
        }
        if !faults.isEmpty { throw ArgumentError(faults: faults) }
        for override in overrides { request.set(override, inPath: pathNames.contains(override.name)) }
        try addOptions(to: &request, tool, arguments, pathNames)
        return request
    }

    private static func addOptions(
        to request: inout Request, _ tool: Tool, _ arguments: JSONValue, _ pathNames: Set<String>
    ) throws(ArgumentError) {
        guard let parameter = tool.parameters.first(where: { $0.role == .options }),
            let options = arguments[parameter.name]
        else { return }
        var faults = OptionCheck.faults(of: options, parameter, tool, pathNames: pathNames)
        if !faults.isEmpty { throw ArgumentError(faults: faults) }
        // What is left beside the arguments are the values that the tool's code sets.
        let taken = Set(request.parameters.map(\.name))
        for member in options.members {
            // Null is no value; a member without one is left out.
            guard let value = parameterValue(member.value) else { continue }
            if taken.contains(member.name) {
                faults.append("option \(quoted(member.name)) is set by the tool itself; leave it out")
            } else {
                request.parameters.append(Request.Parameter(member.name, value))
            }
        }
        if !faults.isEmpty { throw ArgumentError(faults: faults) }
    }

    /// A JSON value as a request sends it; nil for null, objects and nested arrays.
    static func parameterValue(_ value: JSONValue) -> ParameterValue? {
        switch value.kind {
        case .true, .false: return .bool(value.kind == .true)
        case .number: return value.int.map(ParameterValue.int) ?? value.double.map(ParameterValue.double)
        case .string: return value.string.map(ParameterValue.string)
        case .array:
            var list: [String] = []
            for element in value.elements {
                guard !element.isArray, !element.isObject, !element.isNull else { return nil }
                list.append(element.string ?? element.rawText)
            }
            return .list(list)
        case .null, .object: return nil
        }
    }
}

extension Request {
    fileprivate mutating func set(_ parameter: Parameter, inPath: Bool) {
        if inPath {
            path[parameter.name] = parameter.value.text
        } else {
            parameters.removeAll { $0.name == parameter.name }
            parameters.append(parameter)
        }
    }
}

extension EndpointMethod {
    var verb: Method {
        switch self {
        case .get: .get
        case .post: .post
        case .put: .put
        case .delete: .delete
        }
    }
}

enum PathTemplate {
    /// The names between braces, in order.
    static func names(in template: String) -> [String] {
        var names: [String] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            names.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return names
    }
}
