// Firewalls: rules by position, aliases, sets, groups, digests.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated firewalls")
struct WorldFirewallTests {
    let lab = WorldLab()

    private func datacenter(_ method: String, _ path: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/cluster/firewall\(path)", values)
    }

    private func comments(_ path: String = "/rules", _ values: [String: String] = [:]) -> [String] {
        datacenter("GET", path, values).json?.elements.compactMap { $0["comment"]?.string } ?? []
    }

    private func add(_ comment: String, _ values: [String: String] = [:]) {
        let rule = ["type": "in", "action": "ACCEPT", "comment": comment].merging(values) { $1 }
        #expect(datacenter("POST", "/rules", rule).status == 200)
    }

    @Test func rulesHaveNoNameButTheirPosition() {
        for comment in ["a", "b", "c", "d"] { add(comment) }
        #expect(comments() == ["d", "c", "b", "a"])
        #expect(datacenter("PUT", "/rules/{pos}", ["pos": "0", "moveto": "3"]).status == 200)
        #expect(comments() == ["c", "b", "d", "a"])
        #expect(datacenter("PUT", "/rules/{pos}", ["pos": "3", "moveto": "0"]).status == 200)
        #expect(comments() == ["a", "c", "b", "d"])
        #expect(datacenter("PUT", "/rules/{pos}", ["pos": "0", "moveto": "4"]).status == 200)
        #expect(comments() == ["c", "b", "d", "a"])
        #expect(datacenter("DELETE", "/rules/{pos}", ["pos": "1"]).status == 200)
        #expect(comments() == ["c", "d", "a"])
        let positions = datacenter("GET", "/rules").json?.elements.compactMap { $0["pos"]?.int }
        #expect(positions == [0, 1, 2])
        #expect(datacenter("GET", "/rules/{pos}", ["pos": "3"]).message == "no rule at position 3")
        #expect(datacenter("GET", "/rules/{pos}", ["pos": "1"]).json?["pos"]?.string == "1")
    }

