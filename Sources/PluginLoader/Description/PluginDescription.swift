// A plugin's descriptor as JSON: how what a plugin says crosses from one process to another, and what people are shown.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

/// Writes descriptors. ``DescriptorImage`` reads them.
public enum PluginDescription {
    /// What an admitted plugin and its admitted tools say, complete: a descriptor read from it makes the same tools. Of
    /// bodies that are code it has what is declared, since addresses mean nothing elsewhere.
    public static func json(of plugin: Plugin) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096)
        writer.object { writer in
            writer.member("category", plugin.category)
            writer.member("version", plugin.version)
            writer.member("title", plugin.title)
            writer.member("summary", plugin.summary)
            writer.member("abi_major", Int(plugin.abiMajor))
            writer.member("abi_minor", Int(plugin.abiMinor))
            writer.member("tools") { writer in
                writer.array { writer in
                    for tool in plugin.tools { writer.object { $0.members(of: tool) } }
                }
            }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func members(of tool: Tool) {
        member("name", tool.name)
        member("title", tool.title)
        member("description", tool.description)
        member("tier", DescriptionWords.tiers.word(for: tool.tier) ?? "full")
        flags(UInt32(tool.annotations.rawValue), DescriptionFlags.annotations)
        if !tool.parameters.isEmpty {
            member("parameters") { writer in
                writer.array { writer in
                    for parameter in tool.parameters { writer.object { $0.members(of: parameter) } }
                }
            }
        }
        if let result = tool.result { member("result") { $0.object { $0.members(of: result) } } }
        switch tool.body {
        case .endpoint(let endpoint): member("endpoint") { $0.endpoint(endpoint) }
        case .call(let body):
            member("call") { writer in
                writer.object {
                    $0.member("endpoints") { writer in
                        writer.array { for endpoint in body.endpoints { $0.endpoint(endpoint) } }
                    }
                }
            }
        case .native(let native):
            member("native") { writer in
                writer.object {
                    $0.member(
                        "result", DescriptionWords.nativeResults.word(for: native.pointer.pointee.result) ?? "none")
                    if native.takesCall { $0.member("takes_call", true) }
                }
            }
        }
    }

    private mutating func members(of parameter: Parameter) {
        member("name", parameter.name)
        member("type", DescriptionWords.types.word(for: parameter.type.rawValue) ?? "json")
        if parameter.role != .argument {
            member("role", DescriptionWords.roles.word(for: parameter.role.rawValue) ?? "local")
        }
        var bits: UInt32 = 0
        if parameter.isRequired { bits |= PVE_PARAMETER_REQUIRED.rawValue }
        if parameter.isGuestNode { bits |= PVE_PARAMETER_GUEST_NODE.rawValue }
        if parameter.isTaskNode { bits |= PVE_PARAMETER_TASK_NODE.rawValue }
        if parameter.isSecret { bits |= PVE_PARAMETER_SECRET.rawValue }
        flags(bits, DescriptionFlags.parameter)
        member("description", parameter.description)
        if parameter.apiName != parameter.name { member("api_name", parameter.apiName) }
        if let value = parameter.defaultJSON { member("default", raw: Array(value.utf8)) }
        if !parameter.choices.isEmpty {
            member("choices") { $0.array { for choice in parameter.choices { $0.string(choice) } } }
        }
        if let length = parameter.maximumLength { member("maximum_length", length) }
        if let pattern = parameter.pattern { member("pattern", pattern) }
        if let minimum = parameter.minimum { member("minimum", minimum) }
        if let maximum = parameter.maximum { member("maximum", maximum) }
    }

    private mutating func members(of result: ResultDescription) {
        member("shape", DescriptionWords.shapes.word(for: result.shape.rawValue) ?? "none")
        if let name = result.name { member("name", name) }
        if let note = result.note { member("note", note) }
        guard !result.fields.isEmpty else { return }
        member("fields") { writer in
            writer.array { writer in
                for field in result.fields {
                    writer.object {
                        $0.member("name", field.name)
                        $0.member("type", DescriptionWords.types.word(for: field.type.rawValue) ?? "json")
                        if field.unit != .none {
                            $0.member("unit", DescriptionWords.units.word(for: field.unit.rawValue) ?? "none")
                        }
                        var bits: UInt32 = 0
                        if field.isChosen { bits |= PVE_FIELD_CHOSEN.rawValue }
                        if field.isAlways { bits |= PVE_FIELD_ALWAYS.rawValue }
                        $0.flags(bits, DescriptionFlags.field)
                    }
                }
            }
        }
    }

    private mutating func endpoint(_ endpoint: Endpoint) {
        object {
            $0.member("method", DescriptionWords.methods.word(for: endpoint.method.rawValue) ?? "GET")
            $0.member("path", endpoint.path)
        }
    }

    private mutating func flags(_ bits: UInt32, _ flags: [DescriptionFlag]) {
        for flag in flags where bits & flag.bit != 0 { member(flag.name, true) }
    }
}
