// News for those who listen, and the end.
// SPDX-License-Identifier: MIT

import JSON

extension Session {
    /// Says that the tool list is another one, to everyone who is to know; the tools are asked for again.
    public mutating func toolsChanged() -> [[UInt8]] {
        toolList.invalidate()
        guard supportsListChanged else { return [] }
        var frames = subscriptions.filter(\.toolsListChanged).map(\.toolsChanged)
        if legacy.isReady {
            frames.append(Array(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#.utf8) + [0x0A])
        }
        return frames
    }

    /// Takes back open questions and ends every open stream with its final result. Calls that are open are not answered.
    public mutating func shutdown() -> [[UInt8]] {
        defer { subscriptions = [] }
        let withdrawals = questions.closeAll().map { Self.withdrawal(of: $0.id) }
        return withdrawals + subscriptions.map { $0.end(serverInfo: modernIdentity) }
    }

    /// Opens a stream; the answer comes when it ends.
    mutating func listen(_ request: Request) throws(ProtocolError) -> [UInt8] {
        guard let wishes = request["notifications"], wishes.isObject else {
            throw .invalidParams("notifications must be an object that says what to listen for")
        }
        var wantsTools = false
        if let wish = wishes["toolsListChanged"], !wish.isNull {
            guard let value = wish.bool else { throw .invalidParams("toolsListChanged must be true or false") }
            wantsTools = value
        }
        let subscription = Subscription(id: request.id, toolsListChanged: wantsTools && supportsListChanged)
        subscriptions.append(subscription)
        return subscription.acknowledgement
    }
}
