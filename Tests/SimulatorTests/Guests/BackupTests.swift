// Backups, the jobs that make them, and which are kept.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated backups")
struct BackupTests {
    let lab = WorldLab()

    private func dump(_ values: [String: String], on node: String = "pve1") -> LabAnswer {
        lab.call("POST", "/nodes/{node}/vzdump", ["node": node].merging(values) { $1 })
    }

    private func job(_ method: String, _ path: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call(method, "/cluster/backup\(path)", values)
    }

    @Test func backsUpAndLogs() throws {
        let values = [
            "vmid": "101", "storage": "shared", "compress": "zstd", "notes-template": "{{guestname}} on {{node}}",
            "protected": "1",
        ]
        let answer = dump(values)
        #expect(answer.text.contains(":vzdump:101:"))
        #expect(lab.option(101, "lock") == "backup")
        #expect(lab.vm(101, "PUT", "/config", ["cores": "1"]).message == "VM is locked (backup)")
        #expect(lab.finish(answer) == "OK")
        #expect(lab.option(101, "lock") == nil)
        let log = lab.log(answer.text)
        #expect(log.first?.hasPrefix("INFO: starting new backup job: vzdump 101 --compress zstd") == true)
        #expect(log.contains { $0.hasPrefix("INFO: Finished Backup of VM 101 (00:00:0") })
        #expect(Array(log.suffix(2)) == ["INFO: Backup job finished successfully", "TASK OK"])
        let row = try #require(
            lab.storage("shared", "GET", "/content", ["vmid": "101", "content": "backup"]).json?.elements
                .first { $0["protected"]?.int == 1 })
        #expect(row["notes"]?.string == "db1 on pve1")
        #expect(row["format"]?.string == "vma.zst")
        let id = row["volid"]?.string ?? ""
        let config = lab.call("GET", "/nodes/{node}/vzdump/extractconfig", ["volume": id]).text
        #expect(config.contains("name: db1\n"))
    }

    @Test func skipsGuestsOfOtherNodes() {
        #expect(dump(["vmid": "102,105", "storage": "shared"]).text == "OK")
        let mixed = dump(["vmid": "100,102", "storage": "shared"])
        #expect(lab.finish(mixed) == "OK")
        #expect(lab.log(mixed.text).contains("INFO: skip external VMs: 102"))
        #expect(lab.volumes("shared", ["content": "backup", "vmid": "102"]).isEmpty)
    }

    @Test func goesOnAfterAGuestThatFails() {
        let answer = dump(["vmid": "100,106,999", "storage": "shared"])
        #expect(lab.finish(answer) == "job errors")
        let log = lab.log(answer.text)
        #expect(log.contains("ERROR: Backup of VM 106 failed - VM is locked (backup)"))
        #expect(log.contains("ERROR: Backup of VM 999 failed - unable to find VM '999'"))
        #expect(lab.volumes("shared", ["content": "backup", "vmid": "100"]).count == 1)
    }

    @Test func refusesContradictionsAndWrongStorages() {
        #expect(dump([:]).errors == ["vmid": "property is missing"])
        #expect(dump(["vmid": "100", "all": "1"]).errors == ["all": "option conflicts with option 'vmid'"])
        let answer = dump(["vmid": "100", "storage": "local-lvm"])
        #expect(
            lab.exit(answer.text)
                == "could not get storage information for 'local-lvm': can't use storage 'local-lvm' for backups - wrong content type"
        )
    }

    @Test func stopsWithoutAFile() {
        let answer = dump(["vmid": "100", "storage": "shared"])
        lab.clock.turn(1)
        _ = lab.call("DELETE", "/nodes/{node}/tasks/{upid}", ["upid": answer.text])
        #expect(lab.option(100, "lock") == nil)
        lab.clock.turn(60)
        #expect(lab.volumes("shared", ["vmid": "100", "content": "backup"]).isEmpty)
    }

    @Test func prunesWhatARetentionDoesNotKeep() {
        for _ in 0..<3 { _ = lab.finish(dump(["vmid": "100", "storage": "shared", "remove": "0"])) }
        #expect(lab.volumes("shared", ["vmid": "100", "content": "backup"]).count == 3)
        #expect(
            lab.storage("shared", "GET", "/prunebackups").message
                == "no prune-backups options configured for storage 'shared'")
        let keep = ["prune-backups": "keep-last=1", "vmid": "100"]
        let marks = lab.storage("shared", "GET", "/prunebackups", keep).json?.elements.compactMap {
            $0["mark"]?.string
        }
        #expect(marks == ["remove", "remove", "keep"])
        #expect(lab.finish(lab.storage("shared", "DELETE", "/prunebackups", keep)) == "OK")
        #expect(lab.volumes("shared", ["vmid": "100", "content": "backup"]).count == 1)
        _ = lab.finish(dump(["vmid": "100", "storage": "shared", "prune-backups": "keep-last=1"]))
        #expect(lab.volumes("shared", ["vmid": "100", "content": "backup"]).count == 1)
    }

    @Test func keepsOneOfEachPeriod() {
        let day = 86_400
        let times = [0, 3600, day, day + 3600, 9 * day].map { 1_800_000_000 + $0 }
        #expect(Retention("keep-all=1").removed(of: times).isEmpty)
        #expect(Retention("keep-last=2").removed(of: times) == [0, 1, 2])
        #expect(Retention("keep-daily=2").removed(of: times) == [0, 1, 2])
        #expect(Retention("keep-daily=3").removed(of: times) == [0, 2])
        #expect(Retention("keep-last=1,keep-weekly=1").removed(of: times) == [0, 1, 2])
    }

    @Test func keepsJobs() {
        let values = [
            "schedule": "sat 02:00", "vmid": "100,101", "storage": "shared", "mode": "snapshot",
            "prune-backups": "keep-last=3", "id": "nightly",
        ]
        #expect(job("POST", "", values).json?.isNull == true)
        #expect(job("POST", "", values).message == "Job 'nightly' already exists")
        let row = job("GET", "").json?.elements.first { _ in true }
        #expect(row?["id"]?.string == "nightly")
        #expect(row?["prune-backups"]?["keep-last"]?.string == "3")
        #expect(row?["enabled"]?.int == 1)
        #expect(row?["next-run"]?.int != nil)
        #expect(job("PUT", "/{id}", ["id": "nightly", "all": "1", "exclude": "100"]).json?.isNull == true)
        #expect(job("GET", "/{id}", ["id": "nightly"]).json?["vmid"] == nil)
        #expect(
            job("PUT", "/{id}", ["id": "nightly", "delete": "bogus"]).errors == ["delete": "unknown option 'bogus'"])
        #expect(job("DELETE", "/{id}", ["id": "nightly"]).json?.isNull == true)
        #expect(job("GET", "/{id}", ["id": "nightly"]).errors == ["id": "No such job 'nightly'"])
        #expect(job("POST", "", ["vmid": "100"]).errors == ["schedule": "neither 'starttime' nor 'schedule' were set"])
        #expect(job("POST", "", ["schedule": "daily"]).errors == ["vmid": "property is missing"])
    }

    @Test func knowsWhoIsNotCovered() {
        let uncovered = {
            lab.call("GET", "/cluster/backup-info/not-backed-up").json?.elements.compactMap { $0["vmid"]?.int }
        }
        #expect(uncovered()?.count == 12)
        _ = job("POST", "", ["id": "some", "schedule": "daily", "vmid": "100,101"])
        #expect(uncovered()?.count == 10)
        _ = job("POST", "", ["id": "rest", "schedule": "daily", "all": "1", "exclude": "111"])
        #expect(uncovered() == [111])
        let volumes = job("GET", "/{id}/included_volumes", ["id": "some"]).json?["children"]?.elements.first {
            $0["id"]?.int == 100
        }
        let disk = volumes?["children"]?.elements.first { _ in true }
        #expect(disk?["id"]?.string == "scsi0")
        #expect(disk?["included"]?.int == 1)
    }

    @Test(arguments: [
        ("*/15", 900), ("hourly", 3600), ("21:30", 48_600), ("daily", 57_600), ("sat 02:00", 64_800),
        ("mon..fri 02:00", 237_600), ("mon,wed 0/6:10", 231_000), ("monthly", 1_440_000),
    ])
    func knowsWhenAScheduleComesNext(text: String, seconds: Int) {
        // Friday, 15 January 2027, 08:00 UTC
        #expect(CalendarEvent(text)?.next(after: 1_800_000_000) == 1_800_000_000 + seconds)
    }
}
