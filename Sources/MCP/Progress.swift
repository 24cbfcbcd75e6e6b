// Progress of a call, told to a client that asked for it.
// SPDX-License-Identifier: MIT

/// The token of a request and how far its call has got.
struct Progress {
    private let token: RequestID
    private var last: Double?

    init(token: RequestID) {
        self.token = token
    }

    /// The notification; nil when `progress` is not more than the last time, or not a number.
    mutating func frame(_ progress: Double, total: Double?, message: String?, revision: Revision) -> [UInt8]? {
        guard progress.isFinite, last.map({ progress > $0 }) ?? true else { return nil }
        last = progress
        var frame = Frame(reserving: 160 + (message?.utf8.count ?? 0))
        frame.literal(#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"#)
        frame.raw(token.text)
        frame.literal(#","progress":"#)
        frame.number(progress)
        if let total, total.isFinite {
            frame.literal(#","total":"#)
            frame.number(total)
        }
        if let message, revision.hasProgressMessage {
            frame.literal(#","message":"#)
            frame.string(message)
        }
        frame.literal("}")
        return frame.closed()
    }
}
