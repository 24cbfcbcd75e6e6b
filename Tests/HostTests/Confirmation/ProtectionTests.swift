// Guests that nothing destructive is done to.
// SPDX-License-Identifier: MIT

import Proxmox
import Testing

@testable import Host

@Suite("Protection")
struct ProtectionTests {
    @Test func readsItsEntries() {
        #expect(ProtectionRule("100") == .guests(100...100))
        #expect(ProtectionRule("100-199") == .guests(100...199))
        #expect(ProtectionRule("tag:Prod") == .tag("prod"))
        #expect(ProtectionRule("pool:infra/db") == .pool("infra/db"))
        for text in [
            "", "99", "200-100", "100-", "-100", "100-200-300", "x", "tag:", "pool:", "tag:a b", "1e3", "+100",
            "1000000000", "100-1000000000", "TAG:a", "pool:ä",
        ] { #expect(ProtectionRule(text) == nil, "\(text)") }
    }

    private func atStake(_ request: Request) -> GuestsAtStake { GuestsAtStake(AskedRequest(request)) }

    private func request(
        _ method: Proxmox.Method, _ template: String, _ path: [String: String] = [:], _ given: [String: String] = [:]
    ) -> Request {
        Request(method, template, path: path, given.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }

    @Test func findsTheGuestsARequestIsAbout() {
        let node = ["node": "pve1"]
        #expect(atStake(deleteVM).vmids == [101])
        // A value with a slash is several segments to the server.
        #expect(
            atStake(request(.delete, "/nodes/{node}/qemu/{x}", ["node": "pve1", "x": "101/snapshot/a"])).vmids == [101])
        #expect(atStake(request(.post, "/nodes/{node}/qemu", node, ["vmid": "105", "force": "1"])).vmids == [105])
        #expect(
            atStake(request(.put, "/pools", [:], ["poolid": "p", "vms": "1,102;103 104", "delete": "1"])).vmids == [
                1, 102, 103, 104,
            ])
        #expect(atStake(request(.delete, "/cluster/ha/resources/{sid}", ["sid": "ct:107"])).vmids == [107])
        #expect(atStake(request(.delete, "/cluster/ha/resources/{sid}", ["sid": "108"])).vmids == [108])
        #expect(atStake(request(.delete, "/cluster/replication/{id}", ["id": "109-0"])).vmids == [109])
        let upid = "UPID:pve1:000004B7:05CC7967:6B005F6C:qmstart:110:root@pam:"
        #expect(atStake(request(.delete, "/nodes/{node}/tasks/{upid}", ["node": "pve1", "upid": upid])).vmids == [110])
        #expect(atStake(request(.put, "/access/acl", [:], ["path": "/vms/111", "delete": "1"])).vmids == [111])
        #expect(
            atStake(vmRequest(.post, "/move_disk", ["target-vmid": .int(112), "delete": .bool(true)])).vmids == [
                101, 112,
            ])
    }

    @Test func readsListsAndPathsAsTheServerDoes() {
        for separator in [",", ";", " ", "\t", "\r", "\u{B}", "\u{C}", "\u{0}", "\u{A0}", "\u{2003}"] {
            let vms = "102\(separator)103"
            #expect(
                atStake(request(.post, "/nodes/{node}/stopall", ["node": "pve1"], ["vms": vms])).vmids == [102, 103])
        }
        for path in ["/vms/111/", "//vms/111", "/vms//111", "vms/111"] {
            #expect(
                atStake(request(.put, "/access/acl", [:], ["path": path, "delete": "1"])).vmids == [111], "\(path)")
        }
    }

    @Test(
        arguments: [
            ("local:120/disk.qcow2", "120"), ("local:120/vm-7-disk-0.qcow2", "120"),
            ("local:7/base-7-disk-0.qcow2/120/vm-120-disk-0.qcow2", "120"),
            ("local-lvm:vm-120-disk-0", "120"), ("local:120/vm-120-disk-0.qcow2", "120"),
            ("nfs:base-7-disk-0/vm-120-disk-1", "120"),
            ("zfs:subvol-120-disk-0", "120"), ("local:backup/vzdump-qemu-120-2026_01_01-00_00_00.vma.zst", "120"),
            ("pbs:backup/ct/120/2026-01-01T00:00:00Z", "120"), ("local:iso/debian-12.iso", nil),
            ("local:vztmpl/vm.tar", nil),
        ] as [(String, String?)])
    func knowsWhoseAVolumeIs(volume: String, owner: String?) {
        #expect(GuestsAtStake.owner(volume) == owner)
    }

    @Test func knowsWhatIsAboutAllGuests() {
        let node = ["node": "pve1"]
        #expect(atStake(request(.post, "/cluster/bulk-action/guest/shutdown")).scope == .cluster)
        #expect(atStake(request(.post, "/cluster/bulk-action/guest/shutdown", [:], ["vms": "100"])).scope == nil)
        #expect(atStake(request(.post, "/nodes/{node}/stopall", node)).scope == .node("pve1"))
        #expect(atStake(request(.post, "/nodes/{node}/status", node, ["command": "reboot"])).scope == .node("pve1"))
        #expect(
            atStake(request(.post, "/nodes/{node}/vzdump", node, ["all": "1", "remove": "1"])).scope == .node("pve1"))
        #expect(
            atStake(request(.post, "/nodes/{node}/vzdump", node, ["pool": "p", "remove": "1"])).scope == .pool("p"))
        #expect(atStake(request(.post, "/nodes/{node}/execute", node, ["commands": "[]"])).scope == .anything)
    }

    @Test func refusesToHaveHighAvailabilityStopAGuest() {
        for state in ["stopped", "disabled"] {
            let added = ["sid": "vm:101", "state": state]
            var adds = StagedGate(request(.post, "/cluster/ha/resources", [:], added), protect: ["101"])
            #expect(adds.handle(.begin).refusal != nil)
            var changes = StagedGate(
                request(.put, "/cluster/ha/resources/{sid}", ["sid": "101"], ["state": state]), protect: ["101"])
            #expect(changes.handle(.begin).refusal != nil)
        }
    }

    // MARK: Refusals

    @Test func refusesByIdWithoutReading() throws {
        var staged = StagedGate(deleteVM, protect: ["100-105"])
        let why = try #require(staged.handle(.begin).refusal)
        #expect(why.contains("PVE_PROTECT (100-105)") && why.contains("guest 101"))
        var other = StagedGate(deleteVM, protect: ["102-105"])
        #expect(other.handle(.begin).refusal == nil)
    }

    @Test func refusesByTagAndPool() throws {
        var tagged = StagedGate(deleteVM, .clientAsks, mode: .never, protect: ["tag:prod"])
        #expect(tagged.reading(state(try web(tags: ["web", "PROD"]))).refusal?.contains("tag:prod") == true)
        var pooled = StagedGate(deleteVM, protect: ["pool:infra"])
        #expect(pooled.reading(state(try web(pool: "infra/db"))).refusal?.contains("pool:infra") == true)
        var neither = StagedGate(deleteVM, protect: ["tag:prod", "pool:infra"])
        #expect(neither.reading(state(try web(tags: ["production"], pool: "infrared"))).token != nil)
    }

    @Test func refusesAfterAYesToo() throws {
        var staged = StagedGate(deleteVM, .clientAsks, protect: ["tag:prod"])
        _ = staged.reading(state(try web()))
        _ = staged.handle(.answered(.yes))
        #expect(staged.handle(.read(state(try web(tags: ["prod"])))).refusal != nil)
    }

    @Test func refusesWhatCannotBeSeen() throws {
        var staged = StagedGate(deleteVM, mode: .never, protect: ["tag:prod"])
        #expect(staged.reading(state(GuestState(vmid: 101))).refusal?.contains("VM.Audit on /vms/101") == true)
    }

    @Test func keepsTheTagsThatProtect() throws {
        func outcome(_ tags: String) throws -> ConfirmationGate.Action {
            var staged = StagedGate(
                vmRequest(.put, "/config", ["tags": .string(tags)]), protect: ["tag:prod"])
            return staged.reading(state(try web(tags: ["prod"])))
        }
        #expect(try outcome("web").refusal != nil)
        #expect(try outcome("").refusal != nil)
        #expect(try outcome("web;prod") == .send(nil))
    }

    @Test func keepsTheMembersThatAPoolProtects() throws {
        func outcome(_ pool: String, _ given: [String: String]) throws -> ConfirmationGate.Action {
            var staged = StagedGate(
                request(.put, "/pools", [:], given.merging(["poolid": pool]) { $1 }), protect: ["pool:infra"])
            return staged.reading(state(try web(pool: "infra")))
        }
        #expect(try outcome("other", ["vms": "101", "allow-move": "1"]).refusal != nil)
        #expect(try outcome("infra/db", ["vms": "101", "allow-move": "1"]) == .send(nil))
        let taken = ["poolid": "infra", "vms": "101", "delete": "1"]
        var takes = StagedGate(request(.put, "/pools", [:], taken), protect: ["pool:infra"])
        #expect(takes.handle(.begin).refusal != nil)
        var deletes = StagedGate(request(.delete, "/pools", [:], ["poolid": "infra"]), protect: ["pool:infra"])
        #expect(deletes.handle(.begin).refusal != nil)
    }

    @Test func refusesWhatMayBeAboutAnything() {
        var staged = StagedGate(
            request(.post, "/nodes/{node}/execute", ["node": "pve1"], ["commands": "[]"]), protect: ["100"])
        #expect(staged.handle(.begin).refusal != nil)
    }

    @Test func refusesAllGuestsWhenOneIsProtected() throws {
        var staged = StagedGate(
            request(.post, "/nodes/{node}/stopall", ["node": "pve1"]), mode: .never, protect: ["101"])
        guard case .read(let plan) = staged.handle(.begin) else { return #expect(Bool(false), "it must read") }
        #expect(plan.listsGuests)
        let guest = try web()
        #expect(staged.handle(.read(ObjectState(guests: [guest], hasGuestList: true))).refusal != nil)
    }

    // MARK: The API's own flag

    @Test func heedsTheFlag() throws {
        for request in [
            deleteVM, vmRequest(.post, "/snapshot/{snapname}/rollback", path: ["snapname": "late"]),
            vmRequest(.put, "/config", ["delete": .string("scsi0")]),
            vmRequest(.put, "/unlink", ["idlist": .string("unused0")]),
            vmRequest(.post, "/move_disk", ["disk": .string("scsi0"), "delete": .bool(true)]),
        ] {
            for mode in ConfirmationMode.allCases {
                var staged = StagedGate(request, mode: mode)
                #expect(staged.reading(state(try web(protection: true))).refusal?.contains("protection: 1") == true)
            }
        }
        var stops = StagedGate(vmRequest(.post, "/status/stop"))
        #expect(stops.reading(state(try web(protection: true))).token != nil)
    }

    @Test func asksBeforeTheFlagIsSwitchedOff() throws {
        let off: [ParameterValue] = [
            .bool(false), .int(0), .double(0), .double(-0.0), .string("0\n"), .string("no"), .string(""),
        ]
        let all =
            off.map { ("protection", $0) } + [
                ("delete", .string("protection")), ("delete", .string("net0\rprotection")),
            ]
        for given in all {
            var staged = StagedGate(vmRequest(.put, "/config", [given.0: given.1]))
            #expect(
                staged.reading(state(try web(protection: true))).ending?.contains("Switch the protection flag") == true)
        }
    }
}
