// A JSON value of a call.
// SPDX-License-Identifier: MIT

import PluginABI

/// An argument, an answer of Proxmox, or part of one. Valid until the tool's code returns; read on its thread only.
///
/// Reading is lenient, as Proxmox's answers vary: `"512"`, `512`, `1` and `true` are read as what is asked for.
public struct Value {
    /// What a value is in JSON.
    public enum Kind: Int32, Sendable {
        case missing, null, bool, number, string, array, object
    }

    let call: Call
    let handle: pve_value

    public var kind: Kind { Kind(rawValue: call.json.pointee.kind(call.handle, handle)) ?? .missing }

    /// Whether there is a value, other than null.
    public var exists: Bool { handle != 0 && kind != .null }

    /// How many elements an array or members an object has.
    public var count: Int { call.json.pointee.count(call.handle, handle) }

    /// The member of an object; ``Kind/missing`` when there is none.
    public subscript(name: StaticString) -> Value {
        Value(call: call, handle: call.json.pointee.member(call.handle, handle, name.c, name.utf8CodeUnitCount))
    }

    public var int: Int64? {
        var out: Int64 = 0
        return call.json.pointee.i64(call.handle, handle, &out) == 0 ? out : nil
    }

    public var double: Double? {
        var out = 0.0
        return call.json.pointee.f64(call.handle, handle, &out) == 0 ? out : nil
    }

    public var bool: Bool? {
        var out = false
        return call.json.pointee.boolean(call.handle, handle, &out) == 0 ? out : nil
    }

    /// The text of a string, or the JSON text of any other value, as a new string.
    public var string: String? { withText { String(decoding: $0, as: UTF8.self) } }

    /// Reads the text of a string, or the JSON text of any other value, where it stands; nil when there is no value.
    public func withText<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R? {
        var start: UnsafePointer<CChar>?
        var length = 0
        guard handle != 0, call.json.pointee.text(call.handle, handle, &start, &length) == 0, let start else {
            return nil
        }
        // The host owns the bytes and keeps them until the call's code returns.
        let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return body(UnsafeBufferPointer(start: bytes, count: length))
    }

    /// Whether the text is `text`, byte for byte.
    public func isText(_ text: StaticString) -> Bool {
        withText { $0.elementsEqual(text.bytes) } ?? false
    }

    /// Whether `text` occurs in the text, byte for byte.
    public func contains(_ text: StaticString) -> Bool {
        let wanted = text.bytes
        return withText { bytes in
            guard bytes.count >= wanted.count else { return false }
            for start in 0...(bytes.count - wanted.count)
            where UnsafeBufferPointer(rebasing: bytes[start..<(start + wanted.count)]).elementsEqual(wanted) {
                return true
            }
            return false
        } ?? false
    }

    /// The elements of an array or the values of an object, in order; none for other kinds.
    public var elements: Elements { Elements(of: self) }

    public struct Elements: Sequence, IteratorProtocol {
        private let container: Value
        private var upcoming: pve_value

        init(of container: Value) {
            self.container = container
            upcoming = container.call.json.pointee.first(container.call.handle, container.handle)
        }

        public mutating func next() -> Value? {
            guard upcoming != 0 else { return nil }
            let value = Value(call: container.call, handle: upcoming)
            upcoming = container.call.json.pointee.next(container.call.handle, container.handle, upcoming)
            return value
        }
    }
}

extension StaticString {
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
