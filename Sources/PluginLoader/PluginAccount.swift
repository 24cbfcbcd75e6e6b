// What a child process says of a plugin it could open.
// SPDX-License-Identifier: MIT

/// A plugin's description, and the tools of it that no host of this version takes.
///
/// On stdout it is lines: `pve-describes: JSON`, then for each such tool `pve-refuses: message`, then
/// `pve-probe: passed`, which is last and means that the others are complete. The plugin runs in the same process, so a
/// hostile one can write them itself: an account is a plugin's word.
public struct PluginAccount: Equatable, Sendable {
    /// The plugin's description, as `PluginDescription` writes it.
    public var description: String
    /// Whole messages, each on one line.
    public var refusedTools: [String]

    public init(description: String, refusedTools: [String] = []) {
        self.description = description
        self.refusedTools = refusedTools
    }

    init(_ plugin: Plugin, _ refusals: [Refusal]) {
        self.init(description: "", refusedTools: refusals.map { PluginAccount.oneLine($0.message) })
    }

    enum Verdict: Equatable {
        case account(PluginAccount)
        /// The whole message.
        case refused(String)
    }

    static let mark = "pve-probe: "
    private static let pass = "passed"
    private static let describes = "pve-describes: "
    private static let refuses = "pve-refuses: "

    /// Without the last line's end.
    var lines: String {
        (description.isEmpty ? "" : PluginAccount.describes + description + "\n")
            + refusedTools.map { PluginAccount.refuses + $0 + "\n" }.joined() + PluginAccount.mark + PluginAccount.pass
    }

    /// Line ends become blanks.
    static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }

    /// Whether the output ends in a verdict; cheap, because it is asked after each piece that arrives.
    static func isComplete(_ output: [UInt8]) -> Bool {
        guard output.last == UInt8(ascii: "\n") else { return false }
        let start = output.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return output[start...].starts(with: mark.utf8)
    }

    /// The verdict among what the child printed, if it is complete; a plugin may print too.
    static func verdict(in output: [UInt8]) -> Verdict? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        func text(_ line: ArraySlice<UInt8>, after mark: String) -> String? {
            line.starts(with: mark.utf8) ? String(decoding: line.dropFirst(mark.utf8.count), as: UTF8.self) : nil
        }
        guard let verdict = lines.lazy.reversed().compactMap({ text($0, after: mark) }).first else { return nil }
        guard verdict == pass else { return .refused(verdict) }
        return .account(
            PluginAccount(
                description: lines.reversed().lazy.compactMap { text($0, after: describes) }.first ?? "",
                refusedTools: lines.compactMap { text($0, after: refuses) }))
    }
}
