// The extension pve.json/1 of the host that tests use.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

extension FakeHost {
    nonisolated(unsafe) static let json: UnsafePointer<pve_json> = {
        let table = UnsafeMutablePointer<pve_json>.allocate(capacity: 1)
        table.initialize(to: pve_json())
        table.pointee.struct_size = UInt32(MemoryLayout<pve_json>.size)
        addReading(&table.pointee)
        addWriting(&table.pointee)
        return UnsafePointer(table)
    }()

    private static func addReading(_ table: inout pve_json) {
        table.arguments = { fake($0).handle(fake($0).arguments) }
        table.kind = { call, handle in
            switch fake(call).value(handle)?.kind {
            case nil: 0
            case .null: 1
            case .true, .false: 2
            case .number: 3
            case .string: 4
            case .array: 5
            case .object: 6
            }
        }
        table.count = { call, handle in fake(call).value(handle)?.count ?? 0 }
        table.member = { call, object, name, length in fake(call).handle(fake(call).value(object)?[text(name, length)])
        }
        table.first = { call, container in
            guard let value = fake(call).value(container), value.count > 0 else { return 0 }
            let step = value.isObject ? 2 : 1
            return fake(call).handle(JSONValue(document: value.document, index: value.index + step))
        }
        table.next = { call, container, handle in
            guard let outer = fake(call).value(container), let value = fake(call).value(handle) else { return 0 }
            let index = value.indexAfter + (outer.isObject ? 1 : 0)
            guard index < outer.indexAfter else { return 0 }
            return fake(call).handle(JSONValue(document: value.document, index: index))
        }
        table.i64 = { call, handle, out in
            let value = fake(call).value(handle)
            guard let int = value?.int ?? value?.string.flatMap(Int64.init) ?? value?.bool.map({ $0 ? 1 : 0 }) else {
                return Int32(PVE_INVALID.rawValue)
            }
            out?.pointee = int
            return 0
        }
        table.f64 = { call, handle, out in
            let value = fake(call).value(handle)
            guard let double = value?.double ?? value?.string.flatMap(Double.init) else {
                return Int32(PVE_INVALID.rawValue)
            }
            out?.pointee = double
            return 0
        }
        table.boolean = { call, handle, out in
            let value = fake(call).value(handle)
            guard let bool = value?.bool ?? (value?.int ?? value?.string.flatMap(Int64.init)).map({ $0 != 0 }) else {
                return Int32(PVE_INVALID.rawValue)
            }
            out?.pointee = bool
            return 0
        }
        table.text = { call, handle, out, length in
            guard let value = fake(call).value(handle) else { return Int32(PVE_INVALID.rawValue) }
            let copy = fake(call).keep(value.string ?? value.rawText)
            out?.pointee = UnsafePointer(copy.baseAddress)
            length?.pointee = copy.count - 1
            return 0
        }
    }

    private static func addWriting(_ table: inout pve_json) {
        table.begin_object = { fake($0).write { $0.beginObject() } }
        table.end_object = { fake($0).write { $0.endObject() } }
        table.begin_array = { fake($0).write { $0.beginArray() } }
        table.end_array = { fake($0).write { $0.endArray() } }
        table.name = { call, name, length in fake(call).write { $0.name(text(name, length)) } }
        table.write_null = { fake($0).write { $0.null() } }
        table.write_boolean = { call, value in fake(call).write { $0.bool(value) } }
        table.write_i64 = { call, value in fake(call).write { $0.int(value) } }
        table.write_f64 = { call, value in fake(call).write { $0.double(value) } }
        table.write_text = { call, string, length in fake(call).write { $0.string(text(string, length)) } }
        table.write_value = { call, handle in
            guard let value = fake(call).value(handle) else { return Int32(PVE_INVALID.rawValue) }
            return fake(call).write { $0.value(value) }
        }
        table.reply_written = { fake($0).end(reply: fake($0).writer.text) }
        table.reply_value = { call, handle in
            guard let value = fake(call).value(handle) else { return Int32(PVE_INVALID.rawValue) }
            return fake(call).end(reply: value.rawText)
        }
    }
}

extension FakeCall {
    fileprivate func write(_ piece: (inout JSONWriter) -> Void) -> Int32 {
        piece(&writer)
        return 0
    }
}
