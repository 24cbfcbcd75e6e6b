// JSON in one form only, so that the order of members makes no difference.
// SPDX-License-Identifier: MIT

import JSON

enum CanonicalJSON {
    /// The text of a value: members sorted by name, strings escaped in one way, nothing between the tokens. Numbers stay
    /// as they were written. Members whose name is in `dropped` are left out at every depth.
    static func text(of value: JSONValue, dropping dropped: Set<String> = []) -> [UInt8] {
        var writer = JSONWriter()
        write(value, dropped, to: &writer)
        return writer.bytes
    }

    /// The arguments of a call: null counts as left out.
    static func text(ofArguments arguments: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        let given = arguments.members.filter { !$0.value.isNull }
        write(given, [], to: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, _ dropped: Set<String>, to writer: inout JSONWriter) {
        switch value.kind {
        case .object: write(Array(value.members), dropped, to: &writer)
        case .array: writer.array { for element in value.elements { write(element, dropped, to: &$0) } }
        case .string: writer.string(value.string ?? "")
        default: writer.raw(value.raw)
        }
    }

    private static func write(_ members: [JSONValue.Member], _ dropped: Set<String>, to writer: inout JSONWriter) {
        // Sorting by name alone would leave the order of members that are given twice to chance.
        var sorted: [(name: String, place: Int, value: JSONValue)] = []
        for (place, member) in members.enumerated() where !dropped.contains(member.name) {
            sorted.append((member.name, place, member.value))
        }
        sorted.sort { $0.name == $1.name ? $0.place < $1.place : $0.name < $1.name }
        writer.object { writer in
            for member in sorted {
                writer.name(member.name)
                write(member.value, dropped, to: &writer)
            }
        }
    }
}
