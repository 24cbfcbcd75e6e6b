// Sets of addresses of firewalls.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET …/firewall/ipset
    func addressSetList(_ scope: FirewallScope) -> APIAnswer {
        let list = firewall[scope]?.setList ?? []
        return .rows(list, digest: digest(of: list))
    }

    /// POST …/firewall/ipset: a new set, or with `rename` a new name or comment for an old one.
    mutating func createAddressSet(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        var config = firewall[scope] ?? FirewallConfig()
        let name = call.required("name")
        var set = FirewallConfig.AddressSet()
        if let old = call.values["rename"] {
            try call.checkDigest(digest(of: config.setList))
            guard let known = config.sets[old] else {
                throw Refusal(parameter: "name", "IPSet '\(old)' does not exists")
            }
            if old != name, config.sets[name] != nil {
                throw Refusal(parameter: "name", "IPSet '\(name)' does already exist")
            }
            config.sets[old] = nil
            set = known
        } else if config.sets[name] != nil {
            throw Refusal(parameter: "name", "IPSet '\(name)' already exists")
        }
        if let comment = call.values["comment"] { set.comment = comment }
        config.sets[name] = set
        firewall[scope] = config
        return .null
    }

    private func entries(_ call: APICall, _ scope: FirewallScope) throws -> [Settings] {
        let name = call.required("name")
        guard let set = firewall[scope]?.sets[name] else { throw Refusal("no such IPSet '\(name)'") }
        return set.entries
    }

    private mutating func save(_ entries: [Settings], _ call: APICall, _ scope: FirewallScope) {
        firewall[scope]?.sets[call.required("name")]?.entries = entries
    }

    /// GET …/firewall/ipset/{name}
    func addressList(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let entries = try entries(call, scope)
        return .rows(entries, digest: digest(of: entries), numbers: ["nomatch"])
    }

    /// DELETE …/firewall/ipset/{name}
    mutating func deleteAddressSet(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let name = call.required("name")
        if try !entries(call, scope).isEmpty, !call.flag("force") { throw Refusal("IPSet '\(name)' is not empty") }
        firewall[scope]?.sets[name] = nil
        return .null
    }

    /// POST …/firewall/ipset/{name}
    mutating func addAddress(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let entries = try entries(call, scope)
        let address = call.required("cidr")
        if entries.contains(where: { $0["cidr"] == address }) {
            throw Refusal(parameter: "cidr", "address '\(address)' already exists")
        }
        if address.hasSuffix("/0") {
            throw Refusal(parameter: "cidr", "a zero prefix is not allowed in ipset entries")
        }
        let isAlias = address.utf8.first.map { (0x61...0x7A).contains($0 | 0x20) } == true && !address.contains(":")
        let own = firewall[scope] ?? FirewallConfig()
        let check = RuleCheck(
            scope: scope, isInGroup: false, datacenter: firewall[.datacenter] ?? FirewallConfig(), own: own)
        if isAlias, !check.hasAlias(address) { throw Refusal("no such alias '\(address)'") }
        save([Self.entry(call)] + entries, call, scope)
        return .null
    }

    private static func entry(_ call: APICall) -> Settings {
        call.settings(["cidr", "comment", "nomatch"]).filter {
            !$0.value.isEmpty && !($0.key == "nomatch" && $0.value == "0")
        }
    }

    private static func place(_ call: APICall, in entries: [Settings]) throws -> Int {
        guard let place = entries.firstIndex(where: { $0["cidr"] == call.values["cidr"] }) else {
            throw Refusal(parameter: "cidr", "no such IP/Network")
        }
        return place
    }

    /// GET …/firewall/ipset/{name}/{cidr}
    func addressDetails(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let entries = try entries(call, scope)
        let entry = entries[try Self.place(call, in: entries)]
        return .object {
            $0.settings(entry, numbers: ["nomatch"])
            $0.member("digest", digest(of: entries))
        }
    }

    /// PUT …/firewall/ipset/{name}/{cidr}: replaces flag and comment.
    mutating func updateAddress(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        var entries = try entries(call, scope)
        try call.checkDigest(digest(of: entries))
        entries[try Self.place(call, in: entries)] = Self.entry(call)
        save(entries, call, scope)
        return .null
    }

    /// DELETE …/firewall/ipset/{name}/{cidr}. One that is not there is gone already.
    mutating func removeAddress(_ call: APICall, _ scope: FirewallScope) throws -> APIAnswer {
        let entries = try entries(call, scope)
        try call.checkDigest(digest(of: entries))
        save(entries.filter { $0["cidr"] != call.values["cidr"] }, call, scope)
        return .null
    }
}
