// The life of tasks.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated tasks")
struct WorldTaskTests {
    let lab = WorldLab()

    @Test func aStartTakesItsTimeAndThenTheGuestRuns() {
        let upid = lab.vm(100, "POST", "/status/start").text
        #expect(lab.task(upid).json?["status"]?.string == "running")
        #expect(lab.exit(upid) == nil)
        #expect(lab.status(100) == "stopped")
        lab.clock.turn(1.9)
        #expect(lab.exit(upid) == nil)
        lab.clock.turn(0.2)
        #expect(lab.task(upid).json?["status"]?.string == "stopped")
        #expect(lab.exit(upid) == "OK")
        #expect(lab.status(100) == "running")
    }

    @Test func theLogGrowsLineByLine() {
        let upid = lab.vm(100, "POST", "/status/start").text
        var counts = [lab.log(upid).count]
        for _ in 0..<4 {
            lab.clock.turn(0.5)
            counts.append(lab.log(upid).count)
        }
        #expect(counts == counts.sorted())
        #expect(Set(counts).count >= 4)
        #expect(counts[0] == 1)
        #expect(lab.log(upid).last == "TASK OK")
    }

    @Test func theLogIsPaged() {
        let upid = lab.vm(100, "POST", "/status/start").text
        lab.clock.turn(5)
        let all = lab.log(upid)
        let page = lab.call("GET", "/nodes/{node}/tasks/{upid}/log", ["upid": upid, "start": "1", "limit": "2"])
        #expect(page.total == all.count)
        #expect(page.json?.elements.map { $0["n"]?.int } == [2, 3])
        #expect(page.json?.elements.compactMap { $0["t"]?.string } == Array(all[1...2]))
    }

    @Test func aUPIDFollowsTheGrammar() throws {
        let text = lab.vm(100, "POST", "/status/start").text
        let form = /UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmstart:100:root@pam!demo:/
        #expect(text.wholeMatch(of: form) != nil)
        let upid = try #require(UPIDText(text))
        #expect(upid.text == text)
        let status = lab.task(text).json
        #expect(status?["user"]?.string == "root@pam")
        #expect(status?["tokenid"]?.string == "demo")
        #expect(status?["pid"]?.int == Int64(upid.pid))
        #expect(status?["pstart"]?.int == Int64(upid.processStart))
        #expect(status?["starttime"]?.int == 1_800_000_000)
    }

    @Test(arguments: [
        "", "UPID", "UPID:pve1:0:0:0:a:b:c:", "UPID:pve1:00000001:00000001:00000001:qmstart:100:root@pam",
        "UPID:-pve:00000001:00000001:00000001:qmstart:100:root@pam:",
        "UPID:pve1:0000000G:00000001:00000001:qmstart:100:root@pam:",
        "UPID:pve1:00000001:00000001:00000001:qm/start:100:root@pam:",
        "UPID:pve1:00000001:00000001:00000001::100:root@pam:",
    ])
    func refusesWhatIsNoUPID(_ text: String) {
        let answer = lab.task(text)
        #expect(answer.status == 400)
        #expect(answer.errors == ["upid": "unable to parse worker upid"])
    }

    @Test func tellsUnknownTasks() {
        let upid = "UPID:pve1:00000001:00000001:6B0039B7:qmstart:100:root@pam:"
        #expect(lab.task(upid).errors == ["upid": "no such task"])
        #expect(lab.log(upid) == ["unable to open file"])
        let real = lab.vm(100, "POST", "/status/start").text
        #expect(lab.task(real, on: "pve2").errors == ["upid": "no such task"])
    }

    @Test func aStoppedTaskHasNoEffect() {
        let upid = lab.vm(100, "POST", "/status/start").text
        lab.clock.turn(1)
        #expect(lab.call("DELETE", "/nodes/{node}/tasks/{upid}", ["upid": upid]).json?.isNull == true)
        #expect(lab.exit(upid) == "received interrupt")
        let log = lab.log(upid)
        #expect(log.last == "TASK ERROR: received interrupt")
        #expect(log.count > 1)
        lab.clock.turn(60)
        #expect(lab.status(100) == "stopped")
        #expect(lab.log(upid) == log)
    }

