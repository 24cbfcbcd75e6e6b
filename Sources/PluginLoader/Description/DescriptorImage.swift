// Makes a descriptor of what another process said about a plugin.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

/// Reads what ``PluginDescription`` writes. What it makes has yet to pass the loader's checks, like every descriptor:
/// nothing that a stranger's process says is taken at its word.
///
/// Bodies that are code get a function that does nothing, and which this process never calls: such tools run elsewhere.
public enum DescriptorImage {
    static let toolLimit = DescriptorCheck.toolLimit

    /// The descriptor, which lasts as long as the process.
    public static func descriptor(json: [UInt8]) throws(DescriptionFault) -> UnsafePointer<pve_plugin> {
        do {
            let document = try JSONDocument(json)
            return try descriptor(of: document.root)
        } catch let error as JSONError {
            throw DescriptionFault(message: "it is not JSON: \(error)")
        } catch let fault as DescriptionFault {
            throw fault
        } catch {
            throw DescriptionFault(message: "it cannot be read")
        }
    }

    static func descriptor(of value: JSONValue) throws(DescriptionFault) -> UnsafePointer<pve_plugin> {
        var reader = try ObjectReader(value, at: "")
        var plugin = pve_plugin()
        plugin.head = pve_head(
            magic: UInt32(PVE_MAGIC_PLUGIN), struct_size: DescriptorArena.size(of: pve_plugin.self),
            abi_major: try reader.integer("abi_major", UInt16.self) ?? UInt16(PVE_ABI_MAJOR),
            abi_minor: try reader.integer("abi_minor", UInt16.self) ?? UInt16(PVE_ABI_MINOR), reserved: 0)
        plugin.category = DescriptorArena.text(try reader.text("category"))
        plugin.version = DescriptorArena.text(try reader.text("version"))
        plugin.title = DescriptorArena.text(try reader.text("title"))
        plugin.summary = DescriptorArena.text(try reader.text("summary"))
        var tools: [UnsafePointer<pve_tool>] = []
        for tool in try reader.objects("tools", limit: toolLimit) { tools.append(try self.tool(tool)) }
        plugin.tools = DescriptorArena.list(tools)
        plugin.tool_count = UInt32(tools.count)
        try reader.end()
        return DescriptorArena.value(plugin)
    }

    private static func tool(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_tool> {
        var reader = reader
        var tool = pve_tool()
        tool.struct_size = DescriptorArena.size(of: pve_tool.self)
        tool.name = DescriptorArena.text(try reader.text("name"))
        tool.title = DescriptorArena.text(try reader.text("title"))
        tool.description = DescriptorArena.text(try reader.text("description"))
        tool.tier = try reader.code("tier", .tiers) ?? UInt8(PVE_TIER_FULL.rawValue)
        tool.annotations = UInt8(truncatingIfNeeded: try reader.flags(DescriptionFlags.annotations))
        var parameters: [UnsafePointer<pve_parameter>] = []
        for parameter in try reader.objects("parameters", limit: ToolCheck.listLimit) {
            parameters.append(try ParameterImage.parameter(parameter))
        }
        tool.parameters = DescriptorArena.list(parameters)
        tool.parameter_count = UInt32(parameters.count)
        if let result = try reader.optionalObject("result") { tool.result = try self.result(result) }
        if let endpoint = try reader.optionalObject("endpoint") { tool.endpoint = try self.endpoint(endpoint) }
        if let call = try reader.optionalObject("call") { tool.call = try self.call(call) }
        if let native = try reader.optionalObject("native") { tool.native = try self.native(native) }
        try reader.end()
        return DescriptorArena.value(tool)
    }

    private static func result(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_result> {
        var reader = reader
        var result = pve_result()
        result.struct_size = DescriptorArena.size(of: pve_result.self)
        result.shape = try reader.code("shape", .shapes) ?? 0
        result.name = DescriptorArena.text(try reader.optionalText("name"))
        result.note = DescriptorArena.text(try reader.optionalText("note"))
        var fields: [UnsafePointer<pve_field>] = []
        for var member in try reader.objects("fields", limit: ToolCheck.listLimit) {
            var field = pve_field()
            field.struct_size = DescriptorArena.size(of: pve_field.self)
            field.name = DescriptorArena.text(try member.text("name"))
            field.type = try member.code("type", .types) ?? 0
            field.unit = try member.code("unit", .units) ?? 0
            field.flags = UInt16(truncatingIfNeeded: try member.flags(DescriptionFlags.field))
            try member.end()
            fields.append(DescriptorArena.value(field))
        }
        result.fields = DescriptorArena.list(fields)
        result.field_count = UInt32(fields.count)
        try reader.end()
        return DescriptorArena.value(result)
    }

    private static func endpoint(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_endpoint> {
        var reader = reader
        var endpoint = pve_endpoint()
        endpoint.struct_size = DescriptorArena.size(of: pve_endpoint.self)
        endpoint.method = try reader.code("method", .methods) ?? 0
        endpoint.path = DescriptorArena.text(try reader.text("path"))
        try reader.end()
        return DescriptorArena.value(endpoint)
    }

    private static func call(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_call_body> {
        var reader = reader
        var endpoints: [UnsafePointer<pve_endpoint>] = []
        for endpoint in try reader.objects("endpoints", limit: ToolCheck.listLimit) {
            endpoints.append(try self.endpoint(endpoint))
        }
        try reader.end()
        return DescriptorArena.value(
            pve_call_body(
                struct_size: DescriptorArena.size(of: pve_call_body.self), endpoint_count: UInt32(endpoints.count),
                run: { _, _, _ in }, context: nil, endpoints: DescriptorArena.list(endpoints)))
    }

    private static func native(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_native> {
        var reader = reader
        var native = pve_native()
        native.struct_size = DescriptorArena.size(of: pve_native.self)
        native.result = try reader.code("result", .nativeResults) ?? 0
        native.takes_call = try reader.bool("takes_call") ? 1 : 0
        native.function = {}
        // Owned results are released where the function runs; the check wants to see that somebody does.
        native.release = { _ in }
        try reader.end()
        return DescriptorArena.value(native)
    }
}
