// Follows the task that a call has started or asks about, and says how it ended.
// SPDX-License-Identifier: MIT

import JSON
import Proxmox

/// Waits for a task on behalf of a call. On the loop's thread.
final class TaskFollow {
    private let upid: UPID
    private let directions: CallDirections
    private let client: Client
    private let outcome: CallOutcome
    /// Told of a task that failed and the message about it; true when the call goes on without the task.
    private let replaces: (TaskOutcome, String) -> Bool
    /// Answers in place of the report when the task has not failed: the call asks about a task that it did not start.
    private let answers: (() -> Void)?
    private var ticket: TaskTicket?

    init(
        _ upid: UPID, _ directions: CallDirections, client: Client, outcome: CallOutcome,
        replaces: @escaping (TaskOutcome, String) -> Bool = { _, _ in false }, answers: (() -> Void)? = nil
    ) {
        self.upid = upid
        self.directions = directions
        self.client = client
        self.outcome = outcome
        self.replaces = replaces
        self.answers = answers
    }

    func start() {
        guard directions.wait > 0 else {
            return outcome.succeed(running.json)
        }
        let standing = answers == nil ? "started on" : "asked for on"
        outcome.progress(0, total: nil, "task \(upid.type) \(standing) \(upid.node)")
        ticket = client.waitForTask(upid, seconds: directions.wait) { [outcome] progress in
            // Milliseconds are enough, and read better than what the clock says. Progress that is no more than the 0 above
            // would not be told.
            let milliseconds = max(1, (progress.elapsedSeconds * 1000).rounded())
            outcome.progress(milliseconds / 1000, total: nil, progress.latestLine)
        } completion: { [self] result in
            ticket = nil
            switch result {
            case .success(let task): ended(task)
            case .failure(let failure): lost(failure)
            }
        }
    }

    /// Stops waiting; the task goes on.
    func cancel() {
        if let ticket { client.cancelWait(ticket) }
    }

    /// Stops waiting and says that the task runs, so that its UPID is not lost.
    func reportRunning() {
        cancel()
        ticket = nil
        outcome.succeed(running.json)
    }

    /// A report of the task before its end.
    private var running: TaskReport {
        TaskReport(upid: upid, state: .running, log: [], waited: nil, note: directions.note)
    }

    private func ended(_ task: TaskOutcome) {
        let report = TaskReport(
            upid: upid, state: task.state, log: task.log, waited: directions.wait, isUnconfirmed: task.isUnconfirmed,
            note: directions.note)
        guard case .failed = task.state else { return answers.map { $0() } ?? outcome.succeed(report.json) }
        if !replaces(task, report.failureText) { outcome.fail(report.failureText) }
    }

    private func lost(_ failure: Failure) {
        let what =
            answers == nil ? "was started, but following it failed" : "was running, but waiting for its end failed"
        outcome.fail(
            "The task \(upid.text) \(what): \(failure.message.asSentence) "
                + "The task goes on; ask for its state before you repeat the call.")
    }
}

/// How a task stands, as a tool's result.
struct TaskReport {
    let upid: UPID
    let state: TaskOutcome.State
    /// The end of the task's log, oldest line first.
    let log: [String]
    /// Seconds that were waited, when the task did not end in them.
    let waited: Int?
    /// Whether the state could not be read at the end of the waiting.
    var isUnconfirmed = false
    /// What the tool says with every success.
    var note: String?

    /// The structured result: `upid`, `node`, `id` (of the guest or other object), `status` (running, ok, warnings),
    /// `exitstatus`, `log`, `next`, `note`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("upid", upid.text)
            writer.member("node", upid.node)
            if !upid.id.isEmpty { writer.member("id", upid.id) }
            switch state {
            case .running:
                writer.member("status", "running")
                writer.member("next", "\(standing) Ask for the state of this task later, by its upid.")
            case .ok:
                writer.member("status", "ok")
                writer.member("exitstatus", "OK")
            case .warnings(let count):
                writer.member("status", "warnings")
                writer.member("exitstatus", "WARNINGS: \(count)")
            case .failed(let text):
                writer.member("status", "failed")
                writer.member("exitstatus", text)
            }
            if !log.isEmpty { writer.member("log") { $0.array { for line in log { $0.string(line) } } } }
            if let note { writer.member("note", note) }
        }
        return writer.bytes
    }

    private var standing: String {
        guard let waited else { return "The task was started." }
        let time = waited == 1 ? "1 second" : "\(waited) seconds"
        return isUnconfirmed
            ? "The task may still run; its state could not be read at the end of \(time)."
            : "The task still runs after \(time)."
    }

    /// What the model reads of a task that failed: the error and the end of the log.
    var failureText: String {
        guard case .failed(let text) = state else { return "" }
        let name = upid.id.isEmpty ? upid.node : upid.id
        var message = "The task \(upid.type) of \(name) on node \(upid.node) failed: \(text)"
        if let hint = Failure.hint(for: text) { message += "\n\(hint)" }
        message += "\n\(upid.text)"
        if !log.isEmpty { message += "\nEnd of its log:\n" + log.joined(separator: "\n") }
        return message
    }
}
