// What a request must pass before it leaves.
// SPDX-License-Identifier: MIT

import Proxmox
import Testing

@testable import Host

@Suite("Host policy")
struct HostPolicyTests {
    private let delete = Request(
        .delete, "/nodes/{node}/qemu/{vmid}", path: ["node": "pve1", "vmid": "100"], [.init("purge", .bool(true))])
    private let misspelt = Request(
        .put, "/nodes/{node}/qemu/{vmid}/config", path: ["node": "pve1", "vmid": "100"], [.init("memry", .int(1))])

    @Test func namesTheTierThatARequestNeeds() {
        let failure = HostPolicy(tier: .readExecute, checksSchema: true).check(delete, release: nil)
        guard case .refused(let message)? = failure else {
            Issue.record("not refused: \(String(describing: failure))")
            return
        }
        #expect(message.contains("DELETE /nodes/{node}/qemu/{vmid} needs tier full (PVE_ACCESS_TIER=full)"))
    }

    @Test func namesTheParameterThatNeedsAHigherTier() {
        let migrate = Request(
            .post, "/nodes/{node}/qemu/{vmid}/migrate", path: ["node": "pve1", "vmid": "100"],
            [.init("target", .string("pve2")), .init("force", .bool(true))])
        let message = HostPolicy(tier: .readExecute, checksSchema: true).check(migrate, release: nil)?.message
        #expect(message?.contains("`force`") == true && message?.contains("PVE_ACCESS_TIER=full") == true)
    }

    @Test func admitsWhatTheTierDoes() {
        #expect(HostPolicy(tier: .full, checksSchema: true).check(delete, release: "9.0.3") == nil)
    }

    @Test func checksTheSchemaUnlessToldNotTo() {
        let checked = HostPolicy(tier: .full, checksSchema: true)
        #expect(checked.usesRelease)
        guard case .schema(let message)? = checked.check(misspelt, release: "9.0.3") else {
            Issue.record("a misspelt parameter passed")
            return
        }
        #expect(message.contains("memry"))
        let unchecked = HostPolicy(tier: .full, checksSchema: false)
        #expect(unchecked.check(misspelt, release: "9.0.3") == nil)
        #expect(!unchecked.usesRelease)
    }

    @Test func theTierHoldsWithoutTheSchema() {
        let failure = HostPolicy(tier: .readOnly, checksSchema: false).check(delete, release: nil)
        guard case .refused? = failure else {
            Issue.record("not refused")
            return
        }
    }

    @Test(arguments: Tier.allCases, [true, false])
    func namesABadPathValueInEveryTier(tier: Tier, checksSchema: Bool) {
        let request = Request(.get, "/nodes/{node}/status", path: ["node": "a/b"])
        let failure = HostPolicy(tier: tier, checksSchema: checksSchema).check(request, release: "9.0.3")
        guard case .invalidPathValue("node", "a/b", _)? = failure else {
            Issue.record("not refused for its path: \(String(describing: failure))")
            return
        }
        #expect(failure?.message.contains("node cannot be \"a/b\"") == true)
    }

    @Test func takesSlashesWhereThePathHasThem() {
        let volume = Request(
            .get, "/nodes/{node}/storage/{storage}/content/{volume}",
            path: ["node": "pve1", "storage": "local", "volume": "local:iso/a.iso"])
        #expect(HostPolicy(tier: .readOnly, checksSchema: true).check(volume, release: "9.0.3") == nil)
    }

    @Test func saysThatAMethodIsNotKnown() {
        let message = HostPolicy(tier: .readOnly, checksSchema: false)
            .check(Request(.get, "/nodes/{node}/nothing", path: ["node": "pve1"]), release: nil)?.message
        #expect(message?.hasSuffix("It is a method that no known release of Proxmox VE has") == true)
    }

    @Test func shortensNamesOfParameters() {
        var long = misspelt
        long.parameters = [.init(String(repeating: "x", count: 5000), .int(1))]
        for tier in [Tier.readOnly, .readExecute, .full] {
            let message = HostPolicy(tier: tier, checksSchema: true).check(long, release: "9.0.3")?.message
            #expect(message.map { $0.utf8.count < 600 } == true)
        }
    }
}
