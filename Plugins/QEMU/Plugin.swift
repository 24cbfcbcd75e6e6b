// The category qemu: virtual machines.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

/// The entry of libpve-qemu.so.
@c(pve_plugin_qemu)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "qemu", version: "1.0.0", title: "QEMU VMs",
        summary: "Virtual machines: state, power, configuration, clones, migration and snapshots.",
        tools: [listTool] + readTools + powerTools + lifecycleTools + [createTool] + snapshotTools
    ).descriptor(for: host)
}
