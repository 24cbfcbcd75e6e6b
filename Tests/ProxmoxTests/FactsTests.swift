// Which facts are used, and which method of the API a request is for.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Facts about the API")
struct FactsTests {
    @Test(arguments: [
        ("9.2.11", "9.2"), ("9.2", "9.2"), ("9.9", "9.2"), ("9.0.3", "9.2"), ("9", "9.2"), ("8.4.14", "8.4"),
        ("8.1.4", "8.4"),
        ("9.2~beta", "9.2"), ("7.4", nil), ("10.0", nil), ("", nil), ("unknown", nil), (nil, nil),
    ])
    func areThoseOfTheNearestRelease(_ text: String?, _ name: String?) {
        #expect(Facts.release(text)?.name == name)
    }

    @Test func newestIsTheLast() {
        #expect(Facts.all.map(\.name) == ["8.4", "9.2"])
        #expect(Facts.newest == Facts.all.last)
    }

    @Test(arguments: [
        ("/nodes/pve1/qemu/100/config", "/nodes/{node}/qemu/{vmid}/config", ["node": "pve1", "vmid": "100"]),
        ("/version", "/version", [:]),
        (
            "/nodes/pve1/storage/local/content/local:backup/x.vma", "/nodes/{node}/storage/{storage}/content/{volume}",
            ["node": "pve1", "storage": "local", "volume": "local:backup/x.vma"]
        ),
        (
            "/cluster/firewall/ipset/lan/10.0.0.0/8", "/cluster/firewall/ipset/{name}/{cidr}",
            ["name": "lan", "cidr": "10.0.0.0/8"]
        ),
    ])
    func matchConcretePaths(_ path: String, _ template: String, _ values: [String: String]) throws {
        let match = try #require(Facts.newest.match(path: path))
        #expect(match.template == template)
        #expect(match.values == values)
    }

    @Test(arguments: [
        "", "nodes", "/nope", "/nodes/", "/nodes//qemu", "/nodes/pve1/qemu/100/config/x", "/nodes/pve1/scan/glusterfs",
    ])
    func matchNothingElse(_ path: String) {
        #expect(Facts.newest.match(path: path) == nil)
    }

    @Test func findTheMethodOfATemplateWithNamesOfItsOwn() {
        var request = Request(
            .post, "/nodes/{node}/services/{service}/{command}",
            path: ["node": "pve1", "service": "cron", "command": "restart"])
        #expect(Facts.newest.resolve(request)?.template == "/nodes/{node}/services/{service}/restart")
        request.path["command"] = "explode"
        #expect(Facts.newest.resolve(request) == nil)
        request.path["command"] = nil
        #expect(Facts.newest.resolve(request) == nil)
    }

    @Test func followTheServerWhenAValueHoldsASlash() {
        let request = Request(.get, "/nodes/{node}/qemu/{vmid}", path: ["node": "pve1", "vmid": "100/agent/file-read"])
        #expect(Facts.newest.resolve(request)?.template == "/nodes/{node}/qemu/{vmid}/agent/file-read")
        #expect(Facts.newest.resolve(Request(.get, "/nodes/{node}/qemu/100%2Fconfig", path: ["node": "pve1"])) == nil)
        #expect(Facts.newest.resolve(Request(.get, "/nodes/{node}/status?x=1", path: ["node": "pve1"])) == nil)
    }

    @Test func knowNumberedParameters() throws {
        let create = try #require(Facts.newest.endpoint(.post, "/nodes/{node}/qemu"))
        #expect(create.parameter("scsi30")?.highestIndex == 30)
        #expect(create.parameter("numa")?.isIndexed == false)
        #expect(create.parameter("numa3")?.name == "numa[n]")
        #expect(create.parameter("net[n]") == nil)
        #expect(create.parameter("net") == nil)
        #expect(create.parameter("0") == nil)
    }
}
