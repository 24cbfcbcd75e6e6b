// What a tool answered, and how each revision writes it.
// SPDX-License-Identifier: MIT

/// The outcome of a tool call, good or bad.
public struct ToolResult: Sendable {
    public enum Content: Sendable {
        /// A JSON object as compact text: `structuredContent` in revisions that have it, and the same as a text block.
        case structured([UInt8])
        /// Plain text.
        case text(String)
    }

    public var content: Content
    /// The tool, or the system behind it, said no.
    public var isError: Bool
    /// A JSON object for `_meta`.
    public var meta: [UInt8]?

    public init(_ content: Content, isError: Bool = false, meta: [UInt8]? = nil) {
        self.content = content
        self.isError = isError
        self.meta = meta
    }
}

extension ToolResult {
    /// The whole answer to the request with this id. `serverInfo` is the server's identity as JSON.
    func frame(id: RequestID, revision: Revision, serverInfo: [UInt8]) -> [UInt8] {
        var frame = Frame(reserving: size + serverInfo.count + id.text.count + 256)
        frame.beginResponse(id)
        frame.literal(revision.isStateless ? #"{"resultType":"complete","content":[{"type":"text","text":"# : textBlock)
        switch content {
        case .structured(let json):
            frame.string(utf8: json)
            frame.literal("}]")
            if revision.hasStructuredContent {
                frame.literal(#","structuredContent":"#)
                frame.value(json)
            }
        case .text(let text):
            frame.string(text)
            frame.literal("}]")
        }
        // Absent means false; said all the same, so that no reader has to know.
        frame.literal(isError ? #","isError":true"# : #","isError":false"#)
        frame.meta(meta, serverInfo: revision.isStateless ? serverInfo : nil)
        frame.literal("}")
        return frame.closed()
    }

    private var textBlock: StaticString { #"{"content":[{"type":"text","text":"# }

    private var size: Int {
        switch content {
        // Once as it is and once quoted; every other byte of compact JSON is rarely more than a quote in four.
        case .structured(let json): json.count * 2 + json.count / 2 + (meta?.count ?? 0)
        case .text(let text): text.utf8.count + text.utf8.count / 8 + (meta?.count ?? 0)
        }
    }
}

extension Frame {
    /// The `_meta` member, with a comma before it, when there is something to put in it.
    mutating func meta(_ meta: [UInt8]?, serverInfo: [UInt8]?) {
        guard let serverInfo else {
            if let meta {
                literal(#","_meta":"#)
                value(meta)
            }
            return
        }
        literal(#","_meta":{"io.modelcontextprotocol/serverInfo":"#)
        raw(serverInfo)
        if let members = meta.flatMap(Self.members) {
            literal(",")
            value(members)
        }
        literal("}")
    }

    /// The inside of a JSON object's text; nil when it is empty.
    private static func members(_ object: [UInt8]) -> [UInt8]? {
        guard let open = object.firstIndex(of: UInt8(ascii: "{")), let close = object.lastIndex(of: UInt8(ascii: "}")),
            open < close
        else { return nil }
        let inside = object[(open + 1)..<close]
        return inside.contains { $0 > 0x20 } ? Array(inside) : nil
    }
}
