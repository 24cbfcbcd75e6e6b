// A C function that can be called with values: its interface is prepared once.
// SPDX-License-Identifier: MIT

import CFFI
import Glibc

/// Why a function cannot be prepared.
public enum NativePreparationError: Error, Equatable {
    case tooManyArguments(Int)
    /// libffi does not know how to call it; its ffi_status.
    case unsupported(status: Int32)
}

/// An address and how to call it.
///
/// The address and the signature are believed: a function that has other types reads and writes what it should not, and
/// may end the process.
// Sendable: nothing is written after `init`, and libffi only reads an interface when it calls.
public final class NativeFunction: @unchecked Sendable {
    /// Bytes of a text or of bytes that a function may return.
    public static let resultLimit = 16 << 20

    /// Gives back what the function has allocated.
    public typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    public let signature: NativeSignature
    private let address: UnsafeRawPointer
    private let release: Release?
    private let interface: UnsafeMutablePointer<ffi_cif>
    private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>

    /// Prepares the interface. `address` and `release` stay callable for as long as this lives.
    public init(
        _ signature: NativeSignature, at address: UnsafeRawPointer, release: Release? = nil
    ) throws(NativePreparationError) {
        let count = signature.argumentCount
        guard count <= NativeSignature.argumentLimit else { throw .tooManyArguments(count) }
        self.signature = signature
        self.address = address
        self.release = release
        interface = .allocate(capacity: 1)
        interface.initialize(to: ffi_cif())
        types = .allocate(capacity: NativeSignature.argumentLimit)
        types.initialize(repeating: nil, count: NativeSignature.argumentLimit)
        for (index, type) in signature.argumentTypes.enumerated() { types[index] = type }
        let status = cffi_prepare(interface, UInt32(count), signature.result.type, types)
        guard status == 0 else { throw .unsupported(status: status) }
    }

    deinit {
        interface.deallocate()
        types.deallocate()
    }

    /// Calls the function and copies what it returns. On any thread; takes as long as the function does. `values` are those
    /// of the signature's parameters, in order.
    public func call(handle: OpaquePointer? = nil, _ values: [NativeValue]) -> NativeResult {
        precondition(values.count == signature.parameters.count, "as many values as parameters")
        var frame = CallFrame(signature, handle)
        for (value, parameter) in zip(values, signature.parameters) {
            precondition(value.fits(parameter), "a value of the parameter's type")
            frame.add(value, for: parameter)
        }
        // The buffers among the values are lent to the function, and what it returns may point into them.
        return withExtendedLifetime((values, frame)) {
            frame.call(interface, address)
            return result(in: frame)
        }
    }

    private func result(in frame: CallFrame) -> NativeResult {
        switch signature.result {
        case .none: .none
        case .bool: .bool(UInt8(truncatingIfNeeded: frame.word) != 0)
        case .i32: .i32(Int32(truncatingIfNeeded: frame.word))
        case .u32: .u32(UInt32(truncatingIfNeeded: frame.word))
        case .i64: .i64(Int64(bitPattern: frame.wide))
        case .u64: .u64(frame.wide)
        case .f64: .f64(Double(bitPattern: frame.wide))
        case .text: text(frame.pointer)
        case .ownedText: released(frame.pointer) { text($0) }
        case .bytes: released(frame.pointer) { bytes($0, frame.length) }
        case .status: released(frame.message) { status(Int32(truncatingIfNeeded: frame.word), $0) }
        }
    }

    /// Reads what the function owns or gave away, then gives it back, whatever it was.
    private func released(
        _ pointer: UnsafeMutableRawPointer?, _ read: (UnsafeMutableRawPointer?) -> NativeResult
    ) -> NativeResult {
        defer { if let pointer { release?(pointer) } }
        return read(pointer)
    }

    private func text(_ pointer: UnsafeMutableRawPointer?) -> NativeResult {
        guard let bytes = NativeFunction.bytes(ofText: pointer) else { return .fault(.noText) }
        guard bytes.count <= NativeFunction.resultLimit else { return .fault(.tooLong) }
        return String(validating: bytes, as: UTF8.self).map(NativeResult.text) ?? .fault(.notUTF8)
    }

    private func bytes(_ pointer: UnsafeMutableRawPointer?, _ length: UInt) -> NativeResult {
        if length == 0 { return .bytes([]) }
        guard let pointer else { return .fault(.noBytes(length: length)) }
        guard length <= UInt(NativeFunction.resultLimit) else { return .fault(.tooLong) }
        return .bytes(Array(UnsafeRawBufferPointer(start: pointer, count: Int(length))))
    }

    /// The words for a failure are shown as far as they can be read.
    private func status(_ status: Int32, _ pointer: UnsafeMutableRawPointer?) -> NativeResult {
        guard status != 0 else { return .none }
        let message = NativeFunction.bytes(ofText: pointer).map { String(decoding: $0.prefix(4096), as: UTF8.self) }
        return .failure(status: status, message: message)
    }

    /// The bytes in front of the NUL, one more than the limit at most.
    private static func bytes(ofText pointer: UnsafeMutableRawPointer?) -> UnsafeBufferPointer<UInt8>? {
        guard let pointer else { return nil }
        let start = pointer.assumingMemoryBound(to: UInt8.self)
        let length = strnlen(pointer.assumingMemoryBound(to: CChar.self), resultLimit + 1)
        return UnsafeBufferPointer(start: start, count: length)
    }
}

extension NativeSignature {
    /// The arguments of the C function, in order.
    fileprivate var argumentTypes: [UnsafeMutablePointer<ffi_type>] {
        var types: [UnsafeMutablePointer<ffi_type>] = takesHandle ? [cffi_pointer()] : []
        for parameter in parameters {
            types.append(parameter.isOptional ? cffi_pointer() : parameter.type.type)
            if parameter.type == .bytes { types.append(NativeType.size) }
        }
        if result.hasOutArgument { types.append(cffi_pointer()) }
        return types
    }
}

extension NativeType {
    /// Of its first argument.
    fileprivate var type: UnsafeMutablePointer<ffi_type> {
        switch self {
        case .bool: cffi_u8()
        case .i32: cffi_i32()
        case .u32: cffi_u32()
        case .i64: cffi_i64()
        case .u64: cffi_u64()
        case .f64: cffi_f64()
        case .text, .bytes: cffi_pointer()
        }
    }

    /// `size_t`.
    fileprivate static var size: UnsafeMutablePointer<ffi_type> {
        MemoryLayout<Int>.size == 8 ? cffi_u64() : cffi_u32()
    }
}

extension NativeResultType {
    fileprivate var type: UnsafeMutablePointer<ffi_type> {
        switch self {
        case .none: cffi_void()
        case .bool: cffi_u8()
        case .i32, .status: cffi_i32()
        case .u32: cffi_u32()
        case .i64: cffi_i64()
        case .u64: cffi_u64()
        case .f64: cffi_f64()
        case .text, .ownedText, .bytes: cffi_pointer()
        }
    }
}
