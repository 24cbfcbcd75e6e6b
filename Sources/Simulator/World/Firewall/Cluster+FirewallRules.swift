// Rules of firewalls and of security groups. Their position is all the name they have.
// SPDX-License-Identifier: MIT

import JSON

/// A list of rules.
enum RuleList {
    case scope(FirewallScope)
    case group(String)
}

extension Cluster {
    private static let ruleOptions = [
        "type", "action", "macro", "iface", "source", "dest", "proto", "dport", "sport", "log", "icmp-type", "comment",
        "enable",
    ]

    private func rules(_ list: RuleList) throws -> [Settings] {
        switch list {
        case .scope(let scope): return firewall[scope]?.rules ?? []
        case .group(let name):
            guard let group = firewall[.datacenter]?.groups[name] else {
                throw Refusal("no such security group '\(name)'")
            }
            return group.rules
        }
    }

    private mutating func save(_ rules: [Settings], as list: RuleList) {
        switch list {
        case .scope(let scope): firewall[scope, default: FirewallConfig()].rules = rules
        case .group(let name): firewall[.datacenter]?.groups[name]?.rules = rules
        }
    }

    private func check(for list: RuleList) -> RuleCheck {
        let datacenter = firewall[.datacenter] ?? FirewallConfig()
        guard case .scope(let scope) = list else {
            return RuleCheck(scope: .datacenter, isInGroup: true, datacenter: datacenter, own: datacenter)
        }
        return RuleCheck(
            scope: scope, isInGroup: false, datacenter: datacenter, own: firewall[scope] ?? FirewallConfig())
    }

    private static func write(_ rule: Settings, digest: String, to row: inout JSONWriter) {
        row.settings(rule, numbers: ["enable"])
        if let address = (rule["source"] ?? rule["dest"])?.split(separator: ",").first {
            if address.contains(":") {
                row.member("ipversion", 6)
            } else if address.utf8.first.map({ (0x30...0x39).contains($0) }) == true {
                row.member("ipversion", 4)
            }
        }
        row.member("digest", digest)
    }

    /// GET …/firewall/rules and GET /cluster/firewall/groups/{group}
    func ruleList(_ list: RuleList) throws -> APIAnswer {
        let rules = try rules(list)
        let digest = digest(of: rules)
        return .array { array in
            for (position, rule) in rules.enumerated() {
                array.object {
                    $0.member("pos", position)
                    Self.write(rule, digest: digest, to: &$0)
                }
            }
        }
    }

    private static func position(_ call: APICall, in rules: [Settings]) throws -> Int {
        let position = call.number("pos") ?? 0
        guard position < rules.count else { throw Refusal("no rule at position \(position)") }
        return position
    }

    /// GET …/{pos}
    func ruleDetails(_ call: APICall, _ list: RuleList) throws -> APIAnswer {
        let rules = try rules(list)
        let position = try Self.position(call, in: rules)
        return .object {
            // Here the position is the text from the path.
            $0.member("pos", String(position))
            Self.write(rules[position], digest: digest(of: rules), to: &$0)
        }
    }

    /// The options sent; an empty one, or a dash, takes the option out.
    private static func merged(_ call: APICall, into rule: Settings) -> Settings {
        var rule = rule
        for (name, value) in call.settings(ruleOptions) { rule[name] = value.isEmpty || value == "-" ? nil : value }
        return rule
    }

    /// POST …/rules: a new rule is always the first.
    mutating func createRule(_ call: APICall, _ list: RuleList) throws -> APIAnswer {
        let rules = try rules(list)
        var rule = try check(for: list).checked(Self.merged(call, into: [:]))
        if rule["enable"] == nil { rule["enable"] = "0" }
        save([rule] + rules, as: list)
        return .null
    }

    /// PUT …/{pos}: moves it, or changes it.
    mutating func updateRule(_ call: APICall, _ list: RuleList) throws -> APIAnswer {
        var rules = try rules(list)
        try call.checkDigest(digest(of: rules))
        let position = try Self.position(call, in: rules)
        if let target = call.number("moveto"), target != position {
            let rule = rules[position]
            var moved: [Settings] = []
            for (index, other) in rules.enumerated() where index != position {
                if index == target { moved.append(rule) }
                moved.append(other)
            }
            if target >= rules.count { moved.append(rule) }
            save(moved, as: list)
            return .null
        }
        var rule = Self.merged(call, into: rules[position])
        for name in call.names("delete") {
            guard Self.ruleOptions.contains(name) else {
                throw Refusal(parameter: "delete", "no such property ('\(name)')")
            }
            if name == "type" || name == "action" {
                throw Refusal(parameter: "delete", "unable to delete required property '\(name)'")
            }
            rule[name] = nil
        }
        rules[position] = try check(for: list).checked(rule)
        save(rules, as: list)
        return .null
    }

    /// DELETE …/{pos}: the rules behind it move up.
    mutating func deleteRule(_ call: APICall, _ list: RuleList) throws -> APIAnswer {
        var rules = try rules(list)
        try call.checkDigest(digest(of: rules))
        rules.remove(at: try Self.position(call, in: rules))
        save(rules, as: list)
        return .null
    }
}
