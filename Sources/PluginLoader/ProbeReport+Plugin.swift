// A plugin made of what another process said about it.
// SPDX-License-Identifier: MIT

import PluginABI

extension ProbeReport {
    /// The plugin as far as it can be known without being opened here: its tools cannot be called. Checked like one that
    /// is opened, with the tools that do not pass. `features` are those of the host.
    public func plugin(
        file: String, category: String, features: UInt64
    ) throws(RefusalReason) -> (plugin: Plugin, refusals: [Refusal]) {
        let library = try PluginLibrary(image: try image(), file, category)
        var plugin = try library.plugin(isFirstParty: false)
        var owners: [String: String] = [:]
        let refused = try library.checkTools(&plugin, features: features, owners: &owners)
        return (plugin, refused.map { Refusal(file: file, category: category, reason: $0) })
    }
}
