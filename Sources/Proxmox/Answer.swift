// What Proxmox VE answered to a request it carried out.
// SPDX-License-Identifier: MIT

import JSON

/// An answer with a status from 200 to 299.
public struct Answer: Sendable {
    public let status: Int
    /// The text beside the status.
    public let reason: String
    /// The whole answer; nil when the body was empty.
    public let document: JSONDocument?
    /// The value of `data`; nil when there is none. A method without a result answers `null`.
    public let data: JSONValue?
    /// How many entries the whole list has, beside a page of it.
    public let total: Int?
    /// What is configured and not applied yet, as a difference of files, beside the list of a node's networks.
    public let changes: String?
    /// When the answer was complete, in nanoseconds of the monotonic clock.
    public let receivedAt: UInt64

    public init(status: Int, reason: String, document: JSONDocument?, receivedAt: UInt64 = 0) {
        self.status = status
        self.reason = reason
        self.document = document
        self.receivedAt = receivedAt
        data = document?.root["data"]
        changes = document?.root["changes"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        total = document?.root["total"]?.lenientInt.flatMap { Int(exactly: $0) }
    }
}
