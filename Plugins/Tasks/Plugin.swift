// The category tasks: what Proxmox does in the background.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-tasks.so.
@c(pve_plugin_tasks)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "tasks", version: "1.0.0", title: "Tasks",
        summary: "Tasks that requests have started: state, logs, and stopping them.",
        tools: [listTool] + taskTools
    ).descriptor(for: host)
}
