// The argument that the host adds to tools that may lose something.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

/// A call's arguments without the token that the host reads itself.
struct ConfirmedArguments {
    /// The argument's name.
    static let name = "confirm"
    /// What the schema says of it.
    static let meaning = "Token from a first answer, as a yes."

    let rest: JSONValue
    let token: String?
    /// What is wrong with the token; nil when it is text, or not given.
    let fault: String?

    init(_ arguments: JSONValue, _ tool: Tool) {
        guard tool.takesConfirmation, let value = arguments[ConfirmedArguments.name] else {
            (rest, token, fault) = (arguments, nil, nil)
            return
        }
        rest = arguments.without(ConfirmedArguments.name)
        token = value.string
        let isGivenTwice = arguments.members.filter { $0.hasName(ConfirmedArguments.name) }.count > 1
        if isGivenTwice {
            fault = "argument \(quoted(ConfirmedArguments.name)) is given twice"
        } else if token == nil, !value.isNull {
            fault = "argument \(quoted(ConfirmedArguments.name)) takes a string; got \(value.kind.noun)"
        } else {
            fault = nil
        }
    }
}

extension Tool {
    /// Whether the host adds the argument for a token: the tool may lose something, and has no argument of that name.
    var takesConfirmation: Bool { annotations.contains(.destructive) && !hasConfirmationOfItsOwn }

    /// Whether a parameter of the tool's own has the name of the argument that the host adds.
    var hasConfirmationOfItsOwn: Bool { parameters.contains { $0.name == ConfirmedArguments.name } }
}

extension JSONValue {
    /// The object without the members of this name.
    fileprivate func without(_ name: String) -> JSONValue {
        var writer = JSONWriter()
        writer.object { writer in
            for member in members where !member.hasName(name) {
                member.withRawName { writer.rawName($0) }
                writer.value(member.value)
            }
        }
        do { return try JSONDocument(writer.bytes).root } catch { return self }
    }
}
