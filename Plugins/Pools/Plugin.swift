// The category pools: guests and storages that belong together.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-pools.so.
@c(pve_plugin_pools)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "pools", version: "1.0.0", title: "Pools",
        summary: "Pools: guests and storages grouped to be granted and listed together.",
        tools: readTools + [getTool] + changeTools
    ).descriptor(for: host)
}
