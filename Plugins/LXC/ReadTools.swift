// Tools that look at one container.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_get_lxc_status", "Get LXC Container Status", tier: .readOnly, effect: .reads,
            "Live state of a container: running or stopped, CPU, memory, root disk, traffic, lock, HA.",
            .get("/nodes/{node}/lxc/{vmid}/status/current"),
            parameters: [.guestNode, .vmid, .fields],
            answers: .object([
                .string("status").always, .string("name"), .number("cpu", .fraction), .number("cpus"),
                .integer("mem", .bytes), .integer("maxmem", .bytes), .integer("disk", .bytes),
                .integer("maxdisk", .bytes), .integer("uptime", .seconds), .string("lock"),
            ])),
        Tool(
            "pve_get_lxc_config", "Get LXC Container Configuration", tier: .readOnly, effect: .reads,
            "Configuration of a container, pending changes included; `digest` guards a later update.",
            .get("/nodes/{node}/lxc/{vmid}/config"),
            parameters: [.guestNode, .vmid, .current, .snapshot, .fields],
            answers: .object([
                .string("digest").always, .string("hostname"), .integer("cores"), .integer("memory", .mebibytes),
                .integer("swap", .mebibytes), .string("rootfs"), .bool("onboot"), .bool("unprivileged"),
                .bool("template"),
            ])),
        Tool(
            "pve_get_lxc_rrddata", "Get LXC Container RRD Data", tier: .readOnly, effect: .reads,
            """
            History of a container's load; the cursor leads back in time. Rates: bytes per second; `empty`: points \
            without data.
            """,
            .get("/nodes/{node}/lxc/{vmid}/rrddata"),
            parameters: [.guestNode, .vmid, .timeframe, .consolidation, .fields, .limit, .cursor],
            answers: .series(
                "points",
                [
                    .integer("time", .epoch).always, .number("cpu", .fraction), .number("mem", .bytes),
                    .number("disk", .bytes), .number("netin"), .number("netout"), .number("diskread"),
                    .number("diskwrite"),
                ])),
        Tool(
            "pve_list_lxc_snapshots", "List LXC Container Snapshots", tier: .readOnly, effect: .reads,
            """
            Snapshots of a container. `current` is no snapshot but the present state; its `parent` is the latest one.
            """,
            .get("/nodes/{node}/lxc/{vmid}/snapshot"),
            parameters: [.guestNode, .vmid, .fields, .limit, .cursor],
            answers: .list(
                "snapshots",
                [
                    .string("name").always, .string("description"), .string("parent"), .integer("snaptime", .epoch),
                ])),
    ]
}
