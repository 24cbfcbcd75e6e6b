// How a task ended, as the client is told.
// SPDX-License-Identifier: MIT

import Proxmox
import Testing

@testable import Host

@Suite("Task report")
struct TaskReportTests {
    private static let text = "UPID:pve1:000004B7:05CC7967:6B005F6C:qmstart:101:root@pam:"

    private func report(_ state: TaskOutcome.State, log: [String] = [], waited: Int? = 45) throws -> TaskReport {
        TaskReport(upid: try #require(UPID(TaskReportTests.text)), state: state, log: log, waited: waited)
    }

    private func json(_ report: TaskReport) -> String { String(decoding: report.json, as: UTF8.self) }

    @Test func saysThatItRunsAndHowToGoOn() throws {
        #expect(
            json(try report(.running, log: ["10%"]))
                == #"{"upid":"\#(Self.text)","node":"pve1","id":"101","status":"running","#
                + #""next":"The task still runs after 45 seconds. Ask for the state of this task later, by its upid.","log":["10%"]}"#
        )
        #expect(json(try report(.running, waited: 1)).contains("The task still runs after 1 second. Ask for"))
        var lost = try report(.running)
        lost.isUnconfirmed = true
        #expect(json(lost).contains("its state could not be read at the end of 45 seconds. Ask for"))
        #expect(
            json(try report(.running, waited: nil)).contains("The task was started. Ask for the state of this task"))
    }

    @Test func saysThatItEndedWell() throws {
        #expect(
            json(try report(.ok))
                == #"{"upid":"\#(Self.text)","node":"pve1","id":"101","status":"ok","exitstatus":"OK"}"#)
        #expect(
            json(try report(.warnings(2), log: ["careful"]))
                == #"{"upid":"\#(Self.text)","node":"pve1","id":"101","status":"warnings","exitstatus":"WARNINGS: 2","log":["careful"]}"#
        )
    }

    @Test func namesNoObjectWhereTheTaskHasNone() throws {
        let upid = try #require(UPID("UPID:pve1:000004B7:05CC7967:6B005F6C:aptupdate::root@pam:"))
        let text = json(TaskReport(upid: upid, state: .running, log: [], waited: nil))
        #expect(!text.contains("\"id\""))
        #expect(text.contains("Ask for the state of this task later"))
    }

    @Test func aFailureNamesTheObjectTheTaskAndTheEndOfItsLog() throws {
        #expect(
            try report(.failed("got timeout"), log: ["a", "TASK ERROR: got timeout"]).failureText
                == "The task qmstart of 101 on node pve1 failed: got timeout\n\(Self.text)\n"
                + "End of its log:\na\nTASK ERROR: got timeout")
        #expect(
            try report(.failed("No space left on device")).failureText.contains(
                "failed: No space left on device\nThe storage is full: free some of it, or choose another.\nUPID:"))
        #expect(
            try report(.failed("x")).failureText
                == "The task qmstart of 101 on node pve1 failed: x\n\(Self.text)")
    }
}
