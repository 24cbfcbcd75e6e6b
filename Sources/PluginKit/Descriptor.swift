// Turns a plugin's statement into the C structs of the contract.
// SPDX-License-Identifier: MIT

// Everything allocated here lives as long as the process, as the contract asks; texts are not copied, they point into
// the library's constants.

import PluginABI

extension Plugin {
    var descriptor: UnsafePointer<pve_plugin> {
        var features: UInt64 = 0
        for tool in tools { features |= tool.feature }
        let list = pointers(tools) { $0.descriptor }
        return permanent(
            pve_plugin(
                head: pve_head(
                    magic: UInt32(PVE_MAGIC_PLUGIN), struct_size: size(of: pve_plugin.self),
                    abi_major: UInt16(PVE_ABI_MAJOR), abi_minor: UInt16(PVE_ABI_MINOR), reserved: 0),
                category: category.c, version: version.c, title: title.c, summary: summary.c,
                required_features: features, tools: list, tool_count: UInt32(tools.count), reserved: 0))
    }
}

extension Tool {
    var feature: UInt64 {
        switch body {
        case .endpoint: UInt64(PVE_FEATURE_ENDPOINT.rawValue)
        case .code: UInt64(PVE_FEATURE_CALL.rawValue)
        }
    }

    var descriptor: pve_tool {
        var raw = pve_tool()
        raw.struct_size = size(of: pve_tool.self)
        raw.tier = tier.rawValue
        raw.annotations = effect.rawValue
        raw.name = name.c
        raw.title = title.c
        raw.description = text.c
        raw.parameters = pointers(parameters) { $0.descriptor }
        raw.parameter_count = UInt32(parameters.count)
        raw.result = permanent(answer.descriptor)
        switch body {
        case .endpoint(let endpoint):
            raw.endpoint = permanent(endpoint.descriptor)
        case .code(let endpoints, let code):
            raw.call = permanent(
                pve_call_body(
                    struct_size: size(of: pve_call_body.self), endpoint_count: UInt32(endpoints.count),
                    run: runCode, context: Unmanaged.passRetained(CodeBox(code)).toOpaque(),
                    endpoints: pointers(endpoints) { $0.descriptor }))
        }
        return raw
    }
}

extension Endpoint {
    var descriptor: pve_endpoint {
        pve_endpoint(
            struct_size: size(of: pve_endpoint.self), method: method.rawValue, reserved: (0, 0, 0), path: path.c)
    }
}

extension Answer {
    var descriptor: pve_result {
        pve_result(
            struct_size: size(of: pve_result.self), shape: shape.rawValue, reserved: (0, 0, 0), name: name?.c,
            fields: pointers(fields) { $0.descriptor }, field_count: UInt32(fields.count), reserved1: 0,
            note: note?.c)
    }
}

extension Field {
    var descriptor: pve_field {
        let flags =
            (isChosen ? UInt16(PVE_FIELD_CHOSEN.rawValue) : 0) | (isAlways ? UInt16(PVE_FIELD_ALWAYS.rawValue) : 0)
        return pve_field(
            struct_size: size(of: pve_field.self), type: kind.rawValue, unit: unit.rawValue, flags: flags, name: name.c)
    }
}

extension Parameter {
    var descriptor: pve_parameter {
        pve_parameter(
            struct_size: size(of: pve_parameter.self), type: kind.rawValue, role: role.rawValue, flags: flags.rawValue,
            name: name.c, description: text.c, api_name: apiName?.c, default_json: preset?.json,
            choices: choiceList, choice_count: UInt32(choices.count), maximum_length: maximumLength,
            pattern: pattern?.c, minimum: minimum, maximum: maximum)
    }

    private var choiceList: UnsafePointer<UnsafePointer<CChar>?>? {
        guard !choices.isEmpty else { return nil }
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: choices.count)
        for (index, choice) in choices.enumerated() { (list + index).initialize(to: choice.c) }
        return UnsafePointer(list)
    }
}

extension Preset {
    /// The value as JSON text.
    var json: UnsafePointer<CChar> {
        switch self {
        case .bool(let value): value ? ("true" as StaticString).c : ("false" as StaticString).c
        case .integer(let value): Preset.digits(value)
        case .text(let text): Preset.quoted(text)
        }
    }

    private static func digits(_ value: Int) -> UnsafePointer<CChar> {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 21)
        var reversed: (rest: UInt, count: Int) = (value.magnitude, 0)
        repeat {
            reversed.rest /= 10
            reversed.count += 1
        } while reversed.rest > 0
        var end = reversed.count + (value < 0 ? 1 : 0)
        text[end] = 0
        var rest = value.magnitude
        repeat {
            end -= 1
            text[end] = CChar(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        if value < 0 { text[0] = CChar(UInt8(ascii: "-")) }
        return UnsafePointer(text)
    }

    private static func quoted(_ value: StaticString) -> UnsafePointer<CChar> {
        let count = value.utf8CodeUnitCount
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: count + 3)
        text[0] = CChar(UInt8(ascii: "\""))
        (text + 1).update(from: value.c, count: count)
        text[count + 1] = text[0]
        text[count + 2] = 0
        return UnsafePointer(text)
    }
}

extension StaticString {
    /// The text as C reads it: the compiler ends every string literal with a NUL.
    var c: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

private func size<T>(of type: T.Type) -> UInt32 { UInt32(MemoryLayout<T>.size) }

private func permanent<T>(_ value: T) -> UnsafePointer<T> {
    let place = UnsafeMutablePointer<T>.allocate(capacity: 1)
    place.initialize(to: value)
    return UnsafePointer(place)
}

/// The structs of `items` side by side, and the array of pointers to them; nil for none.
private func pointers<Item, Raw>(
    _ items: [Item], _ descriptor: (Item) -> Raw
) -> UnsafePointer<UnsafePointer<Raw>?>? {
    guard !items.isEmpty else { return nil }
    let structs = UnsafeMutablePointer<Raw>.allocate(capacity: items.count)
    let list = UnsafeMutablePointer<UnsafePointer<Raw>?>.allocate(capacity: items.count)
    for index in items.indices {
        (structs + index).initialize(to: descriptor(items[index]))
        (list + index).initialize(to: UnsafePointer(structs + index))
    }
    return UnsafePointer(list)
}
