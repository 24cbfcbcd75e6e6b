// Storages: their configuration, what is on them, what comes from outside.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated storages")
struct StorageTests {
    let lab = WorldLab()

    private func add(_ name: String, _ values: [String: String] = [:]) -> LabAnswer {
        lab.call("POST", "/storage", ["storage": name, "type": "dir", "path": "/mnt/\(name)"].merging(values) { $1 })
    }

    private func config(_ name: String) -> JSONValue? { lab.call("GET", "/storage/{storage}", ["storage": name]).json }

    @Test func addsChangesAndRemoves() {
        let made = add("backups", ["content": "backup,iso", "nodes": "pve1,pve2", "prune-backups": "keep-last=2"])
        #expect(made.json?["storage"]?.string == "backups")
        #expect(made.json?["type"]?.string == "dir")
        #expect(config("backups")?["content"]?.string == "backup,iso")
        #expect(add("backups").message == "create storage failed: storage ID 'backups' already defined")
        let digest = config("backups")?["digest"]?.string ?? ""
        let put = { (values: [String: String]) in
            lab.call("PUT", "/storage/{storage}", ["storage": "backups"].merging(values) { $1 })
        }
        #expect(put(["disable": "1", "digest": digest, "delete": "nodes"]).status == 200)
        #expect(config("backups")?["disable"]?.int == 1)
        #expect(config("backups")?["nodes"] == nil)
        #expect(
            put(["disable": "0", "digest": digest]).message
                == "update storage failed: detected modified configuration - file changed by other user? Try again.")
        #expect(put(["path": "/else"]).message == "update storage failed: can't change value of fixed parameter 'path'")
        #expect(put(["delete": "path"]).message == "update storage failed: unable to delete required option 'path'")
        #expect(lab.call("DELETE", "/storage/{storage}", ["storage": "backups"]).json?.isNull == true)
        #expect(
            lab.call("DELETE", "/storage/{storage}", ["storage": "backups"]).message
                == "delete storage failed: storage 'backups' does not exist")
        #expect(
            lab.call("GET", "/storage/{storage}", ["storage": "backups"]).message == "storage 'backups' does not exist")
    }

    @Test(arguments: [
        ("nfs", ["server": "192.0.2.9"], "export"), ("lvm", [:], "vgname"), ("pbs", ["server": "b"], "datastore"),
        ("zfspool", [:], "pool"), ("cifs", ["server": "c"], "share"),
    ])
    func needsWhatItsTypeNeeds(type: String, values: [String: String], missing: String) {
        let answer = lab.call("POST", "/storage", ["storage": "s1", "type": type].merging(values) { $1 })
        #expect(answer.message == "missing value for required option '\(missing)'")
    }

    @Test func holdsOnlyWhatItsTypeCan() {
        #expect(
            lab.call("POST", "/storage", ["storage": "s1", "type": "lvm", "vgname": "v", "content": "iso"]).message
                == "storage does not support content type 'iso'")
        _ = lab.call("POST", "/storage", ["storage": "s1", "type": "lvm", "vgname": "v"])
        #expect(config("s1")?["content"]?.string == "images,rootdir")
    }

    @Test func listsByContentStateAndTarget() {
        _ = add("off", ["disable": "1", "content": "iso"])
        let names = { (values: [String: String]) in
            lab.call("GET", "/nodes/{node}/storage", values).json?.elements.compactMap { $0["storage"]?.string }
        }
        #expect(names([:]) == ["local", "local-lvm", "shared", "off"])
        #expect(names(["enabled": "1"]) == ["local", "local-lvm", "shared"])
        #expect(names(["content": "rootdir"]) == ["local-lvm", "shared"])
        #expect(names(["target": "pve2"]) == ["shared"])
        #expect(
            lab.call("GET", "/nodes/{node}/storage", ["storage": "nope"]).errors == ["storage": "No such storage."])
        let off = lab.storage("off", "GET", "/status").json
        #expect(off?["enabled"]?.int == 0)
        #expect(off?["active"]?.int == 0)
        #expect(off?["total"]?.int == 0)
    }

    @Test func cannotBeUsedWhereItIsNot() {
        _ = add("off", ["disable": "1"])
        _ = add("here", ["nodes": "pve2"])
        _ = add("away", ["disable": "1"])
        _ = lab.call("PUT", "/storage/{storage}", ["storage": "away", "delete": "disable"])
        #expect(lab.storage("off", "GET", "/content").message == "storage 'off' is disabled")
        #expect(
            lab.storage("here", "GET", "/content").message == "storage 'here' is not available on node 'pve1'")
        #expect(lab.storage("away", "GET", "/content").message == "storage 'away' is not online")
        #expect(lab.createContainer(200, ["storage": "off"]).message == "storage 'off' is disabled")
        #expect(
            lab.vm(100, "PUT", "/config", ["scsi1": "here:1"]).message
                == "storage 'here' is not available on node 'pve1'")
        #expect(lab.vm(100, "PUT", "/config", ["scsi1": "away:1"]).message == "storage 'away' is not online")
        #expect(add("away2", ["type": "dir"]).status == 200)
    }

    @Test func fillsUp() {
        #expect(add("full", ["content": "images,rootdir,backup,iso"]).status == 200)
        let status = lab.storage("full", "GET", "/status").json
        #expect(status?["avail"]?.int == 0)
        let disk = lab.vm(100, "PUT", "/config", ["scsi1": "full:8"])
        #expect(disk.status == 500)
        #expect(disk.message.hasSuffix("No space left on device"))
        let backup = lab.call("POST", "/nodes/{node}/vzdump", ["vmid": "100", "storage": "full"])
        #expect(lab.finish(backup) == "job errors")
        #expect(lab.log(backup.text).contains { $0.hasPrefix("ERROR: Backup of VM 100 failed - vma_queue_write") })
        #expect(lab.option(100, "lock") == nil)
        let iso = ["content": "iso", "filename": "a.iso", "url": "https://example.org/a.iso"]
        let download = lab.storage("full", "POST", "/download-url", iso)
        #expect(lab.finish(download)?.hasPrefix("download failed") == true)
        #expect(lab.volumes("full").isEmpty)
    }

    @Test func allocatesDisksAndRemovesThem() {
        let allocate = { (values: [String: String]) in
            lab.storage("shared", "POST", "/content", ["vmid": "100", "size": "1G"].merging(values) { $1 })
        }
        let made = allocate(["filename": "vm-100-disk-7.qcow2"])
        #expect(made.text == "shared:100/vm-100-disk-7.qcow2")
        #expect(
            allocate(["filename": "vm-100-disk-7.qcow2"]).message
                == "disk image '/mnt/pve/shared/images/100/vm-100-disk-7.qcow2' already exists")
        #expect(allocate(["filename": "data"]).message == "illegal name 'data' - should be 'vm-100-*'")
        #expect(allocate(["filename": "vm-100-x.raw", "format": "qcow2"]).errors.keys.contains("format"))
        let info = lab.storage("shared", "GET", "/content/{volume}", ["volume": made.text]).json
        #expect(info?["size"]?.int == 1 << 30)
        #expect(info?["path"]?.string == "/mnt/pve/shared/images/100/vm-100-disk-7.qcow2")
        let delete = lab.storage("shared", "DELETE", "/content/{volume}", ["volume": "100/vm-100-disk-7.qcow2"])
        #expect(delete.text.contains(":imgdel:100@shared:"))
        #expect(lab.finish(delete) == "OK")
        #expect(!lab.volumes("shared").contains(made.text))
        let quick = ["volume": allocate(["filename": "vm-100-disk-8.raw"]).text, "delay": "5"]
        #expect(lab.storage("shared", "DELETE", "/content/{volume}", quick).json?.isNull == true)
    }

    @Test func losesDisksThatAreDeletedUnderAGuest() {
        let running = lab.storage("local-lvm", "DELETE", "/content/{volume}", ["volume": "local-lvm:vm-101-disk-0"])
        #expect(lab.exit(running.text)?.hasSuffix("Logical volume pve/vm-101-disk-0 in use.") == true)
        let stopped = lab.storage("local-lvm", "DELETE", "/content/{volume}", ["volume": "local-lvm:vm-100-disk-0"])
        #expect(lab.finish(stopped) == "OK")
        #expect(lab.volumes("local-lvm", ["vmid": "100"]).isEmpty)
        #expect(
            lab.finish(lab.vm(100, "POST", "/status/start")) == "volume 'local-lvm:vm-100-disk-0' does not exist")
    }

    @Test func keepsProtectedBackups() throws {
        let id = try #require(lab.volumes("shared", ["content": "backup"]).first)
        let put = { (values: [String: String]) in
            lab.storage("shared", "PUT", "/content/{volume}", ["volume": id].merging(values) { $1 })
        }
        #expect(put(["protected": "1", "notes": "keep"]).json?.isNull == true)
        let row = lab.storage("shared", "GET", "/content", ["content": "backup"]).json?.elements.first { _ in true }
        #expect(row?["protected"]?.int == 1)
        #expect(row?["notes"]?.string == "keep")
        let delete = { lab.storage("shared", "DELETE", "/content/{volume}", ["volume": id]) }
        let file = id.split(separator: ":")[1]
        #expect(lab.finish(delete()) == "cannot remove protected volume '\(file)' on 'shared'")
        _ = put(["protected": "0"])
        #expect(lab.finish(delete()) == "OK")
        #expect(lab.volumes("shared", ["content": "backup"]).isEmpty)
        let image = ["volume": "local:iso/debian-13.1.0-amd64-netinst.iso", "notes": "x"]
        #expect(lab.storage("local", "PUT", "/content/{volume}", image).message == "only backups can have notes")
    }

    @Test func takesUploadsAndDownloads() {
        let upload = { (values: [String: String]) in
            let file = ["tmpfilename": "/var/tmp/pveupload-00", "#size": "4096", "content": "iso"]
            return lab.storage("local", "POST", "/upload", file.merging(values) { $1 })
        }
        #expect(lab.finish(upload(["filename": "my disc.iso"])) == "OK")
        #expect(lab.volumes("local", ["content": "iso"]).contains("local:iso/my_disc.iso"))
        #expect(upload(["filename": "a.txt"]).errors == ["filename": "wrong file extension"])
        let sum = ["filename": "b.iso", "checksum": "00", "checksum-algorithm": "sha256"]
        #expect(lab.finish(upload(sum))?.hasPrefix("checksum mismatch: got '") == true)
        let image = ["content": "vztmpl", "filename": "alpine.tar.xz", "url": "https://nowhere.invalid/a.tar.xz"]
        #expect(
            lab.finish(lab.storage("local", "POST", "/download-url", image))
                == "download failed: command 'wget' failed: exit code 4")
        #expect(
            lab.storage("shared", "POST", "/download-url", image).message
                == "storage 'shared' does not support 'vztmpl' content")
        let good = image.merging(["url": "https://example.org/a.tar.xz"]) { $1 }
        #expect(lab.finish(lab.storage("local", "POST", "/download-url", good)) == "OK")
        #expect(lab.volumes("local", ["content": "vztmpl"]).contains("local:vztmpl/alpine.tar.xz"))
    }

    @Test func pullsImagesThatBecomeContainers() {
        let pull = lab.storage("local", "POST", "/oci-registry-pull", ["reference": "docker.io/library/nginx:alpine"])
        #expect(lab.finish(pull) == "OK")
        let id = "local:vztmpl/nginx_alpine.tar"
        #expect(lab.volumes("local", ["content": "vztmpl"]).contains(id))
        #expect(lab.finish(lab.createContainer(200, ["ostemplate": id])) == "OK")
        #expect(lab.containerOption(200, "cmode") == "console")
        let lost = lab.storage("local", "POST", "/oci-registry-pull", ["reference": "nowhere.invalid/a:1"])
        #expect(lab.finish(lost)?.hasPrefix("pulling OCI image failed") == true)
        #expect(
            lab.storage("local-lvm", "POST", "/oci-registry-pull", ["reference": "a:1"]).message
                == "can't upload to storage type 'lvmthin', not a file based storage!")
    }
}
