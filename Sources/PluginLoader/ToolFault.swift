// What is wrong with a tool's descriptor.
// SPDX-License-Identifier: MIT

/// Why a tool was not taken. One case for each kind.
public enum ToolFault: Error, Equatable, Sendable {
    case absent
    case shortStruct(name: String, size: Int, wanted: Int)
    case badText(field: String, TextFault)
    case badTier(UInt8)
    case noBody
    case manyBodies([String])
    case nativeUnserved
    case duplicate
    case taken(by: String)
    case badList(field: String, count: Int, limit: Int)
    case badMethod(UInt8)
    case badPath(String, PathFault)
    /// The template names it and no parameter fills it.
    case unfilledPath(String, name: String)
    case noFunction(field: String)
    case badShape(UInt8)
    case badNativeResult(UInt8)
    case tooManyArguments(Int, limit: Int)
    /// `isValue`: the function returns a value, and not success alone.
    case nativeShape(String, isValue: Bool)
    /// libffi cannot make the call on this machine.
    case unpreparable(String)
    case badField(String, type: UInt8)
    case badParameter(String, ParameterFault)
}

/// What is wrong with a path template.
public enum PathFault: Equatable, Sendable {
    case notRooted
    case emptySegment
    case dotSegment
    case badByte
    case braces
}

/// What is wrong with a parameter.
public enum ParameterFault: Error, Equatable, Sendable {
    case shortStruct(size: Int, wanted: Int)
    case badText(field: String, TextFault)
    case badType(UInt8)
    case badRole(UInt8)
    case roleNeeds(role: String, type: String)
    case roleTwice(String)
    case duplicate
    case apiNameTwice(String)
    case badBounds
    case badDefault(String, type: String)
    case badPattern(String, PatternFault)
    case badChoices(count: Int)
    case badChoice(String, type: String)
    /// An endpoint body has no code that could read it.
    case unread
    case guestNodeAlone
    case taskNodeAlone
    case optionalInPath
    case listInPath
    case nativeRole(String)
    case nativeType(String)
    case nativeDefault(String, type: String)
}
