// The category nodes: the machines of a cluster.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-nodes.so.
@c(pve_plugin_nodes)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "nodes", version: "1.0.0", title: "Nodes",
        summary: "State, versions, clocks, logs and services of the cluster's nodes.",
        tools: readTools + serviceTools
    ).descriptor(for: host)
}
