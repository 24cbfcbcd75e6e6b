// One thread that waits for file descriptors, clocks and other threads.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import Synchronization

/// A loop over epoll. Everything except ``post(_:)`` is called on the loop's own thread.
public final class EventLoop: @unchecked Sendable {
    // Sendable: only `posted` is reached from other threads, and that is behind a Mutex.
    private let epoll: Int32
    private let wakeup: Int32
    private let posted = Mutex<[@Sendable () -> Void]>([])
    private var watches: [Int32: Watch] = [:]
    private var timers = TimerQueue()
    private var stopping = false

    /// Runs at the end of each turn, after all events of the turn; the place to flush what they produced.
    public var endOfTurn: () -> Void = {}

    public init() {
        epoll = epoll_create1(Int32(CSYSTEM_EPOLL_CLOEXEC))
        wakeup = eventfd(0, Int32(CSYSTEM_EFD_CLOEXEC | CSYSTEM_EFD_NONBLOCK))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: wakeup))
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event)
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    /// What a descriptor is watched for.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let read = Interest(rawValue: 1)
        public static let write = Interest(rawValue: 2)
        /// Reported only: the other side hung up or the descriptor failed.
        public static let closed = Interest(rawValue: 4)
    }

    private struct Watch {
        var interest: Interest
        var handler: (Interest) -> Void
    }

    /// Calls `handler` when `descriptor` is ready. A second call for the same descriptor replaces the first.
    /// Returns false when the kernel cannot wait for it (a regular file, which is always ready).
    @discardableResult
    public func watch(_ descriptor: Int32, for interest: Interest, _ handler: @escaping (Interest) -> Void) -> Bool {
        var mask: UInt32 = 0
        if interest.contains(.read) { mask |= EPOLLIN.rawValue }
        if interest.contains(.write) { mask |= EPOLLOUT.rawValue }
        var event = epoll_event(events: mask, data: epoll_data(fd: descriptor))
        var done = watches[descriptor] != nil && epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0
        // A number that was closed and opened again is unknown to the kernel, whatever is noted here.
        if !done { done = epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 }
        guard done else { return false }
        watches[descriptor] = Watch(interest: interest, handler: handler)
        return true
    }

    /// Stops watching `descriptor`. Call it before the descriptor is closed.
    public func unwatch(_ descriptor: Int32) {
        guard watches.removeValue(forKey: descriptor) != nil else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// A timer that has been set; cancel it with ``cancel(_:)``.
    public struct Timer: Hashable, Sendable {
        let deadline: UInt64
        let number: UInt64
    }

    /// Calls `action` once, `milliseconds` from now.
    @discardableResult
    public func after(milliseconds: Int, _ action: @escaping () -> Void) -> Timer {
        timers.add(deadline: now() + UInt64(max(0, milliseconds)) * 1_000_000, action)
    }

    /// Forgets a timer; nothing happens when it has fired.
    public func cancel(_ timer: Timer) {
        timers.remove(timer)
    }

    /// Runs `action` on the loop's thread soon. Safe from every thread.
    public func post(_ action: @escaping @Sendable () -> Void) {
        let first = posted.withLock { queue in
            queue.append(action)
            return queue.count == 1
        }
        guard first else { return }
        var one: UInt64 = 1
        _ = write(wakeup, &one, 8)
    }

    /// Ends ``run()`` after the current turn.
    public func stop() {
        stopping = true
    }

    /// Nanoseconds of the monotonic clock.
    public func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Waits and calls handlers until ``stop()``.
    public func run() {
        stopping = false
        while !stopping { turn() }
    }

    private func turn() {
        var events = (
            epoll_event(), epoll_event(), epoll_event(), epoll_event(), epoll_event(), epoll_event(), epoll_event(),
            epoll_event()
        )
        withUnsafeMutableBytes(of: &events) { storage in
            let ready = storage.bindMemory(to: epoll_event.self)
            let count = epoll_wait(epoll, ready.baseAddress, Int32(ready.count), timeout())
            for index in 0..<max(0, Int(count)) { dispatch(ready[index]) }
        }
        // One at a time: what an action cancels does not fire. What it adds waits for the next turn.
        let current = now()
        while let action = timers.nextDue(current) { action() }
        endOfTurn()
    }

    private func timeout() -> Int32 {
        guard let deadline = timers.next else { return -1 }
        let current = now()
        guard deadline > current else { return 0 }
        return Int32(clamping: (deadline - current + 999_999) / 1_000_000)
    }

    private func dispatch(_ event: epoll_event) {
        let descriptor = event.data.fd
        if descriptor == wakeup {
            var count: UInt64 = 0
            _ = read(wakeup, &count, 8)
            let actions = posted.withLock { queue in
                defer { queue = [] }
                return queue
            }
            for action in actions { action() }
            return
        }
        guard let watch = watches[descriptor] else { return }
        var seen: Interest = []
        if event.events & EPOLLIN.rawValue != 0 { seen.insert(.read) }
        if event.events & EPOLLOUT.rawValue != 0 { seen.insert(.write) }
        if event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { seen.insert(.closed) }
        watch.handler(seen)
    }
}
