// The category firewall: the firewall of the cluster.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-firewall.so.
@c(pve_plugin_firewall)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "firewall", version: "1.0.0", title: "Firewall",
        summary: "The cluster's firewall: options, rules, aliases and IP sets.",
        tools: readTools + changeTools
    ).descriptor(for: host)
}
