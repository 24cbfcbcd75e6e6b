// The identifier of a task.
// SPDX-License-Identifier: MIT

/// A unique process id: `UPID:node:pid:pstart:starttime:type:id:user:`, numbers in hexadecimal.
public struct UPID: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as Proxmox VE wrote it.
    public let text: String
    public let node: String
    public let pid: UInt32
    /// Start of the process in clock ticks since boot.
    public let processStart: UInt64
    /// Seconds since 1970.
    public let startTime: Int64
    /// Such as `qmstart`.
    public let type: String
    /// The object, such as a vmid; may be empty.
    public let id: String
    /// `user@realm`, or `user@realm!token`.
    public let user: String

    /// Reads an identifier; nil when `text` is not one.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 9, parts[0] == "UPID", parts[8].isEmpty, UPID.isNode(parts[1]) else { return nil }
        guard let pid = UPID.hex(parts[2], 8...8), let pstart = UPID.hex(parts[3], 8...9),
            let start = UPID.hex(parts[4], 8...8)
        else { return nil }
        let isField: (Substring) -> Bool = { $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") } }
        guard !parts[5].isEmpty, isField(parts[5]), isField(parts[6]), !parts[7].isEmpty, isField(parts[7]) else {
            return nil
        }
        self.text = text
        node = String(parts[1])
        self.pid = UInt32(pid)
        processStart = pstart
        startTime = Int64(start)
        type = String(parts[5])
        id = String(parts[6])
        user = String(parts[7])
    }

    public var description: String { text }

    private static func isNode(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, first != UInt8(ascii: "-"),
            last != UInt8(ascii: "-")
        else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    private static func hex(_ text: Substring, _ lengths: ClosedRange<Int>) -> UInt64? {
        guard lengths.contains(text.utf8.count), text.utf8.first != UInt8(ascii: "+") else { return nil }
        return UInt64(text, radix: 16)
    }
}
