// Replication jobs and their state.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated replication")
struct ReplicationTests {
    let lab = WorldLab()

    private func call(_ method: String, _ path: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/cluster/replication\(path)", values)
    }

    private func makeGuest() {
        _ = lab.call("POST", "/storage", ["storage": "tank", "type": "zfspool", "pool": "rpool/data"])
        _ = lab.finish(lab.call("POST", "/nodes/{node}/qemu", ["vmid": "200", "scsi0": "tank:4"]))
    }

    @Test func keepsJobs() {
        makeGuest()
        let job = ["id": "200-0", "target": "pve2", "type": "local", "schedule": "*/5"]
        #expect(call("POST", "", job).json?.isNull == true)
        #expect(call("POST", "", job).message == "replication job '200-0' already exists")
        let row = call("GET", "").json?.elements.first { _ in true }
        #expect(row?["guest"]?.int == 200)
        #expect(row?["source"]?.string == "pve1")
        #expect(call("PUT", "/{id}", ["id": "200-0", "comment": "c", "delete": "schedule"]).status == 200)
        #expect(call("GET", "/{id}", ["id": "200-0"]).json?["schedule"]?.string == "*/15")
        #expect(
            call("PUT", "/{id}", ["id": "200-0", "rate": "1", "digest": "00"]).message
                == "detected modified configuration - file changed by other user? Try again.")
        #expect(
            lab.vm(200, "DELETE").message
                == "There is a replication job '200-0' for guest '200' - Please remove that first.")
        #expect(call("DELETE", "/{id}", ["id": "200-0"]).status == 200)
        #expect(call("GET", "/{id}", ["id": "200-0"]).json?["remove_job"]?.string == "full")
        lab.clock.turn(60)
        #expect(call("GET", "").json?.count == 0)
    }

    @Test func refusesWhatCannotBeCopied() {
        let make = { (id: String, target: String) in
            call("POST", "", ["id": id, "target": target, "type": "local"]).message
        }
        #expect(make("999-0", "pve2") == "Guest '999' does not exists.")
        #expect(make("100-0", "pve9") == "Target 'pve9' does not exists.")
        #expect(make("100-0", "pve2") == "missing replicate feature on volume 'local-lvm:vm-100-disk-0'")
    }

    @Test func runsBySchedule() {
        makeGuest()
        _ = call("POST", "", ["id": "200-0", "target": "pve2", "type": "local"])
        let status = {
            lab.call("GET", "/nodes/{node}/replication/{id}/status", ["id": "200-0"]).json
        }
        #expect(status()?["last_sync"]?.int == 0)
        lab.clock.turn(1800)
        let last = status()?["last_sync"]?.int ?? 0
        #expect(last > 0 && last % 900 == 0)
        #expect((status()?["next_sync"]?.int ?? 0) > last)
        #expect(lab.call("POST", "/nodes/{node}/replication/{id}/schedule_now", ["id": "200-0"]).status == 200)
        #expect((status()?["last_sync"]?.int ?? 0) >= last)
        let log = lab.call("GET", "/nodes/{node}/replication/{id}/log", ["id": "200-0"])
        #expect(log.json?.elements.contains { $0["t"]?.string?.hasSuffix("end replication job") == true } == true)
        let list = lab.call("GET", "/nodes/{node}/replication", ["guest": "200"])
        #expect(list.json?.count == 1)
        #expect(lab.call("GET", "/nodes/{node}/replication", ["node": "pve2"]).json?.count == 0)
    }
}
