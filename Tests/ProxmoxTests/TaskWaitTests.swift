// UPIDs, and the waiting for what they name.
// SPDX-License-Identifier: MIT

import TestServer
import Testing

@testable import Proxmox

@Suite("Tasks")
struct TaskWaitTests {
    static let text = "UPID:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:100:root@pam!mcp:"
    let upid = UPID(TaskWaitTests.text)!
    static let second: UInt64 = 1_000_000_000

    @Test("a UPID is taken apart")
    func parses() {
        #expect(upid.node == "pve1")
        #expect(upid.pid == 0x1A2B3)
        #expect(upid.processStart == 0xC4D5E6)
        #expect(upid.startTime == 0x655F_1A2B)
        #expect(upid.type == "qmstart")
        #expect(upid.id == "100")
        #expect(upid.user == "root@pam!mcp")
        #expect(UPID("UPID:a-1:00000001:123456789:655F1A2B:imgdel:200@local:root@pam:")?.id == "200@local")
        #expect(UPID("UPID:pve1:00000001:00000001:655F1A2B:vzdump::root@pam:")?.id == "")
    }

    @Test(
        "what is no UPID is none",
        arguments: [
            "", "100", "UPID:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:100:root@pam",
            "UPID:-pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:100:root@pam:",
            "UPID:pve1:1A2B3:00C4D5E6:655F1A2B:qmstart:100:root@pam:",
            "UPID:pve1:0001A2B3:00C4D5E6:655F1A2B::100:root@pam:",
            "UPID:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:a/b:root@pam:",
            "UPID:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:100::",
            "upid:pve1:0001A2B3:00C4D5E6:655F1A2B:qmstart:100:root@pam:",
        ])
    func refuses(text: String) {
        #expect(UPID(text) == nil)
    }

