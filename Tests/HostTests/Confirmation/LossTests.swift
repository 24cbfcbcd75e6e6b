// What the questions say.
// SPDX-License-Identifier: MIT

import Proxmox
import Testing

@testable import Host

@Suite("Loss")
struct LossTests {
    private func text(_ request: Request, _ state: ObjectState) -> String {
        let asked = AskedRequest(request)
        return Loss.text(asked, GuestsAtStake(asked), state)
    }

    private func text(
        _ method: Proxmox.Method, _ template: String, _ path: [String: String] = [:], _ given: [String: String] = [:],
        _ data: String? = nil
    ) throws -> String {
        let request = Request(
            method, template, path: path, given.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
        return text(request, ObjectState(data: try data.map(json)))
    }

    @Test func namesWhatGoesWithAGuest() throws {
        #expect(
            text(deleteVM, state(try web()))
                == "Delete VM 101 (web, running on pve1): its disks scsi0 local-lvm:vm-101-disk-0 (32G), unused0 "
                + "local-lvm:vm-101-disk-1, 2 snapshots (early, late) and its configuration are lost.")
        let purge = text(vmRequest(.delete, "", ["purge": .bool(true)]), state(try web()))
        #expect(purge.hasSuffix(" With purge, it also goes from backup, replication and HA jobs."))
    }

