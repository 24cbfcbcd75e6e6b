// The list of pools.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_pools", "List Pools", tier: .readOnly, effect: .reads,
            "Pools of the cluster; pve_get_pool has their members.",
            .get("/pools"),
            parameters: [.fields, .limit, .cursor],
            answers: .list("pools", [.string("poolid").always, .string("comment")]))
    ]
}
