// One call of a tool whose body is a plugin's code.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON
import MCP
import PluginABI
import PluginLoader
import Proxmox

/// A call that a worker runs. Created, cancelled and ended on the loop's thread.
final class PluginCall: RunningCall {
    private let tool: Tool
    private let arguments: JSONValue
    private let directions: CallDirections
    private let client: Client
    private let gate: CallGate
    private let loop: EventLoop
    private let outcome: CallOutcome
    private let pool: WorkerPool
    /// Where its code is, when that is not this process.
    private let isolated: IsolatedPlugin?
    private var isolatedCall: IsolatedCall?
    private var context: CallContext?
    private var bridge: LoopBridge?
    private var taskWait: TaskFollow?
    private var isCancelled = false

    init(
        _ tool: Tool, _ arguments: JSONValue, client: Client, gate: CallGate, pool: WorkerPool,
        isolated: IsolatedPlugin? = nil, loop: EventLoop, outcome: CallOutcome
    ) {
        self.isolated = isolated
        self.tool = tool
        self.arguments = arguments
        self.client = client
        self.gate = gate
        self.pool = pool
        self.loop = loop
        self.outcome = outcome
        directions = CallDirections(tool, arguments)
    }

    /// Finds the guest's node first when the caller left it out: the code then reads it among its arguments.
    func start() {
        guard let lookup = GuestLookup(tool, arguments) else { return prepare(arguments.withoutNulls(tool)) }
        client.node(ofGuest: lookup.vmid) { [self] found in
            if isCancelled { return }
            switch found {
            case .success(let guest):
                if let mismatch = lookup.mismatch(guest) { return outcome.fail(mismatch) }
                prepare(arguments.withoutNulls(tool).adding(lookup.argument, guest.node))
            case .failure(let failure): outcome.fail(failure.message)
            }
        }
    }

    func cancel() {
        stop()
        if let isolatedCall { isolated?.cancel(isolatedCall) }
        isolatedCall = nil
        gate.cancel()
        bridge?.cancel()
        taskWait?.cancel()
    }

    /// Whatever the code does from now on, no more requests are sent and nothing comes of its reply.
    private func stop() {
        isCancelled = true
        context?.isCancelled.store(true, ordering: .releasing)
    }

    /// Reports a task that is followed as running; nothing is done about code that runs.
    func endNow() { taskWait?.reportRunning() }

    /// Nobody is asked about a call that cannot be made.
    private func prepare(_ arguments: JSONValue) {
        do throws(ArgumentError) {
            if let isolated {
                // The process checks once more; here nobody is asked about what it would refuse.
                if tool.isNative { _ = try NativeArguments.values(arguments, for: tool) }
                return confirm { [self] in run(in: isolated, arguments) }
            }
            guard let code = try CallCode(tool, arguments) else {
                return outcome.fail("The code of \(tool.name) is not in this process.")
            }
            confirm { [self] in run(code, arguments) }
        } catch {
            outcome.fail(error.message)
        }
    }

    /// What a native function loses cannot be seen from its requests, so the call itself needs the yes.
    private func confirm(_ run: @escaping () -> Void) {
        guard tool.isNative, tool.annotations.contains(.destructive) else { return run() }
        gate.pass(AskedRequest(callOf: tool, arguments)) { [self] verdict in
            switch verdict {
            case .sends: run()
            case .refused(let why), .unread(_, let why): outcome.fail(why)
            case .callEnded: break
            }
        }
    }

    private func run(in isolated: IsolatedPlugin, _ arguments: JSONValue) {
        let bridge = LoopBridge(loop: loop, client: client, gate: gate, outcome: outcome) { [weak self] in
            self?.cancel()
        }
        self.bridge = bridge
        let call = IsolatedCall(
            tool, arguments, request: { request, completion in bridge.send(request, completion) },
            report: { bridge.report($0.progress, $0.total, $0.message) },
            ended: { [self] reply in
                // The call holds this one through what it is told.
                isolatedCall = nil
                ended(reply)
            })
        isolatedCall = call
        isolated.run(call)
    }

    private func run(_ code: CallCode, _ arguments: JSONValue) {
        let bridge = LoopBridge(loop: loop, client: client, gate: gate, outcome: outcome) { [weak self] in self?.stop()
        }
        let context = CallContext(
            tool, code, arguments, send: { request, completion in bridge.send(request, completion) },
            report: { progress, total, message in bridge.report(progress, total, message) })
        self.bridge = bridge
        self.context = context
        let ended = LoopEnd { [self] in self.ended(context.reply) }
        let loop = loop
        let isQueued = pool.run {
            // It may have been cancelled while it waited for a worker.
            if !context.isCancelled.load(ordering: .acquiring) { context.run(HostTable.shared) }
            loop.post { ended.action() }
        }
        if !isQueued { outcome.fail("The system has no thread left for the code of \(tool.name); try again later.") }
    }

