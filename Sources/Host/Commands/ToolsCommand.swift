// pve-mcp tools: what a client would see.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

enum ToolsCommand {
    static func run(_ settings: Settings, json: Bool) throws(SettingError) -> Int32 {
        let inventory = try PluginPlaces.load(settings)
        let registry = try Registry(inventory, settings)
        print(json ? self.json(registry) : text(registry, settings))
        return 0
    }

    private static func text(_ registry: Registry, _ settings: Settings) -> String {
        var lines: [String] = []
        for entry in registry.entries {
            let tier = Tier(rawValue: Int(entry.tool.tier))?.name ?? ""
            lines.append("\(pad(entry.category, 10)) \(pad(entry.tool.name, 30)) \(pad(tier, 13)) \(entry.tool.title)")
        }
        lines.append("\(registry.entries.count) tools at tier \(settings.tier.name)")
        return lines.joined(separator: "\n")
    }

    /// An array of tools with everything the generated documents need.
    private static func json(_ registry: Registry) -> String {
        var writer = JSONWriter(reserving: 1 << 16)
        writer.array { writer in
            for entry in registry.entries {
                let definition = entry.tool.definition()
                writer.object {
                    $0.member("name", definition.name)
                    $0.member("title", definition.title)
                    $0.member("category", entry.category)
                    $0.member("tier", Tier(rawValue: Int(entry.tool.tier))?.name ?? "")
                    $0.member("description", definition.description)
                    $0.member("annotations") {
                        $0.object {
                            $0.member("readOnly", definition.annotations.readOnly)
                            $0.member("destructive", definition.annotations.destructive)
                            $0.member("idempotent", definition.annotations.idempotent)
                            $0.member("openWorld", definition.annotations.openWorld)
                        }
                    }
                    $0.member("requests") {
                        $0.array {
                            for endpoint in entry.tool.endpoints {
                                $0.string("\(endpoint.method.verb.rawValue) \(endpoint.path)")
                            }
                        }
                    }
                    $0.member("inputSchema", raw: definition.inputSchema)
                    if let schema = definition.outputSchema { $0.member("outputSchema", raw: schema) }
                }
            }
        }
        return writer.text
    }
}
