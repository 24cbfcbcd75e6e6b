// Waits for tasks.
// SPDX-License-Identifier: MIT

import EventLoop
import JSON

/// Names a wait, to end it.
public struct TaskTicket: Hashable, Sendable {
    let number: UInt64
}

extension Client {
    /// Waits until a task has ended, at most `seconds`; then its state is still `running`.
    ///
    /// Asks GET /nodes/{node}/tasks/{upid}/status and …/log every 250 ms at first, every 2 s later. `progress` runs for new
    /// lines of the log, and every ten seconds without any. Failures that may pass are waited out, and the log is done
    /// without when it cannot be read. A failure says nothing about the task.
    @discardableResult
    public func waitForTask(
        _ upid: UPID, seconds: Int, progress: @escaping (TaskProgress) -> Void,
        completion: @escaping (Result<TaskOutcome, Failure>) -> Void
    ) -> TaskTicket {
        taskCounter += 1
        let ticket = TaskTicket(number: taskCounter)
        let wait = TaskWait(upid, seconds: seconds, now: loop.now())
        let follower = TaskFollower(wait, client: self, progress: progress) { [unowned self] result in
            taskWaits[ticket] = nil
            if case .success(let task) = result, let vmid = Int64(upid.id), task.isMissing(guest: vmid) {
                guests.forget(vmid)
            }
            completion(result)
        }
        taskWaits[ticket] = follower
        follower.start()
        return ticket
    }

    /// Ends a wait without completing it. The task goes on.
    public func cancelWait(_ ticket: TaskTicket) {
        taskWaits.removeValue(forKey: ticket)?.cancel()
    }
}

/// Carries out what a ``TaskWait`` asks for. Held by the client until it has completed.
final class TaskFollower {
    private var wait: TaskWait
    private unowned let client: Client
    private let progress: (TaskProgress) -> Void
    private let completion: (Result<TaskOutcome, Failure>) -> Void
    private var request: RequestTicket?
    private var timer: EventLoop.Timer?
    /// Ends when nothing has been reported for ``Client/taskReportMilliseconds``.
    private var silence: EventLoop.Timer?
    private var isOver = false

    init(
        _ wait: TaskWait, client: Client, progress: @escaping (TaskProgress) -> Void,
        completion: @escaping (Result<TaskOutcome, Failure>) -> Void
    ) {
        self.wait = wait
        self.client = client
        self.progress = progress
        self.completion = completion
    }

    func start() {
        awaitSilence()
        handle(.start)
    }

    func cancel() {
        isOver = true
        if let request { client.cancel(request) }
        if let timer { client.loop.cancel(timer) }
        if let silence { client.loop.cancel(silence) }
    }

    private func awaitSilence() {
        if let silence { client.loop.cancel(silence) }
        silence = client.loop.after(milliseconds: client.taskReportMilliseconds) { [weak self] in
            guard let self, !isOver else { return }
            silence = nil
            handle(.silence)
        }
    }

    private func handle(_ event: TaskWait.Event) {
        for action in wait.handle(event, now: client.loop.now()) where !isOver { perform(action) }
    }

    private func perform(_ action: TaskWait.Action) {
        switch action {
        case .askStatus:
            ask("status", []) { answer in
                let status = answer.data?["status"]?.string
                return .status(isRunning: status != "stopped", exitStatus: answer.data?["exitstatus"]?.lenientString)
            }
        case .askLog(let start, let limit):
            ask("log", [.init("start", .int(Int64(start))), .init("limit", .int(Int64(limit)))]) { answer in
                let lines = answer.data.map { $0.elements.compactMap { $0["t"]?.lenientString } } ?? []
                return .log(lines, total: answer.total)
            }
        case .pause(let milliseconds):
            timer = client.loop.after(milliseconds: milliseconds) { [weak self] in self?.handle(.timer) }
        case .report(let state):
            awaitSilence()
            progress(state)
        case .finish(let outcome): end(.success(outcome))
        case .fail: if let failure = wait.failure { end(.failure(failure)) }
        }
    }

    private func ask(_ what: String, _ parameters: [Request.Parameter], _ read: @escaping (Answer) -> TaskWait.Event) {
        let path = ["node": wait.upid.node, "upid": wait.upid.text]
        let request = Request(.get, "/nodes/{node}/tasks/{upid}/\(what)", path: path, parameters)
        self.request = client.send(request) { [weak self] result in
            guard let self, !isOver else { return }
            self.request = nil
            switch result {
            case .success(let answer): handle(read(answer))
            case .failure(let failure): handle(.failed(failure))
            }
        }
    }

    private func end(_ result: Result<TaskOutcome, Failure>) {
        isOver = true
        if let silence { client.loop.cancel(silence) }
        completion(result)
    }
}
