// A plugin: one category of tools.
// SPDX-License-Identifier: MIT

import PluginABI

/// A category of tools, and what the entry of its library returns.
///
/// ```swift
/// @c(pve_plugin_nodes)
/// public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
///     Plugin(category: "nodes", version: "1.0.0", title: "Nodes", summary: "…", tools: tools).descriptor(for: host)
/// }
/// ```
public struct Plugin: Sendable {
    let category: StaticString
    let version: StaticString
    let title: StaticString
    let summary: StaticString
    let tools: [Tool]

    /// `category` is `[a-z0-9-]`, as in the library's name; `summary` is one sentence for the server's instructions.
    public init(
        category: StaticString, version: StaticString, title: StaticString, summary: StaticString, tools: [Tool]
    ) {
        self.category = category
        self.version = version
        self.title = title
        self.summary = summary
        self.tools = tools
    }

    /// The descriptor, made once and never freed; nil when the host speaks another major version of the contract.
    public func descriptor(for host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
        guard let head = host?.pointee.head, head.magic == UInt32(PVE_MAGIC_HOST),
            head.abi_major >= UInt16(PVE_ABI_MAJOR), host?.pointee.abi_major_min ?? .max <= UInt16(PVE_ABI_MAJOR)
        else { return nil }
        return descriptor
    }
}
