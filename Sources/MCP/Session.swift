// A conversation with one client: lines in, actions out.
// SPDX-License-Identifier: MIT

import JSON

/// The server's side of the protocol as a value. It reads no input, writes no output and starts nothing.
///
/// Two kinds of revision are spoken at the same time and told apart message by message: requests that carry
/// their protocol version in `_meta` stand alone (2026-07-28); all others belong to the handshake that began
/// with `initialize` (2024-11-05 to 2025-11-25), or would have, had the client sent one.
public struct Session {
    /// How long a client may keep results it is told to keep, in milliseconds.
    static let cacheMilliseconds = 300_000

    let identity: ServerIdentity
    /// The identity as the `_meta` of stateless results has it.
    let modernIdentity: [UInt8]
    let supportsListChanged: Bool
    private let makeInstructions: () -> String
    private(set) lazy var instructions = makeInstructions()

    var toolList: ToolList
    var legacy = LegacyState()
    /// A request of a stateless revision has been seen.
    var hasMetModern = false
    var subscriptions: [Subscription] = []
    var calls = PendingCalls()
    var questions = OpenQuestions()
    /// Nothing more will be received.
    var hasInputEnded = false
    var batches: [Int: Batch] = [:]
    var lastBatch = 0

    /// Whether the tools have been listed.
    public var hasListedTools: Bool { toolList.isRendered }

    /// `instructions` is asked when the first client wants to know, `tools` at the first tools/list (and again after
    /// ``toolsChanged()``); neither at any other time. `supportsListChanged` declares that `toolsChanged` may be called.
    public init(
        identity: ServerIdentity, instructions: @escaping () -> String, tools: @escaping () -> [ToolDefinition],
        supportsListChanged: Bool = false
    ) {
        self.identity = identity
        modernIdentity = identity.json(for: .modern)
        self.supportsListChanged = supportsListChanged
        makeInstructions = instructions
        toolList = ToolList(tools)
    }
}

/// What handling one message led to.
enum Outcome {
    /// A frame that answers the message; goes into the batch if the message came in one.
    case answer([UInt8])
    case actions([Action])
}

extension Session {
    /// Takes one line as it was read, without its newline. A carriage return at its end and blank lines are tolerated.
    public mutating func receive(_ line: UnsafeRawBufferPointer) -> [Action] {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return [] }
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count, alignment: 1)
        text.copyMemory(from: line)
        let root: JSONValue
        do {
            root = try JSONDocument(adopting: text).root
        } catch {
            return [.send(unreadable(.parseError(error.description)))]
        }
        if root.isArray { return receiveBatch(root) }
        return switch handle(root, batch: nil) {
        case .answer(let frame): [.send(frame)]
        case .actions(let actions): actions
        }
    }

    /// Takes one line as it was read, without its newline.
    public mutating func receive(_ line: [UInt8]) -> [Action] {
        line.withUnsafeBytes { receive($0) }
    }

    /// Answers for a line that was longer than `limit` bytes, which is what the transport takes, and therefore dropped.
    public mutating func receiveOverlong(limit: Int) -> [Action] {
        let reason = "the line is longer than \(limit >> 20) MiB, the most this server reads"
        return [.send(unreadable(.invalidRequest(reason)))]
    }

    /// An error about something of which no id is known. `modern` when the message itself was of such a revision.
    func unreadable(_ error: ProtocolError, modern: Bool = false) -> [UInt8] {
        let omitted = modern || (legacy.isGreeted ? legacy.revision.omitsUnreadableID : hasMetModern)
        return Frame.error(error, id: nil, omittingID: omitted)
    }

    mutating func handle(_ value: JSONValue, batch: Int?) -> Outcome {
        let message = Message(value)
        switch message.kind {
        case .response:
            return .actions(answered(value))
        case .invalid(let id, let reason):
            let error = ProtocolError.invalidRequest(reason)
            guard let id else { return .answer(unreadable(error, modern: message.isModern)) }
            return .answer(Frame.error(error, id: id, omittingID: false))
        case .notification(let method):
            return .actions(notice(method, message))
        case .request(let id, let method):
            do throws(ProtocolError) {
                return try answer(Request(id: id, method: method, message: message, batch: batch))
            } catch {
                return .answer(Frame.error(error, id: id, omittingID: false))
            }
        }
    }

    private mutating func answer(_ request: Request) throws(ProtocolError) -> Outcome {
        if isOutstanding(request.id) {
            throw .invalidRequest("a request with this id is not answered yet; use another id")
        }
        if let batch = request.batch { batches[batch]?.note(request.id) }
        if let fault = request.message.paramsFault { throw .invalidParams(fault) }
        return request.message.isModern ? try answerModern(request) : try answerLegacy(request)
    }

    private func isOutstanding(_ id: RequestID) -> Bool {
        calls[id] != nil || subscriptions.contains { $0.id == id } || batches.values.contains { $0.ids.contains(id) }
    }

    private mutating func notice(_ method: String, _ message: Message) -> [Action] {
        switch method {
        case "notifications/initialized":
            legacy.isReady = legacy.isGreeted
            return []
        case "notifications/cancelled":
            guard let id = message.params?["requestId"].flatMap({ RequestID($0) }) else {
                return [.log("ignored a cancellation without a usable requestId")]
            }
            return cancel(id)
        default:
            // Notifications that this server has no use for, known or not, are no fault of the client.
            return []
        }
    }
}
