// Timers in the order in which they fall due.
// SPDX-License-Identifier: MIT

/// A queue of actions sorted by deadline. A loop holds tens of timers, so insertion into an array is enough.
struct TimerQueue {
    private var entries: [(timer: EventLoop.Timer, action: () -> Void)] = []
    private var counter: UInt64 = 0

    /// The earliest deadline in nanoseconds; nil when nothing is set.
    var next: UInt64? { entries.last?.timer.deadline }

    mutating func add(deadline: UInt64, _ action: @escaping () -> Void) -> EventLoop.Timer {
        counter += 1
        let timer = EventLoop.Timer(deadline: deadline, number: counter)
        // Latest first, so that the next one due is removed from the end.
        let index = entries.firstIndex { $0.timer.deadline <= deadline } ?? entries.count
        entries.insert((timer, action), at: index)
        return timer
    }

    mutating func remove(_ timer: EventLoop.Timer) {
        entries.removeAll { $0.timer == timer }
    }

    /// Takes out the earliest of what is due at `now`; nil when nothing is.
    mutating func nextDue(_ now: UInt64) -> (() -> Void)? {
        guard let last = entries.last, last.timer.deadline <= now else { return nil }
        return entries.removeLast().action
    }
}
