// Calls of endpoint tools that are cancelled, or under way when the input ends.
// SPDX-License-Identifier: MIT

import Dispatch
import PluginABI
import PluginLoader
import TestServer
import Testing

@testable import Host

@Suite("Endpoint calls that are cut short")
struct EndpointCallEndTests {
    private let start = EndpointCallTests().start
    private let version = EndpointCallTests().version

    // MARK: Cancelling

    /// The answer to a later call comes, none to the cancelled one.
    private func onlyTheSecondIsAnswered(_ served: ServedTools, _ first: Int) throws {
        let second = served.start("pve_version")
        #expect(try served.frame()?["id"]?.int == Int64(second))
        #expect(served.end() == 0)
        #expect(try served.frame() == nil)
        #expect(first != second)
    }

    @Test func givesUpAReadThatIsCancelled() throws {
        let arrived = DispatchSemaphore(value: 0)
        let slow = tool("pve_slow", [], PVE_METHOD_GET, "/nodes", tier: PVE_TIER_READ_ONLY)
        let served = try ServedTools([version, slow]) { request in
            guard request.line.hasSuffix("/nodes") else { return .data("{}") }
            arrived.signal()
            return .silence
        }
        let first = served.start("pve_slow")
        arrived.wait()
        served.cancel(first)
        try onlyTheSecondIsAnswered(served, first)
    }

    @Test func letsAWriteThatHasLeftGoOn() throws {
        let arrived = DispatchSemaphore(value: 0)
        let answering = DispatchSemaphore(value: 0)
        let served = try ServedTools([version, start]) { request in
            guard request.line.hasPrefix("POST") else { return .data("{}") }
            arrived.signal()
            answering.wait()
            return .data("\"\(upid)\"")
        }
        let first = served.start("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        arrived.wait()
        served.cancel(first)
        let second = served.start("pve_version")
        #expect(try served.frame()?["id"]?.int == Int64(second))
        answering.signal()
        // Neither an answer nor the following of its task comes of it.
        let third = served.start("pve_version")
        #expect(try served.frame()?["id"]?.int == Int64(third))
        #expect(served.end() == 0)
        #expect(served.proxmox.lines.count { $0.contains("/tasks/") } == 0)
    }

    @Test func sendsNothingWhenItIsCancelledWhileTheGuestIsLookedUp() throws {
        let arrived = DispatchSemaphore(value: 0)
        let answering = DispatchSemaphore(value: 0)
        let served = try ServedTools([version, start]) { request in
            guard request.line.contains("/cluster/resources") else { return .data("{}") }
            arrived.signal()
            answering.wait()
            return .data(#"[{"vmid":101,"node":"pve1","type":"qemu","status":"running"}]"#)
        }
        let first = served.start("pve_start", #"{"vmid":101}"#)
        arrived.wait()
        served.cancel(first)
        let second = served.start("pve_version")
        #expect(try served.frame()?["id"]?.int == Int64(second))
        answering.signal()
        try onlyTheSecondIsAnswered(served, first)
        #expect(served.proxmox.lines.count { $0.hasPrefix("POST") } == 0)
    }

    @Test func stopsWaitingForTheTaskOfACancelledCall() throws {
        let asked = DispatchSemaphore(value: 0)
        let served = try ServedTools([version, start]) { request in
            if request.line.hasPrefix("POST") { return .data("\"\(upid)\"") }
            guard request.line.contains("/tasks/") else { return .data("{}") }
            asked.signal()
            return .silence
        }
        let first = served.start("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        asked.wait()
        served.cancel(first)
        try onlyTheSecondIsAnswered(served, first)
        #expect(served.proxmox.lines.count { $0.hasPrefix("DELETE") } == 0)
    }

    // MARK: The end of input

    private func following(graceSeconds: Int = 10) throws -> (ServedTools, DispatchSemaphore) {
        let asked = DispatchSemaphore(value: 0)
        let served = try ServedTools([start], graceSeconds: graceSeconds) { request in
            if request.line.hasPrefix("POST") { return .data("\"\(upid)\"") }
            asked.signal()
            return .silence
        }
        return (served, asked)
    }

    private func reportsTheRunningTask(_ served: ServedTools) throws {
        let answer = Answered(frame: try #require(try served.frame()))
        #expect(!answer.isError)
        #expect(answer.data?.hasPrefix(#"{"upid":"\#(upid)","node":"pve1","id":"101","status":"running""#) == true)
        #expect(try served.frame() == nil)
    }

    @Test func tellsTheTaskThatRunsWhenTheGracePeriodIsOver() throws {
        let (served, asked) = try following(graceSeconds: 0)
        served.start("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        asked.wait()
        served.closeInput()
        try reportsTheRunningTask(served)
        #expect(served.end() == 0)
    }

    @Test func tellsTheTaskThatRunsWhenItIsStopped() throws {
        let (served, asked) = try following()
        served.start("pve_start", #"{"vmid":101,"node":"pve1"}"#)
        asked.wait()
        served.stop()
        try reportsTheRunningTask(served)
        #expect(served.end() == 0)
    }

    @Test func endsWithABadStatusWhenTheCheckIsNotOver() throws {
        let served = try ServedTools([version], graceSeconds: 0, awaitsCheck: true) { _ in .data("{}") }
        #expect(served.end() == 3)
    }

    @Test func waitsForTheCheckAfterTheEndOfInput() throws {
        let served = try ServedTools([version], awaitsCheck: true) { _ in .data("{}") }
        _ = try served.call("pve_version")
        served.closeInput()
        served.stop(status: 3)
        #expect(served.end() == 3)
    }

    @Test func answersWhatWasReadBeforeTheEndOfInput() throws {
        let arrived = DispatchSemaphore(value: 0)
        let answering = DispatchSemaphore(value: 0)
        let served = try ServedTools([version]) { _ in
            arrived.signal()
            answering.wait()
            return .data("{}")
        }
        let id = served.start("pve_version")
        arrived.wait()
        served.closeInput()
        answering.signal()
        #expect(try served.frame()?["id"]?.int == Int64(id))
        #expect(served.end() == 0)
    }
}
