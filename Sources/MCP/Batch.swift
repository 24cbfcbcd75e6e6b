// Messages that came as one array, and their answers until the last one is there.
// SPDX-License-Identifier: MIT

/// The answers of a batch (revision 2025-03-26). Calls of a batch run beside each other; one frame answers them all.
struct Batch {
    /// A batch with more messages is refused as a whole.
    static let maximumCount = 1000

    /// The ids of its requests, answered or not.
    private(set) var ids: Set<RequestID> = []
    private var open = 0
    private var answers: [UInt8] = []

    /// Whether nothing is left to wait for.
    var isComplete: Bool { open == 0 }

    mutating func note(_ id: RequestID) {
        ids.insert(id)
    }

    /// A call that will be answered later.
    mutating func begin() {
        open += 1
    }

    /// A call that ended, with its answer or, when it was cancelled, without.
    mutating func end(_ frame: [UInt8]?) {
        open -= 1
        if let frame { add(frame) }
    }

    /// An answer that is there at once.
    mutating func add(_ frame: [UInt8]) {
        answers.append(answers.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
        answers.append(contentsOf: frame.dropLast())
    }

    /// All answers as one frame; nil when there is none, since an empty array is not sent.
    consuming func frame() -> [UInt8]? {
        guard !answers.isEmpty else { return nil }
        answers.append(contentsOf: [UInt8(ascii: "]"), 0x0A])
        return answers
    }
}
