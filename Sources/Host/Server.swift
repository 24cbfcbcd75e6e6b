// The server: lines in, frames out, calls in between, on one event loop.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import JSON
import MCP
import PluginLoader
import Proxmox

/// Serves one client on standard input and output until the input ends, the output breaks or a signal comes.
final class Server {
    /// Calls under way at most; a client that asks for more is told to wait.
    static let callLimit = 256
    /// How long requests that were read before the end of input may take.
    static let standardGraceSeconds = 10
    /// The exit status when the connection was to be checked and is not good, or not known to be.
    static let badConnection: Int32 = 3

    /// Whether something is awaited besides calls before the end of input ends the server.
    var isCheckAwaited: () -> Bool = { false }

    private let loop: EventLoop
    private let registry: Registry
    private let client: Client
    private let confirmations: Confirmations
    private let input: Int32
    private let writer: FrameWriter
    private let graceSeconds: Int
    private let pool = WorkerPool()
    private var session: Session
    private var lines = LineBuffer()
    /// Plugins whose code is not in this process, by category.
    private let isolated: [String: IsolatedPlugin]
    private var calls: [CallKey: any RunningCall] = [:]
    private var questions: [CallKey: (QuestionAnswer) -> Void] = [:]
    /// Done once, after the tools have been listed for the first time.
    var whenListed: (() -> Void)?
    private var inputEnded = false
    private var exitStatus: Int32 = 0

    init(
        loop: EventLoop, session: Session, registry: Registry, isolated: [String: IsolatedPlugin] = [:], client: Client,
        confirmations: Confirmations, input: Int32, writer: FrameWriter, graceSeconds: Int = Server.standardGraceSeconds
    ) {
        self.loop = loop
        self.session = session
        self.registry = registry
        self.isolated = isolated
        self.client = client
        self.confirmations = confirmations
        self.input = input
        self.writer = writer
        self.graceSeconds = graceSeconds
    }

    /// Runs until the end and returns the exit status.
    func run() -> Int32 {
        loop.endOfTurn = { [unowned self] in
            writer.flush()
            if let whenListed, session.hasListedTools {
                whenListed()
                self.whenListed = nil
            }
            if inputEnded && session.pendingCalls == 0 && !isCheckAwaited() { loop.stop() }
        }
        watchInput()
        loop.run()
        for plugin in isolated.values { plugin.end() }
        for frame in session.shutdown() { writer.append(frame) }
        writer.drain(seconds: 2)
        return exitStatus
    }

    /// Whether the code of a plugin still runs. It may be inside anything, so nothing of its is to be torn down.
    var hasBusyWorkers: Bool { pool.isBusy }

    /// Ends the server after the current turn, with everything written that is answered.
    func stop(status: Int32 = 0) {
        exitStatus = status
        endFollowing()
        loop.stop()
    }

    /// Answers the calls whose tasks have been started: the client would never learn their UPIDs otherwise.
    private func endFollowing() {
        for call in Array(calls.values) { call.endNow() }
    }

    // MARK: Input

    private func watchInput() {
        if !loop.watch(input, for: .read, { [unowned self] _ in readInput() }) { readFile() }
    }

