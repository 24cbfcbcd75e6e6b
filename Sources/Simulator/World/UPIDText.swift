// The identifier of a task.
// SPDX-License-Identifier: MIT

/// A UPID, `UPID:node:pid:pstart:starttime:type:id:user:` with three hexadecimal fields, and its parts.
struct UPIDText {
    var node: String
    var pid: Int
    /// Clock ticks (100 a second) from the node's boot to the start of the process.
    var processStart: Int
    /// Seconds since 1970.
    var startTime: Int
    var type: String
    /// What the task works on, often a guest's id; may be empty.
    var id: String
    /// `root@pam`, or `root@pam!demo` for a token.
    var user: String

    var text: String {
        let numbers = [pid, processStart, startTime].map { $0.hex(8, uppercase: true) }.joined(separator: ":")
        return "UPID:\(node):\(numbers):\(type):\(id):\(user):"
    }

    /// The user without the token, and the token's name.
    var userAndToken: (user: String, token: String?) {
        guard let mark = user.firstIndex(of: "!") else { return (user, nil) }
        return (String(user[..<mark]), String(user[user.index(after: mark)...]))
    }
}

extension UPIDText {
    /// Reads a UPID; nil when the text is none.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 9, parts[0] == "UPID", parts[8].isEmpty, Self.isNodeName(parts[1]),
            let pid = Self.hexadecimal(parts[2], 8...8), let processStart = Self.hexadecimal(parts[3], 8...9),
            let startTime = Self.hexadecimal(parts[4], 8...8),
            !parts[5].isEmpty, !parts[7].isEmpty,
            parts[5...7].allSatisfy({ !$0.contains(where: { $0.isWhitespace || $0 == "/" }) })
        else { return nil }
        self.init(
            node: parts[1], pid: pid, processStart: processStart, startTime: startTime, type: parts[5], id: parts[6],
            user: parts[7])
    }

    private static func hexadecimal(_ text: String, _ width: ClosedRange<Int>) -> Int? {
        guard width.contains(text.utf8.count), text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else {
            return nil
        }
        return Int(text, radix: 16)
    }

    private static func isNodeName(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        let dash = UInt8(ascii: "-")
        return first != dash && last != dash
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }
    }
}
