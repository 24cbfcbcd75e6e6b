// A call's arguments as a C function takes them.
// SPDX-License-Identifier: MIT

import JSON
import NativeCall
import PluginLoader

/// Makes values of a native tool's parameters, in order. Nothing that does not fit exactly becomes a value.
enum NativeArguments {
    /// Throws with every argument that cannot be handed over.
    static func values(_ arguments: JSONValue, for tool: Tool) throws(ArgumentError) -> [NativeValue] {
        var values: [NativeValue] = []
        var faults: [String] = []
        for parameter in tool.parameters {
            do throws(NativeArgumentFault) {
                values.append(try value(given(arguments, parameter), parameter))
            } catch {
                faults.append(error.phrase)
            }
        }
        guard faults.isEmpty else { throw ArgumentError(faults: faults) }
        return values
    }

    /// What the caller gave, or else the default; nil for neither. Null counts as left out.
    private static func given(_ arguments: JSONValue, _ parameter: Parameter) -> JSONValue? {
        if let value = arguments[parameter.name], !value.isNull { return value }
        return parameter.defaultJSON.flatMap { try? JSONDocument($0).root }
    }

    private static func value(
        _ given: JSONValue?, _ parameter: Parameter
    ) throws(NativeArgumentFault) -> NativeValue {
        guard let given else {
            guard !parameter.isPassedByValue else {
                throw .init(parameter, "is missing; it takes \(parameter.expectation)")
            }
            return .absent
        }
        let value: NativeValue? =
            switch parameter.type {
            case .bool: given.bool.map(NativeValue.bool)
            case .i32: given.int.flatMap(Int32.init(exactly:)).map(NativeValue.i32)
            case .u32: given.int.flatMap(UInt32.init(exactly:)).map(NativeValue.u32)
            case .i64: given.int.map(NativeValue.i64)
            case .u64: given.uint.map(NativeValue.u64)
            case .f64: given.double.map(NativeValue.f64)
            case .utf8: try text(given, parameter)
            case .bytes: try bytes(given, parameter)
            case .utf8List, .i64List, .object, .json: nil
            }
        guard let value else {
            let got = parameter.isSecret ? given.kind.noun : shortened(given.rawText, 80)
            throw .init(parameter, "takes \(parameter.expectation); got \(got)")
        }
        return value
    }

    private static func text(
        _ given: JSONValue, _ parameter: Parameter
    ) throws(NativeArgumentFault) -> NativeValue? {
        guard given.kind == .string else { return nil }
        // Megabytes without escapes are copied once, from where they stand.
        let buffer = given.borrowedText.map { NativeBuffer(text: $0) } ?? NativeBuffer(text: (given.string ?? "").utf8)
        guard let buffer else {
            throw .init(parameter, "has the character U+0000 in it, which would end the text early; leave it out")
        }
        return .text(buffer)
    }

    private static func bytes(
        _ given: JSONValue, _ parameter: Parameter
    ) throws(NativeArgumentFault) -> NativeValue? {
        guard given.kind == .string else { return nil }
        let text = given.borrowedText.map(Base64.decode) ?? Base64.decode((given.string ?? "").utf8)
        guard let text else {
            let got = parameter.isSecret ? "something else" : shortened(given.rawText, 80)
            throw .init(parameter, "takes bytes as base64 (A-Z, a-z, 0-9, + and /, padded with =); got \(got)")
        }
        return .bytes(NativeBuffer(text))
    }
}

/// What is wrong with one argument.
private struct NativeArgumentFault: Error {
    let phrase: String

    init(_ parameter: Parameter, _ fault: String) { phrase = "argument \(quoted(parameter.name)) \(fault)" }
}
