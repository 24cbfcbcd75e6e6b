// What a C function returned, as the reply of its call.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginLoader

extension CallContext.Reply {
    /// Nil when the function has nothing to say, though an answer of its tool has a shape.
    init?(_ result: NativeResult, of tool: Tool) {
        switch result {
        case .none:
            guard tool.answerShape == .none else { return nil }
            self.init { $0.null() }
        case .bool(let value): self.init(tool) { $0.bool(value) }
        case .i32(let value): self.init(tool) { $0.int(Int64(value)) }
        case .u32(let value): self.init(tool) { $0.int(Int64(value)) }
        case .i64(let value): self.init(tool) { $0.int(value) }
        case .u64(let value): self.init(tool) { $0.raw(Array(String(value).utf8)) }
        case .f64(let value) where value.isFinite: self.init(tool) { $0.double(value) }
        case .f64(let value):
            let words = value.isNaN ? "NaN (no number)" : value < 0 ? "minus infinity" : "infinity"
            self = .failure("The function of \(tool.name) returned \(words), which has no notation in an answer.")
        case .text(let value): self.init(tool) { $0.string(value) }
        case .bytes(let value): self.init(tool) { $0.string(Base64.encode(value)) }
        case .failure(let status, let message):
            let words = message.map { $0.isEmpty ? nil : $0 } ?? nil
            self = .failure(
                words ?? "The function of \(tool.name) failed with status \(status) and did not say why.")
        case .fault(let fault):
            self = .failure("The function of \(tool.name) \(fault.phrase); this is a fault of the plugin.")
        }
    }

    /// An object with the value under its name.
    private init?(_ tool: Tool, _ write: (inout JSONWriter) -> Void) {
        self.init { writer in writer.object { $0.member(tool.valueName, write) } }
    }

    /// Nil never happens: what is written is JSON.
    private init?(_ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        write(&writer)
        guard let document = try? JSONDocument(writer.bytes) else { return nil }
        self = .value(document.root)
    }
}

extension NativeFault {
    fileprivate var phrase: String {
        switch self {
        case .noText: "returned NULL where a text was due"
        case .notUTF8: "returned a text that is not UTF-8"
        case .noBytes(let length): "returned NULL for \(length) bytes"
        case .tooLong: "returned more than \(NativeFunction.resultLimit >> 20) MiB"
        }
    }
}

extension Tool {
    /// What a native function returns, when that is a value; nil for every other tool.
    var valueType: NativeResultType? {
        guard case .native(let native) = body, native.result.isValue else { return nil }
        return native.result
    }

    /// The name of a native function's value in the answer.
    var valueName: String { result?.name ?? "result" }

    /// The shape of an answer: a native function's value stands in an object.
    var answerShape: Shape { valueType == nil ? result?.shape ?? .none : .object }
}