    @Test func namesTheSnapshot() throws {
        let path = ["snapname": "late"]
        #expect(
            text(vmRequest(.post, "/snapshot/{snapname}/rollback", path: path), state(try web()))
                == "Put VM 101 (web, running on pve1) back to snapshot late (taken 2026-11-20 12:14 UTC, \"two lines\"): "
                + "everything written to its disks since then is lost, and what runs in it ends.")
        #expect(
            text(vmRequest(.delete, "/snapshot/{snapname}", path: ["snapname": "early"]), state(try web()))
                .hasPrefix("Delete snapshot early (taken 1970-01-02 00:00 UTC, with memory) of VM 101"))
    }

    @Test func saysThatHighAvailabilityStopsAGuest() throws {
        func put(_ given: [String: String]) throws -> String {
            text(
                Request(
                    .put, "/cluster/ha/resources/{sid}", path: ["sid": "vm:101"],
                    given.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
                ObjectState(guests: [try web()], hasGuestList: true))
        }
        let stop =
            "Have high availability shut guest 101 (web, running) down, and cut its power if it does not follow in "
            + "time: what it has not written by then is lost."
        let change = "Change HA resource vm:101: the setting comment is removed."
        #expect(try put(["state": "stopped"]) == stop)
        #expect(try put(["delete": "comment"]) == change)
        #expect(try put(["delete": "comment", "state": "disabled"]) == "\(change) \(stop)")
    }

    @Test func saysThatNothingRuns() throws {
        #expect(text(vmRequest(.post, "/status/stop"), state(try web())).contains("not written yet is lost"))
        #expect(
            text(vmRequest(.post, "/status/stop"), state(try web(status: "stopped"))).contains("it does not run now"))
    }

    @Test func tellsDataFromSettings() throws {
        let given: [String: ParameterValue] = ["delete": .string("unused0,net0,scsi0")]
        #expect(
            text(vmRequest(.put, "/config", given), state(try web()))
                == "Change the configuration of VM 101 (web, running on pve1): the data of unused0 "
                + "local-lvm:vm-101-disk-1 is deleted; scsi0 local-lvm:vm-101-disk-0 (32G) is taken out and stays as an "
                + "unused disk; the setting net0 is removed.")
    }

    @Test func namesObjectsOfOtherKinds() throws {
        #expect(
            try text(.delete, "/access/users/{userid}", ["userid": "a@pve"], [:], #"{"firstname":"Ann"}"#)
                == "Delete user a@pve (Ann): its tokens and permissions are lost.")
        #expect(
            try text(.delete, "/cluster/firewall/rules/{pos}", ["pos": "0"], [:], #"{"type":"in","action":"ACCEPT"}"#)
                == "Remove from the firewall of the cluster: rule 0 (in ACCEPT); the rules after it move up.")
        #expect(
            try text(
                .put, "/access/acl", [:], ["path": "/", "roles": "Administrator", "users": "a@pve", "delete": "1"])
                == "Take Administrator on / away from a@pve: what it allowed there is lost.")
        #expect(
            try text(
                .delete, "/nodes/{node}/storage/{storage}/content/{volume}",
                ["node": "pve1", "storage": "local", "volume": "local:iso/x.iso"], [:], #"{"size":1610612736}"#)
                == "Delete local:iso/x.iso (1.5 GiB) from storage local: its content is lost.")
        #expect(
            try text(.put, "/cluster/options", [:], ["delete": "language"])
                == "Change the options of the datacenter: the setting language is removed.")
        #expect(
            try text(.put, "/cluster/ha/rules/{rule}", ["rule": "apart"], ["delete": "comment,disable"])
                == "Change HA rule apart: the settings comment, disable are removed.")
        #expect(
            try text(
                .delete, "/cluster/ha/rules/{rule}", ["rule": "apart"], [:],
                #"{"type":"resource-affinity","resources":"vm:100,vm:101"}"#)
                == "Delete HA rule apart (resource-affinity): it no longer decides where vm:100,vm:101 may run.")
    }

    @Test func speaksOfOneGuestsBackups() throws {
        let keep: [String: ParameterValue] = ["vmid": .string("101"), "prune-backups": .string("keep-last=1")]
        let request = Request(
            .post, "/nodes/{node}/vzdump", path: ["node": "pve1"],
            keep.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
        #expect(
            text(request, ObjectState(guests: [try web()]))
                == "Back up guest 101 (web, running): its older backups that keep-last=1 does not keep are deleted.")
        let script = Request(
            .post, "/nodes/{node}/vzdump", path: ["node": "pve1"],
            [
                .init("vmid", .string("101")), .init("script", .string("/x")),
            ])
        #expect(
            text(script, ObjectState(guests: [try web()]))
                == "Back up guest 101 (web, running). A script is run as root on the node.")
    }

    @Test func takesAllForTheGuestsOfTheNode() {
        let request = Request(.post, "/nodes/{node}/vzdump", path: ["node": "pve1"], [.init("all", .bool(true))])
        #expect(GuestsAtStake(AskedRequest(request)).scope == .node("pve1"))
        let job = Request(.post, "/cluster/backup", [.init("all", .bool(true))])
        #expect(GuestsAtStake(AskedRequest(job)).scope == .cluster)
    }

    @Test func asksNothingAboutTasksThatEnded() throws {
        let upid = "UPID:pve1:000004B7:05CC7975:6B008C39:qmstart:100:root@pam:"
        let asked = AskedRequest(
            Request(.delete, "/nodes/{node}/tasks/{upid}", path: ["node": "pve1", "upid": upid]))
        let ended = ObjectState(data: try json(#"{"status":"stopped","exitstatus":"OK"}"#))
        #expect(Loss.nothingThere(asked, ended) == "Nothing was sent: this task has ended already: OK.")
        #expect(Loss.nothingThere(asked, ObjectState(data: try json(#"{"status":"running"}"#))) == nil)
    }

    @Test func hasWordsForEveryMethod() throws {
        #expect(
            try text(.delete, "/cluster/metrics/server/{id}", ["id": "influx"])
                == "DELETE /cluster/metrics/server/influx: it removes what it names.")
        #expect(try text(.delete, "/nothing/known").contains("no known release"))
    }

    @Test func keepsWhatComesFromOutsideOnOneLine() {
        #expect(shown("a\nb\u{1B}[2J\u{202E}c") == "a b [2J c")
        #expect(shown(String(repeating: "x", count: 100)).count < 65)
    }

    @Test func countsWhatIsTooMuch() {
        #expect(Loss.list((1...10).map(String.init)) == "1, 2, 3, 4, 5, 6, 7, 8 and 2 more")
    }

    @Test func tellsWhatChanges() throws {
        let before = state(try web()).facts
        #expect(ObjectState.changes(from: before, to: state(try web()).facts) == "")
        #expect(
            ObjectState.changes(from: before, to: state(try web(digest: "d2")).facts)
                == "the configuration of VM 101 is another one")
        // What changes by itself makes no difference.
        let busy = ObjectState(data: try json(#"{"cpu":0.5,"type":"x","mem":5}"#))
        #expect(busy.facts == ObjectState(data: try json(#"{"mem":6,"type":"x","cpu":0.1}"#)).facts)
        #expect(busy.facts != ObjectState(data: try json(#"{"mem":6,"type":"y"}"#)).facts)
    }
}
