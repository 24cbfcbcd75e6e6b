// The calls that have been handed out and not yet been answered.
// SPDX-License-Identifier: MIT

/// A call between being handed out and being answered.
struct PendingCall {
    let id: RequestID
    let revision: Revision
    /// The batch its request came in.
    let batch: Int?
    /// The client can show its person a form.
    let canAsk: Bool
    var progress: Progress?
}

/// Open calls, found by the key the server knows them by or the id the client does.
struct PendingCalls {
    private var calls: [CallKey: PendingCall] = [:]
    private var keys: [RequestID: CallKey] = [:]
    private var lastSerial: UInt64 = 0

    var count: Int { calls.count }

    /// The key of the open call with this id.
    subscript(id: RequestID) -> CallKey? { keys[id] }

    /// The open call with this key.
    subscript(key: CallKey) -> PendingCall? { calls[key] }

    /// Takes in a call. No other open one may have its id.
    mutating func open(_ call: PendingCall) -> CallKey {
        lastSerial += 1
        let key = CallKey(serial: lastSerial)
        calls[key] = call
        keys[call.id] = key
        return key
    }

    /// Forgets a call; nil when it is not open.
    mutating func close(_ key: CallKey) -> PendingCall? {
        guard let call = calls.removeValue(forKey: key) else { return nil }
        keys[call.id] = nil
        return call
    }

    /// The notification of a call's progress; nil when there is none to send.
    mutating func progress(_ key: CallKey, _ progress: Double, total: Double?, message: String?) -> [UInt8]? {
        guard let revision = calls[key]?.revision else { return nil }
        return calls[key]?.progress?.frame(progress, total: total, message: message, revision: revision)
    }
}
