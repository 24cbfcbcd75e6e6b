// Datacenter: options, log, membership, quorum, and how an older release answers.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated datacenter")
struct WorldDatacenterTests {
    @Test func optionsAreTextsThatReadAsObjects() {
        let lab = WorldLab()
        let values = [
            "migration": "insecure,network=192.0.2.0/24", "next-id": "lower=500,upper=510", "registered-tags": "b;a",
        ]
        #expect(lab.call("PUT", "/cluster/options", values).status == 200)
        let options = lab.call("GET", "/cluster/options").json
        #expect(options?["migration"]?["type"]?.string == "insecure")
        #expect(options?["migration"]?["network"]?.string == "192.0.2.0/24")
        #expect(options?["allowed-tags"]?.elements.compactMap { $0.string } == ["a", "b"])
        #expect(lab.call("GET", "/cluster/nextid").text == "500")
        #expect(lab.call("PUT", "/cluster/options", ["delete": "next-id,migration"]).status == 200)
        #expect(lab.call("GET", "/cluster/nextid").text == "112")
        #expect(lab.call("GET", "/cluster/options").json?["migration"] == nil)
    }

    @Test func optionsAreShownInPartToTheUninitiated() throws {
        let fixture = try Fixture()
        #expect(fixture.send("PUT", "/cluster/options", form: "keyboard=de&console=html5").status == 200)
        let body = fixture.send("GET", "/cluster/options", token: "root@pam!nothing").body
        #expect(body.contains("html5"))
        #expect(!body.contains("keyboard"))
        #expect(fixture.send("PUT", "/cluster/options", token: "auditor@pve!ro", form: "keyboard=fr").status == 403)
    }

    @Test func theLogHasTasksAndLogins() throws {
        let fixture = try Fixture()
        _ = fixture.send("POST", "/access/ticket", token: nil, form: "username=root@pam&password=pve-sim")
        let upid = fixture.send("POST", "/nodes/pve1/qemu/100/status/start").body
        let log = try JSONDocument(fixture.send("GET", "/cluster/log").answer.body).root["data"]
        let rows = log?.elements.map { $0 } ?? []
        #expect(rows.first?["msg"]?.string?.hasPrefix("starting task UPID:pve1:") == true)
        #expect(upid.contains("UPID"))
        #expect(rows.dropFirst().first?["msg"]?.string == "successful auth for user 'root@pam'")
        let few = try JSONDocument(fixture.send("GET", "/cluster/log?max=1").answer.body).root["data"]
        #expect(few?.count == 1)
        let own = try JSONDocument(fixture.send("GET", "/cluster/log", token: "root@pam!nothing").answer.body).root
        #expect(own["data"]?.count == 0)
    }

    @Test func aStoppedTaskIsInTheLogAsAnError() {
        let lab = WorldLab()
        let upid = lab.vm(105, "POST", "/status/start", ["node": "pve2"]).text
        #expect(lab.call("DELETE", "/nodes/{node}/tasks/{upid}", ["node": "pve2", "upid": upid]).status == 200)
        #expect(lab.exit(upid, on: "pve2") == "received interrupt")
        let row = lab.call("GET", "/cluster/log").json?.elements.first { _ in true }
        #expect(row?["pri"]?.int == 3)
        #expect(row?["msg"]?.string == "end task \(upid) received interrupt")
        #expect(lab.status(105, on: "pve2") == "stopped")
    }

    @Test func membersAreThoseOfTheCluster() {
        let lab = WorldLab()
        #expect(lab.call("GET", "/cluster/config/nodes").json?.count == 3)
        #expect(lab.call("GET", "/cluster/config/join").json?["nodelist"]?.count == 3)
        #expect(lab.call("GET", "/cluster/config/totem").json?["cluster_name"]?.string == "lab")
        let alone = WorldLab(WorldOptions(nodes: 1)).call("GET", "/cluster/config/join")
        #expect(alone.status == 424)
        #expect(alone.message == "node is not in a cluster, no join info available!")
    }

    @Test func nodesGoAndComeBackWhileItRuns() throws {
        let fixture = try Fixture(control: true)
        #expect(fixture.send("POST", "/sim/nodes", form: "pve2 offline").status == 200)
        #expect(fixture.send("GET", "/nodes/pve2/status").reason == "No route to host")
        #expect(fixture.send("POST", "/pools", form: "poolid=a").status == 200)
        #expect(fixture.send("POST", "/sim/nodes", form: "pve3 offline").status == 200)
        let write = fixture.send("POST", "/pools", form: "poolid=b")
        #expect(write.status == 500)
        #expect(write.reason == "cluster not ready - no quorum?")
        #expect(fixture.send("POST", "/nodes/pve1/qemu/100/status/start").reason == "cluster not ready - no quorum?")
        #expect(fixture.send("POST", "/nodes/pve1/qemu/101/status/stop").status == 200)
        let status = try JSONDocument(fixture.send("GET", "/cluster/status").answer.body).root["data"]
        #expect(status?.elements.first { _ in true }?["quorate"]?.int == 0)
        #expect(status?.elements.compactMap { $0["online"]?.int } == [1, 0, 0])
        #expect(fixture.send("POST", "/sim/nodes", form: "pve2 online\npve3 online").status == 200)
        #expect(fixture.send("POST", "/pools", form: "poolid=b").status == 200)
        #expect(fixture.send("POST", "/sim/nodes", form: "pve1 offline").status == 400)
    }

    @Test func anOlderReleaseHasItsOwnPrivileges() {
        let lab = WorldLab(WorldOptions(release: "8.4"))
        let role = { (id: String) in lab.call("GET", "/access/roles/{roleid}", ["roleid": id]).json }
        #expect(role("PVEVMAdmin")?["VM.Monitor"]?.int == 1)
        #expect(role("PVEVMAdmin")?["VM.GuestAgent.Audit"] == nil)
        #expect(role("PVEVMUser")?["VM.Monitor"] == nil)
        #expect(lab.call("POST", "/access/roles", ["roleid": "R", "privs": "VM.Replicate"]).status == 400)
        let newer = WorldLab().call("GET", "/access/roles/{roleid}", ["roleid": "PVEVMAdmin"]).json
        #expect(newer?["VM.Monitor"] == nil)
    }

    @Test func everyEndpointHereIsOneOfTheFacts() throws {
        let facts = [try APIFacts(release: "9.2"), try APIFacts(release: "8.4")]
        let known = Set(facts.flatMap { $0.endpoints }.map { Endpoints.key($0.method, $0.template) })
        #expect(Set(Endpoints.table.keys).subtracting(known) == [])
    }
}
