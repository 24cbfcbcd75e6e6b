// A value that a tool's code puts into a request or an answer.
// SPDX-License-Identifier: MIT

/// A value that a tool's code sends in a request or writes into its answer.
public enum Content: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text(StaticString)
    case string(String)
    /// An argument or part of an answer, passed on as it is.
    case value(Value)

    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(stringLiteral value: StaticString) { self = .text(value) }
}
