// Checks the parameters of a request against the facts, in the words the real server uses.
// SPDX-License-Identifier: MIT

/// What is wrong with a set of values: one text per parameter path.
struct ParameterErrors {
    private(set) var texts: [(parameter: String, text: String)] = []

    var isEmpty: Bool { texts.isEmpty }

    /// Adds a text; a second one for the same path is joined to the first.
    mutating func add(_ path: String, _ text: String) {
        let path = path.isEmpty ? "_root" : path
        if let known = texts.firstIndex(where: { $0.parameter == path }) {
            // Proxmox joins with a backslash and an n, not with a line break.
            texts[known].text += "\\n" + text
        } else {
            texts.append((path, text))
        }
    }
}

/// Values that passed, in the form the world takes them.
struct CheckedParameters {
    var values: [String: String] = [:]
    var lists: [String: [String]] = [:]
}

/// Checks values by the schemas of one release.
struct Validator: Sendable {
    let facts: APIFacts
    let patterns = PatternCache()

    /// Checks all parameters of a request. `errors` is empty when it may go on.
    func check(_ given: [String: ParameterValue], of endpoint: APIEndpoint) -> (CheckedParameters, ParameterErrors) {
        let schema = endpoint.schema
        var errors = ParameterErrors()
        var checked = CheckedParameters()
        var values: [String: ParameterValue] = [:]
        for (name, value) in given {
            values[name] = schema.parameter(name).map { Self.normalized(value, for: $0) } ?? value
        }
        for (name, parameter) in schema.parameters where values[name] == nil && !name.hasSuffix("[n]") {
            if !parameter.isOptional { errors.add(name, Self.missing) }
        }
        for name in values.keys.sorted() {
            guard let value = values[name] else { continue }
            guard let parameter = schema.parameter(name) else {
                if !schema.allowsMore { errors.add(name, Self.unknown) }
                checked.values[name] = value.text
                continue
            }
            check(value, parameter, path: name, kind: parameter.typeProperty.flatMap { values[$0]?.text }, &errors)
            if let needed = parameter.requires, values[needed] == nil {
                errors.add(needed, "missing property - '\(name)' requires this property")
            }
            switch value {
            case .list(let elements): checked.lists[name] = elements.compactMap { $0.text }
            case .text, .truth: checked.values[name] = value.text
            case .object: break
            }
        }
        checkVariant(values, schema, &errors)
        return (checked, errors)
    }

    static let missing = "property is missing and it is not optional"
    static let unknown = "property is not defined in schema and the schema does not allow additional properties"

    /// Old clients send lists in other shapes; they are brought into the declared one.
    private static func normalized(_ value: ParameterValue, for parameter: Parameter) -> ParameterValue {
        if parameter.kind == .array {
            guard let text = value.text else { return value }
            return .list(text.split(separator: "\0").map { .text(String($0)) })
        }
        if case .list(let elements) = value, parameter.kind == .string, case .named(let format) = parameter.format,
            format.hasSuffix("-list")
        {
            return .text(elements.compactMap { $0.text }.joined(separator: ","))
        }
        return value
    }

    /// Endpoints for several kinds of object: each takes some of the parameters.
    private func checkVariant(
        _ values: [String: ParameterValue], _ schema: APIEndpoint.Schema, _ errors: inout ParameterErrors
    ) {
        guard !schema.variants.isEmpty, let kind = values["type"]?.text, let variant = schema.variants[kind] else {
            return
        }
        let special = Set(schema.variants.values.flatMap { $0.keys })
        for name in special.sorted() {
            switch (variant[name], values[name]) {
            case (nil, .some): errors.add("oneOf[\(kind)].\(name)", Self.unknown)
            case (true, nil): errors.add("oneOf[\(kind)].\(name)", Self.missing)
            default: break
            }
        }
    }

    /// Checks one value that was given.
    func check(
        _ value: ParameterValue, _ schema: Parameter, path: String, kind: String?, _ errors: inout ParameterErrors
    ) {
        if !schema.alternatives.isEmpty {
            guard let kind else { return }
            guard let fitting = schema.alternatives.first(where: { $0.instanceTypes.contains(kind) }) else {
                return errors.add(path, Self.unknown)
            }
            return check(value, fitting, path: path, kind: kind, &errors)
        }
        if !schema.instanceTypes.isEmpty, let kind, !schema.instanceTypes.contains(kind) {
            return errors.add(path, Self.unknown)
        }
        switch value {
        case .list(let elements):
            guard schema.kind == .array else {
                return errors.add(path, "type check ('\(schema.kind.rawValue)') failed - got ARRAY")
            }
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() {
                check(element, items, path: "\(path)[\(index)]", kind: nil, &errors)
            }
        case .object:
            errors.add(path, "type check ('\(schema.kind.rawValue)') failed - got HASH")
        case .truth where schema.kind != .boolean && schema.kind != .any:
            errors.add(path, "type check ('\(schema.kind.rawValue)') failed - got \(value.reference)")
        case .text(let text):
            if let text = problem(text, schema, path: path) { errors.add(path, text) }
        case .truth: break
        }
    }

    /// What is wrong with a scalar; nil when nothing is.
    func problem(_ text: String, _ schema: Parameter, path: String) -> String? {
        guard Self.hasType(text, schema.kind) else {
            return "type check ('\(schema.kind.rawValue)') failed - got '\(text)'"
        }
        if schema.kind == .array { return "type check ('array') failed" }
        if let format = schema.format, let reason = formatProblem(text, format, path: path) {
            return "invalid format - \(reason)\n"
        }
        if let pattern = schema.pattern, patterns.matches(text, pattern) == false {
            return "value does not match the regex pattern"
        }
        let length = text.unicodeScalars.count
        if let limit = schema.maxLength, length > limit { return "value may only be \(limit) characters long" }
        if let limit = schema.minLength, length < limit { return "value must be at least \(limit) characters long" }
        if let number = Self.number(text) {
            if let limit = schema.maximum, number > limit.value {
                return "value must have a maximum value of \(limit.text)"
            }
            if let limit = schema.minimum, number < limit.value {
                return "value must have a minimum value of \(limit.text)"
            }
        }
        if !schema.choices.isEmpty, !schema.choices.contains(text) {
            let choices = schema.choices.joined(separator: ", ")
            return "value '\(text)' does not have a value in the enumeration '\(choices)'"
        }
        return nil
    }

    private static func hasType(_ text: String, _ kind: Parameter.Kind) -> Bool {
        switch kind {
        case .string, .any, .array: true
        case .boolean: text == "0" || text == "1"
        case .integer: isInteger(text)
        case .number: number(text) != nil
        }
    }

    private static func isInteger(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The value of a text that Perl takes for a number; nil for `0x10`, `inf`, ` 1` and the like.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text.hasSuffix(".") ? text + "0" : text)
    }
}
