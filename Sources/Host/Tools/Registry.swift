// The tools this server offers: loaded, within the tier, on no blacklist, and honest about their risk.
// SPDX-License-Identifier: MIT

import MCP
import PluginLoader
import Proxmox

/// Tools by name, and what was left out and why.
struct Registry {
    /// A tool and the plugin it came from.
    struct Entry {
        let tool: Tool
        let category: String
    }

    /// A tool that loaded but is not offered.
    struct Omission {
        let name: String
        let category: String
        let reason: Reason
        /// The least tier it is offered at.
        let tier: Tier?
    }

    /// Why a tool is left out.
    enum Reason: Equatable {
        /// It declares less than its requests do; the phrase says what.
        case understated(String)
        case aboveTier
        case notInWhitelist
        case inBlacklist
    }

    private(set) var entries: [Entry] = []
    private(set) var omissions: [Omission] = []
    /// What whoever runs the server should know of tools that are offered.
    private(set) var remarks: [String] = []
    private var indices: [String: Int] = [:]
    private let tier: Tier

    /// Takes the loaded plugins' tools in their order. Throws when a list names a tool that does not exist.
    init(_ inventory: PluginInventory, _ settings: Settings) throws(SettingError) {
        tier = settings.tier
        for plugin in inventory.plugins {
            for tool in plugin.tools {
                let entry = Entry(tool: tool, category: plugin.category)
                if let reason = Registry.reasonToOmit(tool, settings) {
                    omissions.append(
                        Omission(
                            name: tool.name, category: plugin.category, reason: reason,
                            tier: Tier(rawValue: Int(tool.tier))))
                } else {
                    if tool.annotations.contains(.destructive), tool.hasConfirmationOfItsOwn {
                        remarks.append(
                            "tool \(tool.name) of plugin \(plugin.category) has a parameter "
                                + "\(quoted(ConfirmedArguments.name)) of its own, so its calls cannot be confirmed with a "
                                + "token; they need a client that can ask, or PVE_CONFIRM=person")
                    }
                    indices[tool.name] = entries.count
                    entries.append(entry)
                }
            }
        }
        // The lists may name tools of plugins that safe mode leaves out.
        if settings.isSafeMode { return }
        try checkNames(settings.whitelist ?? [], "PVE_TOOL_WHITELIST")
        try checkNames(settings.blacklist, "PVE_TOOL_BLACKLIST")
    }

    /// The tool of that name; nil when it does not exist for this client.
    subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

    /// Why there is no tool of that name here, and the way out: what goes on after it. Not a secret: the documentation has
    /// the tools of every tier.
    func absence(of name: String) -> String {
        if let omission = omissions.first(where: { $0.name == name }) {
            switch omission.reason {
            case .aboveTier:
                let needed = omission.tier?.name ?? "full"
                return "it needs tier \(needed) (PVE_ACCESS_TIER=\(needed)), and this server runs as \(tier.name)"
            case .notInWhitelist: return "it is not among the tools that PVE_TOOL_WHITELIST admits"
            case .inBlacklist: return "PVE_TOOL_BLACKLIST leaves it out"
            case .understated(let why): return "it was refused when the server started: \(why)"
            }
        }
        let near = Nearest.names(to: name, among: entries.map(\.tool.name))
        let others = "tools/list names those there are"
        return near.isEmpty ? others : "did you mean \(near.map(quoted).joined(separator: " or "))? \(others)"
    }

    private func checkNames(_ names: [String], _ variable: String) throws(SettingError) {
        let known = entries.map(\.tool.name) + omissions.map(\.name)
        for name in names where !known.contains(name) {
            let near = Nearest.names(to: name, among: known).map(quoted).joined(separator: " or ")
            throw SettingError(
                "\(variable): no loaded plugin has a tool \(quoted(name))"
                    + (near.isEmpty ? "; see pve-mcp tools" : "; did you mean \(near)?"))
        }
    }

    private static func reasonToOmit(_ tool: Tool, _ settings: Settings) -> Reason? {
        if let understated = understatement(tool) { return .understated(understated) }
        guard let tier = Tier(rawValue: Int(tool.tier)), tier <= settings.tier else { return .aboveTier }
        if let whitelist = settings.whitelist, !whitelist.contains(tool.name) { return .notInWhitelist }
        if settings.blacklist.contains(tool.name) { return .inBlacklist }
        return nil
    }

    /// What is wrong with a tool that declares less risk than its requests carry; nil when it is honest.
    static func understatement(_ tool: Tool) -> String? {
        for endpoint in tool.endpoints {
            let method = endpoint.method.verb
            var request: String { "\(method.rawValue) \(endpoint.path)" }
            let declared = Risk.declared(method: method, template: endpoint.path)
            let known = declared?.risk
            // A method that no known release has is taken for the worst, but reading loses nothing.
            let tier = known?.tier ?? .full
            let isDestructive = known?.isDestructive ?? (method != .get)
            if tier.rawValue > Int(tool.tier) {
                let declared = Tier(rawValue: Int(tool.tier))?.name ?? "\(tool.tier)"
                return "it declares tier \(declared), but its request \(request) is \(tier.name)"
            }
            if isDestructive && !tool.annotations.contains(.destructive) {
                return "its request \(request) is destructive, and the tool does not say so"
            }
            if !tool.annotations.contains(.destructive), let raisers = declared?.raisers,
                let parameter = losingParameter(tool, raisers)
            {
                return "\(quoted(parameter)) makes its request \(request) destructive, and the tool does not say so"
            }
            // A POST below the highest tier may change nothing, such as a ping.
            let changes = method == .put || method == .delete || (method == .post && tier == .full)
            if changes && tool.annotations.contains(.readOnly) {
                return "it says that it changes nothing, but its request \(request) does"
            }
        }
        return nil
    }

    /// A parameter that callers can give, itself or among `options`, and by which the request loses something.
    private static func losingParameter(_ tool: Tool, _ raisers: [Risk.RaisedBy]) -> String? {
        let losing = raisers.filter(\.isDestructive).map(\.parameter)
        if tool.parameters.contains(where: { $0.role == .options }) { return losing.first }
        return losing.first { name in tool.parameters.contains { $0.role == .argument && $0.apiName == name } }
    }
}

extension Tool {
    /// Every request the tool declares.
    var endpoints: [Endpoint] {
        switch body {
        case .endpoint(let endpoint): [endpoint]
        case .call(let call): call.endpoints
        case .native: []
        }
    }

    /// The tool as MCP clients see it.
    func definition() -> ToolDefinition {
        let annotations = annotations
        return ToolDefinition(
            name: name, title: title, description: description, inputSchema: inputSchema(),
            outputSchema: outputSchema(),
            annotations: ToolAnnotations(
                readOnly: annotations.contains(.readOnly), destructive: annotations.contains(.destructive),
                idempotent: annotations.contains(.idempotent), openWorld: annotations.contains(.openWorld)),
            meta: annotations.contains(.destructive)
                ? Array(#"{"anthropic/requiresUserInteraction":true}"#.utf8) : nil)
    }
}
