// The three levels of what a client may do.
// SPDX-License-Identifier: MIT

/// How much a server is allowed to do. Each level contains the one before it.
public enum Tier: Int, Comparable, CaseIterable, Sendable {
    case readOnly = 1
    case readExecute = 2
    case full = 3

    /// Reads the name used in settings: `read-only`, `read-execute` or `full`.
    public init?(name: String) {
        guard let tier = Tier.allCases.first(where: { $0.name == name }) else { return nil }
        self = tier
    }

    /// The name used in settings and messages.
    public var name: String {
        switch self {
        case .readOnly: "read-only"
        case .readExecute: "read-execute"
        case .full: "full"
        }
    }

    public static func < (lhs: Tier, rhs: Tier) -> Bool { lhs.rawValue < rhs.rawValue }
}
