// Containers: their life from template to removal.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated containers")
struct ContainerTests {
    let lab = WorldLab()

    @Test func createsFromATemplateAndFillsIn() {
        let answer = lab.createContainer(
            200, ["hostname": "app1", "net0": "name=eth0,bridge=vmbr0", "unprivileged": "1", "tags": "b;a"])
        #expect(answer.text.contains(":vzcreate:200:"))
        #expect(lab.containerOption(200, "lock") == "create")
        #expect(lab.finish(answer) == "OK")
        #expect(lab.containerOption(200, "lock") == nil)
        #expect(lab.containerOption(200, "hostname") == "app1")
        #expect(lab.containerOption(200, "rootfs") == "local-lvm:vm-200-disk-0,size=4G")
        #expect(lab.ct(200, "GET", "/config").json?["memory"]?.int == 512)
        #expect(lab.containerOption(200, "ostype") == "debian")
        #expect(lab.containerOption(200, "tags") == "a;b")
        #expect(lab.containerOption(200, "net0")?.contains("hwaddr=BC:24:11:") == true)
        #expect(lab.volumes("local-lvm", ["vmid": "200"]) == ["local-lvm:vm-200-disk-0"])
        #expect(lab.log(answer.text).contains { $0.hasPrefix("extracting archive '/var/lib/vz/template/cache/") })
    }

    @Test func createsWithSizesMountPointsAndAStart() {
        let answer = lab.createContainer(
            200, ["rootfs": "local-lvm:10", "mp0": "shared:3,mp=/data,backup=1", "start": "1"])
        lab.clock.turn(30)
        #expect(lab.exit(answer.text) == "OK")
        #expect(lab.containerStatus(200) == "running")
        #expect(lab.containerOption(200, "rootfs") == "local-lvm:vm-200-disk-0,size=10G")
        #expect(lab.containerOption(200, "mp0") == "shared:200/vm-200-disk-0.raw,mp=/data,backup=1,size=3G")
    }

