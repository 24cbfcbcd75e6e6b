// Who a request comes from.
// SPDX-License-Identifier: MIT

/// A user, or a token of a user.
struct Principal: Equatable, Sendable {
    /// Such as `root@pam`.
    let user: String
    /// Such as `demo` in `root@pam!demo`; nil for the user itself.
    let token: String?

    /// `root@pam` or `root@pam!demo`.
    var id: String { token.map { "\(user)!\($0)" } ?? user }
    var isRoot: Bool { user == "root@pam" && token == nil }

    /// Reads `user@realm` or `user@realm!token`; nil when it is neither.
    init?(_ id: some StringProtocol) {
        let halves = id.split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
        guard let at = halves[0].lastIndex(of: "@"), at > halves[0].startIndex else { return nil }
        let name = halves[0][..<at]
        guard name.allSatisfy({ !$0.isWhitespace && $0 != ":" && $0 != "/" }),
            Self.isName(halves[0][halves[0].index(after: at)...])
        else { return nil }
        if halves.count == 2 {
            guard Self.isName(halves[1]) else { return nil }
            token = String(halves[1])
        } else {
            token = nil
        }
        user = String(halves[0])
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        text.utf8.count >= 2 && text.utf8.first.map { (0x61...0x7A).contains($0 | 0x20) } == true
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || ".-_".utf8.contains($0)
            }
    }
}
