// Writes the answer of a call piece by piece.
// SPDX-License-Identifier: MIT

import PluginABI

/// Writes JSON with the host's writer, which places commas and refuses what JSON does not allow.
///
/// ```swift
/// try call.reply { answer throws(CallFailure) in
///     try answer.object { () throws(CallFailure) in
///         try answer.member("vmid", 100)
///     }
/// }
/// ```
public struct AnswerWriter {
    let call: Call

    public func object(_ members: () throws(CallFailure) -> Void) throws(CallFailure) {
        try call.check(call.json.pointee.begin_object(call.handle))
        try members()
        try call.check(call.json.pointee.end_object(call.handle))
    }

    public func array(_ elements: () throws(CallFailure) -> Void) throws(CallFailure) {
        try call.check(call.json.pointee.begin_array(call.handle))
        try elements()
        try call.check(call.json.pointee.end_array(call.handle))
    }

    /// The name of the member whose value is written next.
    public func name(_ name: StaticString) throws(CallFailure) {
        try call.check(call.json.pointee.name(call.handle, name.c, name.utf8CodeUnitCount))
    }

    public func member(_ name: StaticString, _ content: Content) throws(CallFailure) {
        try self.name(name)
        try write(content)
    }

    public func null() throws(CallFailure) {
        try call.check(call.json.pointee.write_null(call.handle))
    }

    public func write(_ content: Content) throws(CallFailure) {
        let status =
            switch content {
            case .bool(let value): call.json.pointee.write_boolean(call.handle, value)
            case .int(let value): call.json.pointee.write_i64(call.handle, value)
            case .double(let value): call.json.pointee.write_f64(call.handle, value)
            case .text(let text): call.json.pointee.write_text(call.handle, text.c, text.utf8CodeUnitCount)
            case .string(let string): write(string)
            case .value(let value): call.json.pointee.write_value(call.handle, value.handle)
            }
        try call.check(status)
    }

    private func write(_ string: String) -> Int32 {
        var string = string
        return string.withUTF8 { bytes in
            let start = bytes.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
            return call.json.pointee.write_text(call.handle, start, bytes.count)
        }
    }
}
