// Containers: snapshots, clones, templates, migrations, backups that come back.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Work on simulated containers")
struct ContainerWorkTests {
    let lab = WorldLab()

    private func names(_ vmid: Int, on node: String) -> [String] {
        lab.ct(vmid, "GET", "/snapshot", on: node).json?.elements.compactMap { $0["name"]?.string } ?? []
    }

    @Test func takesRollsBackAndDeletesSnapshots() {
        let take = lab.ct(111, "POST", "/snapshot", ["snapname": "before", "description": "d"], on: "pve2")
        #expect(take.text.contains(":vzsnapshot:111:"))
        #expect(lab.containerOption(111, "lock", on: "pve2") == "snapshot")
        #expect(lab.finish(take, on: "pve2") == "OK")
        #expect(names(111, on: "pve2") == ["before", "current"])
        let again = lab.ct(111, "POST", "/snapshot", ["snapname": "before"], on: "pve2")
        #expect(lab.exit(again.text, on: "pve2") == "snapshot name 'before' already used")
        _ = lab.ct(111, "PUT", "/config", ["hostname": "changed"], on: "pve2")
        let config = lab.ct(111, "GET", "/snapshot/{snapname}/config", ["snapname": "before"], on: "pve2").json
        #expect(config?["hostname"]?.string == "dns1")
        #expect(config?["description"]?.string == "d")
        let back = lab.ct(111, "POST", "/snapshot/{snapname}/rollback", ["snapname": "before"], on: "pve2")
        #expect(lab.finish(back, on: "pve2") == "OK")
        #expect(lab.containerOption(111, "hostname", on: "pve2") == "dns1")
        #expect(lab.containerOption(111, "lock", on: "pve2") == nil)
        let delete = lab.ct(111, "DELETE", "/snapshot/{snapname}", ["snapname": "before"], on: "pve2")
        #expect(lab.finish(delete, on: "pve2") == "OK")
        #expect(names(111, on: "pve2") == ["current"])
        let none = lab.ct(111, "DELETE", "/snapshot/{snapname}", ["snapname": "before"], on: "pve2")
        #expect(lab.exit(none.text, on: "pve2") == "snapshot 'before' does not exist")
    }

    @Test func takesNoSnapshotOfFiles() {
        _ = lab.finish(lab.createContainer(200, ["storage": "shared"]))
        let answer = lab.ct(200, "POST", "/snapshot", ["snapname": "s1"])
        #expect(lab.exit(answer.text) == "snapshot feature is not available")
    }

    @Test func clonesFullyAndFromTemplatesLinked() {
        let clone = lab.ct(111, "POST", "/clone", ["newid": "300", "hostname": "copy"], on: "pve2")
        #expect(lab.containerOption(111, "lock", on: "pve2") == "disk")
        #expect(lab.finish(clone, on: "pve2") == "OK")
        #expect(lab.containerOption(300, "hostname", on: "pve2") == "copy")
        #expect(lab.containerOption(300, "rootfs", on: "pve2") == "local-lvm:vm-300-disk-0,size=4G")
        #expect(lab.containerOption(300, "net0", on: "pve2") != lab.containerOption(111, "net0", on: "pve2"))
        #expect(
            lab.ct(111, "POST", "/clone", ["newid": "301", "full": "0"], on: "pve2").message
                == "Linked clone feature for 'local-lvm:vm-111-disk-0' is not available")
        #expect(
            lab.ct(110, "POST", "/clone", ["newid": "301"], on: "pve3").message
                == "Cannot do full clones on a running container without snapshots")
        #expect(
            lab.ct(111, "POST", "/clone", ["newid": "300"], on: "pve2").message
                == "unable to create CT 300: config file already exists")
        #expect(lab.finish(lab.ct(111, "POST", "/template", on: "pve2"), on: "pve2") == "OK")
        #expect(lab.containerOption(111, "rootfs", on: "pve2") == "local-lvm:base-111-disk-0,size=4G")
        #expect(lab.finish(lab.ct(111, "POST", "/clone", ["newid": "302"], on: "pve2"), on: "pve2") == "OK")
        let removal = lab.ct(111, "DELETE", on: "pve2")
        #expect(
            lab.exit(removal.text, on: "pve2")
                == "base volume 'local-lvm:base-111-disk-0' is still in use by linked cloned")
    }

    @Test func migratesRunningOnesByRestart() {
        let at = { (values: [String: String]) in
            lab.ct(110, "POST", "/migrate", ["target": "pve1"].merging(values) { $1 }, on: "pve3")
        }
        #expect(at([:]).message == "Can't migrate running container without --online or --restart")
        let online = at(["online": "1"])
        #expect(lab.finish(online, on: "pve3") == "migration aborted")
        #expect(
            lab.log(online.text, on: "pve3").contains { $0.contains("live migration is currently not implemented") })
        let answer = at(["restart": "1"])
        #expect(lab.containerOption(110, "lock", on: "pve3") == "migrate")
        #expect(lab.finish(answer, on: "pve3") == "OK")
        #expect(lab.containerStatus(110) == "running")
    }

    @Test func comesBackFromABackup() throws {
        let backup = lab.call("POST", "/nodes/{node}/vzdump", ["node": "pve2", "vmid": "111", "storage": "shared"])
        #expect(lab.finish(backup, on: "pve2") == "OK")
        let archive = try #require(lab.volumes("shared", ["content": "backup", "vmid": "111"]).first)
        let restore = ["ostemplate": archive, "restore": "1"]
        let answer = lab.createContainer(300, restore.merging(["unique": "1"]) { $1 })
        #expect(answer.text.contains(":vzrestore:300:"))
        #expect(lab.finish(answer) == "OK")
        #expect(lab.containerOption(300, "hostname") == "dns1")
        #expect(lab.containerOption(300, "rootfs") == "local-lvm:vm-300-disk-0,size=4G")
        #expect(lab.containerOption(300, "net0") != lab.containerOption(111, "net0", on: "pve2"))
        #expect(lab.createContainer(300, restore).message == "CT 300 already exists on node 'pve1'")
        let over = restore.merging(["force": "1", "hostname": "fresh"]) { $1 }
        #expect(lab.finish(lab.createContainer(300, over)) == "OK")
        #expect(lab.containerOption(300, "hostname") == "fresh")
        _ = lab.finish(lab.ct(300, "POST", "/status/start"))
        #expect(lab.createContainer(300, over).message == "can't overwrite running container")
        let wrong = lab.call(
            "POST", "/nodes/{node}/qemu", ["vmid": "301", "archive": archive, "storage": "local-lvm"])
        #expect(lab.exit(wrong.text)?.hasSuffix("is not a backup of a virtual machine") == true)
    }

    @Test func joinsHighAvailability() {
        _ = lab.finish(lab.createContainer(200, ["ha-managed": "1"]))
        let state = lab.ct(200, "GET", "/status/current").json?["ha"]?["managed"]?.int
        #expect(state == 1)
        #expect(
            lab.ct(200, "DELETE").message
                == "unable to remove CT 200 - used in HA resources and purge parameter not set.")
        #expect(lab.finish(lab.ct(200, "DELETE", "", ["purge": "1"])) == "OK")
    }
}
