// The published revisions of the Model Context Protocol and what each of them has.
// SPDX-License-Identifier: MIT

/// A revision of the protocol, ordered by date.
public enum Revision: String, Comparable, CaseIterable, Sendable {
    case v2024_11_05 = "2024-11-05"
    case v2025_03_26 = "2025-03-26"
    case v2025_06_18 = "2025-06-18"
    case v2025_11_25 = "2025-11-25"
    case v2026_07_28 = "2026-07-28"

    /// The newest revision that begins with `initialize`: what a client that asks for another one is offered.
    public static let latestLegacy = Revision.v2025_11_25

    /// The revision whose requests stand alone, each with its own `_meta`.
    public static let modern = Revision.v2026_07_28

    // The dates of the raw values sort as text.
    public static func < (lhs: Revision, rhs: Revision) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension Revision {
    /// Requests carry their own version and capabilities; results carry `resultType`.
    public var isStateless: Bool { self >= .v2026_07_28 }

    /// Several messages may come as one array. Only one revision ever said so.
    var hasBatches: Bool { self == .v2025_03_26 }
    /// `Tool.annotations`.
    var hasAnnotations: Bool { self >= .v2025_03_26 }
    /// `message` in progress notifications.
    var hasProgressMessage: Bool { self >= .v2025_03_26 }
    /// `title` beside `name`, in tools and in the server's identity.
    var hasTitle: Bool { self >= .v2025_06_18 }
    /// `Tool._meta`.
    var hasToolMeta: Bool { self >= .v2025_06_18 }
    /// `Tool.outputSchema` and `CallToolResult.structuredContent`.
    var hasStructuredContent: Bool { self >= .v2025_06_18 }
    /// The `elicitation` capability of clients.
    var hasElicitation: Bool { self >= .v2025_06_18 }
    /// Elicitation by URL beside forms.
    var hasURLElicitation: Bool { self >= .v2025_11_25 }
    /// `description` and `websiteUrl` in the server's identity.
    var hasDescription: Bool { self >= .v2025_11_25 }
    /// An error about a message whose id could not be read has no `id`; before, it has `null`.
    var omitsUnreadableID: Bool { self >= .v2025_11_25 }
}
