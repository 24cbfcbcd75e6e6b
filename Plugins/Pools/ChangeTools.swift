// Tools that change pools.
// SPDX-License-Identifier: MIT

import PluginKit

var changeTools: [Tool] {
    [
        Tool(
            "pve_create_pool", "Create Pool", tier: .full, effect: .changes,
            "Create a pool; parent/child makes it a part of another one.",
            .post("/pools"),
            parameters: [.poolid, .string("comment", "What it is for.")],
            answers: .nothing),
        Tool(
            "pve_update_pool", "Update Pool", tier: .full, effect: .overwrites,
            "Put guests and storages into a pool or take them out, or change its comment.",
            .put("/pools"),
            parameters: [
                .poolid, .string("comment", "What it is for."), .string("vms", "Guest IDs, e.g. 100,101"),
                .string("storage", "Storages, e.g. local,nas"),
                .bool("delete", "Take vms and storage out instead."),
                .bool("allow-move", "Take guests that are in another pool from there."),
            ],
            answers: .nothing),
        Tool(
            "pve_delete_pool", "Delete Pool", tier: .full, effect: .destroys,
            "Delete an empty pool.",
            .delete("/pools"),
            parameters: [.poolid],
            answers: .nothing),
    ]
}

extension Parameter {
    static var poolid: Parameter { .string("poolid", "Pool, e.g. dev or dev/web.").required }
}
