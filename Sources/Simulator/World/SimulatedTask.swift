// A task of a node: what it does, how far it is, and what its log shows by then.
// SPDX-License-Identifier: MIT

/// What a task does once it holds the lock it needs: checks first, then says how it will go.
///
/// A refusal thrown here ends the task at once with that text, as Proxmox finds most errors inside the worker.
typealias TaskBody = @Sendable (inout Cluster) throws -> TaskCourse

/// How a task that passed its checks will go.
struct TaskCourse: Sendable {
    /// From the checks to the end.
    var seconds: Double
    /// Log lines; they appear spread over the whole time, the first at once.
    var lines: [String] = []
    /// Lines that only appear when the task has done its work.
    var closing: [String] = []
    /// More than 0: the task ends `WARNINGS: n`.
    var warnings = 0
    /// Ends the task with this error instead of its effect.
    var failure: String?
    /// Whether the guest's configuration stays locked against other tasks until the end.
    var keepsLock = true
    /// Applied at the end; what it throws becomes the exit status.
    var finish: @Sendable (inout Cluster) throws -> Void = { _ in }
    /// Applied instead when the task is stopped or fails: takes back what the checks had marked.
    var abandon: @Sendable (inout Cluster) -> Void = { _ in }
    /// What the task goes on with when this is done; nil ends it. A task over several guests takes one after the other.
    var then: @Sendable (inout Cluster) throws -> TaskCourse? = { _ in nil }
}

/// How a task ended.
enum TaskOutcome: Equatable {
    case ok
    case warnings(Int)
    case failed(String)

    /// As `exitstatus` has it.
    var text: String {
        switch self {
        case .ok: "OK"
        case .warnings(let count): "WARNINGS: \(count)"
        case .failed(let message): message
        }
    }

    /// The last line of the log.
    var logLine: String {
        switch self {
        case .ok, .warnings: "TASK \(text)"
        case .failed(let message): "TASK ERROR: \(message)"
        }
    }
}

/// A task, running or ended.
struct SimulatedTask {
    enum Phase {
        /// Waits for another task to release the guest.
        case waiting
        case working(since: Double, until: Double)
        case ended(at: Double, TaskOutcome)
    }

    let upid: UPIDText
    let text: String
    /// The guest whose configuration it locks.
    let guest: Int?
    let body: TaskBody
    var course = TaskCourse(seconds: 0)
    var phase = Phase.waiting

    var outcome: TaskOutcome? {
        guard case .ended(_, let outcome) = phase else { return nil }
        return outcome
    }

    var endTime: Int? {
        guard case .ended(let time, _) = phase else { return nil }
        return Int(time)
    }

    /// The log as it reads at a time.
    func log(at now: Double) -> [String] {
        switch phase {
        case .waiting:
            return ["trying to acquire lock..."]
        case .working(let since, let until):
            let done = until > since ? (now - since) / (until - since) : 1
            return loggedBefore + course.lines.prefix(shown(done))
        case .ended(_, let outcome):
            return loggedBefore + [outcome.logLine]
        }
    }

    /// What was logged by courses that are done; once the task has ended, everything it logged. Kept apart because an
    /// interrupted task has not said everything.
    var loggedBefore: [String] = []

    /// How many lines have appeared when this part (0 to 1) of the time has passed.
    func shown(_ part: Double) -> Int {
        guard part >= 0 else { return 0 }
        return min(course.lines.count, Int(part * Double(course.lines.count)) + 1)
    }
}
