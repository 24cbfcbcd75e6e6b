// The category ha: high availability.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-ha.so.
@c(pve_plugin_ha)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "ha", version: "1.0.0", title: "High Availability",
        summary: "Guests kept running by high availability, and the rules on where they run.",
        tools: readTools + resourceTools + ruleTools + [updateRuleTool] + armTools
    ).descriptor(for: host)
}
