// The extension pve.json/1: a plugin reads and writes with the host's JSON.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI
import Proxmox

enum JSONTable {
    /// The one table of this process; constant after it was made.
    nonisolated(unsafe) static let shared: UnsafePointer<pve_json> = {
        let table = UnsafeMutablePointer<pve_json>.allocate(capacity: 1)
        table.initialize(to: pve_json())
        table.pointee.struct_size = UInt32(MemoryLayout<pve_json>.size)
        addReading(to: &table.pointee)
        addWriting(to: &table.pointee)
        return UnsafePointer(table)
    }()

    private static func addReading(to table: inout pve_json) {
        table.arguments = { call in
            guard let context = context(call) else { return 0 }
            return context.handle(context.arguments)
        }
        table.kind = { call, handle in Int32(kind(context(call)?.value(handle)).rawValue) }
        table.count = { call, handle in context(call)?.value(handle)?.count ?? 0 }
        table.member = { call, object, name, length in
            guard let context = context(call), let name,
                let found = context.value(object)?.member(named: bytes(name, length))
            else { return 0 }
            return context.handle(found)
        }
        table.first = { call, container in
            guard let context = context(call), let value = context.value(container), value.count > 0 else { return 0 }
            // Behind an object's node stands its first name; the value follows.
            return context.handle(JSONValue(document: value.document, index: value.index + (value.isObject ? 2 : 1)))
        }
        table.next = { call, container, handle in
            guard let context = context(call), let outer = context.value(container), let value = context.value(handle)
            else { return 0 }
            let index = value.indexAfter + (outer.isObject ? 1 : 0)
            guard value.document === outer.document, index < outer.indexAfter else { return 0 }
            return context.handle(JSONValue(document: value.document, index: index))
        }
        table.i64 = { call, handle, out in
            guard let value = context(call)?.value(handle), let int = value.lenientInt, let out else {
                return PVE_INVALID.code
            }
            out.pointee = int
            return PVE_OK.code
        }
        table.f64 = { call, handle, out in
            guard let value = context(call)?.value(handle), let double = value.lenientDouble, let out else {
                return PVE_INVALID.code
            }
            out.pointee = double
            return PVE_OK.code
        }
        table.boolean = { call, handle, out in
            guard let value = context(call)?.value(handle), let bool = value.lenientBool, let out else {
                return PVE_INVALID.code
            }
            out.pointee = bool
            return PVE_OK.code
        }
        table.text = { call, handle, out, length in
            guard let context = context(call), let value = context.value(handle), let out, let length else {
                return PVE_INVALID.code
            }
            let text = context.text(of: value)
            out.pointee = text.baseAddress
            length.pointee = text.count
            return PVE_OK.code
        }
    }

    private static func addWriting(to table: inout pve_json) {
        table.begin_object = { call in write(call) { $0.beginObject() } }
        table.end_object = { call in write(call) { $0.endObject() } }
        table.begin_array = { call in write(call) { $0.beginArray() } }
        table.end_array = { call in write(call) { $0.endArray() } }
        table.name = { call, name, length in write(call) { $0.name(text(name, length)) } }
        table.write_null = { call in write(call) { $0.scalar { $0.null() } } }
        table.write_boolean = { call, value in write(call) { $0.scalar { $0.bool(value) } } }
        table.write_i64 = { call, value in write(call) { $0.scalar { $0.int(value) } } }
        // Infinities and NaN have no notation in JSON.
        table.write_f64 = { call, value in write(call) { value.isFinite && $0.scalar { $0.double(value) } } }
        table.write_text = { call, string, length in write(call) { $0.scalar { $0.string(text(string, length)) } } }
        table.write_value = { call, handle in
            guard let value = context(call)?.value(handle) else { return PVE_INVALID.code }
            return write(call) { $0.value(value) }
        }
        table.reply_written = { call in
            guard let context = context(call) else { return PVE_INVALID.code }
            return context.replyWithWritten()
        }
        table.reply_value = { call, handle in
            guard let context = context(call), let value = context.value(handle) else { return PVE_INVALID.code }
            return context.reply(.value(value))
        }
    }
}

// Global functions: a C function pointer is formed from closures that capture nothing, not even a type.

private func write(_ call: OpaquePointer?, _ piece: (inout ResultWriter) -> Bool) -> Int32 {
    guard let context = context(call) else { return PVE_INVALID.code }
    return piece(&context.writer) ? PVE_OK.code : PVE_INVALID.code
}

private func kind(_ value: JSONValue?) -> pve_kind {
    switch value?.kind {
    case nil: PVE_KIND_NONE
    case .null: PVE_KIND_NULL
    case .true, .false: PVE_KIND_BOOL
    case .number: PVE_KIND_NUMBER
    case .string: PVE_KIND_STRING
    case .array: PVE_KIND_ARRAY
    case .object: PVE_KIND_OBJECT
    }
}
