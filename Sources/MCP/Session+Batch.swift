// Messages that come as one array.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    /// Takes an array of messages; what can be answered at once and what cannot leave as one array later.
    mutating func receiveBatch(_ array: JSONValue) -> [Action] {
        guard legacy.isGreeted, legacy.revision.hasBatches else {
            return [.send(unreadable(.invalidRequest("this revision has no batches; send one message a line")))]
        }
        guard (1...Batch.maximumCount).contains(array.count) else {
            let reason = "a batch holds 1 to \(Batch.maximumCount) messages, this one \(array.count)"
            return [.send(unreadable(.invalidRequest(reason)))]
        }
        lastBatch += 1
        let number = lastBatch
        var actions: [Action] = []
        batches[number] = Batch()
        // Held open until all is read: a cancellation inside may end the only call so far.
        batches[number]?.begin()
        for element in array.elements {
            switch handle(element, batch: number) {
            case .answer(let frame): batches[number]?.add(frame)
            case .actions(let more): actions += more
            }
        }
        if let frame = deliver(nil, number) { actions.append(.send(frame)) }
        return actions
    }

    /// Hands the answer to a call on, or keeps it for its batch. Nil for `frame` when the call is not answered.
    mutating func deliver(_ frame: [UInt8]?, _ batch: Int?) -> [UInt8]? {
        guard let batch else { return frame }
        batches[batch]?.end(frame)
        guard batches[batch]?.isComplete == true else { return nil }
        return batches.removeValue(forKey: batch)?.frame()
    }
}
