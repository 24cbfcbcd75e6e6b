// Makes the description of a parameter that descriptions and manifests have alike.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

enum ParameterImage {
    /// Of a description: any type, any role.
    static func parameter(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_parameter> {
        var reader = reader
        var parameter = try common(&reader, types: .types)
        parameter.role = try reader.code("role", .roles) ?? 0
        parameter.flags |= UInt16(truncatingIfNeeded: try reader.flags(Array(DescriptionFlags.parameter[1...2])))
        parameter.api_name = DescriptorArena.text(try reader.optionalText("api_name"))
        try reader.end()
        return DescriptorArena.value(parameter)
    }

    /// Of a manifest: what a C function takes.
    static func nativeParameter(_ reader: ObjectReader) throws(DescriptionFault) -> UnsafePointer<pve_parameter> {
        var reader = reader
        var parameter = try common(&reader, types: .nativeTypes)
        parameter.role = UInt8(PVE_ROLE_LOCAL.rawValue)
        try reader.end()
        return DescriptorArena.value(parameter)
    }

    private static func common(
        _ reader: inout ObjectReader, types: DescriptionWords
    ) throws(DescriptionFault) -> pve_parameter {
        var parameter = pve_parameter()
        parameter.struct_size = DescriptorArena.size(of: pve_parameter.self)
        parameter.name = DescriptorArena.text(try reader.text("name"))
        guard let type = try reader.code("type", types) else {
            throw reader.fault("type", "is missing; use one of \(types.all.joined(separator: ", "))")
        }
        parameter.type = type
        parameter.description = DescriptorArena.text(try reader.text("description"))
        var flags: UInt32 = 0
        if try reader.bool("required") { flags |= PVE_PARAMETER_REQUIRED.rawValue }
        if try reader.bool("secret") { flags |= PVE_PARAMETER_SECRET.rawValue }
        if let minimum = try reader.double("minimum") {
            parameter.minimum = minimum
            flags |= PVE_PARAMETER_MINIMUM.rawValue
        }
        if let maximum = try reader.double("maximum") {
            parameter.maximum = maximum
            flags |= PVE_PARAMETER_MAXIMUM.rawValue
        }
        parameter.flags = UInt16(truncatingIfNeeded: flags)
        if let value = reader.value("default") { parameter.default_json = DescriptorArena.text(value.rawText) }
        let choices = try reader.texts("choices", limit: ToolCheck.listLimit)
        parameter.choices = choicePointers(choices)
        parameter.choice_count = UInt32(choices.count)
        parameter.maximum_length = try reader.integer("maximum_length", UInt32.self) ?? 0
        parameter.pattern = DescriptorArena.text(try reader.optionalText("pattern"))
        return parameter
    }

    private static func choicePointers(_ choices: [String]) -> UnsafePointer<UnsafePointer<CChar>?>? {
        DescriptorArena.list(choices.map { DescriptorArena.text($0) })
    }
}
