// The category backup: backups of guests.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-backup.so.
@c(pve_plugin_backup)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "backup", version: "1.0.0", title: "Backup",
        summary: "Backups: jobs by schedule, and backups at once.",
        tools: jobTools + [createJobTool, runTool]
    ).descriptor(for: host)
}
