// A request under way, as its sender knows it.
// SPDX-License-Identifier: MIT

/// Names a request that was sent, to cancel it.
public struct RequestTicket: Hashable, Sendable {
    let number: UInt64
}
