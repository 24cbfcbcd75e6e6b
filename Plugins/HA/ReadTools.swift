// Tools that look at resources and rules of high availability.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_list_ha_resources", "List HA Resources", tier: .readOnly, effect: .reads,
            "Guests under high availability as configured; pve_get_cluster_ha_status has their state.",
            .get("/cluster/ha/resources"),
            parameters: [
                .string("type", "Only VMs or only containers.", choices: ["ct", "vm"]), .fields, .limit, .cursor,
            ],
            answers: .list(
                "resources",
                [
                    .string("sid").always, .string("type"), .string("state"), .string("group"),
                    .integer("max_relocate"), .integer("max_restart"), .bool("failback"), .string("comment"),
                    .string("digest").onRequest,
                ])),
        Tool(
            "pve_get_ha_resource", "Get HA Resource", tier: .readOnly, effect: .reads,
            "Configuration of a guest under high availability; `digest` guards a later update.",
            .get("/cluster/ha/resources/{sid}"),
            parameters: [.sid],
            answers: .object([
                .string("sid").always, .string("type").always, .string("digest"), .string("state"),
                .string("group"), .integer("max_relocate"), .integer("max_restart"), .bool("failback"),
                .string("comment"),
            ])),
        Tool(
            "pve_list_ha_rules", "List HA Rules", tier: .readOnly, effect: .reads,
            "Rules on where guests under high availability run.",
            .get("/cluster/ha/rules"),
            parameters: [
                ruleType, .string("resource", "Only rules that name this guest, e.g. vm:100."), .fields, .limit,
                .cursor,
            ],
            answers: .list(
                "rules",
                [
                    .string("rule").always, .string("type"), .string("resources"), .string("nodes"),
                    .string("affinity"), .bool("strict"), .bool("disable"), .string("comment"),
                    .string("digest").onRequest, .integer("order").onRequest,
                ])),
        Tool(
            "pve_get_ha_rule", "Get HA Rule", tier: .readOnly, effect: .reads,
            "One rule of high availability; `digest` guards a later update.",
            .get("/cluster/ha/rules/{rule}"),
            parameters: [.rule],
            answers: .object([
                .string("rule").always, .string("type").always, .string("digest"), .string("resources"),
                .string("nodes"), .string("affinity"), .bool("strict"), .bool("disable"), .string("comment"),
            ])),
    ]
}
