// What has to be confirmed, by whom, and what is never touched.
// SPDX-License-Identifier: MIT

/// How a request that loses something gets its yes where the client cannot ask its person.
enum ConfirmationMode: String, CaseIterable, Sendable {
    /// The call is repeated with a token from the answer: a brake on the model, not a person.
    case ask
    /// A person runs `pve-mcp approve`.
    case person
    /// No question is asked, not even where the client could.
    case never
}

/// The settings of confirmation.
struct ConfirmationSettings: Sendable {
    /// For how long a question stands, in seconds, when nothing else is set.
    static let standardSeconds = 300

    var mode = ConfirmationMode.ask
    var protection = Protection()
    /// For how long a question stands and a token counts.
    var seconds = standardSeconds

    /// The time a question stands, in words.
    var lifetime: String { ConfirmationSettings.lifetime(seconds) }

    static func lifetime(_ seconds: Int) -> String {
        if seconds == 1 { return "1 second" }
        if seconds < 60 || seconds % 60 != 0 { return "\(seconds) seconds" }
        return seconds == 60 ? "1 minute" : "\(seconds / 60) minutes"
    }
}
