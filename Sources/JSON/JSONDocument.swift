// A parsed JSON text: the bytes, and where in them each value stands.
// SPDX-License-Identifier: MIT

import CJSON
import Glibc

/// A JSON text and the tape of its values.
///
/// The text is kept as it came, so a value can be handed on as the bytes it was written with
/// (``JSONValue/raw``). A document never changes after it was parsed.
public final class JSONDocument: @unchecked Sendable {
    // Sendable: nothing is written after `init`.
    let text: UnsafeMutableRawBufferPointer
    private let nodes: UnsafeMutablePointer<cjson_node>

    /// Reads one JSON value that fills `bytes` (RFC 8259, UTF-8, at most 256 levels deep).
    public convenience init(_ bytes: some Collection<UInt8>) throws(JSONError) {
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        text.copyBytes(from: bytes)
        try self.init(adopting: text)
    }

    /// Reads a JSON text given as a Swift string.
    public convenience init(_ string: String) throws(JSONError) {
        try self.init(string.utf8)
    }

    /// Reads `text` and owns it from now on, whether or not it could be read.
    public init(adopting text: UnsafeMutableRawBufferPointer) throws(JSONError) {
        var tape = cjson_tape()
        let base = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        let failed = cjson_parse(base, text.count, &tape) != 0
        guard !failed, let nodes = tape.nodes else {
            let reason = tape.error.map { String(cString: $0) } ?? "the text is empty"
            let error = JSONError(reason: reason, offset: tape.error_offset, isEncoding: tape.bad_encoding != 0)
            cjson_free(tape.nodes)
            text.deallocate()
            throw error
        }
        self.text = text
        self.nodes = nodes
    }

    deinit {
        cjson_free(nodes)
        text.deallocate()
    }

    /// The value the text consists of.
    public var root: JSONValue { JSONValue(document: self, index: 0) }

    func node(_ index: Int) -> cjson_node {
        // The tape has a node for every index that a JSONValue can hold.
        nodes[index]
    }

    /// The index of the value behind the last member with this name in the object at `index`.
    func member(of index: Int, named name: UnsafeRawBufferPointer) -> Int? {
        // A text that has nodes is not empty.
        guard let base = text.baseAddress else { return nil }
        let nodes = nodes
        let end = Int(nodes[index].next)
        var position = index + 1
        var found: Int?
        while position < end {
            let key = nodes[position]
            if key.escaped == 0 {
                // The quotes stand around the name.
                if Int(key.end &- key.start) == name.count &+ 2,
                    name.baseAddress.map({ memcmp(base + Int(key.start) + 1, $0, name.count) == 0 }) ?? true
                {
                    found = position + 1
                }
            } else if let decoded = JSONValue(document: self, index: position).string, decoded.utf8.elementsEqual(name)
            {
                found = position + 1
            }
            position = Int(nodes[position + 1].next)
        }
        return found
    }

    func bytes(_ node: cjson_node) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[Int(node.start)..<Int(node.end)])
    }
}

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One phrase, such as "a string is not closed".
    public let reason: String
    /// The byte offset at which reading stopped.
    public let offset: Int
    /// Whether the text is not valid UTF-8 (as against not valid JSON).
    public let isEncoding: Bool

    public var description: String { "\(reason) at byte \(offset)" }
}
