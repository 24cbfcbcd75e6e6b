// Creating, cloning, moving and destroying machines.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated guests")
struct WorldGuestTests {
    let lab = WorldLab()

    private func create(_ vmid: Int, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call("POST", "/nodes/{node}/qemu", ["vmid": String(vmid)].merging(values) { $1 })
    }

    private func place(_ vmid: Int) -> String? {
        lab.call("GET", "/cluster/resources", ["type": "vm"]).json?.elements
            .first { $0["vmid"]?.int == Int64(vmid) }?["node"]?.string
    }

    @Test func createsAndFillsIn() {
        let answer = create(
            200, ["name": "new", "scsi0": "local-lvm:20", "net0": "virtio,bridge=vmbr0", "ide2": "local-lvm:cloudinit"])
        #expect(answer.text.contains(":qmcreate:200:"))
        #expect(lab.option(200, "lock") == "create")
        #expect(lab.finish(answer) == "OK")
        #expect(lab.option(200, "lock") == nil)
        #expect(lab.option(200, "scsi0") == "local-lvm:vm-200-disk-0,size=20G")
        #expect(lab.option(200, "ide2") == "local-lvm:vm-200-cloudinit,media=cdrom")
        #expect(lab.option(200, "boot") == "order=scsi0;net0")
        #expect(lab.option(200, "smbios1")?.hasPrefix("uuid=") == true)
        #expect(lab.option(200, "meta")?.hasPrefix("creation-qemu=") == true)
        #expect(lab.status(200) == "stopped")
    }

    @Test func createsAndStarts() {
        let answer = create(200, ["start": "1"])
        lab.clock.turn(10)
        #expect(lab.exit(answer.text) == "OK")
        #expect(lab.status(200) == "running")
    }

    @Test(arguments: [(100, "VM", "pve1"), (102, "VM", "pve2"), (110, "CT", "pve3")])
    func refusesAnIDThatIsTaken(vmid: Int, kind: String, node: String) {
        let answer = create(vmid)
        #expect(answer.status == 500)
        #expect(answer.message == "unable to create VM \(vmid) - \(kind) \(vmid) already exists on node '\(node)'")
        let clone = lab.vm(100, "POST", "/clone", ["newid": String(vmid)])
        #expect(clone.status == 500)
        #expect(clone.message == "unable to create VM \(vmid): config file already exists")
    }

    private var archive: String {
        lab.call("GET", "/nodes/{node}/storage/{storage}/content", ["storage": "shared", "content": "backup"])
            .json?.elements.first { _ in true }?["volid"]?.string ?? ""
    }

    @Test func restoresABackup() {
        let answer = create(300, ["archive": archive, "unique": "1", "storage": "local-lvm"])
        #expect(answer.text.contains(":qmrestore:300:"))
        #expect(lab.finish(answer) == "OK")
        #expect(lab.option(300, "name") == "db1")
        #expect(lab.option(300, "scsi0")?.hasPrefix("local-lvm:vm-300-disk-0,") == true)
        #expect(lab.option(300, "net0") != lab.option(101, "net0"))
    }

