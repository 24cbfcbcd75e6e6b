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
    let supportsListChanged: Bool
    private let makeInstructions: () -> String

    var toolList: ToolList
    var legacy = LegacyState()
    /// A request of a stateless revision has been seen.
    var hasMetModern = false
    var subscriptions: [Subscription] = []

    private var calls: [CallKey: PendingCall] = [:]
    private var keys: [RequestID: CallKey] = [:]
    private var batches: [Int: Batch] = [:]
    private var lastSerial: UInt64 = 0
    private var lastBatch = 0

    /// The identity as the `_meta` of stateless results has it.
    let modernIdentity: [UInt8]
    private(set) lazy var instructions = makeInstructions()

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

    /// How many calls have been handed out and not yet been answered or cancelled.
    public var pendingCalls: Int { calls.count }
}

/// What was agreed at `initialize`.
struct LegacyState {
    var revision = Revision.latestLegacy
    /// `initialize` has been answered.
    var isGreeted = false
    /// The client went on after the greeting: notifications may be pushed.
    var isReady = false
    var elicitation: Set<ElicitationMode> = []
}

/// A call between being handed out and being answered.
private struct PendingCall {
    let id: RequestID
    let revision: Revision
    let batch: Int?
    var progress: Progress?
}

/// What handling one message led to.
enum Outcome {
    /// A frame that answers the message; goes into the batch if the message came in one.
    case answer([UInt8])
    case actions([Action])
}

// MARK: Receiving

extension Session {
    /// Takes one line as it was read, without its newline. A carriage return at its end and blank lines are tolerated.
    public mutating func receive(_ line: UnsafeRawBufferPointer) -> [Action] {
        guard let base = line.baseAddress, line.contains(where: { $0 > 0x20 }) else { return [] }
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count, alignment: 1)
        text.copyMemory(from: UnsafeRawBufferPointer(start: base, count: line.count))
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

    /// Answers for a line that was longer than the transport takes and therefore dropped.
    public mutating func receiveOverlong() -> [Action] {
        [.send(unreadable(.invalidRequest("the line is longer than this server reads")))]
    }

    /// An error about something of which no id is known.
    private func unreadable(_ error: ProtocolError, modern: Bool = false) -> [UInt8] {
        let omitted = modern || (legacy.isGreeted ? legacy.revision.omitsUnreadableID : hasMetModern)
        return Frame.error(error, id: nil, omittingID: omitted)
    }

    private mutating func handle(_ value: JSONValue, batch: Int?) -> Outcome {
        let message = Message(value)
        switch message.kind {
        case .response:
            return .actions([])
        case .invalid(let id, let reason):
            let error = ProtocolError.invalidRequest(reason)
            guard let id else { return .answer(unreadable(error, modern: message.isModern)) }
            return .answer(Frame.error(error, id: id, omittingID: false))
        case .notification(let method):
            return .actions(notice(method, message))
        case .request(let id, let method):
            do throws(ProtocolError) {
                if isOutstanding(id) {
                    throw .invalidRequest("a request with this id is being worked on; use another id")
                }
                if let batch { batches[batch]?.note(id) }
                if let fault = message.paramsFault { throw .invalidParams(fault) }
                let request = Request(id: id, method: method, message: message, batch: batch)
                return message.isModern ? try answerModern(request) : try answerLegacy(request)
            } catch {
                return .answer(Frame.error(error, id: id, omittingID: false))
            }
        }
    }

    private func isOutstanding(_ id: RequestID) -> Bool {
        keys[id] != nil || subscriptions.contains { $0.id == id } || batches.values.contains { $0.ids.contains(id) }
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
            // Notifications of clients that this server has no use for, known or not, are no fault.
            return []
        }
    }
}

/// A request on its way to its answer.
struct Request {
    let id: RequestID
    let method: String
    let message: Message
    let batch: Int?

    var params: JSONValue? { message.params }
}

// MARK: Batches

extension Session {
    private mutating func receiveBatch(_ array: JSONValue) -> [Action] {
        guard legacy.isGreeted, legacy.revision.hasBatches else {
            return [.send(unreadable(.invalidRequest("this revision has no batches; send one message a line")))]
        }
        guard (1...Batch.maximumCount).contains(array.count) else {
            let reason = "a batch holds 1 to \(Batch.maximumCount) messages, this one \(array.count)"
            return [.send(unreadable(.invalidRequest(reason)))]
        }
        lastBatch += 1
        let number = lastBatch
        batches[number] = Batch()
        var actions: [Action] = []
        for element in array.elements {
            switch handle(element, batch: number) {
            case .answer(let frame): batches[number]?.add(frame)
            case .actions(let more): actions += more
            }
        }
        if let frame = takeBatch(number) { actions.append(.send(frame)) }
        return actions
    }

