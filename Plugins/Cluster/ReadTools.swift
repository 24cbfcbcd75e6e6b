// Tools that look at the cluster as a whole.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_get_cluster_status", "Get Cluster Status", tier: .readOnly, effect: .reads,
            "Membership and quorum: one entry for the cluster, absent on a single node, and one per node.",
            .get("/cluster/status"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "entries",
                [
                    .string("id").always, .string("type").always, .string("name"), .bool("quorate"),
                    .integer("nodes"), .bool("online"), .bool("local"), .string("ip"), .integer("nodeid"),
                    .integer("version").onRequest, .string("level").onRequest,
                ])),
        Tool(
            "pve_list_cluster_resources", "List Cluster Resources", tier: .readOnly, effect: .reads,
            "Guests, storages, nodes, pools and networks of the cluster with state and load.",
            .get("/cluster/resources"),
            parameters: [
                .string(
                    "type", "Only these; vm: VMs and containers. Pools come without it only.",
                    choices: ["vm", "storage", "node", "sdn"]), .fields, .limit, .cursor,
            ],
            answers: .list(
                "resources",
                [
                    .string("id").always, .string("type").always, .string("node"), .string("name"),
                    .string("status"), .string("pool"), .number("cpu", .fraction), .integer("mem", .bytes),
                    .integer("maxmem", .bytes), .integer("disk", .bytes), .integer("maxdisk", .bytes),
                    .integer("uptime", .seconds), .string("tags"), .string("hastate"),
                    .bool("template").onRequest, .integer("vmid").onRequest, .number("maxcpu").onRequest,
                    .string("lock").onRequest, .string("content").onRequest, .bool("shared").onRequest,
                ])),
        Tool(
            "pve_get_cluster_log", "Get Cluster Log", tier: .readOnly, effect: .reads,
            "Recent entries of the cluster's log, newest first: logins, tasks, changes. pri 3 is an error, 6 information.",
            .get("/cluster/log"),
            parameters: [
                .integer("max", "Most entries to read, counted from the newest.", in: 1...), .fields, .limit, .cursor,
            ],
            answers: .list(
                "entries",
                [
                    .integer("time", .epoch), .string("node"), .string("user"), .string("tag"), .integer("pri"),
                    .string("msg"), .integer("pid").onRequest, .string("id").onRequest, .string("uid").onRequest,
                ])),
        Tool(
            "pve_get_cluster_options", "Get Cluster Options", tier: .readOnly, effect: .reads,
            "Options of the datacenter: console, migration, HA, tags, bandwidth limits. What is not set is not listed.",
            .get("/cluster/options"),
            answers: .object([
                .string("keyboard"), .string("language"), .string("console"), .string("http_proxy"),
                .string("email_from"), .string("mac_prefix"), .integer("max_workers"), .string("description"),
            ])),
        Tool(
            "pve_list_cluster_backup_info", "List Cluster Backup Info", tier: .readOnly, effect: .reads,
            "Guests that no backup job covers.",
            .get("/cluster/backup-info/not-backed-up"),
            parameters: [.fields, .limit, .cursor],
            answers: .list("guests", [.integer("vmid").always, .string("type").always, .string("name")])),
        Tool(
            "pve_get_cluster_ha_status", "Get Cluster HA Status", tier: .readOnly, effect: .reads,
            "State of high availability: quorum, manager, a node's local managers, and each guest's state.",
            .get("/cluster/ha/status/current"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "entries",
                [
                    .string("id").always, .string("type").always, .string("node"), .string("status"),
                    .string("state"), .string("request_state"), .string("armed-state"), .bool("quorate"),
                    .integer("timestamp", .epoch), .string("sid").onRequest, .string("crm_state").onRequest,
                    .string("resource_mode").onRequest, .integer("max_restart").onRequest,
                    .integer("max_relocate").onRequest, .bool("failback").onRequest,
                ])),
        Tool(
            "pve_list_cluster_replication", "List Cluster Replication", tier: .readOnly, effect: .reads,
            "Jobs that copy guests' disks to another node. rate: MB/s; remove_job: being removed.",
            .get("/cluster/replication"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "jobs",
                [
                    .string("id").always, .integer("guest"), .string("source"), .string("target"),
                    .string("schedule"), .bool("disable"), .number("rate"), .string("comment"),
                    .string("remove_job"), .string("type").onRequest, .integer("jobnum").onRequest,
                ])),
    ]
}
