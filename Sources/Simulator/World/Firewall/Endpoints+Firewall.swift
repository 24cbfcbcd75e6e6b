// The endpoints of the firewalls of the datacenter, the nodes and the guests.
// SPDX-License-Identifier: MIT

extension Endpoints {
    /// Which firewall a call is for.
    private typealias Scope = @Sendable (Cluster, APICall) throws -> FirewallScope

    static let firewall: Entries = {
        let datacenter: Scope = { _, _ in .datacenter }
        let node: Scope = { .node(try $0.nodeName($1)) }
        let guest: Scope = { .guest($1.number("vmid") ?? 0) }
        var entries = securityGroups
        entries += basics("/cluster/firewall", datacenter) + names("/cluster/firewall", datacenter)
        entries += basics("/nodes/{node}/firewall", node)
        for kind in ["qemu", "lxc"] {
            let prefix = "/nodes/{node}/\(kind)/{vmid}/firewall"
            entries += basics(prefix, guest) + names(prefix, guest)
            entries.append(index(prefix, ["rules", "aliases", "ipset", "refs", "options"]))
            entries.append(log(prefix))
        }
        entries.append(
            index("/cluster/firewall", ["aliases", "rules", "options", "groups", "ipset", "macros", "refs"]))
        entries.append(index("/nodes/{node}/firewall", ["rules", "options", "log"]))
        entries.append(log("/nodes/{node}/firewall"))
        return entries
    }()

    private static func index(_ prefix: String, _ names: [String]) -> (String, Endpoint) {
        ("GET \(prefix)", { _, _ in .index("name", names) })
    }

    /// Nothing is filtered, so nothing is logged.
    private static func log(_ prefix: String) -> (String, Endpoint) {
        (
            "GET \(prefix)/log",
            { cluster, call in
                _ = try cluster.nodeName(call)
                return .lines(["unable to open file - No such file or directory"], total: 1, start: 0)
            }
        )
    }

    private static func basics(_ prefix: String, _ scope: @escaping Scope) -> Entries {
        let rule = "\(prefix)/rules/{pos}"
        return [
            ("GET \(prefix)/options", { $0.firewallOptions(try scope($0, $1)) }),
            ("PUT \(prefix)/options", { try $0.setFirewallOptions($1, try scope($0, $1)) }),
            ("GET \(prefix)/rules", { try $0.ruleList(.scope(try scope($0, $1))) }),
            ("POST \(prefix)/rules", { try $0.createRule($1, .scope(try scope($0, $1))) }),
            ("GET \(rule)", { try $0.ruleDetails($1, .scope(try scope($0, $1))) }),
            ("PUT \(rule)", { try $0.updateRule($1, .scope(try scope($0, $1))) }),
            ("DELETE \(rule)", { try $0.deleteRule($1, .scope(try scope($0, $1))) }),
        ]
    }

    /// Aliases, sets and references; nodes have none.
    private static func names(_ prefix: String, _ scope: @escaping Scope) -> Entries {
        let alias = "\(prefix)/aliases/{name}"
        let set = "\(prefix)/ipset/{name}"
        return [
            ("GET \(prefix)/refs", { $0.firewallReferences($1, try scope($0, $1)) }),
            ("GET \(prefix)/aliases", { $0.aliasList(try scope($0, $1)) }),
            ("POST \(prefix)/aliases", { try $0.createAlias($1, try scope($0, $1)) }),
            ("GET \(alias)", { try $0.aliasDetails($1, try scope($0, $1)) }),
            ("PUT \(alias)", { try $0.updateAlias($1, try scope($0, $1)) }),
            ("DELETE \(alias)", { try $0.deleteAlias($1, try scope($0, $1)) }),
            ("GET \(prefix)/ipset", { $0.addressSetList(try scope($0, $1)) }),
            ("POST \(prefix)/ipset", { try $0.createAddressSet($1, try scope($0, $1)) }),
            ("GET \(set)", { try $0.addressList($1, try scope($0, $1)) }),
            ("POST \(set)", { try $0.addAddress($1, try scope($0, $1)) }),
            ("DELETE \(set)", { try $0.deleteAddressSet($1, try scope($0, $1)) }),
            ("GET \(set)/{cidr}", { try $0.addressDetails($1, try scope($0, $1)) }),
            ("PUT \(set)/{cidr}", { try $0.updateAddress($1, try scope($0, $1)) }),
            ("DELETE \(set)/{cidr}", { try $0.removeAddress($1, try scope($0, $1)) }),
        ]
    }

    private static let group = "/cluster/firewall/groups/{group}"

    private static let securityGroups: Entries = [
        ("GET /cluster/firewall/macros", { $0.firewallMacros($1) }),
        ("GET /cluster/firewall/groups", { $0.securityGroupList($1) }),
        ("POST /cluster/firewall/groups", { try $0.createSecurityGroup($1) }),
        ("DELETE \(group)", { try $0.deleteSecurityGroup($1) }),
        ("GET \(group)", { try $0.ruleList(.group($1.required("group"))) }),
        ("POST \(group)", { try $0.createRule($1, .group($1.required("group"))) }),
        ("GET \(group)/{pos}", { try $0.ruleDetails($1, .group($1.required("group"))) }),
        ("PUT \(group)/{pos}", { try $0.updateRule($1, .group($1.required("group"))) }),
        ("DELETE \(group)/{pos}", { try $0.deleteRule($1, .group($1.required("group"))) }),
    ]
}
