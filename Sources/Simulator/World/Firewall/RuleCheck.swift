// Whether a firewall rule makes sense where it stands.
// SPDX-License-Identifier: MIT

/// Where a rule is, and what it may refer to.
struct RuleCheck {
    let scope: FirewallScope
    let isInGroup: Bool
    let datacenter: FirewallConfig
    let own: FirewallConfig

    private static let actions: Set<String> = ["ACCEPT", "DROP", "REJECT"]
    private static let protocolsWithPorts: Set<String> = [
        "tcp", "6", "udp", "17", "sctp", "132", "dccp", "33", "udplite", "136",
    ]

    /// Refuses what is wrong, and answers the rule with the macro's name as it is written.
    func checked(_ rule: Settings) throws -> Settings {
        var rule = rule
        let (type, action) = (rule["type"] ?? "", rule["action"] ?? "")
        if type == "group" {
            if isInGroup { throw Refusal(parameter: "type", "security groups not allowed") }
        } else if !Self.actions.contains(action) {
            throw Refusal(parameter: "action", "unknown action '\(action)'")
        }
        if case .guest = scope, let interface = rule["iface"],
            !(interface.hasPrefix("net") && Int(interface.dropFirst(3)) != nil)
        {
            throw Refusal(parameter: "iface", "value does not match the regex pattern 'net\\d+'")
        }
        if let macro = rule["macro"] {
            guard let name = FirewallMacro.name(macro) else {
                throw Refusal(parameter: "macro", "unknown macro '\(macro)'")
            }
            rule["macro"] = name
        }
        for name in ["dport", "sport"] where rule[name] != nil {
            guard let proto = rule["proto"] else {
                throw Refusal(parameter: "proto", "missing property - '\(name)' requires this property")
            }
            guard Self.protocolsWithPorts.contains(proto) || name == "dport" && proto.hasPrefix("icmp") else {
                throw Refusal(parameter: name, "protocol '\(proto)' does not support ports")
            }
        }
        for name in ["source", "dest"] { try checkAddresses(rule[name], name) }
        return rule
    }

    private func checkAddresses(_ text: String?, _ parameter: String) throws {
        for item in text?.split(separator: ",").map(String.init) ?? [] {
            if item.hasPrefix("+") {
                let name = String(item.dropFirst())
                guard hasSet(name) else { throw Refusal(parameter: parameter, "no such ipset '\(name)'") }
            } else if let first = item.utf8.first, (0x61...0x7A).contains(first | 0x20), !item.contains(":") {
                guard hasAlias(item) else { throw Refusal(parameter: parameter, "no such alias '\(item)'") }
            }
        }
    }

    private func hasSet(_ name: String) -> Bool {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        switch parts.count > 1 ? parts[0] : "" {
        case "dc": return datacenter.sets[parts[1]] != nil
        case "guest": return own.sets[parts[1]] != nil
        case "sdn": return true
        default: return own.sets[name] != nil || datacenter.sets[name] != nil
        }
    }

    func hasAlias(_ name: String) -> Bool {
        let parts = name.lowercased().split(separator: "/", maxSplits: 1).map(String.init)
        switch parts.count > 1 ? parts[0] : "" {
        case "dc": return datacenter.aliases[parts[1]] != nil
        case "guest": return own.aliases[parts[1]] != nil
        default: return own.aliases[name.lowercased()] != nil || datacenter.aliases[name.lowercased()] != nil
        }
    }
}