    @Test func overwritesOnlyWhenForcedAndStopped() {
        #expect(
            create(100, ["archive": archive]).message
                == "unable to restore VM 100 - VM 100 already exists on node 'pve1'")
        let running = create(101, ["archive": archive, "force": "1"])
        #expect(lab.exit(running.text) == "unable to restore VM 101 - vm is running")
        #expect(lab.option(101, "lock") == nil)
        let kept = create(107, ["archive": archive, "force": "1"])
        #expect(lab.exit(kept.text) == "unable to restore VM 107 - protection mode enabled")
        #expect(lab.finish(create(100, ["archive": archive, "force": "1"])) == "OK")
        #expect(lab.option(100, "name") == "db1")
        let missing = create(301, ["archive": "shared:backup/none.vma.zst"])
        #expect(lab.exit(missing.text)?.contains("does not exist") == true)
        #expect(lab.vm(301, "GET", "/config").status == 500)
    }

    @Test func destroysAStoppedGuest() {
        let next = { lab.call("GET", "/cluster/nextid").text }
        #expect(next() == "112")
        let answer = lab.vm(100, "DELETE")
        #expect(answer.text.contains(":qmdestroy:100:"))
        #expect(lab.finish(answer) == "OK")
        #expect(lab.vm(100, "GET", "/config").status == 500)
        #expect(place(100) == nil)
        #expect(next() == "100")
    }

    @Test func refusesToDestroy() {
        #expect(lab.vm(101, "DELETE").message == "VM 101 is running - destroy failed")
        #expect(lab.vm(107, "DELETE").message == "can't remove VM 107 - protection mode enabled")
        #expect(lab.finish(lab.vm(106, "DELETE")) == "VM is locked (backup)")
        #expect(lab.vm(106, "GET", "/config").status == 200)
    }

    @Test func clonesFully() {
        let answer = lab.vm(100, "POST", "/clone", ["newid": "400", "name": "copy"])
        #expect(lab.exit(answer.text) == nil)
        #expect(lab.finish(answer) == "OK")
        #expect(lab.option(400, "name") == "copy")
        #expect(lab.option(400, "scsi0")?.hasPrefix("local-lvm:vm-400-disk-0,") == true)
        #expect(lab.option(400, "net0") != lab.option(100, "net0"))
        #expect(lab.option(400, "lock") == nil)
    }

    @Test func clonesATemplateLinked() {
        #expect(lab.finish(lab.vm(108, "POST", "/clone", ["newid": "400"])) == "OK")
        #expect(lab.option(400, "template") == nil)
        #expect(lab.option(400, "name") == "Copy-of-VM-debian-template")
        #expect(
            lab.finish(lab.vm(108, "DELETE"))
                == "base volume 'local-lvm:base-108-disk-0' is still in use by linked cloned")
    }

    @Test func refusesClones() {
        let clone = { (values: [String: String]) in
            lab.vm(100, "POST", "/clone", ["newid": "400"].merging(values) { $1 }).message
        }
        #expect(clone(["full": "0"]) == "Linked clone feature is not supported for 'local-lvm:vm-100-disk-0' (scsi0)")
        #expect(clone(["full": "0", "storage": "shared"]) == "parameter 'storage' not allowed for linked clones")
        #expect(clone(["target": "pve2"]) == "can't clone VM to node 'pve2' (VM uses local storage)")
        #expect(clone(["snapname": "none"]) == "snapshot 'none' does not exist")
        #expect(lab.vm(106, "POST", "/clone", ["newid": "400"]).message == "VM is locked (backup)")
    }

    @Test func clonesToAnotherNodeFromSharedStorage() {
        let answer = lab.vm(102, "POST", "/clone", ["node": "pve2", "newid": "400", "target": "pve3"])
        #expect(lab.finish(answer, on: "pve2") == "OK")
        #expect(place(400) == "pve3")
    }

    @Test func migratesLive() {
        let at = ["node": "pve2", "target": "pve3"]
        #expect(lab.vm(102, "POST", "/migrate", at).message == "can't migrate running VM without --online")
        let answer = lab.vm(102, "POST", "/migrate", at.merging(["online": "1"]) { $1 })
        #expect(lab.vm(102, "POST", "/status/stop", ["node": "pve2"]).status == 200)
        #expect(lab.option(102, "lock", ["node": "pve2"]) == "migrate")
        #expect(lab.finish(answer, on: "pve2") == "OK")
        #expect(place(102) == "pve3")
        #expect(lab.status(102, on: "pve3") == "running")
        #expect(lab.status(102, on: "pve2") == nil)
    }

    @Test func refusesMigrations() {
        #expect(lab.vm(100, "POST", "/migrate", ["target": "pve1"]).errors == ["target": "target is local node."])
        #expect(lab.vm(100, "POST", "/migrate", ["target": "pve9"]).message == "no such cluster node 'pve9'")
        let local = lab.vm(101, "POST", "/migrate", ["target": "pve2", "online": "1"])
        #expect(lab.finish(local) == "migration aborted")
        #expect(lab.log(local.text).contains { $0.contains("without with-local-disks option") })
        #expect(place(101) == "pve1")
        let moved = lab.vm(101, "POST", "/migrate", ["target": "pve2", "online": "1", "with-local-disks": "1"])
        #expect(lab.finish(moved) == "OK")
        #expect(place(101) == "pve2")
    }

    @Test func doesNotMigrateToAnUnreachableNode() {
        let lab = WorldLab(WorldOptions(offlineNodes: ["pve3"]))
        let answer = lab.vm(100, "POST", "/migrate", ["target": "pve3"])
        #expect(lab.finish(answer) == "migration aborted")
        #expect(lab.option(100, "lock") == nil)
    }

    @Test func makesTemplates() {
        #expect(lab.finish(lab.vm(100, "POST", "/template")) == "OK")
        #expect(lab.option(100, "template") == "1")
        #expect(lab.option(100, "scsi0")?.hasPrefix("local-lvm:base-100-disk-0,") == true)
        #expect(lab.vm(101, "POST", "/template").message == "unable to create template, because VM contains snapshots")
    }

    @Test func knowsTheNextID() {
        #expect(lab.call("GET", "/cluster/nextid", ["vmid": "500"]).text == "500")
        let taken = lab.call("GET", "/cluster/nextid", ["vmid": "100"])
        #expect(taken.status == 400)
        #expect(taken.errors == ["vmid": "VM 100 already exists"])
    }
}