    /// The frame of a batch once nothing of it is open. The batch is forgotten then.
    private mutating func takeBatch(_ number: Int) -> [UInt8]? {
        guard let batch = batches[number], batch.isComplete else { return nil }
        batches[number] = nil
        return batch.frame()
    }
}

// MARK: Calls

extension Session {
    /// Answers a call with what its tool said. Nil when there is nothing to send: the call is unknown, was cancelled,
    /// or belongs to a batch of which another call is still open.
    public mutating func finish(_ key: CallKey, _ result: ToolResult) -> [UInt8]? {
        guard let call = remove(key) else { return nil }
        return deliver(result.frame(id: call.id, revision: call.revision, serverInfo: modernIdentity), call.batch)
    }

    /// Answers a call with a protocol error. Nil as in ``finish(_:_:)``.
    public mutating func fail(_ key: CallKey, _ error: ProtocolError) -> [UInt8]? {
        guard let call = remove(key) else { return nil }
        return deliver(Frame.error(error, id: call.id, omittingID: false), call.batch)
    }

    /// Tells how far a call has got. Nil unless the client asked for it, the call is open and `progress` grew.
    public mutating func progress(
        _ key: CallKey, _ progress: Double, total: Double? = nil, message: String? = nil
    ) -> [UInt8]? {
        guard let revision = calls[key]?.revision else { return nil }
        return calls[key]?.progress?.frame(progress, total: total, message: message, revision: revision)
    }

    /// The call a `tools/call` request asks for.
    mutating func call(
        _ request: Request, revision: Revision, elicitation: Set<ElicitationMode>
    ) throws(ProtocolError) -> Outcome {
        guard let name = request.params?["name"]?.string else {
            throw .invalidParams("name must be a string, the name of a tool")
        }
        var arguments = request.params?["arguments"]
        if arguments?.isNull == true { arguments = nil }
        if let arguments, !arguments.isObject { throw .invalidParams("arguments must be an object") }
        let token = try progressToken(request)

        lastSerial += 1
        let key = CallKey(serial: lastSerial)
        calls[key] = PendingCall(
            id: request.id, revision: revision, batch: request.batch, progress: token.map { Progress(token: $0) })
        keys[request.id] = key
        if let batch = request.batch { batches[batch]?.begin() }
        let call = ToolCall(
            key: key, name: name, arguments: arguments, revision: revision, wantsProgress: token != nil,
            elicitation: elicitation, meta: request.message.meta)
        return .actions([.call(call)])
    }

    private func progressToken(_ request: Request) throws(ProtocolError) -> RequestID? {
        guard let value = request.message.meta?["progressToken"], !value.isNull else { return nil }
        guard let token = RequestID(value) else { throw .invalidParams("progressToken must be a string or an integer") }
        return token
    }

    private mutating func cancel(_ id: RequestID) -> [Action] {
        if let index = subscriptions.firstIndex(where: { $0.id == id }) {
            subscriptions.remove(at: index)
            return []
        }
        guard let key = keys[id], let call = remove(key) else { return [] }
        var actions = [Action.cancel(key)]
        if let frame = deliver(nil, call.batch) { actions.append(.send(frame)) }
        return actions
    }

    private mutating func remove(_ key: CallKey) -> PendingCall? {
        guard let call = calls.removeValue(forKey: key) else { return nil }
        keys[call.id] = nil
        return call
    }

    /// Hands an answer on, or keeps it for its batch.
    private mutating func deliver(_ frame: [UInt8]?, _ batch: Int?) -> [UInt8]? {
        guard let batch else { return frame }
        batches[batch]?.end(frame)
        return takeBatch(batch)
    }
}

// MARK: Changes and the end

extension Session {
    /// Says that the tool list is another one, to everyone who is to know; the tools are asked for again.
    public mutating func toolsChanged() -> [[UInt8]] {
        toolList.invalidate()
        guard supportsListChanged else { return [] }
        var frames = subscriptions.filter(\.toolsListChanged).map(\.toolsChanged)
        if legacy.isReady {
            frames.append(Array(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#.utf8) + [0x0A])
        }
        return frames
    }

    /// Ends every open stream with its final result. Calls that are open are not answered.
    public mutating func shutdown() -> [[UInt8]] {
        defer { subscriptions = [] }
        return subscriptions.map { $0.end(serverInfo: modernIdentity) }
    }
}
