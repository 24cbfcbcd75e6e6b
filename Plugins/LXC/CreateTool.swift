// Creating a container, with the next free ID when none is given.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var createTool: Tool {
    Tool(
        "pve_create_lxc_container", "Create LXC Container", tier: .full, effect: .destroys,
        "Create a container. Without vmid it gets the next free ID, which the answer's UPID names.",
        sends: [FreeID.next, create],
        parameters: [
            .node, .newVMID,
            .string("ostemplate", "Template or OCI image, e.g. local:vztmpl/x.tar.zst").required,
        ] + settings + [
            .string("rootfs", "Root disk, e.g. local-lvm:8 (GiB)."),
            .string("storage", "Where the root disk goes without rootfs.", default: "local"),
            .string("password", "Root's password, 5 characters or more.").secret,
            .string("ssh_public_keys", "Root's public keys, a line each.").sent(as: "ssh-public-keys"),
            .bool("unprivileged", "Map root to a harmless user; advised."),
            .string("entrypoint", "Init program; not in Proxmox VE 8."),
            .strings("env", "NAME=value each; not in Proxmox VE 8.").local,
            .string("pool", "Pool to put it in."), .bool("start", "Start it afterwards."), .wait,
            .options(
                """
                API parameters: mp0 (local-lvm:8,mp=/data; wants rootfs), net1, nameserver, searchdomain, startup, \
                cpulimit, ostype, restore (ostemplate is a backup), force (with restore: over an existing container, \
                whose disks are lost), …
                """),
        ],
        answers: .task,
        code: createContainer)
}

private let create = Endpoint.post("/nodes/{node}/lxc")

private func createContainer(_ call: Call) throws(CallFailure) {
    let variables = call.arguments["env"]
    guard variables.count > 0 else { return try FreeID.create(call, create) }
    // Proxmox takes one string with NUL between the variables.
    var joined = ""
    for variable in variables.elements {
        guard let text = variable.string else { continue }
        if !joined.isEmpty { joined += "\0" }
        joined += text
    }
    try FreeID.create(call, create, ["env": .string(joined)])
}
