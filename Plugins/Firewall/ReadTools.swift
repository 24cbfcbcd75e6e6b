// Tools that look at the cluster's firewall.
// SPDX-License-Identifier: MIT

import PluginKit

var readTools: [Tool] {
    [
        Tool(
            "pve_get_firewall_options", "Get Firewall Options", tier: .readOnly, effect: .reads,
            "Options of the cluster's firewall; without enable it is off. `digest` guards a later update.",
            .get("/cluster/firewall/options"),
            answers: .object([
                .bool("enable"), .string("policy_in"), .string("policy_out"), .string("policy_forward"),
                .bool("ebtables"), .string("log_ratelimit"), .string("digest"),
            ])),
        Tool(
            "pve_list_firewall_rules", "List Firewall Rules", tier: .readOnly, effect: .reads,
            "Rules of the cluster's firewall in their order: the first that fits decides.",
            .get("/cluster/firewall/rules"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "rules",
                [
                    .integer("pos").always, .string("type"), .string("action"), .bool("enable"), .string("macro"),
                    .string("iface"), .string("source"), .string("dest"), .string("proto"), .string("sport"),
                    .string("dport"), .string("icmp-type"), .string("log"), .string("comment"),
                    .string("digest").onRequest, .integer("ipversion").onRequest,
                ])),
        Tool(
            "pve_list_firewall_aliases", "List Firewall Aliases", tier: .readOnly, effect: .reads,
            "Names for addresses that rules can use.",
            .get("/cluster/firewall/aliases"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "aliases",
                [.string("name").always, .string("cidr").always, .string("comment"), .string("digest").onRequest])),
        Tool(
            "pve_list_firewall_ipsets", "List Firewall IP Sets", tier: .readOnly, effect: .reads,
            "Sets of addresses that rules can use.",
            .get("/cluster/firewall/ipset"),
            parameters: [.fields, .limit, .cursor],
            answers: .list(
                "ipsets", [.string("name").always, .string("comment"), .string("digest").onRequest])),
    ]
}
