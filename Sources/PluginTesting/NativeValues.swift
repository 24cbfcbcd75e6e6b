// Arguments of a native tool as C takes them, and its result as JSON.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginLoader

enum NativeValues {
    /// The values of the tool's parameters in order, defaults filled in. Throws with the first that does not fit.
    static func values(_ arguments: JSONValue, for tool: Tool) throws(TestingFault) -> [NativeValue] {
        var values: [NativeValue] = []
        for parameter in tool.parameters {
            var given = arguments[parameter.name].flatMap { $0.isNull ? nil : $0 }
            if given == nil { given = parameter.defaultJSON.flatMap { try? JSONDocument($0).root } }
            guard let given else {
                // Required ones are known to be there.
                values.append(.absent)
                continue
            }
            guard let value = value(given, parameter.type) else {
                throw TestingFault(
                    message: "argument \"\(parameter.name)\" does not fit \(parameter.type): \(given.rawText)")
            }
            values.append(value)
        }
        return values
    }

    private static func value(_ given: JSONValue, _ type: ParameterType) -> NativeValue? {
        switch type {
        case .bool: given.bool.map(NativeValue.bool)
        case .i32: given.int.flatMap(Int32.init(exactly:)).map(NativeValue.i32)
        case .u32: given.int.flatMap(UInt32.init(exactly:)).map(NativeValue.u32)
        case .i64: given.int.map(NativeValue.i64)
        case .u64: given.uint.map(NativeValue.u64)
        case .f64: given.double.map(NativeValue.f64)
        case .utf8: given.string.flatMap { NativeBuffer(text: $0.utf8) }.map(NativeValue.text)
        case .bytes: given.string.flatMap { Base64.decode($0.utf8) }.map { .bytes(NativeBuffer($0)) }
        case .utf8List, .i64List, .object, .json: nil
        }
    }

    /// The reply, or why there is none.
    static func record(_ result: NativeResult, of tool: Tool) -> (reply: String?, failure: String?) {
        func object(_ write: (inout JSONWriter) -> Void) -> (String?, String?) {
            var writer = JSONWriter()
            writer.object { $0.member(tool.result?.name ?? "result", write) }
            return (writer.text, nil)
        }
        return switch result {
        case .none: ("null", nil)
        case .bool(let value): object { $0.bool(value) }
        case .i32(let value): object { $0.int(Int64(value)) }
        case .u32(let value): object { $0.int(Int64(value)) }
        case .i64(let value): object { $0.int(value) }
        case .u64(let value): object { $0.raw(Array(String(value).utf8)) }
        case .f64(let value) where value.isFinite: object { $0.double(value) }
        case .f64(let value): (nil, "The function returned \(value), which JSON cannot say.")
        case .text(let value): object { $0.string(value) }
        case .bytes(let value): object { $0.string(Base64.encode(value)) }
        case .failure(let status, let message): (nil, message ?? "The function failed with status \(status).")
        case .fault(.noText): (nil, "The function returned NULL where a text was due.")
        case .fault(.notUTF8): (nil, "The function returned a text that is not UTF-8.")
        case .fault(.noBytes(let length)): (nil, "The function returned NULL for \(length) bytes.")
        case .fault(.tooLong): (nil, "The function returned more than \(NativeFunction.resultLimit >> 20) MiB.")
        }
    }
}
