// What the API facts say about one parameter, one element of an array, or one key of a property string.
// SPDX-License-Identifier: MIT

import JSON

/// The schema of a value. Read once from the facts, never changed afterwards.
final class Parameter: Sendable {
    enum Kind: String, Sendable {
        case string, integer, number, boolean, array, any
    }

    /// How the text of a value must look, beyond its type.
    enum Format: Sendable {
        /// A format registered under a name, such as `pve-node` or `pve-vmid-list`.
        case named(String)
        /// A property string with these keys.
        case properties(PropertyFormat)
    }

    let kind: Kind
    let isOptional: Bool
    let format: Format?
    let minimum: Bound?
    let maximum: Bound?
    let minLength: Int?
    let maxLength: Int?
    let pattern: String?
    let choices: [String]
    /// The schema of an array's elements.
    let items: Parameter?
    /// Another parameter that must be given with this one.
    let requires: String?
    /// Another key this key of a property string stands for, and the key that gets its name as a value.
    let alias: String?
    let keyAlias: String?
    /// Whether a value without a key belongs to this key of a property string.
    let isDefaultKey: Bool
    /// The parameter that says which kind of object is meant, and the kinds this one belongs to.
    let typeProperty: String?
    let instanceTypes: [String]
    /// Schemas of which the one for the kind of object holds.
    let alternatives: [Parameter]

    /// A numeric limit, and how the facts write it.
    struct Bound: Sendable {
        let value: Double
        let text: String
    }

    init(_ json: JSONValue) {
        kind = Kind(rawValue: json["type"]?.string ?? "any") ?? .any
        isOptional = Self.flag(json["optional"])
        if let format = json["format"] {
            self.format = format.isObject ? .properties(PropertyFormat(format)) : format.string.map { .named($0) }
        } else {
            format = nil
        }
        minimum = Self.bound(json["minimum"])
        maximum = Self.bound(json["maximum"])
        minLength = Self.bound(json["minLength"]).map { Int($0.value) }
        maxLength = Self.bound(json["maxLength"]).map { Int($0.value) }
        pattern = json["pattern"]?.string
        choices = json["enum"]?.elements.map { $0.string ?? $0.rawText } ?? []
        items = json["items"].map { Parameter($0) }
        requires = json["requires"]?.string
        alias = json["alias"]?.string
        keyAlias = json["keyAlias"]?.string
        isDefaultKey = Self.flag(json["default_key"])
        typeProperty = json["type-property"]?.string
        instanceTypes = json["instance-types"]?.elements.compactMap { $0.string } ?? []
        alternatives = json["oneOf"]?.elements.map { Parameter($0) } ?? []
    }

    private static func flag(_ json: JSONValue?) -> Bool {
        json?.int == 1 || json?.bool == true || json?.string == "1"
    }

    private static func bound(_ json: JSONValue?) -> Bound? {
        guard let json, let value = json.double ?? json.string.flatMap({ Double($0) }) else { return nil }
        return Bound(value: value, text: json.string ?? json.rawText)
    }
}

/// The keys of a property string such as `virtio,bridge=vmbr0`.
final class PropertyFormat: Sendable {
    let keys: [(name: String, schema: Parameter)]
    private let positions: [String: Int]

    init(_ json: JSONValue) {
        keys = json.members.map { ($0.name, Parameter($0.value)) }
        positions = Dictionary(keys.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> Parameter? { positions[name].map { keys[$0].schema } }

    /// The key of a value that is written without one.
    var defaultKey: String? { keys.first { $0.schema.isDefaultKey }?.name }
}
