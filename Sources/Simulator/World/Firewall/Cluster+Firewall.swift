// Options, aliases, security groups and references of firewalls.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET …/firewall/options
    func firewallOptions(_ scope: FirewallScope) -> APIAnswer {
        let config = firewall[scope] ?? FirewallConfig()
        return .object {
            $0.settings(config.options, numbers: scope.optionNames.subtracting(FirewallScope.words))
            $0.member("digest", config.optionDigest)
        }
    }

    /// PUT …/firewall/options
    mutating func setFirewallOptions(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        var config = firewall[scope] ?? FirewallConfig()
        try call.checkDigest(config.optionDigest)
        for name in call.names("delete") {
            guard scope.optionNames.contains(name) else {
                throw Refusal(parameter: "delete", "no such option '\(name)'")
            }
            config.options[name] = nil
        }
        config.options.merge(call.settings(scope.optionNames)) { $1 }
        // More than 1 turns the firewall on with a time, from which on clients may confirm that they are not locked out.
        if scope == .datacenter, let enable = call.number("enable"), enable > 1 {
            config.options["enable"] = String(seconds)
        }
        firewall[scope] = config
        return .null
    }

    /// GET …/firewall/aliases
    func aliasList(_ scope: FirewallScope) -> APIAnswer {
        let config = firewall[scope] ?? FirewallConfig()
        return .rows(config.aliasList, digest: config.aliasDigest)
    }

    private static func alias(_ call: APICall, in config: FirewallConfig) throws -> Settings {
        guard let alias = config.aliases[call.required("name").lowercased()] else {
            throw Refusal(parameter: "name", "no such alias")
        }
        return alias
    }

    /// GET …/firewall/aliases/{name}
    func aliasDetails(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let alias = try Self.alias(call, in: firewall[scope] ?? FirewallConfig())
        return .object { $0.settings(alias) }
    }

    /// POST …/firewall/aliases
    mutating func createAlias(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let name = call.required("name")
        if firewall[scope]?.aliases[name.lowercased()] != nil {
            throw Refusal(parameter: "name", "alias '\(name)' already exists")
        }
        let alias = call.settings(["name", "cidr", "comment"]).filter { !$0.value.isEmpty }
        firewall[scope, default: FirewallConfig()].aliases[name.lowercased()] = alias
        return .null
    }

    /// PUT …/firewall/aliases/{name}: replaces it, comment and all, and may rename it.
    mutating func updateAlias(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        var config = firewall[scope] ?? FirewallConfig()
        try call.checkDigest(config.aliasDigest)
        _ = try Self.alias(call, in: config)
        let name = call.required("name")
        var alias = call.settings(["name", "cidr", "comment"]).filter { !$0.value.isEmpty }
        let new = call.values["rename"] ?? name
        if new.lowercased() != name.lowercased(), config.aliases[new.lowercased()] != nil {
            throw Refusal(parameter: "name", "alias '\(new)' already exists")
        }
        alias["name"] = new
        config.aliases[name.lowercased()] = nil
        config.aliases[new.lowercased()] = alias
        firewall[scope] = config
        return .null
    }

    /// DELETE …/firewall/aliases/{name}. One that is not there is gone already.
    mutating func deleteAlias(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        try call.checkDigest(firewall[scope]?.aliasDigest ?? FirewallConfig().aliasDigest)
        firewall[scope]?.aliases[call.required("name").lowercased()] = nil
        return .null
    }

    /// GET …/firewall/refs: what addresses of rules may name.
    func firewallReferences(_ call: APICall, _ scope: FirewallScope) -> APIAnswer {
        var rows: [Settings] = []
        for (place, name) in [(FirewallScope.datacenter, "dc"), (scope, "guest")] {
            if name == "guest", scope == .datacenter { continue }
            let config = firewall[place] ?? FirewallConfig()
            let common = ["scope": name]
            if call.values["type"] != "alias" {
                rows += config.setList.map { row in
                    row.merging(common) { $1 }.merging(["type": "ipset", "ref": "+\(row["name"] ?? "")"]) { $1 }
                }
            }
            if call.values["type"] != "ipset" {
                rows += config.aliasList.map { row in
                    row.filter { $0.key != "cidr" }.merging(common) { $1 }
                        .merging(["type": "alias", "ref": row["name"] ?? ""]) { $1 }
                }
            }
        }
        return .rows(rows, digest: nil)
    }

    /// GET /cluster/firewall/groups
    func securityGroupList(_ call: APICall) -> APIAnswer {
        let list = firewall[.datacenter]?.groupList ?? []
        return .rows(list, digest: digest(of: list))
    }

    /// POST /cluster/firewall/groups: a new group, or with `rename` a new name or comment for an old one.
    mutating func createSecurityGroup(_ call: APICall) throws -> APIAnswer {
        var config = firewall[.datacenter] ?? FirewallConfig()
        let name = call.required("group")
        var group = FirewallConfig.Group()
        if let old = call.values["rename"] {
            try call.checkDigest(digest(of: config.groupList))
            guard let known = config.groups[old] else {
                throw Refusal(parameter: "group", "Security group '\(old)' does not exists")
            }
            if old != name, config.groups[name] != nil {
                throw Refusal(parameter: "group", "Security group '\(name)' does already exist")
            }
            config.groups[old] = nil
            group = known
        } else if config.groups[name] != nil {
            throw Refusal(parameter: "group", "Security group '\(name)' already exists")
        }
        if let comment = call.values["comment"] { group.comment = comment }
        config.groups[name] = group
        firewall[.datacenter] = config
        return .null
    }

    /// DELETE /cluster/firewall/groups/{group}
    mutating func deleteSecurityGroup(_ call: APICall) throws -> APIAnswer {
        let name = call.required("group")
        guard let group = firewall[.datacenter]?.groups[name] else {
            throw Refusal("no such security group '\(name)'")
        }
        if !group.rules.isEmpty { throw Refusal("Security group '\(name)' is not empty") }
        firewall[.datacenter]?.groups[name] = nil
        return .null
    }

    /// GET /cluster/firewall/macros
    func firewallMacros(_ call: APICall) -> APIAnswer {
        .rows(FirewallMacro.all.map { ["macro": $0.name, "descr": $0.description] }, digest: nil)
    }
}

extension APIAnswer {
    /// A list of settings; each row carries the digest of the whole list when there is one.
    static func rows(_ rows: [Settings], digest: String?, numbers: Set<String> = []) -> APIAnswer {
        .array { array in
            for settings in rows {
                array.object {
                    $0.settings(settings, numbers: numbers)
                    if let digest { $0.member("digest", digest) }
                }
            }
        }
    }
}
