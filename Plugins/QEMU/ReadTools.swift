// Tools that look at one VM.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_get_qemu_status", "Get QEMU VM Status", tier: .readOnly, effect: .reads,
            "Live state of a VM: running or stopped, CPU, memory, traffic, lock, HA.",
            .get("/nodes/{node}/qemu/{vmid}/status/current"),
            parameters: [.guestNode, .vmid, .fields],
            answers: .object([
                .string("status").always, .string("qmpstatus"), .string("name"), .number("cpu", .fraction),
                .number("cpus"), .integer("mem", .bytes), .integer("maxmem", .bytes), .integer("uptime", .seconds),
                .string("lock"),
            ])),
        Tool(
            "pve_get_qemu_config", "Get QEMU VM Configuration", tier: .readOnly, effect: .reads,
            "Configuration of a VM, pending changes included; `digest` guards a later update.",
            .get("/nodes/{node}/qemu/{vmid}/config"),
            parameters: [
                .guestNode, .vmid, .current, .snapshot, .fields,
            ],
            answers: .object([
                .string("digest").always, .string("name"), .integer("cores"), .integer("sockets"), .string("memory"),
                .string("boot"), .bool("onboot"), .bool("template"),
            ])),
        Tool(
            "pve_get_qemu_rrddata", "Get QEMU VM RRD Data", tier: .readOnly, effect: .reads,
            "History of a VM's load; the cursor leads back in time. Rates: bytes per second; `empty`: points without data.",
            .get("/nodes/{node}/qemu/{vmid}/rrddata"),
            parameters: [
                .guestNode, .vmid, .timeframe, .consolidation, .fields, .limit, .cursor,
            ],
            answers: .series(
                "points",
                [
                    .integer("time", .epoch).always, .number("cpu", .fraction), .number("mem", .bytes),
                    .number("netin"), .number("netout"), .number("diskread"), .number("diskwrite"),
                ])),
        Tool(
            "pve_list_qemu_snapshots", "List QEMU VM Snapshots", tier: .readOnly, effect: .reads,
            "Snapshots of a VM. `current` is no snapshot but the present state; its `parent` is the latest one.",
            .get("/nodes/{node}/qemu/{vmid}/snapshot"),
            parameters: [.guestNode, .vmid, .fields, .limit, .cursor],
            answers: .list(
                "snapshots",
                [
                    .string("name").always, .string("description"), .string("parent"), .integer("snaptime", .epoch),
                    .bool("vmstate"), .bool("running"),
                ])),
    ]
}
