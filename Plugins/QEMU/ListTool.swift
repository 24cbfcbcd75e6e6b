// The list of VMs, of one node or of the whole cluster.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var listTool: Tool {
    Tool(
        "pve_list_qemu_vms", "List QEMU VMs", tier: .readOnly, effect: .reads,
        "VMs of a node, or of the whole cluster when no node is given, with state and load.",
        sends: machines.sends,
        parameters: [
            .string("node", "Only this node."),
            .bool("full", "With node: exact figures of running VMs (slower).").local, .fields, .limit, .cursor,
        ],
        answers: .list(
            "vms",
            [
                .integer("vmid").always, .string("name"), .string("node").always, .string("status").always,
                .number("cpu", .fraction), .number("maxcpu"), .integer("mem", .bytes), .integer("maxmem", .bytes),
                .integer("uptime", .seconds), .string("tags"), .bool("template"), .string("lock"),
            ]),
        code: { call throws(CallFailure) in try machines.list(call) })
}

private let machines = GuestList(
    kind: "qemu", of: .get("/nodes/{node}/qemu"),
    shown: ["vmid", "name", "status", "cpu", "mem", "maxmem", "uptime", "tags", "lock"],
    onRequest: [
        "memhost", "disk", "maxdisk", "netin", "netout", "diskread", "diskwrite", "pid", "qmpstatus",
        "running-machine", "running-qemu", "serial", "pressurecpufull", "pressurecpusome", "pressureiofull",
        "pressureiosome", "pressurememoryfull", "pressurememorysome",
    ])
