// Who we are to Proxmox VE.
// SPDX-License-Identifier: MIT

/// An API token, or a user and password. Printing one shows no secret.
public enum Credentials: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// `id` is `user@realm!name`.
    case token(id: String, secret: String)
    /// `user` is `user@realm`.
    case password(user: String, password: String)

    /// A token whose id has been checked for its form.
    public static func token(checkingID id: String, secret: String) throws(SettingError) -> Credentials {
        let id = id.withoutOuterBlanks
        let secret = secret.withoutOuterBlanks
        let form = "a token id is user@realm!name; example: root@pam!mcp"
        if id.contains("=") {
            throw SettingError("\(form); the secret, after the =, goes into a setting of its own")
        }
        let parts = id.split(separator: "!", omittingEmptySubsequences: false)
        guard parts.count == 2, isUser(parts[0]), isName(parts[1]) else { throw SettingError("\(form); got \"\(id)\"") }
        guard isSingleLine(secret) else {
            throw SettingError(
                "the token's secret is empty or holds blanks or control characters; it looks like a UUID")
        }
        return .token(id: id, secret: secret)
    }

    /// A user and password, the user's form checked.
    public static func password(checkingUser user: String, password: String) throws(SettingError) -> Credentials {
        let user = user.withoutOuterBlanks
        guard isUser(user[...]) else {
            throw SettingError("a user is name@realm; got \"\(user)\"; example: root@pam")
        }
        guard !password.isEmpty, !password.utf8.contains(0) else { throw SettingError("the password is empty") }
        return .password(user: user, password: password)
    }

    /// The token id or user: who Proxmox VE sees. Never a secret.
    public var identity: String {
        switch self {
        case .token(let id, _): id
        case .password(let user, _): user
        }
    }

    public var isToken: Bool {
        if case .token = self { true } else { false }
    }

    public var description: String { identity }
    public var debugDescription: String { identity }

    private static func isUser(_ text: Substring) -> Bool {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return false }
        let refused: (UInt8) -> Bool = { $0 <= 0x20 || $0 == 0x7F || "\"/:!;=".utf8.contains($0) }
        return !text[..<at].utf8.contains(where: refused) && isName(text[text.index(after: at)...])
    }

    /// A realm or a token's name: a letter, then letters, digits, dots, dashes and underscores.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, text.utf8.count >= 2 else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
    }

    private static func isSingleLine(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }
    }
}

extension String {
    /// The text without blanks and line ends around it, as files of secrets end with one.
    fileprivate var withoutOuterBlanks: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
