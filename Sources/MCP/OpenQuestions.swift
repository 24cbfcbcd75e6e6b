// The questions that have been sent to the client and not yet been answered.
// SPDX-License-Identifier: MIT

/// Questions of calls under way, one at most for each. A question is named by an id no other one ever has.
struct OpenQuestions {
    private struct Entry {
        let call: CallKey
        let field: String
    }

    private var entries: [RequestID: Entry] = [:]
    private var ids: [CallKey: RequestID] = [:]
    private var lastSerial: UInt64 = 0
    // So that an answer meant for another server process, or an id a client made up, is not taken for one of ours.
    private lazy var origin = UInt64.random(in: .min ... .max)

    var isEmpty: Bool { entries.isEmpty }

    /// Takes in a question and returns its id; nil when the call has one already.
    mutating func open(_ call: CallKey, field: String) -> RequestID? {
        guard ids[call] == nil else { return nil }
        lastSerial += 1
        let id = RequestID("pve-\(String(origin, radix: 16))-\(lastSerial)")
        entries[id] = Entry(call: call, field: field)
        ids[call] = id
        return id
    }

    /// Forgets the question with this id: its call, and the field it asked for.
    mutating func close(_ id: RequestID) -> (call: CallKey, field: String)? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        ids[entry.call] = nil
        return (entry.call, entry.field)
    }

    /// Forgets the question of a call and returns its id.
    mutating func close(_ call: CallKey) -> RequestID? {
        guard let id = ids.removeValue(forKey: call) else { return nil }
        entries[id] = nil
        return id
    }

    /// Forgets all, in the order of their calls.
    mutating func closeAll() -> [(call: CallKey, id: RequestID)] {
        defer {
            entries = [:]
            ids = [:]
        }
        return ids.map { (call: $0.key, id: $0.value) }.sorted { $0.call.serial < $1.call.serial }
    }
}
