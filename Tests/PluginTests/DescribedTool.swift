// A tool of a descriptor, read into Swift values.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

struct DescribedTool: CustomStringConvertible {
    let name, title, text: String
    let tier, annotations: UInt8
    let parameters: [DescribedParameter]
    let result: DescribedResult
    let call: pve_call_body?
    /// The one request of an endpoint body, or those that a call body declares: verb and path.
    let requests: [(method: String, path: String)]

    var description: String { name }

    init(_ raw: pve_tool) {
        name = String(cString: raw.name)
        title = String(cString: raw.title)
        text = String(cString: raw.description)
        tier = raw.tier
        annotations = raw.annotations
        parameters = (0..<Int(raw.parameter_count)).map { DescribedParameter(raw.parameters[$0]!.pointee) }
        result = DescribedResult(raw.result.pointee)
        call = raw.call?.pointee
        var endpoints: [pve_endpoint] = []
        if let endpoint = raw.endpoint { endpoints.append(endpoint.pointee) }
        for index in 0..<Int(call?.endpoint_count ?? 0) { endpoints.append(call!.endpoints[index]!.pointee) }
        requests = endpoints.map { (["", "GET", "POST", "PUT", "DELETE"][Int($0.method)], String(cString: $0.path)) }
    }

    /// How the tool stands in the list a client reads, without its output schema.
    var listEntry: [UInt8] {
        var writer = JSONWriter()
        writer.object { tool in
            tool.member("name", name)
            tool.member("title", title)
            tool.member("description", text)
            tool.member("inputSchema") { $0.object { schema(&$0) } }
        }
        return writer.bytes
    }

    private func schema(_ schema: inout JSONWriter) {
        schema.member("type", "object")
        schema.member("properties") { properties in
            properties.object { for parameter in parameters { parameter.write(to: &$0) } }
        }
        let required = parameters.filter(\.isRequired)
        if !required.isEmpty {
            schema.member("required") { $0.array { for parameter in required { $0.string(parameter.name) } } }
        }
        schema.member("additionalProperties", false)
    }
}

struct DescribedParameter {
    let name, text, apiName: String
    let type: pve_type
    let role: pve_role
    /// A found node is one that the host finds by another argument when it is absent.
    let isRequired, isGuestNode, isFoundNode, isSecret: Bool
    let preset, pattern: String?
    let choices: [String]
    let maximumLength: Int
    let minimum, maximum: Int?

    init(_ raw: pve_parameter) {
        func has(_ flag: pve_parameter_flag) -> Bool { UInt32(raw.flags) & flag.rawValue != 0 }
        name = String(cString: raw.name)
        text = String(cString: raw.description)
        apiName = String(cString: raw.api_name ?? raw.name)
        type = pve_type(UInt32(raw.type))
        role = pve_role(UInt32(raw.role))
        isRequired = has(PVE_PARAMETER_REQUIRED)
        isGuestNode = has(PVE_PARAMETER_GUEST_NODE)
        isFoundNode = isGuestNode || has(PVE_PARAMETER_TASK_NODE)
        isSecret = has(PVE_PARAMETER_SECRET)
        preset = raw.default_json.map { String(cString: $0) }
        pattern = raw.pattern.map { String(cString: $0) }
        choices = (0..<Int(raw.choice_count)).map { String(cString: raw.choices[$0]!) }
        maximumLength = Int(raw.maximum_length)
        minimum = has(PVE_PARAMETER_MINIMUM) ? Int(raw.minimum) : nil
        maximum = has(PVE_PARAMETER_MAXIMUM) ? Int(raw.maximum) : nil
    }

    /// The type as JSON Schema calls it.
    var schemaType: String {
        switch type {
        case PVE_TYPE_BOOL: "boolean"
        case PVE_TYPE_I64: "integer"
        case PVE_TYPE_F64: "number"
        case PVE_TYPE_UTF8: "string"
        case PVE_TYPE_UTF8_LIST, PVE_TYPE_I64_LIST: "array"
        case PVE_TYPE_OBJECT: "object"
        default: "?"
        }
    }

    func write(to properties: inout JSONWriter) {
        properties.member(name) { property in
            property.object {
                $0.member("type", schemaType)
                if schemaType == "array" { $0.member("items") { $0.object { $0.member("type", "string") } } }
                $0.member("description", text)
                if !choices.isEmpty { $0.member("enum") { $0.array { for choice in choices { $0.string(choice) } } } }
                if let minimum { $0.member("minimum", minimum) }
                if let maximum { $0.member("maximum", maximum) }
                if maximumLength > 0 { $0.member("maxLength", maximumLength) }
                if let pattern { $0.member("pattern", pattern) }
                if let preset { $0.member("default", raw: Array(preset.utf8)) }
            }
        }
    }
}

struct DescribedResult {
    let shape: pve_shape
    let name: String?
    let fields: [(name: String, type: pve_type, isChosen: Bool, isAlways: Bool)]

    init(_ raw: pve_result) {
        shape = pve_shape(UInt32(raw.shape))
        name = raw.name.map { String(cString: $0) }
        fields = (0..<Int(raw.field_count)).map {
            let field = raw.fields[$0]!.pointee
            let flags = UInt32(field.flags)
            return (
                String(cString: field.name), pve_type(UInt32(field.type)), flags & PVE_FIELD_CHOSEN.rawValue != 0,
                flags & PVE_FIELD_ALWAYS.rawValue != 0
            )
        }
    }
}
