// The id of a request (and the token of a progress), kept as it was written.
// SPDX-License-Identifier: MIT

import JSON

/// A JSON string or integer that a client chose. It goes back as the bytes it came as; two are equal when they
/// mean the same, however they are written.
struct RequestID: Hashable {
    /// The value as JSON text.
    let text: [UInt8]
    /// One spelling for all that mean the same; shares its storage with `text` when that is the spelling.
    private let identity: [UInt8]

    /// Nil unless the value is a string or an integer. `3.0` and `1e3` are integers, of any length `123` is one.
    init?(_ value: JSONValue) {
        switch value.kind {
        case .string:
            text = value.raw
            identity = text.contains(UInt8(ascii: "\\")) ? Self.unescaped(value) : text
        case .number:
            text = value.raw
            if text.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }) {
                identity = text == Array("-0".utf8) ? Array("0".utf8) : text
            } else if let whole = value.int {
                identity = Array(String(whole).utf8)
            } else {
                return nil
            }
        default:
            return nil
        }
    }

    /// An id of this side's own making.
    init(_ string: String) {
        var writer = JSONWriter()
        writer.string(string)
        text = writer.bytes
        identity = text
    }

    private static func unescaped(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(value.string ?? "")
        return writer.bytes
    }

    static func == (lhs: RequestID, rhs: RequestID) -> Bool { lhs.identity == rhs.identity }

    func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}
