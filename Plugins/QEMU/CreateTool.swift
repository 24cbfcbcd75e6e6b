// Creating a VM, with the next free ID when none is given.
// SPDX-License-Identifier: MIT

import PluginKit

var createTool: Tool {
    Tool(
        "pve_create_qemu_vm", "Create QEMU VM", tier: .full, effect: .destroys,
        "Create a VM. Without vmid it gets the next free ID, which the answer's UPID names.",
        sends: [nextID, create],
        parameters: [.node, .integer("vmid", "ID; the next free one if absent.", in: 100...999_999_999)]
            + hardware + cloudInit + [
                .string("pool", "Pool to put it in."), .string("storage", "Storage for disks given as a size alone."),
                .bool("start", "Start it afterwards.", default: false), .wait,
                .options(
                    """
                    More API parameters: scsi1, net1, sata0, hostpci0, tpmstate0, archive (restore a backup), force \
                    (with archive: over an existing VM, whose disks are lost), …
                    """),
            ],
        answers: .task,
        code: createVM)
}

private let nextID = Endpoint.get("/cluster/nextid")
private let create = Endpoint.post("/nodes/{node}/qemu")

/// How often another ID is tried when somebody else took the free one first: `nextid` reserves nothing.
private let attempts = 3

private func createVM(_ call: Call) throws(CallFailure) {
    guard !call.arguments["vmid"].exists else { return try call.reply(call.send(create, withArguments: true)) }
    for attempt in 1... {
        let free = try call.send(nextID)
        do throws(CallFailure) {
            return try call.reply(call.send(create, ["vmid": .value(free)], withArguments: true))
        } catch {
            guard attempt < attempts, case .failed(let reason) = error, reason.contains("already exists") else {
                throw error
            }
        }
    }
}
