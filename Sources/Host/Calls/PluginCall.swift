// One call of a tool whose body is a plugin's function.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON
import MCP
import PluginABI
import PluginLoader
import Proxmox

/// A call that a worker runs. Created, cancelled and ended on the loop's thread.
final class PluginCall: RunningCall {
    private let context: CallContext
    private let directions: CallDirections
    private let client: Client
    private let outcome: CallOutcome
    private let pool: WorkerPool
    private var taskWait: TaskFollow?

    init(
        _ tool: Tool, _ body: CallBody, _ arguments: JSONValue, client: Client, pool: WorkerPool, loop: EventLoop,
        outcome: CallOutcome
    ) {
        self.client = client
        self.pool = pool
        self.outcome = outcome
        directions = CallDirections(tool, arguments)
        let bridge = LoopBridge(loop: loop, client: client, outcome: outcome)
        context = CallContext(
            tool, body, arguments, loop: loop,
            send: { request, completion in bridge.send(request, completion) },
            report: { progress, total, message in bridge.report(progress, total, message) })
    }

    func start() {
        let context = context
        let ended = LoopEnd { [self] in self.ended() }
        pool.run {
            let call = OpaquePointer(Unmanaged.passUnretained(context).toOpaque())
            context.body.run(HostTable.shared, call, context.body.context)
            context.loop.post { ended.action() }
        }
    }

    func cancel() {
        context.isCancelled.store(true, ordering: .releasing)
        taskWait?.cancel()
    }

    private func ended() {
        switch context.reply {
        case .value(let value)?:
            if context.tool.result?.shape == .task, let upid = value.string.flatMap(UPID.init) {
                taskWait = TaskFollow(upid, directions, client: client, outcome: outcome)
                taskWait?.start()
            } else {
                outcome.render(value, total: nil, context.tool, directions)
            }
        case .failure(let message)?: outcome.fail(message)
        case nil:
            outcome.fail(
                "The plugin's code for \(context.tool.name) ended without a reply; this is a fault of the plugin.")
        }
    }
}

/// Carries a worker's requests to the loop.
private final class LoopBridge: @unchecked Sendable {
    // Sendable: `client` and `outcome` are touched inside posted closures only, that is on the loop's thread.
    private let loop: EventLoop
    private let client: Client
    private let outcome: CallOutcome

    init(loop: EventLoop, client: Client, outcome: CallOutcome) {
        self.loop = loop
        self.client = client
        self.outcome = outcome
    }

    func send(_ request: Request, _ completion: @escaping @Sendable (Result<Answer, Failure>) -> Void) {
        loop.post { [self] in client.send(request, completion: completion) }
    }

    func report(_ progress: Double, _ total: Double?, _ message: String?) {
        loop.post { [self] in outcome.progress(progress, total: total, message) }
    }
}

/// An action that was made on the loop's thread and runs there.
private struct LoopEnd: @unchecked Sendable {
    // Sendable: only posted back to the loop.
    let action: () -> Void
}
