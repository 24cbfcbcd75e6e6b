// Writes JSON as bytes, front to back, without a tree in between.
// SPDX-License-Identifier: MIT

/// A growing JSON text. Commas are placed by the writer; the caller opens and closes what it begins.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object {
///     $0.member("vmid", 100)
///     $0.member("tags") { $0.array { $0.string("web") } }
/// }
/// ```
public struct JSONWriter {
    /// The text so far: UTF-8 on one line, control characters escaped.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// The text so far as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    @inline(__always)
    private mutating func beginValue() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    public mutating func beginObject() {
        beginValue()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    public mutating func beginArray() {
        beginValue()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// An object whose members `body` writes.
    public mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// An array whose elements `body` writes.
    public mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginArray()
        try body(&self)
        endArray()
    }

    /// The name of the member whose value is written next.
    public mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// The name of the member whose value is written next, already as JSON text with its quotes.
    public mutating func rawName(_ name: UnsafeRawBufferPointer) {
        beginValue()
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// The name of the member whose value is written next, of bytes that need no escaping.
    public mutating func plainName(_ name: UnsafeRawBufferPointer) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func null() {
        beginValue()
        bytes.append(contentsOf: "null".utf8)
    }

    public mutating func bool(_ value: Bool) {
        beginValue()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    public mutating func int(_ value: Int64) {
        beginValue()
        bytes.append(contentsOf: String(value).utf8)
    }

    public mutating func int(_ value: Int) {
        int(Int64(value))
    }

    /// A double; JSON has no notation for infinities and NaN, they become null.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return int(whole) }
        beginValue()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// A value that is JSON text already: one whole value on one line.
    public mutating func raw(_ json: [UInt8]) {
        beginValue()
        bytes.append(contentsOf: json)
    }

    /// A value of a document, as it was written. Line breaks between its tokens become blanks, so that
    /// the text stays on one line.
    public mutating func value(_ value: JSONValue) {
        beginValue()
        value.withRaw { raw in
            let start = bytes.count
            bytes.append(contentsOf: raw)
            guard value.isObject || value.isArray else { return }
            for index in start..<bytes.count where bytes[index] == 0x0A || bytes[index] == 0x0D {
                bytes[index] = 0x20
            }
        }
    }

    /// A string, quoted and escaped.
    public mutating func string(_ value: String) {
        beginValue()
        var copy = value
        copy.withUTF8 { escape(UnsafeRawBufferPointer($0)) }
    }

    /// A part of a string, quoted and escaped.
    public mutating func string(_ value: Substring) {
        string(String(value))
    }

    /// A string given as UTF-8 bytes, quoted and escaped. Bytes that are not UTF-8 are replaced by U+FFFD.
    public mutating func string(utf8: some Collection<UInt8>) {
        string(String(decoding: utf8, as: UTF8.self))
    }

    private mutating func escape(_ utf8: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var plain = 0
        var index = 0
        while true {
            index = JSONText.endOfPlain(in: utf8, from: index)
            guard index < utf8.count else { break }
            let byte = utf8[index]
            // Rebased buffers are appended with one copy; slices of them are not.
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[plain..<index]))
            index += 1
            plain = index
            appendEscaped(byte)
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[plain...]))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        default:
            bytes.append(contentsOf: #"\u00"#.utf8)
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10) }
        }
    }
}

extension JSONWriter {
    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    public mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        int(value)
    }

    public mutating func member(_ name: String, _ value: Int64) {
        self.name(name)
        int(value)
    }

    public mutating func member(_ name: String, _ value: Double) {
        self.name(name)
        double(value)
    }

    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    public mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    public mutating func member(_ name: String, raw json: [UInt8]) {
        self.name(name)
        raw(json)
    }

    /// A member whose value `body` writes: exactly one value.
    public mutating func member<E: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        self.name(name)
        try body(&self)
    }
}
