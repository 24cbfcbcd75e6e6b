// High availability: resources that act on guests, rules that must fit together, groups of older releases.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated high availability")
struct WorldHATests {
    let lab = WorldLab()

    private func ha(_ method: String, _ path: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/cluster/ha\(path)", values)
    }

    private func service(_ sid: String) -> JSONValue? {
        ha("GET", "/status/current").json?.elements.first { $0["sid"]?.string == sid }
    }

    private func manage(_ sids: String..., state: String = "ignored") {
        for sid in sids { #expect(ha("POST", "/resources", ["sid": sid, "state": state]).status == 200) }
    }

    @Test func aResourceStartsAndStopsItsGuest() {
        manage("100", state: "started")
        #expect(service("vm:100")?["state"]?.string == "starting")
        lab.clock.turn(20)
        #expect(lab.status(100) == "running")
        #expect(service("vm:100")?["state"]?.string == "started")
        let status = lab.vm(100, "GET", "/status/current").json?["ha"]
        #expect(status?["managed"]?.int == 1)
        #expect(status?["state"]?.string == "started")
        let row = lab.call("GET", "/cluster/resources").json?.elements.first { $0["vmid"]?.int == 100 }
        #expect(row?["hastate"]?.string == "started")
        #expect(ha("PUT", "/resources/{sid}", ["sid": "vm:100", "state": "stopped"]).status == 200)
        lab.clock.turn(20)
        #expect(lab.status(100) == "stopped")
    }

    @Test func theManagerTakesRequestsForItsGuests() {
        manage("vm:100", state: "stopped")
        let start = lab.vm(100, "POST", "/status/start")
        #expect(start.text.contains(":hastart:100:"))
        #expect(lab.finish(start) == "OK")
        #expect(lab.status(100) == "running")
        let stop = lab.vm(100, "POST", "/status/stop")
        #expect(stop.text.contains(":hastop:100:"))
        lab.clock.turn(30)
        #expect(lab.status(100) == "stopped")
        let destroy = lab.vm(100, "DELETE")
        #expect(destroy.message == "unable to remove VM 100 - used in HA resources and purge parameter not set.")
        #expect(lab.finish(lab.vm(100, "DELETE", "", ["purge": "1"])) == "OK")
        #expect(ha("GET", "/resources").json?.count == 0)
    }

    @Test func aFailedStartIsAnErrorUntilItIsDisabled() {
        manage("vm:104", state: "started")
        lab.clock.turn(20)
        #expect(service("vm:104")?["state"]?.string == "error")
        let refused = ha("PUT", "/resources/{sid}", ["sid": "104", "state": "started"])
        #expect(refused.message == "service 'vm:104' in error state, must be disabled and fixed first")
        #expect(ha("PUT", "/resources/{sid}", ["sid": "104", "state": "disabled"]).status == 200)
        #expect(service("vm:104")?["state"]?.string == "disabled")
    }

    @Test func refusals() {
        manage("vm:100")
        #expect(
            ha("POST", "/resources", ["sid": "vm:100"]).message
                == "create resource failed: resource ID 'vm:100' already defined")
        #expect(ha("POST", "/resources", ["sid": "vm:999"]).message == "resource 'vm:999' does not exist in cluster")
        #expect(ha("POST", "/resources", ["sid": "999"]).status == 500)
        #expect(ha("POST", "/resources", ["sid": "vm:101", "type": "ct"]).message == "types does not match")
        #expect(ha("GET", "/resources/{sid}", ["sid": "vm:101"]).message == "no such resource 'vm:101'")
        let group = ha("POST", "/resources", ["sid": "vm:101", "group": "g1"])
        #expect(group.message == "invalid parameter 'group': ha groups have been migrated to rules")
        #expect(ha("GET", "/groups").message == "cannot index groups: ha groups have been migrated to rules")
        let digest = ha("GET", "/resources/{sid}", ["sid": "100"]).json?["digest"]?.string ?? ""
        let put = { (values: [String: String]) in ha("PUT", "/resources/{sid}", values.merging(["sid": "100"]) { $1 }) }
        #expect(put(["comment": "x", "failback": "0", "digest": digest]).status == 200)
        #expect(put(["comment": "y", "digest": digest]).message.hasPrefix("update resource failed: detected modified"))
        #expect(put(["delete": "comment"]).status == 200)
        #expect(put(["delete": "sid"]).message == "update resource failed: no such option 'sid'")
    }

