// The category network: network interfaces of nodes.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-network.so.
@c(pve_plugin_network)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "network", version: "1.0.0", title: "Network",
        summary: "Network interfaces of nodes: bridges, bonds, VLANs and their addresses.",
        tools: readTools + changeTools + [updateTool]
    ).descriptor(for: host)
}
