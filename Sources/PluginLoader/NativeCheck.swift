// Whether a native body can be called: the types of its function, made from the tool's table.
// SPDX-License-Identifier: MIT

import NativeCall
import PluginABI

/// Checks a native body. Everything else about its tool has been found sound.
struct NativeCheck {
    private let tool: UnsafePointer<pve_tool>
    private let body: UnsafePointer<pve_native>

    init(_ tool: UnsafePointer<pve_tool>, _ body: UnsafePointer<pve_native>) {
        self.tool = tool
        self.body = body
    }

    /// The types that the function has, if the tool's table is right about it.
    func signature() throws(ToolFault) -> NativeSignature {
        guard let result = NativeResultType(code: body.pointee.result) else {
            throw .badNativeResult(body.pointee.result)
        }
        if result == .ownedText, body.pointee.release == nil { throw .noFunction(field: "pve_native.release") }
        var parameters: [NativeParameter] = []
        for pointer in try ToolCheck.list("parameters", tool.pointee.parameters, tool.pointee.parameter_count) {
            let parameter = Parameter(pointer: pointer)
            do throws(ParameterFault) {
                parameters.append(try NativeCheck.parameter(parameter))
            } catch {
                throw .badParameter(parameter.name, error)
            }
        }
        let takesCall = body.pointee.takes_call != 0
        let signature = NativeSignature(takesHandle: takesCall, parameters, result: result)
        guard signature.argumentCount <= NativeSignature.argumentLimit else {
            throw .tooManyArguments(signature.argumentCount, limit: NativeSignature.argumentLimit)
        }
        try checkShape(signature)
        return signature
    }

    private static func parameter(_ parameter: Parameter) throws(ParameterFault) -> NativeParameter {
        guard parameter.role == .argument || parameter.role == .local else { throw .nativeRole("\(parameter.role)") }
        guard let type = NativeType(parameter.type) else { throw .nativeType("\(parameter.type)") }
        if let json = parameter.defaultJSON, !NativeDefault.isPassable(json, as: type) {
            throw .nativeDefault(json, type: "\(parameter.type)")
        }
        return NativeParameter(type, isOptional: !parameter.isPassedByValue)
    }

    /// A value is answered as an object. Lists and the like are replied through the call's handle, by a function that
    /// returns nothing else.
    private func checkShape(_ signature: NativeSignature) throws(ToolFault) {
        guard let shape = tool.pointee.result.flatMap({ Shape(rawValue: $0.pointee.shape) }), shape != .none else {
            return
        }
        let canAnswer =
            signature.result.isValue ? shape == .object : signature.takesHandle
        if !canAnswer { throw .nativeShape("\(shape)", isValue: signature.result.isValue) }
    }

    /// The tool, with its function's interface prepared.
    static func tool(_ pointer: UnsafePointer<pve_tool>, _ signature: NativeSignature?) throws(ToolFault) -> Tool {
        guard let signature, let native = pointer.pointee.native, let function = native.pointee.function else {
            return Tool(pointer: pointer)
        }
        do throws(NativePreparationError) {
            // Its type is what the signature says, not the one the header has for all of them.
            let address = unsafeBitCast(function, to: UnsafeRawPointer.self)
            let prepared = try NativeFunction(signature, at: address, release: native.pointee.release)
            return Tool(pointer: pointer, function: prepared)
        } catch {
            throw .unpreparable("\(error)")
        }
    }
}

extension Parameter {
    /// Whether a native function takes the value itself: there always is one. Else it takes the address, or NULL.
    public var isPassedByValue: Bool { isRequired || pointer.pointee.default_json != nil }
}

extension NativeType {
    /// Nil for types that no C function takes.
    public init?(_ type: ParameterType) {
        switch type {
        case .bool: self = .bool
        case .i32: self = .i32
        case .u32: self = .u32
        case .i64: self = .i64
        case .u64: self = .u64
        case .f64: self = .f64
        case .utf8: self = .text
        case .bytes: self = .bytes
        case .utf8List, .i64List, .object, .json: return nil
        }
    }
}

extension NativeResultType {
    /// As `pve_type`; nil for codes that are no result.
    init?(code: UInt8) {
        switch UInt32(code) {
        case PVE_TYPE_NONE.rawValue: self = .none
        case PVE_TYPE_BOOL.rawValue: self = .bool
        case PVE_TYPE_I32.rawValue: self = .i32
        case PVE_TYPE_U32.rawValue: self = .u32
        case PVE_TYPE_I64.rawValue: self = .i64
        case PVE_TYPE_U64.rawValue: self = .u64
        case PVE_TYPE_F64.rawValue: self = .f64
        case PVE_TYPE_UTF8.rawValue: self = .text
        case PVE_TYPE_BYTES.rawValue: self = .bytes
        case PVE_TYPE_OWNED_UTF8.rawValue: self = .ownedText
        case PVE_TYPE_STATUS.rawValue: self = .status
        default: return nil
        }
    }

    /// Whether there is a value to answer, not success alone.
    public var isValue: Bool { self != .none && self != .status }
}