    @Test func aStoppedCloneLeavesNothing() {
        let clone = lab.vm(100, "POST", "/clone", ["newid": "900"])
        #expect(lab.vm(900, "GET", "/config").json?["lock"]?.string == "clone")
        _ = lab.call("DELETE", "/nodes/{node}/tasks/{upid}", ["upid": clone.text])
        lab.clock.turn(60)
        #expect(lab.vm(900, "GET", "/config").status == 500)
    }

    @Test func tasksOfOneGuestWaitForEachOther() {
        let first = lab.vm(100, "POST", "/status/start").text
        let second = lab.vm(100, "POST", "/status/start").text
        #expect(lab.log(second) == ["trying to acquire lock..."])
        lab.clock.turn(1)
        #expect(lab.exit(second) == nil)
        lab.clock.turn(1.1)
        #expect(lab.exit(first) == "OK")
        #expect(lab.exit(second) == "VM 100 already running")
    }

    @Test func waitingEndsAfterTenSeconds() {
        _ = lab.vm(105, "POST", "/status/start", ["node": "pve2"])
        let second = lab.vm(105, "POST", "/status/stop", ["node": "pve2"])
        lab.clock.turn(11)
        #expect(
            lab.exit(second.text, on: "pve2") == "can't lock file '/var/lock/qemu-server/lock-105.conf' - got timeout")
        #expect(lab.status(105, on: "pve2") == "stopped")
        lab.clock.turn(10)
        #expect(lab.status(105, on: "pve2") == "running")
    }

    @Test func listsShowWhatRunsAndWhatEnded() throws {
        let upid = lab.vm(100, "POST", "/status/start").text
        let tasks = "/nodes/{node}/tasks"
        let active = lab.call("GET", tasks, ["source": "active"])
        #expect(active.total == 1)
        #expect(active.json?.elements.compactMap { $0["upid"]?.string } == [upid])
        #expect(active.json?.elements.first { _ in true }?["endtime"] == nil)
        lab.clock.turn(5)
        #expect(lab.call("GET", tasks, ["source": "active"]).total == 0)
        let ended = try #require(lab.call("GET", tasks, ["vmid": "100"]).json?.elements.first { _ in true })
        #expect(ended["status"]?.string == "OK")
        #expect(ended["endtime"]?.int == 1_800_000_002)
        let errors = lab.call("GET", tasks, ["errors": "1"]).json?.elements.compactMap { $0["status"]?.string }
        #expect(errors == ["start failed: QEMU exited with code 1"])
        #expect(lab.call("GET", tasks, ["statusfilter": "warning"]).total == 1)
        #expect(lab.call("GET", tasks, ["typefilter": "vzdump"]).total == 1)
        #expect(lab.call("GET", tasks, ["limit": "2"]).json?.count == 2)
        #expect(lab.call("GET", "/cluster/tasks").json?.elements.first { _ in true }?["upid"]?.string == upid)
    }

    @Test(arguments: [
        (103, "WARNINGS: 1", "running"), (104, "start failed: QEMU exited with code 1", "stopped"),
        (106, "VM is locked (backup)", "stopped"), (107, "OK", "running"),
        (108, "you can't start a vm if it's a template", "stopped"), (101, "VM 101 already running", "running"),
    ])
    func specialGuestsStartAsTheyShould(vmid: Int, exit: String, status: String) {
        let answer = lab.vm(vmid, "POST", "/status/start")
        #expect(answer.status == 200)
        #expect(lab.finish(answer) == exit)
        #expect(lab.status(vmid) == status)
        let last = lab.log(answer.text).last
        #expect(last == (exit == "OK" || exit.hasPrefix("WARN") ? "TASK \(exit)" : "TASK ERROR: \(exit)"))
    }

    @Test func theSlowGuestIsTenTimesSlower() {
        let answer = lab.vm(105, "POST", "/status/start", ["node": "pve2"])
        lab.clock.turn(19)
        #expect(lab.exit(answer.text, on: "pve2") == nil)
        lab.clock.turn(2)
        #expect(lab.exit(answer.text, on: "pve2") == "OK")
    }

    @Test func startingWhatDoesNotExistFailsInTheTask() {
        let answer = lab.vm(999, "POST", "/status/start")
        #expect(answer.status == 200)
        #expect(lab.exit(answer.text) == "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist")
    }
}
