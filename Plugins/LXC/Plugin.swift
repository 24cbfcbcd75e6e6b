// The category lxc: containers.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-lxc.so.
@c(pve_plugin_lxc)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "lxc", version: "1.0.0", title: "LXC Containers",
        summary: "Containers: state, power, configuration, clones and snapshots.",
        tools: [listTool] + readTools + powerTools + [createTool] + lifecycleTools + snapshotTools
    ).descriptor(for: host)
}
