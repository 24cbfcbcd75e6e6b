// The list of containers, of one node or of the whole cluster.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var listTool: Tool {
    Tool(
        "pve_list_lxc_containers", "List LXC Containers", tier: .readOnly, effect: .reads,
        "Containers of a node, or of the whole cluster when no node is given, with state and load.",
        sends: containers.sends,
        parameters: [.string("node", "Only this node."), .fields, .limit, .cursor],
        answers: .list(
            "containers",
            [
                .integer("vmid").always, .string("name"), .string("node").always, .string("status").always,
                .number("cpu", .fraction), .number("maxcpu"), .integer("mem", .bytes), .integer("maxmem", .bytes),
                .integer("disk", .bytes), .integer("maxdisk", .bytes), .integer("uptime", .seconds), .string("tags"),
                .bool("template"), .string("lock"),
            ]),
        code: { call throws(CallFailure) in try containers.list(call) })
}

private let containers = GuestList(
    kind: "lxc", of: .get("/nodes/{node}/lxc"),
    shown: ["vmid", "name", "status", "cpu", "mem", "maxmem", "disk", "maxdisk", "uptime", "tags", "lock"],
    onRequest: [
        "swap", "maxswap", "netin", "netout", "diskread", "diskwrite", "pid", "type", "pressurecpufull",
        "pressurecpusome",
        "pressureiofull", "pressureiosome", "pressurememoryfull", "pressurememorysome",
    ])
