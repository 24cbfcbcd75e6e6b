// Pools: members, nesting, moves, and guests that are born into them.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated pools")
struct WorldPoolTests {
    let lab = WorldLab()

    private func pools(_ method: String, _ values: [String: String]) -> LabAnswer { lab.call(method, "/pools", values) }

    private func members(_ id: String, _ values: [String: String] = [:]) -> [String] {
        let rows = pools("GET", values.merging(["poolid": id]) { $1 }).json?.elements.first { _ in true }?["members"]
        return rows?.elements.compactMap { $0["id"]?.string } ?? []
    }

    @Test func membersComeMoveAndGo() {
        #expect(pools("POST", ["poolid": "dev", "comment": "c"]).status == 200)
        #expect(pools("POST", ["poolid": "prod"]).status == 200)
        #expect(pools("PUT", ["poolid": "dev", "vms": "100,110", "storage": "local"]).status == 200)
        #expect(members("dev") == ["qemu/100", "lxc/110", "storage/pve1/local"])
        #expect(members("dev", ["type": "lxc"]) == ["lxc/110"])
        let row = lab.call("GET", "/cluster/resources").json?.elements.first { $0["vmid"]?.int == 100 }
        #expect(row?["pool"]?.string == "dev")

        let move = pools("PUT", ["poolid": "prod", "vms": "100"])
        let text = "update pools failed: VM 100 belongs already to pool 'dev' and allow-move is not set"
        #expect(move.message == text)
        #expect(pools("PUT", ["poolid": "prod", "vms": "100", "allow-move": "1"]).status == 200)
        #expect(members("prod") == ["qemu/100"])
        #expect(
            pools("PUT", ["poolid": "prod", "vms": "100"]).message
                == "update pools failed: VM 100 is already a pool member")
        let absent = pools("PUT", ["poolid": "prod", "vms": "100,101", "delete": "1"])
        #expect(absent.message == "update pools failed: VM 101 is not a pool member")
        #expect(members("prod") == ["qemu/100"])

        let full = lab.call("DELETE", "/pools/{poolid}", ["poolid": "dev"])
        #expect(full.message == "delete pool failed: pool 'dev' is not empty (contains VM 110)")
        let empties = ["poolid": "dev", "vms": "110", "storage": "local", "delete": "1"]
        #expect(lab.call("PUT", "/pools/{poolid}", empties).status == 200)
        #expect(lab.call("DELETE", "/pools/{poolid}", ["poolid": "dev"]).status == 200)
        #expect(pools("GET", ["poolid": "dev"]).message == "pool 'dev' does not exist")
    }

    @Test func nestedPoolsNeedTheirParents() {
        #expect(
            pools("POST", ["poolid": "a/b"]).message == "create pool failed: parent 'a' of pool 'a/b' does not exist")
        #expect(pools("POST", ["poolid": "a"]).status == 200)
        #expect(pools("POST", ["poolid": "a/b"]).status == 200)
        #expect(pools("POST", ["poolid": "a/b"]).message == "create pool failed: pool 'a/b' already exists")
        #expect(pools("PUT", ["poolid": "a/b", "vms": "100"]).status == 200)
        #expect(lab.call("GET", "/pools/{poolid}", ["poolid": "a/b"]).status == 501)
        #expect(pools("DELETE", ["poolid": "a"]).message.hasPrefix("delete pool failed: pool 'a' is not empty"))
        #expect(pools("PUT", ["poolid": "a/b", "vms": "100", "delete": "1"]).status == 200)
        #expect(pools("DELETE", ["poolid": "a/b"]).status == 200)
        #expect(pools("DELETE", ["poolid": "a"]).status == 200)
    }

    @Test func guestsAreBornIntoPoolsAndLeaveThemWhenTheyDie() {
        let nowhere = lab.call("POST", "/nodes/{node}/qemu", ["vmid": "900", "pool": "dev"])
        #expect(nowhere.status == 403)
        #expect(nowhere.message == "Permission check failed (pool 'dev' does not exist)")
        _ = pools("POST", ["poolid": "dev"])
        #expect(lab.finish(lab.call("POST", "/nodes/{node}/qemu", ["vmid": "900", "pool": "dev"])) == "OK")
        #expect(lab.finish(lab.vm(108, "POST", "/clone", ["newid": "901", "pool": "dev"])) == "OK")
        #expect(members("dev") == ["qemu/900", "qemu/901"])
        #expect(lab.finish(lab.vm(900, "DELETE")) == "OK")
        #expect(members("dev") == ["qemu/901"])
    }

    @Test func rightsOnAPoolReachItsMembers() throws {
        let fixture = try Fixture()
        let path = "/nodes/pve1/qemu/100/config"
        #expect(fixture.send("GET", path, token: "root@pam!nothing").status == 403)
        #expect(fixture.send("POST", "/pools", form: "poolid=dev").status == 200)
        #expect(fixture.send("PUT", "/pools", form: "poolid=dev&vms=100").status == 200)
        let acl = fixture.send(
            "PUT", "/access/acl", form: "path=/pool/dev&tokens=root@pam!nothing&roles=PVEVMAdmin,PVEPoolUser")
        #expect(acl.status == 200)
        #expect(fixture.send("GET", path, token: "root@pam!nothing").status == 200)
        #expect(fixture.send("PUT", "/pools", token: "root@pam!nothing", form: "poolid=dev&comment=x").status == 403)
        #expect(fixture.send("GET", "/pools?poolid=dev", token: "root@pam!nothing").status == 200)
        #expect(fixture.send("DELETE", "/pools?poolid=dev", token: "auditor@pve!ro").status == 403)
    }
}
