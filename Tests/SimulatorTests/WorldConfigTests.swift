// Configurations: changes, conflicts, what waits for a restart.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated configuration")
struct WorldConfigTests {
    let lab = WorldLab()

    private func pending(_ vmid: Int, _ key: String) -> JSONValue? {
        lab.vm(vmid, "GET", "/pending").json?.elements.first { $0["key"]?.string == key }
    }

    @Test func hasTheTypesOfTheRealServer() {
        let config = lab.vm(101, "GET", "/config").json
        #expect(config?["memory"]?.string == "8192")
        #expect(config?["cores"]?.int == 4)
        #expect(config?["agent"]?.string == "1")
        #expect(config?["onboot"]?.int == 1)
        #expect(config?["protection"] == nil)
        #expect(config?["digest"]?.string?.count == 40)
    }

    @Test(arguments: [
        ("GET", "/config"), ("GET", "/status/current"), ("GET", "/snapshot"), ("GET", "/pending"), ("PUT", "/config"),
        ("DELETE", ""),
    ])
    func namesTheFileOfAMissingGuest(method: String, path: String) {
        for (node, vmid) in [("pve1", 999), ("pve1", 102), ("pve2", 100), ("pve3", 110)] {
            let answer = lab.vm(
                vmid, method, path, ["node": node].merging(method == "PUT" ? ["name": "x"] : [:]) { $1 })
            #expect(answer.status == 500)
            #expect(answer.message == "Configuration file 'nodes/\(node)/qemu-server/\(vmid).conf' does not exist")
        }
    }

    @Test func changesAStoppedGuestAtOnce() {
        let before = lab.option(100, "digest")
        #expect(lab.vm(100, "PUT", "/config", ["cores": "8", "description": "new"]).json?.isNull == true)
        #expect(lab.option(100, "cores") == "8")
        #expect(lab.option(100, "digest") != before)
        #expect(pending(100, "cores")?["pending"] == nil)
    }

    @Test func keepsChangesToARunningGuestPending() {
        _ = lab.vm(101, "PUT", "/config", ["cores": "8", "name": "renamed", "delete": "onboot,cpu"])
        #expect(lab.option(101, "cores") == "8")
        #expect(lab.option(101, "cores", ["current": "1"]) == "4")
        #expect(lab.option(101, "name", ["current": "1"]) == "renamed")
        #expect(lab.option(101, "onboot") == nil)
        #expect(pending(101, "cores")?["value"]?.int == 4)
        #expect(pending(101, "cores")?["pending"]?.int == 8)
        #expect(pending(101, "cpu")?["delete"]?.int == 1)
        _ = lab.finish(lab.vm(101, "POST", "/status/reboot"))
        #expect(lab.option(101, "cores", ["current": "1"]) == "8")
        #expect(pending(101, "cpu") == nil)
    }

    @Test func revertsPendingChanges() {
        _ = lab.vm(101, "PUT", "/config", ["cores": "8", "delete": "cpu"])
        _ = lab.vm(101, "PUT", "/config", ["revert": "cores,cpu"])
        #expect(pending(101, "cores")?["pending"] == nil)
        #expect(pending(101, "cpu")?["delete"] == nil)
    }

    @Test func comparesDigests() {
        let digest = lab.option(100, "digest") ?? ""
        let stale = String(repeating: "0", count: 40)
        let refused = lab.vm(100, "PUT", "/config", ["cores": "8", "digest": stale])
        #expect(refused.status == 500)
        #expect(refused.message == "checksum mismatch (file change by other user?)")
        #expect(lab.vm(100, "PUT", "/config", ["cores": "8", "digest": digest]).status == 200)
        #expect(lab.vm(100, "PUT", "/config", ["cores": "9", "digest": digest]).status == 500)
    }

