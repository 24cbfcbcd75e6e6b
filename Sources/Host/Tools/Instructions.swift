// The server's instructions to the model, made from what is loaded.
// SPDX-License-Identifier: MIT

import PluginLoader

enum Instructions {
    /// In bytes. Clients cut instructions off at 2 KB.
    static let limit = 2000

    /// What a model must know to use the tools, most important first.
    static func text(for inventory: PluginInventory, _ registry: Registry, _ settings: Settings, target: String)
        -> String
    {
        let offered = inventory.plugins.map { plugin in
            (plugin: plugin, count: registry.entries.count { $0.category == plugin.category })
        }
        return text(
            target: target, tier: settings.tier.name,
            categories: offered.filter { $0.count > 0 }.map { ($0.plugin.category, $0.count, $0.plugin.summary) })
    }

    /// `categories` are names, numbers of tools and summaries. What does not fit is named without its summary.
    static func text(
        target: String, tier: String, categories: [(name: String, count: Int, summary: String)]
    ) -> String {
        var text = "Runs Proxmox VE at \(target). Access tier: \(tier)."
        text += """
             Guests are named by vmid alone; node may be left out for them. \
            Tools that start a task wait for it (argument wait, seconds; 0 returns at once with the UPID) and report \
            progress; a task that fails is an error with the end of its log. \
            Lists return chosen fields: use fields and limit, and cursor to go on. \
            API parameters that a tool does not name go into options.
            """
        text += " Tools by category:"
        // Room for the bare names of all that follow is kept as long as there is any.
        var bare = categories.map { "\n\($0.name) (\($0.count))" }[...]
        for category in categories {
            guard let name = bare.popFirst() else { break }
            let rest = bare.reduce(0) { $0 + $1.utf8.count }
            let whole = "\(name): \(category.summary)"
            if text.utf8.count + whole.utf8.count + rest <= limit {
                text += whole
            } else if text.utf8.count + name.utf8.count <= limit {
                text += name
            }
        }
        return text
    }
}
