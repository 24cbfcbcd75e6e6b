// The category storage: storages.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-storage.so.
@c(pve_plugin_storage)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "storage", version: "1.0.0", title: "Storage",
        summary: "Storages: definitions, state, content, and images from registries.",
        tools: readTools + [pullTool] + definitionTools
    ).descriptor(for: host)
}
