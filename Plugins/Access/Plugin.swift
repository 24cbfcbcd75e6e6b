// The category access: who may do what.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-access.so.
@c(pve_plugin_access)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "access", version: "1.0.0", title: "Access",
        summary: "Users, groups, roles, realms and the permissions that tie them together.",
        tools: readTools + changeTools
    ).descriptor(for: host)
}
