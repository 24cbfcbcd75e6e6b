// Children: their streams, their status, their end.
// SPDX-License-Identifier: MIT

import Foundation
import Glibc
import Testing

@testable import Host

@Suite("Child process")
struct ChildProcessTests {
    private func read(_ descriptor: Int32) -> String {
        String(decoding: TextFile.read(descriptor) ?? [], as: UTF8.self)
    }

    @Test func readsWhatItPrintsAndItsStatus() throws {
        let child = try #require(ChildProcess.start("/bin/sh", ["-c", "echo \"$1\"; exit 3", "sh", "a b"]))
        #expect(read(child.output) == "a b\n")
        #expect(child.waitForExit() == 3)
        close(child.output)
        close(child.input)
    }

    @Test func hasTheEnvironmentItIsGiven() throws {
        let child = try #require(ChildProcess.start("/usr/bin/env", [], environment: ["ONLY=this"]))
        #expect(read(child.output) == "ONLY=this\n")
        child.end()
    }

    @Test func saysWhyItCannotBeStarted() {
        #expect(ChildProcess.start("/no/such/program", []) == nil)
        #expect(errno == ENOENT)
    }

    @Test func seesTheEndOfItsInputWhenTheParentCloses() throws {
        let child = try #require(ChildProcess.start("/bin/cat", []))
        close(child.input)
        #expect(read(child.output) == "")
        #expect(child.waitForExit() == 0)
        close(child.output)
    }

    @Test func doesNotHoldTheInputOfAnother() throws {
        let first = try #require(ChildProcess.start("/bin/cat", []))
        let second = try #require(ChildProcess.start("/bin/cat", []))
        close(first.input)
        #expect(first.waitForExit() == 0)
        close(first.output)
        second.end()
    }

    @Test func endsWhenItIsToldTo() throws {
        let child = try #require(ChildProcess.start("/bin/sleep", ["1000"]))
        child.end(SIGKILL)
        #expect(kill(child.pid, 0) == -1 && errno == ESRCH)
    }

    @Test func isNotDeafToSignalsThatThisProcessBlocks() throws {
        let child = try #require(ChildProcess.start("/bin/sh", ["-c", "grep SigBlk /proc/self/status"]))
        #expect(read(child.output) == "SigBlk:\t0000000000000000\n")
        #expect(child.waitForExit() == 0)
        close(child.output)
        close(child.input)
    }
}