    @Test("a task that has ended well is finished after its log")
    func endsAtOnce() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        #expect(wait.handle(.start, now: 0) == [.askStatus])
        #expect(wait.handle(.status(isRunning: false, exitStatus: "OK"), now: 1) == [.askLog(start: 0, limit: 500)])
        let actions = wait.handle(.log(["a", "TASK OK"], total: 2), now: Self.second)
        let progress = TaskProgress(linesSeen: 2, latestLine: "TASK OK", elapsedSeconds: 1)
        #expect(
            actions == [.report(progress), .finish(TaskOutcome(upid: upid, state: .ok, log: ["a", "TASK OK"]))])
    }

    @Test("it asks for new lines only, and ever less often")
    func polls() {
        var wait = TaskWait(upid, seconds: 3600, now: 0)
        var now: UInt64 = 0
        var pauses: [Int] = []
        _ = wait.handle(.start, now: now)
        for round in 0..<9 {
            #expect(
                wait.handle(.status(isRunning: true, exitStatus: nil), now: now) == [.askLog(start: round, limit: 500)])
            for case .pause(let milliseconds) in wait.handle(.log(["line \(round)"], total: round + 1), now: now) {
                pauses.append(milliseconds)
                now += UInt64(milliseconds) * 1_000_000
            }
            #expect(wait.handle(.timer, now: now) == [.askStatus])
        }
        #expect(pauses.first == 250)
        #expect(pauses.last == 2000)
        #expect(pauses == pauses.sorted())
    }

    @Test("an empty log reports nothing")
    func emptyLog() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: 0)
        #expect(wait.handle(.log(["no content"], total: 1), now: 0) == [.pause(milliseconds: 250)])
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: 0)
        #expect(wait.handle(.log([], total: 0), now: 0) == [.pause(milliseconds: 375)])
    }

    @Test("when the time is over the task still runs")
    func runsOut() {
        var wait = TaskWait(upid, seconds: 1, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: 0)
        #expect(wait.handle(.log([], total: nil), now: Self.second - 100_000_000) == [.pause(milliseconds: 100)])
        _ = wait.handle(.timer, now: Self.second)
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: Self.second)
        #expect(
            wait.handle(.log([], total: nil), now: Self.second)
                == [.finish(TaskOutcome(upid: upid, state: .running, log: []))])
    }

    @Test("exit statuses are told apart")
    func exitStatuses() {
        #expect(TaskOutcome.State(exitStatus: "OK") == .ok)
        #expect(TaskOutcome.State(exitStatus: "WARNINGS: 3") == .warnings(3))
        #expect(TaskOutcome.State(exitStatus: "VM 100 already running") == .failed("VM 100 already running"))
        #expect(TaskOutcome.State(exitStatus: "unexpected status") == .failed("unexpected status"))
    }

    @Test("of a long log the end is fetched and twenty lines are kept")
    func longLog() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: false, exitStatus: "boom"), now: 0)
        let first = wait.handle(.log((0..<500).map { "\($0)" }, total: 3000), now: 0)
        #expect(first.last == .askLog(start: 2980, limit: 500))
        let last = wait.handle(.log((2980..<3000).map { "\($0)" }, total: 3000), now: 0)
        #expect(
            last.last
                == .finish(TaskOutcome(upid: upid, state: .failed("boom"), log: (2980..<3000).map { "\($0)" })))
    }

    @Test("failures that pass are waited out to the deadline, others end the wait")
    func failures() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        let passing = Failure.timeout(request: "GET /x", seconds: 30)
        for _ in 0..<20 {
            guard case .pause? = wait.handle(.failed(passing), now: 0).first else { return #expect(Bool(false)) }
            #expect(wait.handle(.timer, now: 0) == [.askStatus])
        }
        let unknown = TaskOutcome(upid: upid, state: .running, log: [], isUnconfirmed: true)
        #expect(wait.handle(.failed(passing), now: 45 * Self.second) == [.finish(unknown)])

        var other = TaskWait(upid, seconds: 45, now: 0)
        _ = other.handle(.start, now: 0)
        #expect(
            other.handle(.failed(.rejected(request: "GET /x", status: 400, text: "no such task")), now: 0) == [.fail])
        #expect(other.failure?.message.contains("no such task") == true)
    }

    @Test("a wait that lost the server for a while still sees the task's end")
    func recovers() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.failed(.rejected(request: "GET /x", status: 503, text: "restarting")), now: 0)
        _ = wait.handle(.timer, now: Self.second)
        #expect(
            wait.handle(.status(isRunning: false, exitStatus: "OK"), now: Self.second)
                == [.askLog(start: 0, limit: 500)])
        #expect(
            wait.handle(.log(["a"], total: 1), now: Self.second).last
                == .finish(TaskOutcome(upid: upid, state: .ok, log: ["a"])))
    }

    @Test("a log that may not be read is done without")
    func forbiddenLog() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: 0)
        let forbidden = Failure.rejected(request: "GET /x", status: 403, text: "no")
        #expect(wait.handle(.failed(forbidden), now: 0) == [.pause(milliseconds: 250)])
        #expect(wait.handle(.timer, now: 0) == [.askStatus])
        #expect(wait.handle(.status(isRunning: true, exitStatus: nil), now: 0) == [.pause(milliseconds: 375)])
        #expect(
            wait.handle(.status(isRunning: false, exitStatus: "OK"), now: 0)
                == [.finish(TaskOutcome(upid: upid, state: .ok, log: []))])
    }

    @Test("a silent task is reported with its last line and the time")
    func silence() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: true, exitStatus: nil), now: 0)
        _ = wait.handle(.log(["copying"], total: 1), now: 0)
        let progress = TaskProgress(linesSeen: 1, latestLine: "copying", elapsedSeconds: 12)
        #expect(wait.handle(.silence, now: 12 * Self.second) == [.report(progress)])
    }

    @Test("reports go on while nothing is answered")
    func reportsOnSilence() throws {
        let server = LoopbackServer { _ in .silence }
        let run = try ClientTests.Run(server)
        run.client.taskReportMilliseconds = 5
        var reports: [TaskProgress] = []
        let ticket = run.client.waitForTask(upid, seconds: 45) { progress in
            reports.append(progress)
            if reports.count == 3 { run.loop.stop() }
        } completion: { _ in
            Issue.record("the task was never said to have ended")
        }
        run.loop.run()
        run.client.cancelWait(ticket)
        #expect(reports.count == 3)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.elapsedSeconds < $1.elapsedSeconds })
    }

    @Test("a log that cannot be read does not hide how the task ended")
    func failingLog() {
        var wait = TaskWait(upid, seconds: 45, now: 0)
        _ = wait.handle(.start, now: 0)
        _ = wait.handle(.status(isRunning: false, exitStatus: "OK"), now: 0)
        #expect(
            wait.handle(.failed(.timeout(request: "GET /x", seconds: 30)), now: 0)
                == [.finish(TaskOutcome(upid: upid, state: .ok, log: []))])
    }
}
