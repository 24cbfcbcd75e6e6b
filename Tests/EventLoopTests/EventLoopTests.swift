// The loop: descriptors, timers, posts.
// SPDX-License-Identifier: MIT

import Glibc
import Testing

@testable import EventLoop

@Suite("Event loop")
struct EventLoopTests {
    @Test func callsTimersInOrderOfTheirDeadlines() {
        var queue = TimerQueue()
        var seen: [Int] = []
        _ = queue.add(deadline: 30) { seen.append(3) }
        _ = queue.add(deadline: 10) { seen.append(1) }
        let cancelled = queue.add(deadline: 20) { seen.append(2) }
        _ = queue.add(deadline: 10) { seen.append(4) }
        queue.remove(cancelled)
        #expect(queue.next == 10)
        while let action = queue.nextDue(30) { action() }
        #expect(seen.sorted() == [1, 3, 4] && seen.last == 3)
        #expect(queue.next == nil)
    }

    @Test func reportsAReadableDescriptorAndItsEnd() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let loop = EventLoop()
        var received: [UInt8] = []
        loop.watch(ends[0], for: .read) { _ in
            var chunk = [UInt8](repeating: 0, count: 16)
            let count = read(ends[0], &chunk, 16)
            if count > 0 { received += chunk[..<count] } else { loop.stop() }
        }
        _ = write(ends[1], "abc", 3)
        close(ends[1])
        loop.run()
        #expect(received == Array("abc".utf8))
        close(ends[0])
    }

    @Test func watchesADescriptorWhoseNumberWasClosedAndComesAgain() throws {
        let loop = EventLoop()
        var first: [Int32] = [0, 0]
        #expect(pipe(&first) == 0)
        loop.watch(first[0], for: .read) { _ in Issue.record("of the old descriptor") }
        var second: [Int32] = [0, 0]
        #expect(pipe(&second) == 0)
        // Closes the old one and takes its number at once: tests beside this one open descriptors too.
        #expect(dup2(second[0], first[0]) == first[0])
        let isWatched = loop.watch(first[0], for: .read) { _ in loop.stop() }
        try #require(isWatched)
        _ = write(second[1], "x", 1)
        loop.run()
        for descriptor in [first[0], first[1], second[0], second[1]] { close(descriptor) }
    }

    @Test func runsWhatOtherThreadsPost() {
        let loop = EventLoop()
        var thread = pthread_t()
        let context = Unmanaged.passUnretained(loop).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let loop = Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue()
                loop.post { loop.stop() }
                return nil
            }, context)
        loop.run()
        pthread_join(thread, nil)
    }

    @Test func runsTheEndOfTurnAfterItsEvents() {
        let loop = EventLoop()
        var order: [String] = []
        loop.endOfTurn = {
            order.append("end")
            if order.contains("timer") { loop.stop() }
        }
        loop.after(milliseconds: 0) { order.append("timer") }
        loop.run()
        #expect(order.suffix(2) == ["timer", "end"])
    }

    @Test func aTimerThatAnotherCancelsDoesNotFire() {
        let loop = EventLoop()
        var fired: [Int] = []
        var second: EventLoop.Timer?
        loop.after(milliseconds: 0) {
            fired.append(1)
            if let second { loop.cancel(second) }
        }
        second = loop.after(milliseconds: 0) { fired.append(2) }
        loop.after(milliseconds: 1) { loop.stop() }
        loop.run()
        #expect(fired == [1])
    }

    @Test func saysThatAFileNeedsNoWaiting() {
        let descriptor = open("/proc/self/exe", O_RDONLY)
        #expect(EventLoop().watch(descriptor, for: .read) { _ in } == false)
        close(descriptor)
    }
}
