// Property strings: lists of key=value in one parameter, such as `virtio,bridge=vmbr0,firewall=1`.
// SPDX-License-Identifier: MIT

extension Validator {
    /// What is wrong with a property string, in the words of the real server; nil when it can be read.
    func propertyProblem(_ text: String, _ format: PropertyFormat, path: String) -> String? {
        var values: [String: String] = [:]
        var usedDefaultKey: String?
        for part in text.split(separator: ",") where !part.allSatisfy(\.isWhitespace) {
            guard let equals = part.firstIndex(of: "=") else {
                if let key = usedDefaultKey { return "duplicate key in comma-separated list property: \(key)" }
                guard let key = format.defaultKey else {
                    return "value without key, but schema does not define a default key"
                }
                if values[key] != nil { return "duplicate key in comma-separated list property: \(key)" }
                usedDefaultKey = key
                values[key] = String(part)
                continue
            }
            var key = String(part[..<equals])
            var value = String(part[part.index(after: equals)...])
            if key.isEmpty || value.isEmpty { return "missing key in comma-separated list property" }
            if values[key] != nil { return "duplicate key in comma-separated list property: \(key)" }
            var schema = format[key]
            if let alias = schema?.alias {
                if let keyAlias = schema?.keyAlias {
                    if values[keyAlias] != nil { return "key alias '\(keyAlias)' is already defined" }
                    values[keyAlias] = key
                }
                key = alias
                schema = format[alias]
            }
            guard let schema else { return "invalid key in comma-separated list property: \(key)" }
            if schema.kind == .boolean { value = Self.boolean(value) ?? value }
            values[key] = value
        }
        var errors = ParameterErrors()
        for (name, schema) in format.keys where schema.alias == nil {
            guard let value = values[name] else {
                if !schema.isOptional { errors.add("\(path).\(name)", Self.missing) }
                continue
            }
            check(.text(value), schema, path: "\(path).\(name)", kind: nil, &errors)
            if let needed = schema.requires, values[needed] == nil {
                errors.add("\(path).\(needed)", "missing property - '\(path).\(name)' requires this property")
            }
        }
        if errors.isEmpty { return nil }
        return (["format error"] + errors.texts.map { "\($0.parameter): \($0.text)" }).joined(separator: "\n")
    }

    /// Inside property strings more spellings of a boolean are allowed than outside.
    private static func boolean(_ text: String) -> String? {
        switch text.lowercased() {
        case "1", "on", "yes", "true": "1"
        case "0", "off", "no", "false": "0"
        default: nil
        }
    }
}
