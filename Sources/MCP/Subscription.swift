// A subscriptions/listen request: a stream of notifications that the client keeps open.
// SPDX-License-Identifier: MIT

/// An open stream (stateless revisions). It is named by the id of the request that opened it.
struct Subscription {
    let id: RequestID
    /// Whether the client asked to hear of changes of the tool list, and the server tells them.
    let toolsListChanged: Bool

    /// The first message of the stream: what of the wishes is honoured.
    var acknowledgement: [UInt8] {
        var frame = Frame(reserving: 200)
        frame.literal(#"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":"#)
        frame.subscriptionMeta(id, serverInfo: nil)
        frame.literal(#","notifications":{"#)
        if toolsListChanged { frame.literal(#""toolsListChanged":true"#) }
        frame.literal("}}")
        return frame.closed()
    }

    /// Says that the tool list is another one.
    var toolsChanged: [UInt8] {
        var frame = Frame(reserving: 160)
        frame.literal(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":"#)
        frame.subscriptionMeta(id, serverInfo: nil)
        frame.literal("}")
        return frame.closed()
    }

    /// The answer to the request, which ends the stream.
    func end(serverInfo: [UInt8]) -> [UInt8] {
        var frame = Frame(reserving: 240 + serverInfo.count)
        frame.beginResponse(id)
        frame.literal(#"{"resultType":"complete","_meta":"#)
        frame.subscriptionMeta(id, serverInfo: serverInfo)
        frame.literal("}")
        return frame.closed()
    }
}

extension Frame {
    fileprivate mutating func subscriptionMeta(_ id: RequestID, serverInfo: [UInt8]?) {
        literal(#"{"io.modelcontextprotocol/subscriptionId":"#)
        raw(id.text)
        if let serverInfo {
            literal(#","io.modelcontextprotocol/serverInfo":"#)
            raw(serverInfo)
        }
        literal("}")
    }
}