    private func readInput() {
        // A client that asks and does not read would fill the memory with answers; it is not listened to meanwhile.
        if writer.isBacklogged {
            loop.unwatch(input)
            loop.after(milliseconds: 50) { [unowned self] in watchInput() }
            return
        }
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { chunk in
            let count = read(input, chunk.baseAddress, chunk.count)
            if count > 0 {
                lines.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) { receive($0) }
            } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                loop.unwatch(input)
                endInput()
            }
        }
    }

    /// A regular file is always ready, so the kernel does not watch it: it is read a chunk a turn.
    private func readFile() {
        loop.after(milliseconds: writer.isBacklogged ? 50 : 0) { [unowned self] in
            if !writer.isBacklogged { readInput() }
            if !inputEnded { readFile() }
        }
    }

    private func endInput() {
        guard !inputEnded else { return }
        lines.end { receive($0) }
        inputEnded = true
        for action in session.endOfInput() { perform(action) }
        loop.after(milliseconds: graceSeconds * 1000) { [unowned self] in
            endFollowing()
            if session.pendingCalls > 0 {
                Log.warning("calls not answered \(graceSeconds) s after the end of input: \(session.pendingCalls)")
            }
            if isCheckAwaited() {
                Log.error("the connection check has not ended \(graceSeconds) s after the end of input")
                exitStatus = Server.badConnection
            }
            loop.stop()
        }
    }

    private func receive(_ line: LineBuffer.Line) {
        let actions =
            switch line {
            case .whole(let bytes): session.receive(bytes)
            case .overlong: session.receiveOverlong(limit: LineBuffer.standardLimit)
            }
        for action in actions { perform(action) }
    }

    private func perform(_ action: Action) {
        switch action {
        case .send(let frame): writer.append(frame)
        case .call(let call): start(call)
        case .cancel(let key):
            questions[key] = nil
            calls.removeValue(forKey: key)?.cancel()
        case .answered(let key, let answer): questions.removeValue(forKey: key)?(answer)
        case .log(let message): Log.info(message)
        }
    }

    // MARK: Questions

    /// Asks the person behind the client while the call goes on; `then` is told what came of it, unless the call ends
    /// first. False when the client cannot be asked.
    func ask(_ key: CallKey, _ question: Question, then: @escaping (QuestionAnswer) -> Void) -> Bool {
        guard let frame = session.ask(key, question) else { return false }
        questions[key] = then
        writer.append(frame)
        return true
    }

    /// Ends the request with a question, to be sent again with the answer. False when the client cannot be asked so.
    func requireInput(_ key: CallKey, _ question: Question, state: String) -> Bool {
        guard let frame = session.requireInput(key, question, state: state) else { return false }
        calls[key] = nil
        writer.append(frame)
        return true
    }

    // MARK: Calls

    private func start(_ call: ToolCall) {
        guard let entry = registry[call.name] else {
            if let frame = session.fail(call.key, .unknownTool(call.name, registry.absence(of: call.name))) {
                writer.append(frame)
            }
            return
        }
        let tool = entry.tool
        let outcome = CallOutcome(call.key, server: self)
        let confirmed = ConfirmedArguments(call.arguments ?? emptyObject, tool)
        let arguments = TaskNode.filled(in: confirmed.rest, for: tool)
        let faults = [confirmed.fault].compactMap { $0 } + ArgumentCheck.faults(of: arguments, for: tool)
        guard faults.isEmpty else { return outcome.fail(ArgumentError(faults: faults).message) }
        guard calls.count < Server.callLimit else {
            return outcome.fail("\(Server.callLimit) calls are under way already; wait for some of them to end.")
        }
        let gate = CallGate(call, tool, confirmed, confirmations, outcome)
        let running: any RunningCall
        switch tool.body {
        case .endpoint(let endpoint):
            running = EndpointCall(tool, endpoint, arguments, client: client, gate: gate, outcome: outcome)
        case .call, .native:
            running = PluginCall(
                tool, arguments, client: client, gate: gate, pool: pool, isolated: isolated[entry.category], loop: loop,
                outcome: outcome)
        }
        Log.write(.debug, "call \(tool.name)")
        calls[call.key] = running
        running.start()
    }

    /// Sends a call's result to the client.
    func finish(_ key: CallKey, _ result: ToolResult) {
        calls.removeValue(forKey: key)
        questions[key] = nil
        if let withdrawal = session.withdraw(key) { writer.append(withdrawal) }
        if let frame = session.finish(key, result) { writer.append(frame) }
    }

    /// Tells the client how far a call is, if it asked to know.
    func report(_ key: CallKey, _ progress: Double, total: Double?, _ message: String?) {
        if let frame = session.progress(key, progress, total: total, message: message) { writer.append(frame) }
    }
}
