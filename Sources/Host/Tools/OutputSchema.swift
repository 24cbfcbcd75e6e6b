// The JSON Schema of a tool's structured result, made from its result description.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginLoader

extension Tool {
    /// The `outputSchema` of the tool; nil when it answers no data.
    ///
    /// Fields are not required, not even those that Proxmox always sends: callers choose fields, and privileges hide some.
    func outputSchema() -> [UInt8]? {
        if let valueType { return valueSchema(valueType) }
        guard let result else { return nil }
        let goesOn = parameters.contains { $0.role == .cursor }
        let note = result.note != nil
        var writer = JSONWriter(reserving: 512)
        writer.object { schema in
            schema.member("type", "object")
            switch result.shape {
            case .object:
                schema.member("properties") {
                    $0.object { properties in
                        for field in result.fields { properties.property(field) }
                        if note { properties.text("note") }
                    }
                }
            case .list, .series:
                schema.list(result.listName, goesOn, note, countsEmpty: result.shape == .series) { items in
                    items.object {
                        $0.member("type", "object")
                        $0.member("properties") { $0.object { for field in result.fields { $0.property(field) } } }
                    }
                }
            case .log:
                schema.list(result.listName, goesOn, note) { $0.object { $0.member("type", "string") } }
            case .task:
                schema.member("properties") {
                    $0.object { properties in
                        for name in ["upid", "node", "id", "status", "exitstatus", "next"] { properties.text(name) }
                        if note { properties.text("note") }
                        properties.member("log") {
                            $0.object {
                                $0.member("type", "array")
                                $0.member("items") { $0.object { $0.member("type", "string") } }
                            }
                        }
                    }
                }
                schema.member("required") { $0.array { $0.string("status") } }
            default:
                schema.member("properties") {
                    $0.object { properties in
                        properties.text("status")
                        if note { properties.text("note") }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Of the object with the value that a native function returns. One that has the call may reply without the value.
    private func valueSchema(_ type: NativeResultType) -> [UInt8] {
        var isAlways = true
        if case .native(let native) = body { isAlways = !native.takesCall }
        var writer = JSONWriter()
        writer.object { schema in
            schema.member("type", "object")
            schema.member("properties") {
                $0.object { properties in
                    properties.member(valueName) {
                        $0.object {
                            $0.member("type", type.word)
                            if type == .bytes { $0.member("contentEncoding", "base64") }
                        }
                    }
                    if result?.note != nil { properties.text("note") }
                }
            }
            if isAlways { schema.member("required") { $0.array { $0.string(valueName) } } }
        }
        return writer.bytes
    }
}

extension NativeResultType {
    /// The type in JSON Schema.
    fileprivate var word: String {
        switch self {
        case .bool: "boolean"
        case .i32, .u32, .i64, .u64: "integer"
        case .f64: "number"
        case .text, .ownedText, .bytes: "string"
        case .none, .status: "null"
        }
    }
}

extension ResultDescription {
    /// The name of the list inside the answer.
    var listName: String { name ?? "items" }
}

extension JSONWriter {
    fileprivate mutating func list(
        _ name: String, _ goesOn: Bool, _ note: Bool, countsEmpty: Bool = false, _ items: (inout JSONWriter) -> Void
    ) {
        member("properties") {
            $0.object { properties in
                properties.member(name) {
                    $0.object {
                        $0.member("type", "array")
                        $0.member("items", items)
                    }
                }
                properties.member("total") { $0.object { $0.member("type", "integer") } }
                if countsEmpty { properties.member("empty") { $0.object { $0.member("type", "integer") } } }
                if goesOn { properties.text("next_cursor") }
                if note { properties.text("note") }
            }
        }
        member("required") { $0.array { $0.string(name) } }
    }

    fileprivate mutating func text(_ name: String) {
        member(name) { $0.object { $0.member("type", "string") } }
    }

    fileprivate mutating func property(_ field: Field) {
        member(field.name) { writer in
            writer.object {
                switch field.type {
                case .bool: $0.member("type", "boolean")
                case .i32, .u32, .i64, .u64: $0.member("type", "integer")
                case .f64: $0.member("type", "number")
                case .utf8, .bytes: $0.member("type", "string")
                case .utf8List, .i64List: $0.member("type", "array")
                case .object: $0.member("type", "object")
                default: break
                }
                if let unit = field.unit.word { $0.member("description", unit) }
            }
        }
        if field.unit == .epoch { text(field.name + UTCTime.suffix) }
    }
}

extension FieldUnit {
    /// How the unit is called in descriptions.
    var word: String? {
        switch self {
        case .bytes: "bytes"
        case .seconds: "seconds"
        case .fraction: "0 to 1"
        case .epoch: "seconds since 1970"
        case .mebibytes: "MiB"
        default: nil
        }
    }
}
