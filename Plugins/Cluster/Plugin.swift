// The category cluster: what concerns all nodes together.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-cluster.so.
@c(pve_plugin_cluster)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "cluster", version: "1.0.0", title: "Cluster",
        summary: "State, resources, log and options of the cluster, free guest IDs, and actions on many guests.",
        tools: readTools + [nextIDTool] + bulkTools + [updateOptionsTool]
    ).descriptor(for: host)
}
