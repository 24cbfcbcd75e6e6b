// The server's instructions to the model, made from what is loaded.
// SPDX-License-Identifier: MIT

import PluginLoader

enum Instructions {
    /// Clients cut instructions off at 2 KB.
    static let limit = 2000

    static func text(for inventory: PluginInventory, _ registry: Registry, _ settings: Settings, target: String)
        -> String
    {
        var text = "Runs Proxmox VE at \(target). Access tier: \(settings.tier.name)."
        text += """
             Guests are named by vmid alone; node may be left out for them. \
            Tools that start a task wait for it (argument wait, seconds; 0 returns at once with the UPID) and report \
            progress; a task that fails is an error with the end of its log. \
            Lists return chosen fields: use fields and limit, and cursor to go on. \
            API parameters that a tool does not name go into options.
            """
        text += " Tools by category:"
        for plugin in inventory.plugins {
            let count = registry.entries.count { $0.category == plugin.category }
            guard count > 0 else { continue }
            let line = "\n\(plugin.category) (\(count)): \(plugin.summary)"
            if text.utf8.count + line.utf8.count > limit { break }
            text += line
        }
        return text
    }
}