    private func ended(_ reply: CallContext.Reply?) {
        if isCancelled { return }
        switch reply {
        case .value(let value)?:
            if tool.result?.shape == .task, let upid = value.string.flatMap(UPID.init) {
                taskWait = TaskFollow(upid, directions, client: client, outcome: outcome)
                taskWait?.start()
            } else {
                outcome.render(value, total: value.totalBeside, tool, directions)
            }
        case .entries(let entries)?:
            outcome.render(entries: entries, tool, directions)
        case .failure(let message)?:
            outcome.fail(
                message.isEmpty ? "The plugin's code for \(tool.name) failed and did not say why." : message)
        case nil:
            outcome.fail("The plugin's code for \(tool.name) ended without a reply; this is a fault of the plugin.")
        }
    }
}

/// Carries a worker's requests to the loop.
private final class LoopBridge: @unchecked Sendable {
    // Sendable: all but `loop` is touched on the loop's thread only, inside posted closures or by the call's owner there.
    private let loop: EventLoop
    private let client: Client
    private let gate: CallGate
    private let outcome: CallOutcome
    /// Called when the call has ended while its code still runs.
    private let callEnded: () -> Void
    private var isCancelled = false
    /// The request under way; a worker sends one at a time.
    private var ticket: RequestTicket?
    private var isWrite = false
    /// Tells the worker that the request which waits for a yes is not sent.
    private var held: (() -> Void)?

    init(
        loop: EventLoop, client: Client, gate: CallGate, outcome: CallOutcome, callEnded: @escaping () -> Void
    ) {
        self.loop = loop
        self.client = client
        self.gate = gate
        self.outcome = outcome
        self.callEnded = callEnded
    }

    func send(_ request: Request, _ completion: @escaping CallContext.Completion) {
        loop.post { [self] in
            if isCancelled { return completion(.failure(.notSent(request))) }
            held = { completion(.failure(.notSent(request))) }
            gate.pass(request) { [self] verdict in
                held = nil
                switch verdict {
                case .sends: sendPassed(request, completion)
                case .refused(let why): completion(.failure(.refused(why)))
                case .unread(let failure, let why):
                    client.explain(failure, of: request) { failure in
                        completion(.failure(.refused(failure.explanation.map { "\(why) \($0)" } ?? why)))
                    }
                case .callEnded:
                    isCancelled = true
                    callEnded()
                    completion(.failure(.notSent(request)))
                }
            }
        }
    }

    private func sendPassed(_ request: Request, _ completion: @escaping CallContext.Completion) {
        isWrite = request.method != .get
        ticket = client.send(request) { [self] result in
            ticket = nil
            guard case .failure(let failure) = result else { return completion(result) }
            client.explain(failure, of: request) { completion(.failure($0)) }
        }
    }

    func report(_ progress: Double, _ total: Double?, _ message: String?) {
        loop.post { [self] in outcome.progress(progress, total: total, message) }
    }

    /// Gives up what has not been sent and what only reads. On the loop's thread.
    func cancel() {
        isCancelled = true
        // A request that waits for a yes will not get it: its worker must not wait on.
        held?()
        held = nil
        guard let ticket else { return }
        if isWrite { client.withdraw(ticket) } else { client.cancel(ticket) }
    }
}

extension Failure {
    /// The request was given up before it left.
    fileprivate static func notSent(_ request: Request) -> Failure {
        .cancelled(request: "\(request.method.rawValue) \(request.template)", sent: false)
    }
}

/// An action that was made on the loop's thread and runs there.
private struct LoopEnd: @unchecked Sendable {
    // Sendable: only posted back to the loop.
    let action: () -> Void
}

extension Tool {
    fileprivate var isNative: Bool {
        if case .native = body { return true }
        return false
    }
}

extension JSONValue {
    /// The object without the members that are null and so count as left out; null is a value of "any JSON" alone.
    fileprivate func withoutNulls(_ tool: Tool) -> JSONValue {
        guard members.contains(where: \.value.isNull) else { return self }
        let kept = Set(tool.parameters.filter { $0.type == .json }.map(\.name))
        var writer = JSONWriter()
        writer.object { writer in
            for member in members where !member.value.isNull || kept.contains(member.name) {
                member.withRawName { writer.rawName($0) }
                writer.value(member.value)
            }
        }
        do { return try JSONDocument(writer.bytes).root } catch { return self }
    }

    /// How many entries the whole list has, when this is the data of an answer that says so.
    var totalBeside: Int? {
        let answer = document.root
        guard answer.isObject, answer["data"]?.index == index else { return nil }
        return answer["total"]?.lenientInt.flatMap { Int(exactly: $0) }
    }

    /// The object with one more member.
    func adding(_ name: String, _ text: String) -> JSONValue {
        var writer = JSONWriter()
        writer.object { writer in
            for member in members {
                member.withRawName { writer.rawName($0) }
                writer.value(member.value)
            }
            writer.member(name, text)
        }
        do { return try JSONDocument(writer.bytes).root } catch { return self }
    }
}
