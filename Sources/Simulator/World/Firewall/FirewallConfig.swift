// The firewall of the datacenter, of a node or of a guest.
// SPDX-License-Identifier: MIT

/// What a firewall is for.
enum FirewallScope: Hashable {
    case datacenter
    case node(String)
    case guest(Int)
}

/// A firewall configuration file.
struct FirewallConfig {
    /// A set of addresses.
    struct AddressSet {
        var comment: String?
        var entries: [Settings] = []
    }

    /// A security group; only the datacenter has them.
    struct Group {
        var comment: String?
        var rules: [Settings] = []
    }

    var options: Settings = [:]
    var rules: [Settings] = []
    /// By name in lower case.
    var aliases: [String: Settings] = [:]
    var sets: [String: AddressSet] = [:]
    var groups: [String: Group] = [:]

    var optionDigest: String { digest(of: options.isEmpty ? [] : [options]) }
    var aliasList: [Settings] { aliases.sorted { $0.key < $1.key }.map(\.value) }
    var aliasDigest: String { digest(of: aliasList) }
    var setList: [Settings] { Self.list(sets.mapValues(\.comment), "name") }
    var groupList: [Settings] { Self.list(groups.mapValues(\.comment), "group") }

    private static func list(_ comments: [String: String?], _ key: String) -> [Settings] {
        comments.sorted { $0.key < $1.key }.map { name, comment in
            var row = [key: name]
            if let comment, !comment.isEmpty { row["comment"] = comment }
            return row
        }
    }
}

extension FirewallScope {
    /// The options there are; all others are refused.
    var optionNames: Set<String> {
        switch self {
        case .datacenter: ["ebtables", "enable", "log_ratelimit", "policy_forward", "policy_in", "policy_out"]
        case .node:
            [
                "enable", "log_level_forward", "log_level_in", "log_level_out", "log_nf_conntrack", "ndp",
                "nf_conntrack_allow_invalid", "nf_conntrack_helpers", "nf_conntrack_max",
                "nf_conntrack_tcp_timeout_established", "nf_conntrack_tcp_timeout_syn_recv", "nftables", "nosmurfs",
                "protection_synflood", "protection_synflood_burst", "protection_synflood_rate", "smurf_log_level",
                "tcp_flags_log_level", "tcpflags",
            ]
        case .guest:
            [
                "dhcp", "enable", "ipfilter", "log_level_in", "log_level_out", "macfilter", "ndp", "policy_in",
                "policy_out", "radv",
            ]
        }
    }

    /// Options whose values are words; all others are numbers.
    static let words: Set<String> = [
        "log_ratelimit", "policy_forward", "policy_in", "policy_out", "log_level_forward", "log_level_in",
        "log_level_out", "nf_conntrack_helpers", "smurf_log_level", "tcp_flags_log_level",
    ]
}
