// pve-mcp plugins: what was found, loaded and refused, and why.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

enum PluginsCommand {
    /// Prints the inventory. 1 when a plugin was refused.
    static func run(_ settings: Settings, json: Bool) throws(SettingError) -> Int32 {
        let inventory = try PluginPlaces.load(settings)
        let registry = try Registry(inventory, settings)
        print(json ? self.json(inventory, registry, settings) : text(inventory, registry, settings))
        return inventory.refusals.isEmpty ? 0 : 1
    }

    private static func text(_ inventory: PluginInventory, _ registry: Registry, _ settings: Settings) -> String {
        var lines = [
            "\(pad("CATEGORY", 12)) \(pad("VERSION", 9)) \(pad("ABI", 5)) \(pad("TOOLS", 9)) \(pad("ORIGIN", 12)) FILE"
        ]
        for plugin in inventory.plugins {
            let offered = registry.entries.count { $0.category == plugin.category }
            let tools = "\(offered) of \(plugin.tools.count)"
            lines.append(
                "\(pad(plugin.category, 12)) \(pad(plugin.version, 9)) "
                    + "\(pad("\(plugin.abiMajor).\(plugin.abiMinor)", 5)) \(pad(tools, 9)) "
                    + "\(pad(origin(of: plugin, inventory), 12)) \(Shown.line(plugin.file))")
        }
        for omission in registry.omissions {
            guard case .understated(let why) = omission.reason else { continue }
            lines.append("  \(omission.name): refused: \(why)")
        }
        lines += registry.remarks
        if !inventory.unselected.isEmpty {
            let names = inventory.unselected.map(\.category).joined(separator: ", ")
            lines.append("not chosen by PVE_CATEGORIES (not opened): \(names)")
        }
        for omitted in inventory.leftOut { lines.append("left out: \(Shown.line(omitted.message))") }
        for refusal in inventory.refusals { lines.append("refused: \(Shown.line(refusal.message))") }
        let count = registry.entries.count
        lines.append("\(count) tools at tier \(settings.tier.name), host \(Version.text)")
        return lines.joined(separator: "\n")
    }

    /// Whose it is, and how the host came to know it.
    private static func origin(of plugin: Plugin, _ inventory: PluginInventory) -> String {
        var words = [plugin.isManifest ? "manifest" : plugin.isFirstParty ? "first-party" : "third-party"]
        if plugin.isIsolated { words.append("isolated") }
        if inventory.knownFromCache.contains(plugin.file) { words.append("cached") }
        return words.joined(separator: ", ")
    }

    private static func json(_ inventory: PluginInventory, _ registry: Registry, _ settings: Settings) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("host", Version.text)
            writer.member("tier", settings.tier.name)
            writer.member("plugins") {
                $0.array {
                    for plugin in inventory.plugins {
                        $0.object {
                            $0.member("category", plugin.category)
                            $0.member("version", plugin.version)
                            $0.member("title", plugin.title)
                            $0.member("abi", "\(plugin.abiMajor).\(plugin.abiMinor)")
                            $0.member("file", plugin.file)
                            $0.member("first_party", plugin.isFirstParty)
                            $0.member("isolated", plugin.isIsolated)
                            $0.member("manifest", plugin.isManifest)
                            $0.member("from_cache", inventory.knownFromCache.contains(plugin.file))
                            $0.member("tools", plugin.tools.count)
                            $0.member("offered", registry.entries.count { $0.category == plugin.category })
                        }
                    }
                }
            }
            writer.member("unselected") {
                $0.array { for found in inventory.unselected { $0.string(found.category) } }
            }
            writer.member("left_out") { $0.array { for omitted in inventory.leftOut { $0.refusal(omitted) } } }
            writer.member("refused") { $0.array { for refusal in inventory.refusals { $0.refusal(refusal) } } }
        }
        return writer.text
    }
}

extension JSONWriter {
    fileprivate mutating func refusal(_ refusal: Refusal) {
        object {
            if let category = refusal.category { $0.member("category", category) }
            $0.member("file", refusal.file)
            $0.member("message", refusal.message)
        }
    }
}
