// What the handshake of the older revisions left behind.
// SPDX-License-Identifier: MIT

/// What was agreed at `initialize`, or is assumed as long as there was none.
struct LegacyState {
    var revision = Revision.latestLegacy
    /// `initialize` has been answered.
    var isGreeted = false
    /// The client went on after the greeting: notifications may be pushed.
    var isReady = false
    /// How the client can ask its person.
    var elicitation: Set<ElicitationMode> = []
}
