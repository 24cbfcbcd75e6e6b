// Makes tools for tests, as a plugin's descriptor would.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import PluginABI

@testable import PluginLoader

/// A parameter of a test's tool.
// Sendable: what its pointers lead to is constant and never freed.
struct ParameterSpec: @unchecked Sendable {
    var value = pve_parameter()

    init(
        _ name: String, _ type: pve_type, role: pve_role = PVE_ROLE_ARGUMENT, flags: [pve_parameter_flag] = [],
        api: String? = nil, choices: [String] = [], in range: ClosedRange<Double>? = nil, maximumLength: Int = 0,
        pattern: String? = nil, default json: String? = nil
    ) {
        value.struct_size = UInt32(MemoryLayout<pve_parameter>.size)
        value.type = UInt8(type.rawValue)
        value.role = UInt8(role.rawValue)
        value.name = lasting(name)
        value.description = lasting("The \(name).")
        value.api_name = api.map(lasting)
        value.default_json = json.map(lasting)
        value.choices = UnsafePointer(lasting(choices.map { lasting($0) }))
        value.choice_count = UInt32(choices.count)
        value.maximum_length = UInt32(maximumLength)
        value.pattern = pattern.map(lasting)
        var flags = flags
        if let range {
            value.minimum = range.lowerBound
            value.maximum = range.upperBound
            if range.lowerBound.isFinite { flags.append(PVE_PARAMETER_MINIMUM) }
            if range.upperBound.isFinite { flags.append(PVE_PARAMETER_MAXIMUM) }
        }
        value.flags = flags.reduce(0) { $0 | UInt16($1.rawValue) }
    }

    static let node = ParameterSpec("node", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_REQUIRED])
    static let guestNode = ParameterSpec("node", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_GUEST_NODE])
    static let taskNode = ParameterSpec("node", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_TASK_NODE])
    static let upid = ParameterSpec("upid", PVE_TYPE_UTF8, flags: [PVE_PARAMETER_REQUIRED])
    static let vmid = ParameterSpec(
        "vmid", PVE_TYPE_I64, flags: [PVE_PARAMETER_REQUIRED], in: 100...999_999_999)
    static let options = ParameterSpec("options", PVE_TYPE_OBJECT, role: PVE_ROLE_OPTIONS)
    static let wait = ParameterSpec("wait", PVE_TYPE_I32, role: PVE_ROLE_WAIT, in: 0...3600)
    static let fields = ParameterSpec("fields", PVE_TYPE_UTF8_LIST, role: PVE_ROLE_FIELDS)
    static let limit = ParameterSpec("limit", PVE_TYPE_I32, role: PVE_ROLE_LIMIT, in: 1...1000)
    static let cursor = ParameterSpec("cursor", PVE_TYPE_UTF8, role: PVE_ROLE_CURSOR)
}

/// A field of a test's result.
struct FieldSpec: @unchecked Sendable {
    var value = pve_field()

    init(_ name: String, _ type: pve_type, unit: pve_unit = PVE_UNIT_NONE, chosen: Bool = true, always: Bool = false) {
        value.struct_size = UInt32(MemoryLayout<pve_field>.size)
        value.type = UInt8(type.rawValue)
        value.unit = UInt8(unit.rawValue)
        value.name = lasting(name)
        value.flags = (chosen ? 1 : 0) | (always ? 2 : 0)
    }
}

/// A result description as the loader would hand it out.
func result(_ shape: pve_shape, _ name: String? = nil, _ fields: [FieldSpec] = [], note: String? = nil)
    -> ResultDescription
{
    var value = pve_result()
    value.struct_size = UInt32(MemoryLayout<pve_result>.size)
    value.shape = UInt8(shape.rawValue)
    value.name = name.map(lasting)
    value.fields = UnsafePointer(lasting(fields.map { lasting($0.value) }))
    value.field_count = UInt32(fields.count)
    value.note = note.map(lasting)
    return ResultDescription(pointer: lasting(value))
}

/// An endpoint as the loader would hand it out.
func endpoint(_ method: pve_method, _ path: String) -> Endpoint {
    var value = pve_endpoint()
    value.struct_size = UInt32(MemoryLayout<pve_endpoint>.size)
    value.method = UInt8(method.rawValue)
    value.path = lasting(path)
    return Endpoint(pointer: lasting(value))
}

