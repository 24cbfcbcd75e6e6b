// The values of a request that a tool's code sends.
// SPDX-License-Identifier: MIT

import PluginABI

/// Names and values of a request: `["vmid": .value(id), "full": true, "type": "vm"]`.
public struct RequestParameters: ExpressibleByDictionaryLiteral {
    private var entries: [(name: StaticString, content: Content)] = []

    public init(dictionaryLiteral elements: (StaticString, Content)...) {
        entries.reserveCapacity(elements.count)
        for element in elements { entries.append((name: element.0, content: element.1)) }
    }

    public mutating func set(_ name: StaticString, _ content: Content) {
        entries.append((name: name, content: content))
    }

    /// Hands the parameters over as the contract wants them; nothing stays valid after `body`.
    func withRaw<R>(_ body: (UnsafePointer<UnsafePointer<pve_request_parameter>?>?, UInt32) -> R) -> R {
        guard !entries.isEmpty else { return body(nil, 0) }
        let structs = UnsafeMutablePointer<pve_request_parameter>.allocate(capacity: entries.count)
        let list = UnsafeMutablePointer<UnsafePointer<pve_request_parameter>?>.allocate(capacity: entries.count)
        var copies: [UnsafeMutablePointer<CChar>] = []
        for index in entries.indices {
            (structs + index).initialize(to: raw(entries[index].name, entries[index].content, &copies))
            (list + index).initialize(to: UnsafePointer(structs + index))
        }
        defer {
            for copy in copies { copy.deallocate() }
            list.deallocate()
            structs.deallocate()
        }
        return body(UnsafePointer(list), UInt32(entries.count))
    }

    private func raw(
        _ name: StaticString, _ content: Content, _ copies: inout [UnsafeMutablePointer<CChar>]
    ) -> pve_request_parameter {
        var raw = pve_request_parameter()
        raw.name = name.c
        switch content {
        case .bool(let value):
            raw.type = UInt8(PVE_TYPE_BOOL.rawValue)
            raw.boolean = value
        case .int(let value):
            raw.type = UInt8(PVE_TYPE_I64.rawValue)
            raw.i64 = value
        case .double(let value):
            raw.type = UInt8(PVE_TYPE_F64.rawValue)
            raw.f64 = value
        case .text(let text):
            raw.type = UInt8(PVE_TYPE_UTF8.rawValue)
            raw.utf8 = text.c
            raw.length = text.utf8CodeUnitCount
        case .string(let string):
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.utf8.count + 1)
            var length = 0
            for byte in string.utf8 {
                copy[length] = CChar(bitPattern: byte)
                length += 1
            }
            copies.append(copy)
            raw.type = UInt8(PVE_TYPE_UTF8.rawValue)
            raw.utf8 = UnsafePointer(copy)
            raw.length = length
        case .value(let value):
            raw.type = UInt8(PVE_TYPE_JSON.rawValue)
            raw.value = value.handle
        }
        return raw
    }
}
