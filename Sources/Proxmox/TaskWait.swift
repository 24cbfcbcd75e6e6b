// Follows a task to its end: what to ask, when, and what it means.
// SPDX-License-Identifier: MIT

import JSON

/// How far a task is.
public struct TaskProgress: Equatable, Sendable {
    /// Lines of its log seen so far.
    public let linesSeen: Int
    /// The newest of them.
    public let latestLine: String?
    /// Seconds since the waiting began.
    public let elapsedSeconds: Double
}

/// How a task ended, or that it still runs.
public struct TaskOutcome: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        /// The time to wait is over; the task goes on.
        case running
        case ok
        case warnings(Int)
        /// The exit status, in the task's words.
        case failed(String)

        /// Reads an exit status of GET /nodes/{node}/tasks/{upid}/status.
        public init(exitStatus: String) {
            if exitStatus == "OK" {
                self = .ok
            } else if exitStatus.hasPrefix("WARNINGS: "), let count = Int(exitStatus.dropFirst(10)) {
                self = .warnings(count)
            } else {
                self = .failed(exitStatus)
            }
        }
    }

    public let upid: UPID
    public let state: State
    /// The last lines of its log, oldest first, at most 20.
    public let log: [String]
    /// Whether the state could not be read at the end of the waiting; it is `running` then.
    public var isUnconfirmed = false

    /// Whether it failed because its node has no such VM or container, so that nothing happened.
    public func isMissing(guest vmid: Int64) -> Bool {
        guard case .failed(let text) = state else { return false }
        return GuestDirectory.saysMissing(text, vmid: vmid)
    }
}

/// The waiting for one task as a state machine: it is told what happened and returns what to do. No clock, no I/O.
struct TaskWait {
    enum Event {
        case start
        /// An answer to ``Action/askStatus``.
        case status(isRunning: Bool, exitStatus: String?)
        /// An answer to ``Action/askLog(start:limit:)``: the texts of the lines, and how many the whole log has.
        case log([String], total: Int?)
        /// Either of them failed.
        case failed(Failure)
        /// The pause is over.
        case timer
        /// Nothing has been reported for a while.
        case silence
    }

    enum Action: Equatable {
        case askStatus
        case askLog(start: Int, limit: Int)
        case pause(milliseconds: Int)
        case report(TaskProgress)
        case finish(TaskOutcome)
        case fail
    }

    static let firstPause = 250
    static let longestPause = 2000
    static let tailLength = 20
    static let linesPerAnswer = 500
    let upid: UPID
    private let deadline: UInt64
    private let begun: UInt64
    private var pause = TaskWait.firstPause
    private var linesSeen = 0
    private var tail: [String] = []
    private var exit: TaskOutcome.State?
    /// What the last request asked for.
    private var isAskingLog = false
    /// Whether the log may be read at all.
    private var isLogReadable = true
    /// The failure behind ``Action/fail``.
    private(set) var failure: Failure?

    init(_ upid: UPID, seconds: Int, now: UInt64) {
        self.upid = upid
        begun = now
        deadline = now + UInt64(max(0, seconds)) * 1_000_000_000
    }

    mutating func handle(_ event: Event, now: UInt64) -> [Action] {
        switch event {
        case .start, .timer:
            isAskingLog = false
            return [.askStatus]
        case .silence:
            return [.report(progress(now))]
        case .status(let isRunning, let exitStatus):
            if !isRunning { exit = TaskOutcome.State(exitStatus: exitStatus ?? "the task ended without a status") }
            guard isLogReadable else { return [waitOrEnd(now)] }
            isAskingLog = true
            return [.askLog(start: linesSeen, limit: TaskWait.linesPerAnswer)]
        case .log(let lines, let total):
            return took(lines, total: total, now: now)
        case .failed(let failure):
            return failed(failure, now: now)
        }
    }

    private mutating func took(_ lines: [String], total: Int?, now: UInt64) -> [Action] {
        // An empty log is answered with this one line.
        let isPlaceholder = linesSeen == 0 && lines == ["no content"]
        let new = isPlaceholder ? [] : lines
        linesSeen += new.count
        tail = Array((tail + new).suffix(TaskWait.tailLength))
        var actions: [Action] = new.isEmpty ? [] : [.report(progress(now))]
        if exit != nil, let total, total > linesSeen, !new.isEmpty {
            // More came than fits one answer: skip to the end.
            linesSeen = max(linesSeen, total - TaskWait.tailLength)
            return actions + [.askLog(start: linesSeen, limit: TaskWait.linesPerAnswer)]
        }
        actions.append(waitOrEnd(now))
        return actions
    }

    /// The status decides: without the log the waiting goes on, and without an answer too while one may still come.
    private mutating func failed(_ failure: Failure, now: UInt64) -> [Action] {
        if isAskingLog {
            isLogReadable = failure.isPassing
            return [waitOrEnd(now)]
        }
        guard failure.isPassing else {
            self.failure = failure
            return [.fail]
        }
        return [waitOrEnd(now, isUnconfirmed: true)]
    }

    private mutating func waitOrEnd(_ now: UInt64, isUnconfirmed: Bool = false) -> Action {
        if let exit { return .finish(TaskOutcome(upid: upid, state: exit, log: tail)) }
        guard now < deadline else {
            return .finish(TaskOutcome(upid: upid, state: .running, log: tail, isUnconfirmed: isUnconfirmed))
        }
        let left = Int((deadline - now + 999_999) / 1_000_000)
        defer { pause = min(TaskWait.longestPause, pause * 3 / 2) }
        return .pause(milliseconds: min(pause, left))
    }

    private func progress(_ now: UInt64) -> TaskProgress {
        TaskProgress(
            linesSeen: linesSeen, latestLine: tail.last, elapsedSeconds: Double(now - begun) / 1_000_000_000)
    }
}
