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
                    .integer("maxdisk", .bytes), .integer("uptime", .seconds),
                ])),
        Tool(
            "pve_get_node_status", "Get Node Status", tier: .readOnly, effect: .reads,
            "State of a node: load, memory, root file system, CPU model, kernel and Proxmox version.",
            .get("/nodes/{node}/status"),
            parameters: [.node, .fields],
            answers: .object([
                .number("cpu", .fraction), .integer("uptime", .seconds), .strings("loadavg"), .object("memory"),
                .object("rootfs"), .object("cpuinfo"), .object("current-kernel"), .string("pveversion"),
            ])),
        Tool(
            "pve_get_node_version", "Get Node Version", tier: .readOnly, effect: .reads,
            "Proxmox VE version that a node runs; nodes of a cluster may differ during an upgrade.",
            .get("/nodes/{node}/version"),
            parameters: [.node],
            answers: .object([.string("version"), .string("release"), .string("repoid")])),
        Tool(
            "pve_get_node_dns", "Get Node DNS", tier: .readOnly, effect: .reads,
            "DNS servers and search domain of a node.",
            .get("/nodes/{node}/dns"),
            parameters: [.node],
            answers: .object([.string("search"), .string("dns1"), .string("dns2"), .string("dns3")])),
        Tool(
            "pve_get_node_time", "Get Node Time", tier: .readOnly, effect: .reads,
            "Clock and time zone of a node. `localtime` is `time` shifted by the zone's offset.",
            .get("/nodes/{node}/time"),
            parameters: [.node],
            answers: .object([.integer("time", .epoch), .integer("localtime", .seconds), .string("timezone")])),
        Tool(
            "pve_get_node_syslog", "Get Node Syslog", tier: .readOnly, effect: .reads,
            "Last lines of a node's system log, narrowed by service and time. start counts from the oldest line.",
            .get("/nodes/{node}/syslog"),
            parameters: [
                .node,
                .integer("start", "Skip this many and go on from there, instead of the end.", in: 0...),
                .integer("limit", "Lines to return.", in: 1..., default: 50),
                .string("service", "Only this systemd unit, e.g. pveproxy."),
                .string("since", "From then on: YYYY-MM-DD[ HH:MM[:SS]].", pattern: timePattern),
                .string("until", "Up to then, same format.", pattern: timePattern),
            ],
            answers: .log("lines")),
        Tool(
            "pve_list_node_services", "List Node Services", tier: .readOnly, effect: .reads,
            "Services of a node that Proxmox knows, and whether they run.",
            .get("/nodes/{node}/services"),
            parameters: [.node, .fields, .limit, .cursor],
            answers: .list(
                "services",
                [
                    .string("service").always, .string("state").always, .string("active-state"),
                    .string("unit-state"), .string("desc"),
                ])),
    ]
}

private let timePattern: StaticString = #"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$"#
