// Networks of nodes: changes wait apart until they are applied or reverted.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated networks")
struct WorldNetworkTests {
    let lab = WorldLab()

    private func network(_ method: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/nodes/{node}/network", values)
    }

    private func interface(_ method: String, _ name: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/nodes/{node}/network/{iface}", values.merging(["iface": name]) { $1 })
    }

    private func names(_ values: [String: String] = [:]) -> [String] {
        network("GET", values).json?.elements.compactMap { $0["iface"]?.string } ?? []
    }

    @Test func changesWaitUntilTheyAreApplied() {
        #expect(network("GET").changes == nil)
        let bridge = ["iface": "vmbr1", "type": "bridge", "bridge_ports": "nic1", "autostart": "1"]
        #expect(network("POST", bridge.merging(["cidr": "198.51.100.1/24"]) { $1 }).status == 200)
        #expect(names(["type": "bridge"]) == ["vmbr0", "vmbr1"])
        let changes = network("GET").changes ?? ""
        #expect(changes.hasPrefix("--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n@@ "))
        #expect(changes.contains("\n+iface vmbr1 inet static\n"))
        #expect(changes.contains("\n+\taddress 198.51.100.1/24\n"))
        let row = interface("GET", "vmbr1").json
        #expect(row?["cidr"]?.string == "198.51.100.1/24")
        #expect(row?["active"] == nil)
        #expect(lab.finish(network("PUT")) == "OK")
        #expect(network("GET").changes == nil)
        #expect(interface("GET", "vmbr1").json?["active"]?.int == 1)
        #expect(interface("DELETE", "vmbr1").status == 200)
        #expect(network("GET").changes?.contains("\n-iface vmbr1 inet static\n") == true)
        #expect(network("DELETE").status == 200)
        #expect(names().contains("vmbr1"))
    }

    @Test func theServerPutsTheTextBesideTheData() throws {
        let fixture = try Fixture()
        #expect(fixture.send("POST", "/nodes/pve1/network", form: "iface=vmbr7&type=bridge").status == 200)
        let body = try JSONDocument(fixture.send("GET", "/nodes/pve1/network").answer.body).root
        #expect(body["changes"]?.string?.contains("vmbr7") == true)
        #expect(body["data"]?.count == 4)
        let denied = fixture.send("PUT", "/nodes/pve1/network", token: "auditor@pve!ro")
        #expect(denied.reason == "Permission check failed (/nodes/pve1, Sys.Modify)")
    }

    @Test func anUpdateReplacesTheAddress() {
        #expect(interface("PUT", "vmbr0", ["type": "bridge", "comments": "uplink"]).status == 200)
        let bare = interface("GET", "vmbr0").json
        #expect(bare?["address"] == nil)
        #expect(bare?["gateway"] == nil)
        #expect(bare?["method"]?.string == "manual")
        #expect(bare?["bridge_ports"]?.string == "nic0")
        #expect(interface("PUT", "vmbr0", ["type": "bridge", "address": "192.0.2.9", "netmask": "25"]).status == 200)
        #expect(interface("GET", "vmbr0").json?["cidr"]?.string == "192.0.2.9/25")
        #expect(interface("PUT", "vmbr0", ["type": "bridge", "delete": "comments"]).status == 200)
        #expect(interface("GET", "vmbr0").json?["comments"] == nil)
    }

    @Test(arguments: [
        (["iface": "vmbr0", "type": "bridge"], "iface", "interface already exists"),
        (
            ["iface": "vmbr1", "type": "bridge", "cidr": "192.0.2.9/24", "gateway": "192.0.2.1"], "gateway",
            "Default gateway already exists on interface 'vmbr0'."
        ),
        (
            ["iface": "vmbr1", "type": "bridge", "cidr": "192.0.2.9/24", "address": "192.0.2.9"], "address",
            "address conflicts with cidr"
        ),
        (["iface": "ovs1", "type": "OVSIntPort"], "ovs_bridge", "parameter is required"),
        (
            ["iface": "ovs1", "type": "OVSBond", "ovs_bridge": "vmbr0"], "ovs_bridge",
            "interface 'vmbr0' is no OVS bridge"
        ),
    ])
    func parametersAreRefusedByName(values: [String: String], parameter: String, text: String) {
        #expect(network("POST", values).errors[parameter] == text)
        #expect(network("GET").changes == nil)
    }

    @Test(arguments: [
        (
            ["iface": "vmbr1", "type": "bridge", "bridge_ports": "nic9"],
            "bridge 'vmbr1' - unable to find bridge port 'nic9'"
        ),
        (["iface": "bond0", "type": "bond", "slaves": "nic1 nic8"], "bond 'bond0' - unable to find slave 'nic8'"),
        (
            ["iface": "bond0", "type": "bond", "slaves": "vmbr0"],
            "bond 'bond0' - wrong interface type on slave 'vmbr0' ('bridge' != 'eth or bond')"
        ),
        (["iface": "vlan9", "type": "vlan"], "missing vlan-raw-device option"),
        (["iface": "storage", "type": "vlan", "vlan-raw-device": "nic1"], "missing vlan-id option"),
        (["iface": "nic9.5", "type": "vlan"], "vlan 'nic9.5' - unable to find parent 'nic9'"),
    ])
    func whatDoesNotFitTogetherIsRefused(values: [String: String], message: String) {
        let answer = network("POST", values)
        #expect(answer.status == 500)
        #expect(answer.message == message)
        #expect(network("GET").changes == nil)
    }

    @Test func interfacesOfAllTypesCanBeMade() {
        for values in [
            ["iface": "bond0", "type": "bond", "slaves": "nic1", "bond_mode": "802.3ad"],
            ["iface": "bond0.20", "type": "vlan"],
            ["iface": "store", "type": "vlan", "vlan-raw-device": "bond0", "vlan-id": "30"],
            ["iface": "vmbr2", "type": "OVSBridge"],
            ["iface": "int1", "type": "OVSIntPort", "ovs_bridge": "vmbr2", "ovs_tag": "9"],
            ["iface": "nic0:1", "type": "alias", "cidr": "192.0.2.77/24"],
        ] {
            let answer = network("POST", values)
            #expect(answer.status == 200, "\(values): \(answer.message) \(answer.errors)")
        }
        #expect(interface("GET", "vmbr2").json?["ovs_ports"]?.string == "int1")
        #expect(interface("DELETE", "int1").status == 200)
        #expect(interface("GET", "vmbr2").json?["ovs_ports"] == nil)
        #expect(names(["type": "vlan"]) == ["bond0.20", "store"])
        #expect(names(["type": "any_bridge"]) == ["vmbr0", "vmbr2"])
        #expect(interface("GET", "none").errors["iface"] == "interface does not exist")
    }
}
