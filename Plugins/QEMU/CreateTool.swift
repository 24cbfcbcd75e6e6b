// Creating a VM, with the next free ID when none is given.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var createTool: Tool {
    Tool(
        "pve_create_qemu_vm", "Create QEMU VM", tier: .full, effect: .destroys,
        "Create a VM. Without vmid it gets the next free ID, which the answer's UPID names.",
        sends: [FreeID.next, create],
        parameters: [.node, .newVMID]
            + hardware + cloudInit + [
                .string("pool", "Pool to put it in."), .string("storage", "Storage for disks given as a size alone."),
                .bool("start", "Start it afterwards."), .wait,
                .options(
                    """
                    API parameters: scsi1, virtio0, net1, balloon, vga, serial0, hostpci0, tpmstate0, nameserver, \
                    archive (restore a backup), force (with archive: over an existing VM, whose disks are lost), …
                    """),
            ],
        answers: .task,
        code: { call throws(CallFailure) in try FreeID.create(call, create) })
}

private let create = Endpoint.post("/nodes/{node}/qemu")
