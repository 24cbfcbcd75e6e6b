// Writes the frames that leave a session: one JSON-RPC message, one line.
// SPDX-License-Identifier: MIT

import JSON

/// A message being written. Members are put down in the order of the calls; commas belong to the caller's text.
struct Frame {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Fixed text of the protocol.
    mutating func literal(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// JSON text that is known to be on one line.
    mutating func raw(_ json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    /// JSON text from outside: line breaks, which can only stand between its tokens, become blanks.
    mutating func value(_ json: [UInt8]) {
        bytes.appendOneLine(json)
    }

    mutating func number(_ value: Double) {
        var writer = JSONWriter(reserving: 24)
        writer.double(value)
        bytes.append(contentsOf: writer.bytes)
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { bytes.appendQuoted(UnsafeRawBufferPointer($0)) }
    }

    /// JSON text as a JSON string.
    mutating func string(utf8 text: [UInt8]) {
        text.withUnsafeBytes { bytes.appendQuoted($0) }
    }
}

extension Frame {
    /// A response whose result is finished JSON text.
    static func response(_ id: RequestID, result: [UInt8]) -> [UInt8] {
        var frame = Frame(reserving: result.count + id.text.count + 40)
        frame.beginResponse(id)
        frame.raw(result)
        return frame.closed()
    }

    /// An error response. Without an id it says `"id":null`, or nothing when `omittingID`.
    static func error(_ error: ProtocolError, id: RequestID?, omittingID: Bool) -> [UInt8] {
        var frame = Frame(reserving: 160 + error.message.utf8.count + (error.data?.count ?? 0))
        frame.literal(#"{"jsonrpc":"2.0","#)
        if let id {
            frame.literal(#""id":"#)
            frame.raw(id.text)
            frame.literal(",")
        } else if !omittingID {
            frame.literal(#""id":null,"#)
        }
        frame.literal(#""error":{"code":"#)
        frame.raw(Array(String(error.code).utf8))
        frame.literal(#","message":"#)
        frame.string(error.message)
        if let data = error.data {
            frame.literal(#","data":"#)
            frame.value(data)
        }
        frame.literal("}")
        return frame.closed()
    }

    /// Everything of a response up to its result.
    mutating func beginResponse(_ id: RequestID) {
        literal(#"{"jsonrpc":"2.0","id":"#)
        raw(id.text)
        literal(#","result":"#)
    }

    /// The frame with its last brace and the line break.
    consuming func closed() -> [UInt8] {
        literal("}\n")
        return bytes
    }
}