    @Test func refusesNonsense() {
        #expect(lab.vm(100, "PUT", "/config", ["delete": "bogus"]).errors == ["delete": "unknown option 'bogus'"])
        let both = lab.vm(100, "PUT", "/config", ["delete": "cores", "cores": "1"])
        #expect(both.status == 400)
        #expect(both.errors["delete"] == "you can't use '-cores' and -delete cores' at the same time")
        #expect(lab.vm(100, "PUT", "/config").message == "no options specified")
        #expect(lab.vm(106, "PUT", "/config", ["cores": "1"]).message == "VM is locked (backup)")
        #expect(
            lab.vm(100, "PUT", "/config", ["boot": "order=scsi7"]).message
                == "invalid bootorder: device 'scsi7' does not exist'")
        #expect(lab.vm(100, "PUT", "/config", ["scsi1": "nowhere:8"]).message == "storage 'nowhere' does not exist")
        #expect(
            lab.vm(100, "PUT", "/config", ["scsi1": "local:8"]).errors
                == ["storage": "storage 'local' does not support vm images"])
        #expect(
            lab.vm(100, "PUT", "/config", ["ide2": "local:iso/none.iso,media=cdrom"]).message
                == "volume 'local:iso/none.iso' does not exist")
        #expect(
            lab.vm(107, "PUT", "/config", ["delete": "scsi0"]).message
                == "can't remove drive 'scsi0' - protection mode enabled")
    }

    @Test func allocatesAndFreesDisks() {
        _ = lab.vm(100, "PUT", "/config", ["scsi1": "local-lvm:10", "net1": "virtio,bridge=vmbr1"])
        #expect(lab.option(100, "scsi1") == "local-lvm:vm-100-disk-1,size=10G")
        #expect(lab.option(100, "net1")?.wholeMatch(of: /virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr1/) != nil)
        let volumes = {
            lab.call("GET", "/nodes/{node}/storage/{storage}/content", ["storage": "local-lvm", "vmid": "100"]).json?
                .count
        }
        #expect(volumes() == 2)
        _ = lab.vm(100, "PUT", "/config", ["delete": "scsi1"])
        #expect(lab.option(100, "scsi1") == nil)
        #expect(lab.option(100, "unused0") == "local-lvm:vm-100-disk-1")
        #expect(volumes() == 2)
        _ = lab.vm(100, "PUT", "/unlink", ["idlist": "unused0"])
        #expect(volumes() == 1)
    }

    @Test func insertsACD() {
        let image = "local:iso/debian-13.1.0-amd64-netinst.iso"
        #expect(lab.vm(100, "PUT", "/config", ["ide2": "\(image),media=cdrom"]).status == 200)
        #expect(lab.option(100, "ide2") == "\(image),media=cdrom,size=784M")
    }

    @Test func changesInATaskToo() {
        let answer = lab.vm(100, "POST", "/config", ["cores": "3"])
        #expect(answer.text.contains(":qmconfig:100:"))
        #expect(lab.option(100, "cores") == "2")
        #expect(lab.finish(answer) == "OK")
        #expect(lab.option(100, "cores") == "3")
        #expect(lab.vm(100, "POST", "/config", ["cores": "4", "background_delay": "5"]).json?.isNull == true)
        #expect(lab.option(100, "cores") == "4")
    }

    @Test func growsDisksAndNeverShrinksThem() {
        let grow = { (size: String) in lab.finish(lab.vm(100, "PUT", "/resize", ["disk": "scsi0", "size": size])) }
        #expect(grow("+8G") == "OK")
        #expect(lab.option(100, "scsi0")?.contains("size=40G") == true)
        #expect(lab.vm(100, "GET", "/status/current").json?["maxdisk"]?.int == 40 << 30)
        #expect(grow("10G") == "shrinking disks is not supported")
        #expect(
            lab.finish(lab.vm(100, "PUT", "/resize", ["disk": "sata0", "size": "1G"])) == "disk 'sata0' does not exist")
    }

    @Test func movesDisksToAnotherStorage() {
        let move = lab.vm(100, "POST", "/move_disk", ["disk": "scsi0", "storage": "shared", "delete": "1"])
        #expect(lab.finish(move) == "OK")
        #expect(lab.option(100, "scsi0")?.hasPrefix("shared:100/vm-100-disk-0.qcow2,") == true)
        let same = lab.vm(100, "POST", "/move_disk", ["disk": "scsi0", "storage": "shared"])
        #expect(same.message == "you can't move to the same storage with same format")
    }
}
