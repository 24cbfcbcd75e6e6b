// A request that a tool declares, with its risk.
// SPDX-License-Identifier: MIT

import PluginLoader
import Proxmox

/// A verb and a path template of a tool, and what sending it may do.
struct ToolRequest {
    let method: String
    let path: String
    /// The least tier without what raises it.
    let tier: Tier
    let isDestructive: Bool
    /// Whether no tier sends it.
    let isExcluded: Bool
    /// Whether no release that is known here has it.
    let isUnknown: Bool
    /// One phrase; empty when it only reads.
    let why: String
    /// Parameters that make it worse.
    let raisers: [Risk.RaisedBy]

    var text: String { "\(method) \(path)" }

    static func all(of tool: Tool) -> [ToolRequest] {
        tool.endpoints.map { endpoint in
            let method = endpoint.method.verb
            let declared = Risk.declared(method: method, template: endpoint.path)
            return ToolRequest(
                method: method.rawValue, path: endpoint.path, tier: declared?.risk.tier ?? .full,
                isDestructive: declared?.risk.isDestructive ?? (method != .get),
                isExcluded: declared?.risk.isExcluded ?? false, isUnknown: declared == nil,
                why: declared?.risk.why ?? "", raisers: declared?.raisers ?? [])
        }
    }
}

extension Plugin {
    /// The kinds of bodies that its tools have, each once.
    var bodyKinds: [String] {
        var kinds: [String] = []
        for tool in tools where !kinds.contains(tool.bodyKind) { kinds.append(tool.bodyKind) }
        return kinds
    }
}

extension Tool {
    /// What its body is, in one word.
    var bodyKind: String {
        switch body {
        case .endpoint: "endpoint"
        case .call: "call"
        case .native: "native"
        }
    }

    var tierName: String { Tier(rawValue: Int(tier))?.name ?? "\(tier)" }

    /// The names of the annotations it has.
    var annotationNames: [String] {
        [
            (ToolAnnotationBits.readOnly, "read-only"), (.destructive, "destructive"), (.idempotent, "idempotent"),
            (.openWorld, "open-world"),
        ].filter { annotations.contains($0.0) }.map(\.1)
    }
}
