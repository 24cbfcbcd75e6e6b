// A value as a client sent it, before anything is known about its type.
// SPDX-License-Identifier: MIT

import JSON

/// What stands in a query, a form or a JSON body for one parameter.
enum ParameterValue: Sendable, Equatable {
    case text(String)
    /// `true` or `false` of a JSON body.
    case truth(Bool)
    /// A repeated key, or an array of a JSON body.
    case list([ParameterValue])
    /// An object of a JSON body; no parameter takes one.
    case object

    /// The value as text; nil for lists and objects.
    var text: String? {
        switch self {
        case .text(let text): text
        case .truth(let truth): truth ? "1" : "0"
        case .list, .object: nil
        }
    }

    /// Reads a value of a JSON body; nil for `null`, which counts as not given.
    init?(_ json: JSONValue) {
        switch json.kind {
        case .null: return nil
        case .true: self = .truth(true)
        case .false: self = .truth(false)
        case .string: self = .text(json.string ?? "")
        case .number: self = .text(json.rawText)
        case .array: self = .list(json.elements.compactMap { ParameterValue($0) })
        case .object: self = .object
        }
    }

    /// The name Perl has for what is not a scalar.
    var reference: String {
        switch self {
        case .list: "ARRAY"
        case .object: "HASH"
        case .truth: "JSON::PP::Boolean"
        case .text: ""
        }
    }
}
