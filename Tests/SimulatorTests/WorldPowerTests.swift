// Starting, stopping, pausing.
// SPDX-License-Identifier: MIT

import JSON
import Testing

@testable import Simulator

@Suite("Simulated power")
struct WorldPowerTests {
    let lab = WorldLab()

    private func qmp(_ vmid: Int) -> String? { lab.vm(vmid, "GET", "/status/current").json?["qmpstatus"]?.string }

    @Test func stopsARunningGuest() {
        #expect(lab.finish(lab.vm(101, "POST", "/status/stop")) == "OK")
        #expect(lab.status(101) == "stopped")
        #expect(lab.vm(101, "GET", "/status/current").json?["uptime"]?.int == 0)
    }

    @Test func stoppingAStoppedGuestIsFine() {
        #expect(lab.exit(lab.vm(100, "POST", "/status/stop").text) == "OK")
        #expect(
            lab.exit(lab.vm(999, "POST", "/status/stop").text)
                == "unable to find configuration file for VM 999 - no such machine")
    }

    @Test func shutsDownAndReboots() {
        #expect(lab.finish(lab.vm(101, "POST", "/status/reboot")) == "OK")
        #expect(lab.status(101) == "running")
        #expect((lab.vm(101, "GET", "/status/current").json?["uptime"]?.int ?? 999) < 60)
        #expect(lab.finish(lab.vm(101, "POST", "/status/shutdown")) == "OK")
        #expect(lab.status(101) == "stopped")
    }

    @Test func shutdownGivesUpAtItsTimeoutUnlessForced() {
        let at = ["node": "pve2"]
        #expect(lab.finish(lab.vm(105, "POST", "/status/start", at), on: "pve2") == "OK")
        let patient = lab.vm(105, "POST", "/status/shutdown", ["node": "pve2", "timeout": "5"])
        #expect(lab.finish(patient, on: "pve2") == "VM quit/powerdown failed - got timeout")
        #expect(lab.status(105, on: "pve2") == "running")
        let forced = lab.vm(105, "POST", "/status/shutdown", ["node": "pve2", "timeout": "5", "forceStop": "1"])
        #expect(lab.finish(forced, on: "pve2") == "OK")
        #expect(lab.status(105, on: "pve2") == "stopped")
    }

    @Test func stopCanOverruleAShutdown() {
        let at = ["node": "pve2"]
        _ = lab.finish(lab.vm(105, "POST", "/status/start", at), on: "pve2")
        let shutdown = lab.vm(105, "POST", "/status/shutdown", at)
        let stop = lab.vm(105, "POST", "/status/stop", ["node": "pve2", "overrule-shutdown": "1"])
        #expect(lab.exit(shutdown.text, on: "pve2") == "received interrupt")
        #expect(lab.finish(stop, on: "pve2") == "OK")
        #expect(lab.status(105, on: "pve2") == "stopped")
    }

    @Test func pausesAndResumes() {
        #expect(lab.finish(lab.vm(101, "POST", "/status/suspend")) == "OK")
        #expect(lab.status(101) == "running")
        #expect(qmp(101) == "paused")
        #expect(lab.vm(101, "POST", "/status/shutdown").message == "VM is paused - cannot shutdown")
        #expect(lab.vm(101, "POST", "/status/reboot").message == "VM is paused - cannot shutdown")
        let resume = lab.vm(101, "POST", "/status/resume")
        #expect(resume.text.contains(":qmresume:"))
        #expect(lab.finish(resume) == "OK")
        #expect(qmp(101) == "running")
    }

    @Test func suspendsToDiskAndResumes() {
        let suspend = lab.vm(101, "POST", "/status/suspend", ["todisk": "1"])
        #expect(suspend.text.contains(":qmsuspend:"))
        #expect(lab.finish(suspend) == "OK")
        #expect(lab.status(101) == "stopped")
        #expect(lab.option(101, "lock") == "suspended")
        #expect(lab.vm(101, "PUT", "/config", ["name": "x"]).message == "VM is locked (suspended)")
        #expect(lab.finish(lab.vm(101, "POST", "/status/resume")) == "OK")
        #expect(lab.status(101) == "running")
        #expect(lab.option(101, "lock") == nil)
    }

    @Test(arguments: ["suspend", "resume", "reset", "reboot"])
    func refusesWhatNeedsARunningGuest(_ action: String) {
        let answer = lab.vm(100, "POST", "/status/\(action)")
        #expect(answer.status == 500)
        #expect(answer.message == "VM 100 not running")
        #expect(
            lab.vm(999, "POST", "/status/\(action)").message
                == "unable to find configuration file for VM 999 - no such machine")
    }

    @Test func onlyRootMaySkipLocks() {
        let refused = lab.vm(106, "POST", "/status/start", ["skiplock": "1"])
        #expect(refused.status == 400)
        #expect(refused.errors == ["skiplock": "Only root may use this option."])
        #expect(lab.finish(lab.vm(106, "POST", "/status/start", ["skiplock": "1"], as: "root@pam")) == "OK")
        #expect(lab.status(106) == "running")
    }
}
