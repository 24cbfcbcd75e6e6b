// Tools that look at nodes.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_nodes", "List Nodes", tier: .readOnly, effect: .reads,
            "Nodes of the cluster with their state and load.",
            .get("/nodes"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "nodes",
                [
                    .string("node").always, .string("status").always, .number("cpu", .fraction), .integer("maxcpu"),
                    .integer("mem", .bytes), .integer("maxmem", .bytes), .integer("disk", .bytes),
                    .integer("maxdisk", .bytes), .integer("uptime", .seconds), .string("level").onRequest,
                ])),
        Tool(
            "pve_get_node_status", "Get Node Status", tier: .readOnly, effect: .reads,
            "State of a node: load, memory, root file system, CPU model, kernel, Proxmox version.",
            .get("/nodes/{node}/status"),
            parameters: [.node, .fields],
            answers: .object([
                .number("cpu", .fraction), .integer("uptime", .seconds), .strings("loadavg"), .object("memory"),
                .object("swap"), .object("rootfs"), .object("cpuinfo"), .string("pveversion"), .string("kversion"),
            ])),
    ]
}
