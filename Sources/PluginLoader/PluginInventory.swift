// What the loader found: plugins, those refused and why, and those nobody asked for.
// SPDX-License-Identifier: MIT

import PluginABI

/// A plugin that is open.
// Sendable: a value whose tools are views of constant memory.
public struct Plugin: Sendable {
    /// As in the file's name.
    public let category: String
    /// Of the plugin, such as `1.4.0`.
    public let version: String
    public let title: String
    /// One sentence.
    public let summary: String
    /// The absolute path it was loaded from.
    public let file: String
    /// The ABI it was made with.
    public let abiMajor: UInt16
    public let abiMinor: UInt16
    /// Whether it came with the host.
    public let isFirstParty: Bool
    /// Whether its code runs in a process of its own, and not in this one.
    public var isIsolated = false
    /// Whether it is a JSON file that binds functions of a library.
    public var isManifest = false
    /// Those that passed the checks, in the plugin's order.
    public internal(set) var tools: [Tool]
}

/// A plugin file that was listed and left alone.
public struct FoundFile: Equatable, Sendable {
    public let category: String
    public let file: String
}

/// Everything there is to say about the plugin directories.
public struct PluginInventory: Sendable {
    /// The standard categories in their order, then others by name.
    public var plugins: [Plugin] = []
    /// In the order they were met.
    public var refusals: [Refusal] = []
    /// Selected, and not loaded because they did not come with the host and only what did is wanted. Not opened.
    public var leftOut: [Refusal] = []
    /// Files of strangers whose description was known from an earlier look.
    public var knownFromCache: Set<String> = []
    /// Never opened. By category, then in the order of the directories.
    public var unselected: [FoundFile] = []

    public init() {}
}
