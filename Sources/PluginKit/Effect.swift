// What a tool does to the cluster, as a hint to clients.
// SPDX-License-Identifier: MIT

/// The annotations of a tool. The host refuses a tool that claims less than its requests do.
public struct Effect: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let readOnly = Effect(rawValue: 1)
    public static let destructive = Effect(rawValue: 2)
    public static let idempotent = Effect(rawValue: 4)
    public static let openWorld = Effect(rawValue: 8)

    /// Changes nothing, however often it is called.
    public static let reads: Effect = [.readOnly, .idempotent]
    /// Adds or alters; nothing is lost.
    public static let changes: Effect = []
    /// Alters, and a second call alters nothing more.
    public static let settles: Effect = .idempotent
    /// Overwrites or deletes.
    public static let destroys: Effect = .destructive
    /// Overwrites, and a second call alters nothing more.
    public static let overwrites: Effect = [.destructive, .idempotent]
}
