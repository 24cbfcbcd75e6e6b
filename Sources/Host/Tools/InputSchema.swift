// The JSON Schema of a tool's arguments, made from its parameters.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

extension Tool {
    /// The `inputSchema` of the tool: an object at the root, no other keywords around it.
    ///
    /// That others than these are refused is said by the refusal, which names the near ones, and not in every schema.
    func inputSchema() -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.object { schema in
            schema.member("type", "object")
            if !parameters.isEmpty || takesConfirmation {
                schema.member("properties") { properties in
                    properties.object {
                        for parameter in parameters { $0.property(parameter) }
                        if takesConfirmation { $0.confirmation() }
                    }
                }
                let required = parameters.filter(\.isRequired)
                if !required.isEmpty {
                    schema.member("required") { $0.array { for parameter in required { $0.string(parameter.name) } } }
                }
            } else {
                schema.member("additionalProperties", false)
            }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    /// The argument that the host reads itself.
    fileprivate mutating func confirmation() {
        member(ConfirmedArguments.name) {
            $0.object {
                $0.member("type", "string")
                $0.member("description", ConfirmedArguments.meaning)
            }
        }
    }

    fileprivate mutating func property(_ parameter: Parameter) {
        member(parameter.name) { writer in
            writer.object { $0.keywords(of: parameter) }
        }
    }

    private mutating func keywords(of parameter: Parameter) {
        switch parameter.type {
        case .bool: member("type", "boolean")
        case .i32, .u32, .i64, .u64: member("type", "integer")
        case .f64: member("type", "number")
        case .utf8: member("type", "string")
        case .bytes:
            member("type", "string")
            member("contentEncoding", "base64")
        case .utf8List, .i64List: member("type", "array")
        case .object: member("type", "object")
        default: break
        }
        member("description", parameter.description)
        switch parameter.type {
        case .utf8List, .i64List:
            member("items") {
                $0.object { items in
                    items.member("type", parameter.type == .utf8List ? "string" : "integer")
                    items.limits(of: parameter)
                }
            }
        default: limits(of: parameter)
        }
        if let value = parameter.defaultJSON { member("default", raw: Array(value.utf8)) }
    }

    /// What a value, or each element of a list, has to keep to.
    private mutating func limits(of parameter: Parameter) {
        let choices = parameter.choices
        if !choices.isEmpty {
            let isNumber = parameter.type.isInteger || parameter.type == .i64List
            member("enum") {
                $0.array {
                    for choice in choices { if isNumber { $0.raw(Array(choice.utf8)) } else { $0.string(choice) } }
                }
            }
        }
        if let minimum = parameter.minimum { member("minimum", minimum) }
        if let maximum = parameter.maximum { member("maximum", maximum) }
        if let length = parameter.maximumLength { member("maxLength", length) }
        if let pattern = parameter.pattern { member("pattern", pattern) }
    }
}
