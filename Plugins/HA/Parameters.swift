// Parameters that tools for high availability share.
// SPDX-License-Identifier: MIT

import PluginKit

extension Parameter {
    static var sid: Parameter { .string("sid", "Guest, e.g. vm:100, ct:101.").required }

    static var rule: Parameter { .string("rule", "Name of the rule.").required }

    static var comment: Parameter { .string("comment", "Note.") }
}

var ruleType: Parameter {
    .string(
        "type", "Where on nodes, or together or apart.", choices: ["node-affinity", "resource-affinity"])
}

/// What a rule says, beside its type and its guests.
let ruleSettings: [Parameter] = [
    .string("nodes", "Of node-affinity, with priorities, e.g. pve1:2,pve2:1"),
    .bool("strict", "Of node-affinity: on no other node."),
    .string(
        "affinity", "Of resource-affinity; positive: together; negative: apart.",
        choices: ["positive", "negative"]),
    .bool("disable", "Keep the rule, but do not apply it."), .comment,
]

/// How a guest is kept running.
let resourceSettings: [Parameter] = [
    .string(
        "state", "disabled: stopped, not recovered; ignored: left alone.",
        choices: ["started", "stopped", "enabled", "disabled", "ignored"], default: "started"),
    .integer("max_restart", "Restarts on a node after a failed start.", in: 0..., default: 1),
    .integer("max_relocate", "Then moves to other nodes.", in: 0..., default: 1),
    .bool("failback", "Move back to a preferred node when it returns (Proxmox VE 9).", default: true),
    .string("group", "HA group (Proxmox VE 8; in 9 use node-affinity rules)."), .comment,
]

/// What every change of a resource answers beside its success.
let acting: StaticString =
    "The HA manager acts on it within seconds, not at once: pve_get_cluster_ha_status shows the state."
