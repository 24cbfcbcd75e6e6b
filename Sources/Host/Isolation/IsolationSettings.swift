// What runs in processes of its own, and how much of everything those get.
// SPDX-License-Identifier: MIT

import PluginLoader

/// The settings of isolation.
struct IsolationSettings: Sendable {
    var plugins = IsolationSelection(nil)
    /// How long a call may give no sign of life, in milliseconds.
    var silence = 60_000
    /// How often a plugin's process is started again after it crashed, hung or misbehaved, in all.
    var restarts = 100
    /// What one process may use, in MiB.
    var memory = 256
    /// Processes a plugin, each of which runs one call at a time.
    static let processes = 4
}
