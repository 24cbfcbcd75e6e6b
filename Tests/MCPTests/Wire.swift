// A session and the client at its other end, for tests.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import MCP

/// Sends lines to a session and reads what comes back, the way a client would. A class, so that expectations can
/// hold calls that change the session.
final class Wire {
    var session: Session

    static let instructions = "Ask for the list.\nThen call a \"tool\"."

    static let identity = ServerIdentity(
        name: "pve-mcp", title: "Proxmox VE", version: "1.2.3", description: "Runs Proxmox VE.",
        websiteURL: "https://example.org/pve-mcp")

    init(tools: [ToolDefinition] = [.restart, .plain], listChanged: Bool = false) {
        session = Session(
            identity: Self.identity, instructions: { Self.instructions }, tools: { tools },
            supportsListChanged: listChanged)
    }

    /// A session that has shaken hands in `revision`, or one that has not when the revision knows no handshake.
    convenience init(
        greeted revision: Revision, tools: [ToolDefinition] = [.restart, .plain], listChanged: Bool = false,
        capabilities: String = "{}"
    ) {
        self.init(tools: tools, listChanged: listChanged)
        guard !revision.isStateless else { return }
        _ = send(Self.initialize(revision.rawValue, capabilities: capabilities))
        _ = send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    }

    /// Everything a line leads to.
    func send(_ line: String) -> [Action] { session.receive(Array(line.utf8)) }

    func receive(_ line: [UInt8]) -> [Action] { session.receive(line) }
    func receiveOverlong() -> [Action] { session.receiveOverlong(limit: 16 << 20) }
    func finish(_ key: CallKey, _ result: ToolResult) -> [UInt8]? { session.finish(key, result) }
    func fail(_ key: CallKey, _ error: ProtocolError) -> [UInt8]? { session.fail(key, error) }
    func progress(_ key: CallKey, _ progress: Double, total: Double? = nil, message: String? = nil) -> [UInt8]? {
        session.progress(key, progress, total: total, message: message)
    }
    func ask(_ key: CallKey, _ question: Question) -> [UInt8]? { session.ask(key, question) }
    func requireInput(_ key: CallKey, _ question: Question, state: String) -> [UInt8]? {
        session.requireInput(key, question, state: state)
    }
    func withdraw(_ key: CallKey) -> [UInt8]? { session.withdraw(key) }
    func toolsChanged() -> [[UInt8]] { session.toolsChanged() }
    func shutdown() -> [[UInt8]] { session.shutdown() }
    var pendingCalls: Int { session.pendingCalls }

    /// The one frame a line is answered with, read.
    func ask(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
        let actions = send(line)
        try #require(actions.count == 1, "\(actions.count) actions", sourceLocation: sourceLocation)
        let frame = try #require(actions[0].frame, sourceLocation: sourceLocation)
        return try read(frame, sourceLocation: sourceLocation)
    }

    /// The one call a line is taken as.
    func call(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ToolCall {
        let actions = send(line)
        try #require(actions.count == 1, "\(actions.count) actions", sourceLocation: sourceLocation)
        return try #require(actions[0].toolCall, sourceLocation: sourceLocation)
    }

    /// Asks a question for a call and returns its id as it was sent.
    func question(of key: CallKey, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let request = try read(ask(key, .sure), sourceLocation: sourceLocation)
        return try #require(request["id"], sourceLocation: sourceLocation).rawText
    }

    /// A request as a client of `revision` writes it. `params` are members without braces.
    static func request(
        _ method: String, _ params: String = "", id: String = "7", in revision: Revision, meta: String = "",
        capabilities: String = "{}"
    ) -> String {
        var metaMembers: [String] = []
        if revision.isStateless {
            metaMembers.append(#""io.modelcontextprotocol/protocolVersion":"\#(revision.rawValue)""#)
            metaMembers.append(#""io.modelcontextprotocol/clientCapabilities":\#(capabilities)"#)
        }
        if !meta.isEmpty { metaMembers.append(meta) }
        var members = params.isEmpty ? [] : [params]
        if !metaMembers.isEmpty { members.append(#""_meta":{\#(metaMembers.joined(separator: ","))}"#) }
        let object = members.isEmpty ? "" : #","params":{\#(members.joined(separator: ","))}"#
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"\#(object)}"#
    }

    static func initialize(_ version: String, capabilities: String = "{}", id: String = "0") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"initialize","params":{"protocolVersion":"\#(version)","#
            + #""capabilities":\#(capabilities),"clientInfo":{"name":"test","version":"0"}}}"#
    }
}

/// Reads a frame, which must be one line of JSON.
func read(_ frame: [UInt8]?, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
    let frame = try #require(frame, sourceLocation: sourceLocation)
    #expect(frame.last == 0x0A, sourceLocation: sourceLocation)
    #expect(frame.filter { $0 == 0x0A || $0 == 0x0D }.count == 1, sourceLocation: sourceLocation)
    let root = try JSONDocument(frame).root
    for message in root.isArray ? Array(root.elements) : [root] {
        #expect(message["jsonrpc"]?.string == "2.0", sourceLocation: sourceLocation)
    }
    return root
}

extension Action {
    var frame: [UInt8]? { if case .send(let frame) = self { frame } else { nil } }
    var toolCall: ToolCall? { if case .call(let call) = self { call } else { nil } }
    var cancelled: CallKey? { if case .cancel(let key) = self { key } else { nil } }
    var answer: Answer? { if case .answered(let key, let answer) = self { Answer(key, answer) } else { nil } }
    var line: String? { if case .log(let line) = self { line } else { nil } }
}

/// What came of the question of a call.
struct Answer: Equatable {
    let key: CallKey
    let answer: QuestionAnswer

    init(_ key: CallKey, _ answer: QuestionAnswer) {
        self.key = key
        self.answer = answer
    }
}

extension Question {
    static let sure = Question(
        message: "Restart VM 100 \"web\"?\nWhat it has not saved is lost.", field: "confirm", fieldTitle: "Restart",
        fieldText: "Restart the VM now.")
}

extension JSONValue {
    var errorCode: Int64? { self["error"]?["code"]?.int }
    /// The first element of an array.
    var first: JSONValue? { elements.first { _ in true } }
    /// The names of the members, in their order.
    var names: [String] { members.map(\.name) }
}

extension ToolDefinition {
    /// A tool with everything.
    static let restart = ToolDefinition(
        name: "restart_vm", title: "Restart a VM", description: "Restarts a \"virtual\" machine.\nIt may take long.",
        inputSchema: Array(#"{"type":"object","properties":{"vmid":{"type":"integer"}},"required":["vmid"]}"#.utf8),
        outputSchema: Array(#"{"type":"object","properties":{"upid":{"type":"string"}}}"#.utf8),
        annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: false, openWorld: false),
        meta: Array(#"{"anthropic/requiresUserInteraction":true}"#.utf8))

    /// A tool with what every tool must have.
    static let plain = ToolDefinition(
        name: "version", title: "Version", description: "Tells the version.",
        inputSchema: Array("{\"type\": \"object\",\n \"additionalProperties\": false}".utf8),
        annotations: ToolAnnotations(readOnly: true, destructive: false, idempotent: true, openWorld: false))

    static func numbered(_ count: Int) -> [ToolDefinition] {
        (0..<count).map {
            var tool = plain
            tool.name = "tool_\($0)"
            return tool
        }
    }
}
