// Tools that look at storages.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_storage", "List Storage", tier: .readOnly, effect: .reads,
            "Definitions of storages, the same for all nodes. pve_list_node_storage says how full they are.",
            .get("/storage"),
            parameters: [.string("type", "Only this type, e.g. dir, nfs or lvmthin."), .fields, .limit, .cursor],
            answers: .list(
                "storages",
                [
                    .string("storage").always, .string("type").always, .string("content"), .string("path"),
                    .string("server"), .string("export"), .string("pool"), .string("vgname"), .string("nodes"),
                    .bool("shared"), .bool("disable"),
                ])),
        Tool(
            "pve_get_storage_config", "Get Storage Configuration", tier: .readOnly, effect: .reads,
            "Definition of a storage; `digest` guards a later update.",
            .get("/storage/{storage}"),
            parameters: [.storage],
            answers: .object([
                .string("storage").always, .string("type"), .string("content"), .string("path"), .string("nodes"),
                .bool("shared"), .bool("disable"), .string("digest"),
            ])),
        Tool(
            "pve_list_node_storage", "List Node Storage", tier: .readOnly, effect: .reads,
            "Storages that a node can use, with their state and space.",
            .get("/nodes/{node}/storage"),
            parameters: [
                .node, .string("content", "Only those for e.g. images, rootdir, iso, backup."),
                .bool("enabled", "Only enabled ones."), .string("storage", "Only this one."),
                .string("target", "Only what this node can use too."),
                .bool("format", "Name disk formats too."), .fields, .limit, .cursor,
            ],
            answers: .list(
                "storages",
                [
                    .string("storage").always, .string("type").always, .string("content"), .integer("total", .bytes),
                    .integer("used", .bytes), .integer("avail", .bytes), .number("used_fraction", .fraction),
                    .bool("active"), .bool("enabled"), .bool("shared"), .object("formats"),
                ])),
        Tool(
            "pve_get_storage_status", "Get Storage Status", tier: .readOnly, effect: .reads,
            "State and space of a storage as a node sees it.",
            .get("/nodes/{node}/storage/{storage}/status"),
            parameters: [.node, .storage],
            answers: .object([
                .string("type"), .string("content"), .integer("total", .bytes), .integer("used", .bytes),
                .integer("avail", .bytes), .bool("active"), .bool("enabled"), .bool("shared"),
            ])),
        Tool(
            "pve_list_storage_content", "List Storage Content", tier: .readOnly, effect: .reads,
            "Volumes of a storage: disks, ISO images, container templates, backups.",
            .get("/nodes/{node}/storage/{storage}/content"),
            parameters: [
                .node, .storage,
                .string("content", "Only e.g. images, rootdir, iso, vztmpl, backup."),
                .integer("vmid", "Only this guest's.", in: 100...999_999_999), .fields, .limit, .cursor,
            ],
            answers: .list(
                "volumes",
                [
                    .string("volid").always, .string("content"), .string("format"), .integer("size", .bytes),
                    .integer("used", .bytes), .integer("vmid"), .integer("ctime", .epoch), .string("notes"),
                    .bool("protected"), .object("verification"), .string("parent").onRequest,
                    .string("encrypted").onRequest,
                ])),
    ]
}

extension Parameter {
    /// `storage`, which callers must give.
    static var storage: Parameter { .string("storage", "Storage, e.g. local.").required }
}