    @Test func rulesChangeAndDigestsGuardThem() {
        add("ssh", ["macro": "ssh", "enable": "1", "source": "192.0.2.0/24"])
        let rule = datacenter("GET", "/rules/{pos}", ["pos": "0"]).json
        #expect(rule?["macro"]?.string == "SSH")
        #expect(rule?["ipversion"]?.int == 4)
        let digest = rule?["digest"]?.string ?? ""
        #expect(
            datacenter("PUT", "/rules/{pos}", ["pos": "0", "enable": "0", "delete": "source", "digest": digest]).status
                == 200)
        #expect(datacenter("GET", "/rules/{pos}", ["pos": "0"]).json?["source"] == nil)
        for method in ["PUT", "DELETE"] {
            let stale = datacenter(method, "/rules/{pos}", ["pos": "0", "digest": digest])
            #expect(stale.message == "detected modified configuration - file changed by other user? Try again.")
        }
        #expect(
            datacenter("PUT", "/rules/{pos}", ["pos": "0", "delete": "action"]).errors["delete"]
                == "unable to delete required property 'action'")
    }

    @Test(arguments: [
        (["type": "in", "action": "LOG"], "action", "unknown action 'LOG'"),
        (["type": "in", "action": "DROP", "macro": "Nope"], "macro", "unknown macro 'Nope'"),
        (
            ["type": "in", "action": "DROP", "dport": "22"], "proto",
            "missing property - 'dport' requires this property"
        ),
        (
            ["type": "in", "action": "DROP", "dport": "22", "proto": "esp"], "dport",
            "protocol 'esp' does not support ports"
        ),
        (["type": "in", "action": "DROP", "source": "+none"], "source", "no such ipset 'none'"),
        (["type": "in", "action": "DROP", "dest": "none"], "dest", "no such alias 'none'"),
    ])
    func rulesThatMakeNoSenseAreRefused(rule: [String: String], parameter: String, text: String) {
        #expect(datacenter("POST", "/rules", rule).errors[parameter] == text)
    }

    @Test func aliasesAndSetsCanBeNamedInRules() {
        #expect(datacenter("POST", "/aliases", ["name": "Office", "cidr": "198.51.100.0/24"]).status == 200)
        #expect(
            datacenter("POST", "/aliases", ["name": "office", "cidr": "192.0.2.1"]).errors["name"]
                == "alias 'office' already exists")
        #expect(datacenter("POST", "/ipset", ["name": "blocked", "comment": "c"]).status == 200)
        #expect(datacenter("POST", "/ipset", ["name": "blocked"]).errors["name"] == "IPSet 'blocked' already exists")
        let entry = ["name": "blocked", "cidr": "office", "nomatch": "1"]
        #expect(datacenter("POST", "/ipset/{name}", entry).status == 200)
        #expect(datacenter("POST", "/ipset/{name}", entry).errors["cidr"] == "address 'office' already exists")
        add("x", ["source": "office", "dest": "+dc/blocked"])
        let references = datacenter("GET", "/refs").json?.elements.compactMap { $0["ref"]?.string } ?? []
        #expect(references.sorted() == ["+blocked", "Office"])
        #expect(datacenter("DELETE", "/ipset/{name}", ["name": "blocked"]).message == "IPSet 'blocked' is not empty")
        #expect(datacenter("DELETE", "/ipset/{name}/{cidr}", ["name": "blocked", "cidr": "office"]).status == 200)
        #expect(datacenter("GET", "/ipset/{name}", ["name": "blocked"]).json?.count == 0)
        #expect(datacenter("DELETE", "/ipset/{name}", ["name": "blocked"]).status == 200)
        #expect(datacenter("GET", "/ipset/{name}", ["name": "blocked"]).message == "no such IPSet 'blocked'")
        #expect(
            datacenter("PUT", "/aliases/{name}", ["name": "office", "cidr": "192.0.2.1", "rename": "home"]).status
                == 200)
        #expect(datacenter("GET", "/aliases/{name}", ["name": "office"]).errors["name"] == "no such alias")
        #expect(datacenter("DELETE", "/aliases/{name}", ["name": "home"]).status == 200)
        #expect(datacenter("GET", "/aliases").json?.count == 0)
    }

    @Test func securityGroupsHaveRulesOfTheirOwn() {
        let group = "/groups/{group}"
        #expect(datacenter("POST", "/groups", ["group": "web", "comment": "c"]).status == 200)
        #expect(
            datacenter("POST", "/groups", ["group": "web"]).errors["group"] == "Security group 'web' already exists")
        #expect(datacenter("POST", group, ["group": "web", "type": "in", "action": "ACCEPT"]).status == 200)
        let nested = datacenter("POST", group, ["group": "web", "type": "group", "action": "web"])
        #expect(nested.errors["type"] == "security groups not allowed")
        #expect(datacenter("DELETE", group, ["group": "web"]).message == "Security group 'web' is not empty")
        #expect(datacenter("DELETE", "\(group)/{pos}", ["group": "web", "pos": "0"]).status == 200)
        #expect(datacenter("POST", "/groups", ["group": "www", "rename": "web"]).status == 200)
        #expect(datacenter("DELETE", group, ["group": "www"]).status == 200)
        #expect(datacenter("GET", group, ["group": "www"]).message == "no such security group 'www'")
    }

    @Test func optionsAreSetAndDeleted() {
        let read = { datacenter("GET", "/options").json }
        let digest = read()?["digest"]?.string ?? ""
        #expect(datacenter("PUT", "/options", ["enable": "1", "policy_in": "DROP", "digest": digest]).status == 200)
        #expect(read()?["enable"]?.int == 1)
        #expect(datacenter("PUT", "/options", ["enable": "0", "digest": digest]).status == 500)
        #expect(datacenter("PUT", "/options", ["delete": "policy_in"]).status == 200)
        #expect(read()?["policy_in"] == nil)
        #expect(datacenter("PUT", "/options", ["delete": "dhcp"]).errors["delete"] == "no such option 'dhcp'")
        #expect(datacenter("GET", "/macros").json?.count == 86)
    }

    @Test func everyLevelIsApart() {
        add("datacenter")
        let guest = "/nodes/{node}/qemu/{vmid}/firewall"
        let rule = ["type": "in", "action": "DROP", "iface": "net0"]
        #expect(lab.call("POST", "\(guest)/rules", rule.merging(["vmid": "100"]) { $1 }).status == 200)
        #expect(lab.call("GET", "\(guest)/rules", ["vmid": "100"]).json?.count == 1)
        #expect(lab.call("GET", "\(guest)/rules", ["vmid": "101"]).json?.count == 0)
        #expect(lab.call("GET", "/nodes/{node}/firewall/rules").json?.count == 0)
        let wrong = lab.call(
            "POST", "\(guest)/rules", ["vmid": "100", "type": "in", "action": "DROP", "iface": "eth0"])
        #expect(wrong.errors["iface"] == "value does not match the regex pattern 'net\\d+'")
        #expect(lab.finish(lab.vm(100, "DELETE")) == "OK")
        #expect(lab.call("GET", "\(guest)/rules", ["vmid": "100"]).json?.count == 0)
    }
}
