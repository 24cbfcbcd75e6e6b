// One value inside a JSON document, read where it stands.
// SPDX-License-Identifier: MIT

import CJSON

/// A value of a ``JSONDocument``: an index into its tape. Copying it is cheap; nothing is decoded until asked for.
public struct JSONValue: Sendable {
    public let document: JSONDocument
    package let index: Int

    /// The kinds of JSON value.
    public enum Kind: UInt32, Sendable {
        case null, `false`, `true`, number, string, array, object
    }

    /// The value at an index that was read from another value of the same document.
    package init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    var node: cjson_node { document.node(index) }

    /// The index of the value that follows this one and everything inside it.
    package var indexAfter: Int { Int(node.next) }

    public var kind: Kind { Kind(rawValue: node.kind)! }
    public var isNull: Bool { node.kind == UInt32(CJSON_NULL) }
    public var isObject: Bool { node.kind == UInt32(CJSON_OBJECT) }
    public var isArray: Bool { node.kind == UInt32(CJSON_ARRAY) }

    /// The bytes of the value as they were written. Valid while `document` lives.
    public func withRaw<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(document) { try body(document.bytes(node)) }
    }

    /// The bytes of the value as they were written.
    public var raw: [UInt8] { withRaw { Array($0) } }

    /// The bytes of the value as text, for messages.
    public var rawText: String { withRaw { String(decoding: $0, as: UTF8.self) } }

    /// `true` or `false`; nil for every other kind.
    public var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The decoded string; nil for every other kind.
    public var string: String? {
        guard node.kind == UInt32(CJSON_STRING) else { return nil }
        return withRaw { raw in
            let inner = UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)])
            return node.escaped == 0 ? String(decoding: inner, as: UTF8.self) : JSONText.unescape(inner)
        }
    }

    /// The number, when it is written as an integer that fits 64 bits (`3`, `-1`; also `3.0` and `1e3`).
    public var int: Int64? {
        guard node.kind == UInt32(CJSON_NUMBER) else { return nil }
        if let exact = withRaw({ JSONText.integer($0) }) { return exact }
        // Digits alone that do not fit would be rounded to one that does.
        guard !isPlainInteger, let value = double, let whole = Int64(exactly: value) else { return nil }
        return whole
    }

    /// The number, when it is written as an integer from 0 that fits 64 bits without a sign.
    public var uint: UInt64? {
        guard node.kind == UInt32(CJSON_NUMBER) else { return nil }
        if let int { return UInt64(exactly: int) }
        if isPlainInteger { return UInt64(rawText) }
        return double.flatMap(UInt64.init(exactly:))
    }

    /// Whether the value is a number written with digits only, and a minus at most: as this writes integers too.
    package var isPlainInteger: Bool {
        node.kind == UInt32(CJSON_NUMBER) && withRaw { $0.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D } }
    }

    /// The number as a double; nil for every other kind, and for numbers that are too big for one.
    public var double: Double? {
        guard node.kind == UInt32(CJSON_NUMBER) else { return nil }
        let value = withRaw { Double(String(decoding: $0, as: UTF8.self)) }
        return value?.isFinite == true ? value : nil
    }

    /// How many elements an array or members an object has; 0 for every other kind.
    public var count: Int { Int(node.count) }
}

extension JSONValue {
    /// The member of an object with this name (the last one, if the text repeats it); nil when there is none.
    public subscript(name: String) -> JSONValue? {
        var name = name
        return name.withUTF8 { member(named: UnsafeRawBufferPointer($0)) }
    }

    /// The member of an object whose name has these bytes (UTF-8); nil when there is none.
    package func member(named name: UnsafeRawBufferPointer) -> JSONValue? {
        guard isObject else { return nil }
        return document.member(of: index, named: name).map { JSONValue(document: document, index: $0) }
    }

    /// The bytes of a string that holds no escapes, where they stand in the document; nil for everything else.
    /// Valid while `document` lives.
    package var borrowedText: UnsafeRawBufferPointer? {
        let node = node
        guard node.kind == UInt32(CJSON_STRING), node.escaped == 0 else { return nil }
        let raw = document.bytes(node)
        return UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)])
    }

    /// The elements of an array; empty for every other kind.
    public var elements: Elements { Elements(of: self) }

    /// The members of an object in the order of the text; empty for every other kind.
    public var members: Members { Members(of: self) }

    /// The elements of an array, in order.
    public struct Elements: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var position: Int
        let end: Int

        init(of value: JSONValue) {
            document = value.document
            position = value.index + 1
            end = value.isArray ? Int(value.node.next) : position
        }

        public mutating func next() -> JSONValue? {
            guard position < end else { return nil }
            defer { position = Int(document.node(position).next) }
            return JSONValue(document: document, index: position)
        }
    }

    /// The members of an object, in order.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        let document: JSONDocument
        var position: Int
        let end: Int

        init(of value: JSONValue) {
            document = value.document
            position = value.index + 1
            end = value.isObject ? Int(value.node.next) : position
        }

        public mutating func next() -> Member? {
            guard position < end else { return nil }
            let key = JSONValue(document: document, index: position)
            let value = JSONValue(document: document, index: position + 1)
            position = Int(value.node.next)
            return Member(key: key, value: value)
        }
    }

    /// A name and its value.
    public struct Member: Sendable {
        let key: JSONValue
        public let value: JSONValue

        /// The decoded name.
        public var name: String { key.string ?? "" }

        /// Compares the name without decoding it when it holds no escapes.
        public func hasName(_ name: String) -> Bool {
            guard key.node.escaped == 0 else { return self.name == name }
            return key.withRaw { raw in
                var name = name
                return name.withUTF8 { wanted in
                    wanted.count == raw.count - 2 && raw[1..<(raw.count - 1)].elementsEqual(wanted)
                }
            }
        }

        /// The name as it was written, quotes included.
        public func withRawName<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
            try key.withRaw(body)
        }
    }
}
