// Any bytes in pieces of any length, as a client sends them: cut into lines, and talked with.
// SPDX-License-Identifier: MIT

import JSON
import MCP

@testable import Host

/// The first byte chooses how long a line may be, the second how the pieces are cut.
enum FramingFuzzer: FuzzTarget {
    static func take(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 else { return }
        let limit = bytes[0] < 128 ? 1 << 20 : 1 + Int(bytes[0] - 128)
        let input = UnsafeRawBufferPointer(rebasing: bytes[2...])
        let lines = cut(input, limit, pieces: Int(bytes[1]))
        let whole = cut(input, limit, pieces: 0)
        require(lines.count == whole.count && zip(lines, whole).allSatisfy { $0 == $1 }, "pieces change the lines")
        var conversation = Conversation()
        for line in lines { conversation.take(line, limit) }
        conversation.end()
    }

    /// The lines of `input`, nil for one that is too long. Pieces are of one to `pieces` bytes; 0 is all at once.
    private static func cut(_ input: UnsafeRawBufferPointer, _ limit: Int, pieces: Int) -> [[UInt8]?] {
        var lines: [[UInt8]?] = []
        func keep(_ line: LineBuffer.Line) {
            switch line {
            case .whole(let bytes):
                require(bytes.count <= limit && !bytes.contains(0x0A), "a line that is none")
                lines.append(bytes)
            case .overlong: lines.append(nil)
            }
        }
        var buffer = LineBuffer(limit: limit)
        var rest = input[...]
        var turn = 0
        while !rest.isEmpty {
            let length = pieces == 0 ? rest.count : min(rest.count, 1 + turn % pieces)
            buffer.append(UnsafeRawBufferPointer(rebasing: rest.prefix(length)), keep)
            rest = rest.dropFirst(length)
            turn += 1
        }
        buffer.end(keep)
        return lines
    }
}

/// A session whose calls are asked about, told of and ended in turn.
private struct Conversation {
    private var session = Session(
        identity: ServerIdentity(name: "fuzz", title: "Fuzz", version: "1"), instructions: { "Be quick." },
        tools: {
            [
                ToolDefinition(
                    name: "a", title: "A", description: "A.", inputSchema: Array(#"{"type":"object"}"#.utf8),
                    outputSchema: nil,
                    annotations: ToolAnnotations(
                        readOnly: true, destructive: false, idempotent: true, openWorld: false), meta: nil)
            ]
        }, supportsListChanged: true)
    private var calls = 0
    private var open: [CallKey] = []

    mutating func take(_ line: [UInt8]?, _ limit: Int) {
        let actions = line.map { session.receive($0) } ?? session.receiveOverlong(limit: limit)
        for action in actions {
            switch action {
            case .send(let frame): check(frame)
            case .call(let call): start(call)
            case .cancel(let key): open.removeAll { $0 == key }
            case .answered(let key, _): finish(key)
            case .log(let text): require(!text.utf8.contains(0x0A), "a log of two lines")
            }
        }
    }

    mutating func end() {
        for key in open { finish(key) }
        for action in session.endOfInput() { if case .answered(let key, _) = action { finish(key) } }
        session.toolsChanged().forEach(check)
        session.shutdown().forEach(check)
        require(session.pendingCalls == 0, "calls that nobody ended")
    }

    private mutating func start(_ call: ToolCall) {
        calls += 1
        open.append(call.key)
        let question = Question(message: "Sure?", field: "sure", fieldTitle: "Sure", fieldText: "Yes")
        switch calls % 4 {
        case 0: session.progress(call.key, 1, total: 2, message: "half").map(check)
        case 1: session.ask(call.key, question).map(check)
        case 2: session.requireInput(call.key, question, state: "s").map(check)
        default: finish(call.key)
        }
    }

    private mutating func finish(_ key: CallKey) {
        session.finish(key, ToolResult(.text("done"))).map(check)
        open.removeAll { $0 == key }
    }

    /// A frame is one line of JSON.
    private func check(_ frame: [UInt8]) {
        require(frame.last == 0x0A && !frame.dropLast().contains(0x0A), "a frame that is not one line")
        guard let root = try? JSONDocument(frame.dropLast()).root else {
            return require(false, "a frame that is no JSON")
        }
        let messages = root.isArray ? Array(root.elements) : [root]
        require(!messages.isEmpty && messages.allSatisfy { $0["jsonrpc"]?.string == "2.0" }, "a frame without messages")
    }
}
