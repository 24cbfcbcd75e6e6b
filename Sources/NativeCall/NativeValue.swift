// What goes into a function and what comes out of it.
// SPDX-License-Identifier: MIT

/// A value for one parameter of a signature; of its type, or absent where that is allowed.
public enum NativeValue: Sendable {
    case absent
    case bool(Bool)
    case i32(Int32)
    case u32(UInt32)
    case i64(Int64)
    case u64(UInt64)
    case f64(Double)
    /// Made with `NativeBuffer(text:)`.
    case text(NativeBuffer)
    case bytes(NativeBuffer)

    /// Nil for what is absent.
    var type: NativeType? {
        switch self {
        case .absent: nil
        case .bool: .bool
        case .i32: .i32
        case .u32: .u32
        case .i64: .i64
        case .u64: .u64
        case .f64: .f64
        case .text: .text
        case .bytes: .bytes
        }
    }

    func fits(_ parameter: NativeParameter) -> Bool {
        type.map { $0 == parameter.type } ?? parameter.isOptional
    }
}

/// What a function returned, copied: nothing of it is the function's any more.
public enum NativeResult: Equatable, Sendable {
    case none
    case bool(Bool)
    case i32(Int32)
    case u32(UInt32)
    case i64(Int64)
    case u64(UInt64)
    /// May be NaN or infinite.
    case f64(Double)
    case text(String)
    case bytes([UInt8])
    /// A status that is not 0, with the function's own words if it gave any.
    case failure(status: Int32, message: String?)
    /// The function broke its signature.
    case fault(NativeFault)
}

/// What a function can get wrong that its caller can see.
public enum NativeFault: Equatable, Sendable {
    /// NULL where a text is due.
    case noText
    case notUTF8
    /// A length, and NULL for the bytes.
    case noBytes(length: UInt)
    /// Longer than ``NativeFunction/resultLimit``.
    case tooLong
}
