// Tools that change the cluster's firewall.
// SPDX-License-Identifier: MIT

import PluginKit

var changeTools: [Tool] {
    [
        Tool(
            "pve_update_firewall_options", "Update Firewall Options", tier: .full, effect: .overwrites,
            """
            Change options of the cluster's firewall. Enabling it blocks what no rule admits: first add rules for SSH \
            (22) and the API (8006).
            """,
            .put("/cluster/firewall/options"),
            parameters: [
                .bool("enable", "Turn the firewall on or off, on all nodes."),
                .string("policy_in", "For incoming traffic.", choices: policies),
                .string("policy_out", "For outgoing traffic.", choices: policies),
                .string("policy_forward", "For forwarded traffic.", choices: ["ACCEPT", "DROP"]),
                .bool("ebtables", "Filter below IP too."),
                .string("log_ratelimit", "e.g. enable=1,burst=5,rate=1/second"),
                .string("delete", "Options to reset, e.g. policy_in."), .digest,
            ],
            answers: .nothing),
        Tool(
            "pve_create_firewall_rule", "Create Firewall Rule", tier: .full, effect: .changes,
            "Add a rule to the cluster's firewall. It is off unless enable is set.",
            .post("/cluster/firewall/rules"),
            parameters: [action.required, direction.required] + conditions + [
                .integer("pos", "Its place; 0: first.", in: 0...), .digest,
            ],
            answers: .nothing.noting(notice)),
        Tool(
            "pve_update_firewall_rule", "Update Firewall Rule", tier: .full, effect: .overwrites,
            "Change a rule of the cluster's firewall, or move it; what is not named stays.",
            .put("/cluster/firewall/rules/{pos}"),
            parameters: [position, action, direction] + conditions + [
                .integer("moveto", "Only move it, to this place.", in: 0...),
                .string("delete", "Settings to remove, e.g. dport,comment."), .digest,
            ],
            answers: .nothing.noting(notice)),
        Tool(
            "pve_delete_firewall_rule", "Delete Firewall Rule", tier: .full, effect: .destroys,
            "Delete a rule of the cluster's firewall; those after it move up.",
            .delete("/cluster/firewall/rules/{pos}"),
            parameters: [position, .digest],
            answers: .nothing.noting(notice)),
    ]
}

private let policies: [StaticString] = ["ACCEPT", "REJECT", "DROP"]

private var position: Parameter { .integer("pos", "Place of the rule in the list.", in: 0...).required }

private var action: Parameter {
    .string("action", "ACCEPT, DROP, REJECT, or a security group's name.")
}

private var direction: Parameter {
    .string(
        "type", "Direction; group: action names a security group.", choices: ["in", "out", "forward", "group"])
}

/// What a rule applies to.
private var conditions: [Parameter] {
    [
        .bool("enable", "The rule counts."),
        .string("macro", "Service in place of proto and ports, e.g. SSH, HTTPS."),
        .string("source", "e.g. 10.0.0.0/8, an alias, +ipset."),
        .string("dest", "As source."), .string("proto", "e.g. tcp, udp, icmp"),
        .string("dport", "e.g. 22 or 80,443 or 6000:6010; needs proto."), .string("sport", "As dport."),
        .string("iface", "Only this interface, e.g. vmbr0."),
        .string("icmp-type", "With proto icmp, e.g. echo-request."),
        .string("log", "Log level, e.g. info; nolog."),
        .string("comment", "Note."),
    ]
}

/// What every change of a rule answers beside its success.
private let notice: StaticString = """
    Positions may have changed: see pve_list_firewall_rules. Rules act only while they and the firewall are enabled \
    (pve_get_firewall_options).
    """