    @Test func refusesWhatCannotBeMade() {
        #expect(lab.createContainer(100).message == "CT 100 already exists on node 'pve1'".replacing("CT", with: "VM"))
        #expect(lab.createContainer(111).message == "CT 111 already exists on node 'pve2'")
        #expect(
            lab.createContainer(200, ["storage": ""]).errors
                == ["storage": "storage 'local' does not support container directories"])
        #expect(lab.createContainer(200, ["storage": "nope"]).message == "storage 'nope' does not exist")
        #expect(
            lab.createContainer(200, ["ostemplate": "local:iso/x.iso"]).message
                == "unable to use volume local:iso/x.iso - content type needs to be 'vztmpl'")
        #expect(
            lab.createContainer(200, ["mp0": "local-lvm:1,mp=/x"]).message
                == "mount points configured, but 'rootfs' not set - aborting")
        let missing = lab.createContainer(200, ["ostemplate": "local:vztmpl/none.tar.zst"])
        #expect(
            lab.exit(missing.text) == "unable to create CT 200 - volume 'local:vztmpl/none.tar.zst' does not exist")
        #expect(lab.ct(200, "GET", "/config").message == "Configuration file 'nodes/pve1/lxc/200.conf' does not exist")
        #expect(
            lab.createContainer(200, ["features": "nesting=1,mknod=1", "unprivileged": "1"]).message
                == "Permission check failed (changing feature flags (except nesting) is only allowed for root@pam)")
    }

    @Test func startsStopsAndReboots() {
        #expect(lab.ct(110, "POST", "/status/start", on: "pve3").message == "CT 110 already running")
        #expect(lab.ct(111, "POST", "/status/stop", on: "pve2").message == "CT 111 not running")
        #expect(lab.ct(111, "POST", "/status/reboot", on: "pve2").message == "VM 111 not running")
        let gone = lab.ct(999, "POST", "/status/start")
        #expect(lab.exit(gone.text) == "Configuration file 'nodes/pve1/lxc/999.conf' does not exist")
        for (command, type, after) in [
            ("start", "vzstart", "running"), ("reboot", "vzreboot", "running"), ("shutdown", "vzshutdown", "stopped"),
        ] {
            let answer = lab.ct(111, "POST", "/status/\(command)", on: "pve2")
            #expect(answer.text.contains(":\(type):111:"))
            #expect(lab.finish(answer, on: "pve2") == "OK")
            #expect(lab.containerStatus(111, on: "pve2") == after)
        }
    }

    @Test func suspendsToDiskAndResumes() {
        #expect(lab.finish(lab.ct(110, "POST", "/status/suspend", on: "pve3"), on: "pve3") == "OK")
        #expect(lab.containerStatus(110, on: "pve3") == "stopped")
        #expect(lab.finish(lab.ct(110, "POST", "/status/resume", on: "pve3"), on: "pve3") == "OK")
        #expect(lab.containerStatus(110, on: "pve3") == "running")
        let never = lab.ct(111, "POST", "/status/resume", on: "pve2")
        #expect(lab.exit(never.text, on: "pve2")?.hasPrefix("command 'lxc-checkpoint -n 111 -r") == true)
    }

    @Test func changesWhatARunningContainerCanTake() {
        let change = ["memory": "2048", "nameserver": "192.0.2.1", "mp0": "local-lvm:2,mp=/srv"]
        #expect(lab.ct(110, "PUT", "/config", change, on: "pve3").json?.isNull == true)
        #expect(lab.containerOption(110, "memory", on: "pve3", ["current": "1"]) == "2048")
        #expect(lab.containerOption(110, "mp0", on: "pve3", ["current": "1"])?.contains("size=2G") == true)
        #expect(lab.containerOption(110, "nameserver", on: "pve3", ["current": "1"]) == nil)
        let pending = lab.ct(110, "GET", "/pending", on: "pve3").json?.elements.first {
            $0["key"]?.string == "nameserver"
        }
        #expect(pending?["pending"]?.string == "192.0.2.1")
        _ = lab.ct(110, "PUT", "/config", ["delete": "mp0", "revert": "nameserver"], on: "pve3")
        #expect(lab.containerOption(110, "mp0", on: "pve3", ["current": "1"]) != nil)
        _ = lab.finish(lab.ct(110, "POST", "/status/reboot", on: "pve3"), on: "pve3")
        #expect(lab.containerOption(110, "mp0", on: "pve3") == nil)
        #expect(lab.containerOption(110, "unused0", on: "pve3") == "local-lvm:vm-110-disk-1")
        #expect(lab.containerOption(110, "nameserver", on: "pve3") == nil)
    }

    @Test func refusesChanges() {
        let put = { (values: [String: String]) in lab.ct(111, "PUT", "/config", values, on: "pve2") }
        #expect(put([:]).message == "no options specified")
        #expect(put(["delete": "bogus"]).errors == ["delete": "unknown option 'bogus'"])
        #expect(put(["delete": "memory"]).message == "unable to delete required option 'memory'")
        #expect(put(["unprivileged": "0"]).message == "unable to modify read-only option: 'unprivileged'")
        #expect(
            put(["mp0": "local:1,mp=/x"]).message
                == "storage 'local' does not allow content type 'rootdir' (Container)")
        #expect(
            put(["mp0": "/mnt/data,mp=/x"]).message
                == "Permission check failed (mount point type bind is only allowed for root@pam)")
        let stale = put(["cores": "1", "digest": String(repeating: "0", count: 40)])
        #expect(stale.message == "detected modified configuration - file changed by other user? Try again.")
        let digest = lab.containerOption(111, "digest", on: "pve2") ?? ""
        #expect(put(["cores": "1", "digest": digest]).status == 200)
        _ = put(["protection": "1"])
        #expect(
            put(["mp0": "local-lvm:1,mp=/x"]).message == "can't update CT 111 drive 'mp0' - protection mode enabled")
        #expect(lab.ct(111, "DELETE", on: "pve2").message == "can't remove CT 111 - protection mode enabled")
    }

    @Test func resizesAndMovesVolumes() {
        let resize = { (size: String) in
            lab.ct(111, "PUT", "/resize", ["disk": "rootfs", "size": size], on: "pve2")
        }
        #expect(lab.finish(resize("+4G"), on: "pve2") == "OK")
        #expect(lab.containerOption(111, "rootfs", on: "pve2") == "local-lvm:vm-111-disk-0,size=8G")
        #expect(resize("8G").message == "disk is already at specified size")
        #expect(resize("1G").message == "unable to shrink disk size")
        let move = ["volume": "rootfs", "storage": "shared", "delete": "1"]
        #expect(lab.finish(lab.ct(111, "POST", "/move_volume", move, on: "pve2"), on: "pve2") == "OK")
        #expect(lab.containerOption(111, "rootfs", on: "pve2") == "shared:111/vm-111-disk-0.raw,size=8G")
        #expect(
            lab.ct(110, "POST", "/move_volume", move, on: "pve3").message
                == "cannot move volumes of a running container")
    }

    @Test func removesStoppedOnesAndRunningOnesByForce() {
        #expect(
            lab.ct(110, "DELETE", on: "pve3").message == "unable to destroy CT 110 - container is running")
        #expect(lab.finish(lab.ct(110, "DELETE", "", ["force": "1"], on: "pve3"), on: "pve3") == "OK")
        let answer = lab.ct(111, "DELETE", "", ["purge": "1"], on: "pve2")
        #expect(answer.text.contains(":vzdestroy:111:"))
        #expect(lab.finish(answer, on: "pve2") == "OK")
        #expect(lab.ct(111, "GET", "/config", on: "pve2").status == 500)
        let left = lab.call("GET", "/cluster/resources", ["type": "vm"]).json?.elements
            .filter { $0["type"]?.string == "lxc" }
        #expect(left?.isEmpty == true)
    }

    @Test func knowsAddressesOfRunningOnes() {
        let interfaces = lab.ct(110, "GET", "/interfaces", on: "pve3").json?.elements.compactMap { $0["name"]?.string }
        #expect(interfaces == ["lo", "eth0"])
        #expect(lab.ct(111, "GET", "/interfaces", on: "pve2").json?.isNull == true)
    }
}
