// When the next task begins, ends or gives up.
// SPDX-License-Identifier: MIT

/// A queue of moments, earliest first; of equal ones the one added first. A binary heap.
struct TaskTimeline {
    enum Kind { case end, lockTimeout }

    struct Moment {
        var time: Double
        var order: Int
        var task: Int
        var kind: Kind

        static func < (left: Moment, right: Moment) -> Bool {
            left.time < right.time || (left.time == right.time && left.order < right.order)
        }
    }

    private var heap: [Moment] = []
    private var added = 0

    mutating func add(_ kind: Kind, task: Int, at time: Double) {
        added += 1
        heap.append(Moment(time: time, order: added, task: task, kind: kind))
        var index = heap.count - 1
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes out the earliest moment that is not after `now`.
    mutating func next(until now: Double) -> Moment? {
        guard let first = heap.first, first.time <= now else { return nil }
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == index { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