    @Test func migrationsFollowAffinity() {
        _ = lab.finish(lab.call("POST", "/pools", ["poolid": "p"]))
        manage("vm:100", "vm:103", "vm:105")
        #expect(
            ha(
                "POST", "/rules",
                ["rule": "apart", "type": "resource-affinity", "affinity": "negative", "resources": "vm:100,vm:105"]
            ).status == 200)
        let blocked = ha("POST", "/resources/{sid}/migrate", ["sid": "vm:100", "node": "pve2"]).json
        #expect(blocked?["blocking-resources"]?.elements.first { _ in true }?["sid"]?.string == "vm:105")
        lab.clock.turn(60)
        #expect(lab.status(100) == "stopped")
        #expect(
            ha(
                "POST", "/rules",
                ["rule": "together", "type": "resource-affinity", "affinity": "positive", "resources": "vm:100,vm:103"]
            ).status == 200)
        let moved = ha("POST", "/resources/{sid}/migrate", ["sid": "vm:100", "node": "pve3"]).json
        #expect(moved?["comigrated-resources"]?.elements.compactMap { $0.string } == ["vm:103"])
        lab.clock.turn(60)
        #expect(lab.status(100, on: "pve3") == "stopped")
        #expect(lab.status(103, on: "pve3") == "stopped")
        let nowhere = ha("POST", "/resources/{sid}/relocate", ["sid": "vm:100", "node": "pve9"])
        #expect(nowhere.message == "no such cluster node 'pve9'")
    }

    @Test func rulesMustFitTogether() {
        manage("vm:100", "vm:101", "vm:102", "vm:103")
        let rule = { (id: String, values: [String: String]) in
            ha("POST", "/rules", values.merging(["rule": id]) { $1 })
        }
        let place = { (nodes: String, resources: String) in
            ["type": "node-affinity", "nodes": nodes, "resources": resources]
        }
        let near = { (affinity: String, resources: String) in
            ["type": "resource-affinity", "affinity": affinity, "resources": resources]
        }
        func expect(_ answer: LabAnswer, _ text: String, _ place: SourceLocation = #_sourceLocation) {
            #expect(answer.status == 500, sourceLocation: place)
            #expect(answer.message.contains(text), "\(answer.message)", sourceLocation: place)
        }
        expect(rule("a", place("pve9", "vm:100")), "cannot use non-existant node(s) pve9.")
        expect(rule("a", place("pve1", "vm:104")), "cannot use unmanaged resource(s) vm:104.")
        #expect(rule("a", place("pve2,pve1:2", "vm:100")).status == 200)
        #expect(ha("GET", "/rules/{rule}", ["rule": "a"]).json?["nodes"]?.string == "pve1:2,pve2")
        expect(rule("a", place("pve1", "vm:101")), "HA rule 'a' already defined")
        expect(rule("b", place("pve1", "vm:100")), "resource 'vm:100' is already used in another node affinity rule")
        expect(rule("b", near("positive", "vm:101")), "rule is ineffective as there are less than two resources")
        expect(
            rule("b", near("positive", "vm:100,vm:101")),
            "resources are in node affinity rules with multiple priorities")
        expect(
            rule("b", near("negative", "vm:100,vm:101,vm:102,vm:103")),
            "rule defines more resources than available nodes")
        #expect(rule("b", near("positive", "vm:102,vm:101")).status == 200)
        expect(
            rule("c", near("negative", "vm:101,vm:102")),
            "rule shares two or more resources with a positive resource affinity rule")
        #expect(ha("GET", "/rules", ["resource": "vm:101"]).json?.elements.compactMap { $0["rule"]?.string } == ["b"])

        let put = { (values: [String: String]) in ha("PUT", "/rules/{rule}", values.merging(["rule": "b"]) { $1 }) }
        expect(put(["type": "node-affinity", "comment": "x"]), "unexpected property 'type'")
        expect(put(["type": "resource-affinity", "delete": "affinity"]), "unable to delete required option 'affinity'")
        #expect(put(["type": "resource-affinity", "comment": "x", "disable": "1"]).status == 200)
        #expect(rule("c", near("negative", "vm:101,vm:102")).status == 200)
        #expect(ha("DELETE", "/resources/{sid}", ["sid": "vm:100"]).status == 200)
        #expect(ha("GET", "/rules/{rule}", ["rule": "a"]).message == "no such ha rule 'a'")
        #expect(ha("DELETE", "/rules/{rule}", ["rule": "b"]).status == 200)
        #expect(ha("GET", "/rules").json?.elements.compactMap { $0["rule"]?.string } == ["c"])
    }

    @Test func disarmedNothingHappensUntilItIsArmed() {
        let fencing = { ha("GET", "/status/current").json?.elements.first { $0["id"]?.string == "fencing" } }
        #expect(fencing()?["armed-state"]?.string == "standby")
        manage("vm:100", state: "stopped")
        #expect(fencing()?["armed-state"]?.string == "armed")
        #expect(ha("POST", "/status/disarm-ha", ["resource-mode": "freeze"]).status == 200)
        #expect(fencing()?["resource_mode"]?.string == "freeze")
        #expect(ha("PUT", "/resources/{sid}", ["sid": "100", "state": "started"]).status == 200)
        #expect(service("vm:100")?["state"]?.string == "freeze")
        lab.clock.turn(30)
        #expect(lab.status(100) == "stopped")
        #expect(ha("POST", "/status/arm-ha").status == 200)
        lab.clock.turn(30)
        #expect(lab.status(100) == "running")
    }

    @Test func olderReleasesHaveGroups() {
        let lab = WorldLab(WorldOptions(release: "8.4"))
        let ha = { (method: String, path: String, values: [String: String]) in
            lab.call(method, "/cluster/ha\(path)", values)
        }
        #expect(ha("POST", "/groups", ["group": "g1", "nodes": "pve2,pve1:2"]).status == 200)
        #expect(
            ha("POST", "/groups", ["group": "g1", "nodes": "pve1"]).message
                == "create ha group failed: ha group ID 'g1' already defined")
        #expect(ha("GET", "/groups/{group}", ["group": "g1"]).json?["nodes"]?.string == "pve1:2,pve2")
        #expect(ha("POST", "/resources", ["sid": "100", "group": "g2"]).message == "HA group 'g2' does not exist")
        #expect(ha("POST", "/resources", ["sid": "100", "group": "g1", "state": "ignored"]).status == 200)
        #expect(
            ha("DELETE", "/groups/{group}", ["group": "g1"]).message
                == "delete ha group failed: ha group is used by service 'vm:100'")
        #expect(ha("PUT", "/resources/{sid}", ["sid": "100", "delete": "group"]).status == 200)
        #expect(ha("DELETE", "/groups/{group}", ["group": "g1"]).status == 200)
        let rows = ha("GET", "/status/current", [:]).json?.elements.map { $0 } ?? []
        #expect(rows.allSatisfy { $0["failback"] == nil && $0["armed-state"] == nil })
    }
}