/// A tool with one request.
func tool(
    _ name: String = "pve_test", _ parameters: [ParameterSpec] = [], _ method: pve_method = PVE_METHOD_GET,
    _ path: String = "/version", result: ResultDescription? = nil, tier: pve_tier = PVE_TIER_FULL,
    annotations: [pve_annotation] = []
) -> Tool {
    var value = described(name, parameters, result, tier, annotations)
    value.endpoint = endpoint(method, path).pointer
    return Tool(pointer: lasting(value))
}

/// A tool whose body is code.
func tool(
    _ name: String = "pve_test", _ parameters: [ParameterSpec] = [], sends endpoints: [Endpoint] = [],
    result: ResultDescription? = nil, tier: pve_tier = PVE_TIER_FULL, annotations: [pve_annotation] = [],
    code: @escaping @Sendable (PluginSide) -> Void
) -> Tool {
    var body = pve_call_body()
    body.struct_size = UInt32(MemoryLayout<pve_call_body>.size)
    body.endpoints = UnsafePointer(lasting(endpoints.map { $0.pointer }))
    body.endpoint_count = UInt32(endpoints.count)
    body.context = Unmanaged.passRetained(PluginCode(code)).toOpaque()
    body.run = { host, call, context in
        guard let host, let call, let context else { return }
        Unmanaged<PluginCode>.fromOpaque(context).takeUnretainedValue().run(PluginSide(host: host, call: call))
    }
    var value = described(name, parameters, result, tier, annotations)
    value.call = lasting(body)
    return Tool(pointer: lasting(value))
}

/// A tool whose body is a C function that nobody calls.
func nativeTool(
    _ parameters: [ParameterSpec], _ type: pve_type = PVE_TYPE_I32, result: ResultDescription? = nil
) -> Tool {
    var body = pve_native()
    body.struct_size = UInt32(MemoryLayout<pve_native>.size)
    body.result = UInt8(type.rawValue)
    var value = described("pve_test", parameters, result, PVE_TIER_FULL, [])
    value.native = lasting(body)
    return Tool(pointer: lasting(value))
}

private func described(
    _ name: String, _ parameters: [ParameterSpec], _ result: ResultDescription?, _ tier: pve_tier,
    _ annotations: [pve_annotation]
) -> pve_tool {
    var value = pve_tool()
    value.struct_size = UInt32(MemoryLayout<pve_tool>.size)
    value.tier = UInt8(tier.rawValue)
    value.annotations = annotations.reduce(0) { $0 | UInt8($1.rawValue) }
    value.name = lasting(name)
    value.title = lasting("Title")
    value.description = lasting("What \(name) does.")
    value.parameters = UnsafePointer(lasting(parameters.map { lasting($0.value) }))
    value.parameter_count = UInt32(parameters.count)
    value.result = result?.pointer
    return value
}

/// Plugins that hold these tools, one a category.
func inventory(_ tools: [Tool], category: String = "test", summary: String = "Tools of a test.") -> PluginInventory {
    var inventory = PluginInventory()
    inventory.plugins = [
        Plugin(
            category: category, version: "1.0.0", title: "Test", summary: summary, file: "/test", abiMajor: 1,
            abiMinor: 0, isFirstParty: true, tools: tools)
    ]
    return inventory
}

func json(_ text: String) throws -> JSONValue { try JSONDocument(text).root }

// Descriptors are constant and live as long as the process, so those of tests are never freed either.

private func lasting(_ text: String) -> UnsafePointer<CChar> { UnsafePointer(strdup(text)) }

private func lasting<Value>(_ value: Value) -> UnsafePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return UnsafePointer(pointer)
}

private func lasting<Value>(_ values: [UnsafePointer<Value>]) -> UnsafeMutablePointer<UnsafePointer<Value>?> {
    let pointer = UnsafeMutablePointer<UnsafePointer<Value>?>.allocate(capacity: max(1, values.count))
    for (index, value) in values.enumerated() { (pointer + index).initialize(to: value) }
    return pointer
}
