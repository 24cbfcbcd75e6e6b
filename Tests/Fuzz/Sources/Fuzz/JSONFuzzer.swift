// Any bytes as JSON: read, walked, written again, and read as the same.
// SPDX-License-Identifier: MIT

import JSON

enum JSONFuzzer: FuzzTarget {
    static func take(_ bytes: UnsafeRawBufferPointer) {
        do throws(JSONError) {
            let root = try JSONDocument(bytes).root
            var writer = JSONWriter()
            walk(root, into: &writer)
            guard let again = try? JSONDocument(writer.bytes).root else {
                return require(false, "what was written cannot be read: \(writer.text)")
            }
            require(isSame(root, again), "what was written is another value: \(writer.text)")
            require(!writer.bytes.contains(0x0A), "what was written has a line break")
            var copy = JSONWriter()
            copy.value(root)
            require((try? JSONDocument(copy.bytes)) != nil, "a value handed on cannot be read: \(copy.text)")
        } catch {
            require(error.offset >= 0 && error.offset <= bytes.count, "an error at byte \(error.offset)")
            require(!error.reason.isEmpty, "an error without a reason")
        }
    }

    /// Writes a value out of its parts.
    private static func walk(_ value: JSONValue, into writer: inout JSONWriter) {
        switch value.kind {
        case .null: writer.null()
        case .true, .false: writer.bool(value.bool == true)
        case .number:
            // What fits no type of Swift is handed on as it was written.
            if let int = value.int { writer.int(int) } else { writer.value(value) }
            _ = value.double
        case .string: writer.string(value.string ?? "")
        case .array:
            require(value.elements.reduce(0) { count, _ in count + 1 } == value.count, "another count of elements")
            writer.array { for element in value.elements { walk(element, into: &$0) } }
        case .object:
            require(value.members.reduce(0) { count, _ in count + 1 } == value.count, "another count of members")
            writer.object { writer in
                for member in value.members {
                    require(member.hasName(member.name) && value[member.name] != nil, "a member that is not found")
                    writer.name(member.name)
                    walk(member.value, into: &writer)
                }
            }
        }
    }

    private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        guard one.kind == other.kind, one.count == other.count else { return false }
        return switch one.kind {
        case .null, .true, .false: true
        case .number: one.int == other.int && one.double == other.double
        case .string: one.string == other.string
        case .array: zip(one.elements, other.elements).allSatisfy { isSame($0, $1) }
        case .object:
            zip(one.members, other.members).allSatisfy { $0.name == $1.name && isSame($0.value, $1.value) }
        }
    }
}
