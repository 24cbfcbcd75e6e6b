// The types of a C function, as far as it can be a tool: what it takes, in order, and what it returns.
// SPDX-License-Identifier: MIT

/// A type of value that goes into a function.
public enum NativeType: Equatable, Sendable, CaseIterable {
    case bool
    case i32
    case u32
    case i64
    case u64
    case f64
    /// `const char *`, ended by NUL.
    case text
    /// `const uint8_t *, size_t`: two arguments of the function.
    case bytes
}

/// One value that a function takes.
public struct NativeParameter: Equatable, Sendable {
    public let type: NativeType
    /// Whether it may be absent. A number then goes in by its address, NULL for none; texts and bytes are addresses anyway.
    public let isOptional: Bool

    public init(_ type: NativeType, isOptional: Bool = false) {
        self.type = type
        self.isOptional = isOptional
    }

    /// How many arguments of the C function it is.
    var argumentCount: Int { type == .bytes ? 2 : 1 }
}

/// What a function returns, and who owns it.
public enum NativeResultType: Equatable, Sendable, CaseIterable {
    /// `void`.
    case none
    case bool
    case i32
    case u32
    case i64
    case u64
    case f64
    /// `const char *`: borrowed, copied at once.
    case text
    /// `char *`: the caller's, given back to the release function.
    case ownedText
    /// `const uint8_t *`, with the length through a last argument `size_t *`. Given back if there is a release function.
    case bytes
    /// `int`, 0 for success, with a text about the failure through a last argument `char **`. The text is given back if there
    /// is a release function.
    case status

    /// Whether the length or the text comes through an argument of its own.
    var hasOutArgument: Bool { self == .bytes || self == .status }
}

/// A function's types.
public struct NativeSignature: Equatable, Sendable {
    /// Arguments a function may have in C, the handle and what comes out included.
    public static let argumentLimit = 12

    /// Whether the first argument is a handle that the caller passes on.
    public let takesHandle: Bool
    public let parameters: [NativeParameter]
    public let result: NativeResultType

    public init(takesHandle: Bool = false, _ parameters: [NativeParameter] = [], result: NativeResultType) {
        self.takesHandle = takesHandle
        self.parameters = parameters
        self.result = result
    }

    /// How many arguments the function has in C.
    public var argumentCount: Int {
        parameters.reduce((takesHandle ? 1 : 0) + (result.hasOutArgument ? 1 : 0)) { $0 + $1.argumentCount }
    }
}
