// The text of tools/list, made when it is first asked for.
// SPDX-License-Identifier: MIT

import JSON

/// The tools of a session and, for each revision that asked, the finished results of tools/list.
struct ToolList {
    /// More tools than this go over several pages.
    static let pageSize = 500

    private let source: () -> [ToolDefinition]
    private var tools: [ToolDefinition]?
    private var pages: [Revision: [[UInt8]]] = [:]

    /// Whether a result has been made.
    var isRendered: Bool { !pages.isEmpty }

    init(_ source: @escaping () -> [ToolDefinition]) {
        self.source = source
    }

    /// Asks for the tools again at the next request.
    mutating func invalidate() {
        tools = nil
        pages = [:]
    }

    /// The result for a cursor; nil when there is no such page. `tail` is the text every result of the revision
    /// ends with: members, each with a comma before it.
    mutating func result(at cursor: String?, revision: Revision, tail: [UInt8]) -> [UInt8]? {
        let pages = rendered(for: revision, tail: tail)
        guard let index = Self.page(of: cursor), pages.indices.contains(index) else { return nil }
        return pages[index]
    }

    private mutating func rendered(for revision: Revision, tail: [UInt8]) -> [[UInt8]] {
        if let known = pages[revision] { return known }
        let tools = self.tools ?? source()
        self.tools = tools
        // No tools are one empty page.
        let starts = Array(stride(from: 0, to: max(tools.count, 1), by: Self.pageSize))
        let made = starts.map { start in
            let end = min(start + Self.pageSize, tools.count)
            let next = end < tools.count ? Self.cursor(of: end / Self.pageSize) : nil
            return Self.text(of: tools[start..<end], next: next, revision: revision, tail: tail)
        }
        pages[revision] = made
        return made
    }

    private static func text(
        of tools: ArraySlice<ToolDefinition>, next: String?, revision: Revision, tail: [UInt8]
    ) -> [UInt8] {
        var frame = Frame(reserving: tools.reduce(1024) { $0 + $1.size })
        frame.literal(revision.isStateless ? #"{"resultType":"complete","tools":["# : #"{"tools":["#)
        for (index, tool) in tools.enumerated() {
            if index > 0 { frame.literal(",") }
            frame.tool(tool, revision)
        }
        frame.literal("]")
        if let next {
            frame.literal(#","nextCursor":"#)
            frame.string(next)
        }
        frame.raw(tail)
        frame.literal("}")
        return frame.bytes
    }

    // A cursor is the page's number behind a letter, so that nobody takes it for an offset of theirs.
    private static func cursor(of page: Int) -> String { "p\(page)" }

    private static func page(of cursor: String?) -> Int? {
        guard let cursor, !cursor.isEmpty else { return 0 }
        guard let page = Int(cursor.dropFirst()), Self.cursor(of: page) == cursor else { return nil }
        return page
    }
}

extension ToolDefinition {
    /// About as many bytes as the tool takes in a list.
    fileprivate var size: Int {
        let texts = name.utf8.count + title.utf8.count + description.utf8.count
        return texts + inputSchema.count + (outputSchema?.count ?? 0) + (meta?.count ?? 0) + 256
    }
}

extension Frame {
    /// A tool with the members the revision has.
    fileprivate mutating func tool(_ tool: ToolDefinition, _ revision: Revision) {
        literal(#"{"name":"#)
        string(tool.name)
        if revision.hasTitle {
            literal(#","title":"#)
            string(tool.title)
        }
        literal(#","description":"#)
        string(tool.description)
        literal(#","inputSchema":"#)
        value(tool.inputSchema)
        if revision.hasStructuredContent, let schema = tool.outputSchema {
            literal(#","outputSchema":"#)
            value(schema)
        }
        if revision.hasAnnotations {
            literal(#","annotations":{"#)
            if !revision.hasTitle {
                literal(#""title":"#)
                string(tool.title)
                literal(",")
            }
            annotations(tool.annotations)
            literal("}")
        }
        if revision.hasToolMeta, let meta = tool.meta {
            literal(#","_meta":"#)
            value(meta)
        }
        literal("}")
    }

    private mutating func annotations(_ hints: ToolAnnotations) {
        literal(hints.readOnly ? #""readOnlyHint":true"# : #""readOnlyHint":false"#)
        literal(hints.destructive ? #","destructiveHint":true"# : #","destructiveHint":false"#)
        literal(hints.idempotent ? #","idempotentHint":true"# : #","idempotentHint":false"#)
        literal(hints.openWorld ? #","openWorldHint":true"# : #","openWorldHint":false"#)
    }
}
