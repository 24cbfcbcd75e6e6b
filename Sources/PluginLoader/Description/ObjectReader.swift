// Reads the members of a JSON object, and says by its place what is wrong with one.
// SPDX-License-Identifier: MIT

import JSON

/// What is wrong with a description or a manifest.
public struct DescriptionFault: Error, Equatable, Sendable {
    /// Such as `tools[2].parameters[0].type is "int"; use one of bool, i32, …`.
    public let message: String
}

/// An object of a description. Each reading says what it wants; ``end()`` refuses what nobody has read.
struct ObjectReader {
    /// Where it stands, such as `tools[2]`; empty for the whole.
    let place: String
    private let object: JSONValue
    private var known: Set<String> = []

    init(_ value: JSONValue, at place: String) throws(DescriptionFault) {
        self.place = place
        object = value
        guard value.isObject else { throw DescriptionFault(message: "\(place.isEmpty ? "it" : place) is no object") }
    }

    private func name(_ member: String) -> String { place.isEmpty ? member : "\(place).\(member)" }

    func fault(_ member: String, _ what: String) -> DescriptionFault {
        DescriptionFault(message: "\(name(member)) \(what)")
    }

    /// The value of a member; nil when it is absent or null.
    mutating func value(_ member: String) -> JSONValue? {
        known.insert(member)
        guard let value = object[member], !value.isNull else { return nil }
        return value
    }

    mutating func text(_ member: String) throws(DescriptionFault) -> String {
        guard let text = try optionalText(member) else { throw fault(member, "is missing; it takes a text") }
        return text
    }

    mutating func optionalText(_ member: String) throws(DescriptionFault) -> String? {
        guard let value = value(member) else { return nil }
        guard let text = value.string else { throw fault(member, "is no text") }
        // What follows a NUL would be lost on the way into C.
        guard !text.utf8.contains(0) else { throw fault(member, "has a NUL in it") }
        return text
    }

    mutating func bool(_ member: String) throws(DescriptionFault) -> Bool {
        guard let value = value(member) else { return false }
        guard let bool = value.bool else { throw fault(member, "is neither true nor false") }
        return bool
    }

    mutating func double(_ member: String) throws(DescriptionFault) -> Double? {
        guard let value = value(member) else { return nil }
        guard let double = value.double, double.isFinite else { throw fault(member, "is no number") }
        return double
    }

    mutating func integer<Number: FixedWidthInteger>(
        _ member: String, _ type: Number.Type
    ) throws(DescriptionFault) -> Number? {
        guard let value = value(member) else { return nil }
        guard let number = value.int.flatMap({ Number(exactly: $0) }) else {
            throw fault(member, "is no integer from \(Number.min) to \(Number.max)")
        }
        return number
    }

    /// The number behind a word; nil when the member is absent.
    mutating func code(_ member: String, _ words: DescriptionWords) throws(DescriptionFault) -> UInt8? {
        guard let word = try optionalText(member) else { return nil }
        guard let code = words.code(for: word) else {
            throw fault(member, "is \"\(word)\"; use one of \(words.all.joined(separator: ", "))")
        }
        return code
    }

    mutating func flags(_ flags: [DescriptionFlag]) throws(DescriptionFault) -> UInt32 {
        var bits: UInt32 = 0
        for flag in flags where try bool(flag.name) { bits |= flag.bit }
        return bits
    }

    /// The elements of an array; none when it is absent.
    mutating func elements(_ member: String, limit: Int) throws(DescriptionFault) -> [JSONValue] {
        guard let value = value(member) else { return [] }
        guard value.isArray else { throw fault(member, "is no array") }
        guard value.count <= limit else { throw fault(member, "has \(value.count) elements, more than \(limit)") }
        return Array(value.elements)
    }

    mutating func objects(_ member: String, limit: Int) throws(DescriptionFault) -> [ObjectReader] {
        var readers: [ObjectReader] = []
        for (index, element) in try elements(member, limit: limit).enumerated() {
            readers.append(try ObjectReader(element, at: "\(name(member))[\(index)]"))
        }
        return readers
    }

    mutating func texts(_ member: String, limit: Int) throws(DescriptionFault) -> [String] {
        var texts: [String] = []
        for element in try elements(member, limit: limit) {
            guard let text = element.string ?? (element.int.map { String($0) }), !text.utf8.contains(0) else {
                throw fault(member, "has something in it that is no text")
            }
            texts.append(text)
        }
        return texts
    }

    mutating func optionalObject(_ member: String) throws(DescriptionFault) -> ObjectReader? {
        guard let value = value(member) else { return nil }
        return try ObjectReader(value, at: name(member))
    }

    /// Refuses members that nothing has asked for: mostly a slip of the pen.
    func end() throws(DescriptionFault) {
        for member in object.members where !known.contains(member.name) {
            let near = known.sorted().filter { EditDistance.isNear($0, to: member.name.lowercased()) }
            let hint = near.isEmpty ? "there are " + known.sorted().joined(separator: ", ") : "did you mean \(near[0])?"
            throw fault(member.name, "is not known; \(hint)")
        }
    }
}
