// Starting and stopping virtual machines.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// POST /nodes/{node}/qemu/{vmid}/status/start
    mutating func startGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot(
            "skiplock", "stateuri", "migratedfrom", "migration_type", "migration_network", "targetstorage")
        return try beginStart(
            call.number("vmid") ?? 0, on: nodeName(call), by: call.caller, skipLock: call.flag("skiplock"))
    }

    /// Starts a virtual machine; also what clone, restore and rollback do in the end.
    @discardableResult
    mutating func beginStart(_ vmid: Int, on node: String, by caller: String, skipLock: Bool = false) throws
        -> APIAnswer
    {
        begin("qmstart", id: String(vmid), on: node, by: caller, locking: vmid) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            if guest.isTemplate { throw Refusal("you can't start a vm if it's a template") }
            let resumes = guest.lock == "suspended"
            try guest.checkLock(skip: skipLock || resumes)
            if guest.run.isRunning { throw Refusal("VM \(vmid) already running") }
            for (_, drive) in guest.config.drives where cluster.storage(of: drive)?.lost.contains(drive.volume) == true
            {
                throw Refusal("volume '\(drive.volume)' does not exist")
            }
            return cluster.startCourse(guest, resumes: resumes)
        }
    }

    private func startCourse(_ guest: Guest, resumes: Bool) -> TaskCourse {
        let vmid = guest.vmid
        var course = TaskCourse(seconds: duration(1, for: guest))
        course.lines = resumes ? ["Resuming suspended VM"] : []
        for (_, drive) in guest.config.drives where drive.isOwned && !drive.isCDROM {
            course.lines.append("activating volume '\(drive.volume)'")
        }
        if guest.config.drives.contains(where: { $0.drive.isCloudInit }) {
            course.lines.append("generating cloud-init ISO")
        }
        course.lines += [
            "starting scope \(vmid).scope in qemu.slice",
            "waiting for the QMP socket /var/run/qemu-server/\(vmid).qmp",
            "connecting tap\(vmid)i0 to bridge vmbr0",
        ]
        switch guest.name {
        case "warns":
            course.lines.append("WARN: no efidisk configured! Using temporary efivars disk.")
            course.warnings = 1
        case "fails":
            course.lines.append("kvm: cannot set up guest memory 'pc.ram': Cannot allocate memory")
            course.failure = "start failed: QEMU exited with code 1"
        default: break
        }
        if resumes { course.closing = ["Resumed VM, removing state"] }
        course.finish = { $0.setRunning(vmid) }
        return course
    }

    /// Turns a stopped virtual machine into a running one, with its pending changes.
    mutating func setRunning(_ vmid: Int) {
        guard let guest = guests[vmid] else { return }
        if guest.lock == "suspended" {
            guest.lock = nil
            guest.config.current["vmstate"] = nil
        }
        _ = guest.config.applyPending()
        guest.pid = nodes[guest.node]?.nextPID() ?? 1
        guest.run = .running(since: now)
        guest.isFrozen = false
    }

    /// Ends the process of a virtual machine. Pending changes become current, so nothing waits longer.
    mutating func setStopped(_ vmid: Int) {
        guard let guest = guests[vmid] else { return }
        guest.run = .stopped
        _ = guest.config.applyPending()
        executions[vmid] = nil
    }

    /// Refuses calls that need a running guest; also names ids that do not exist, the way the check does.
    func runningGuest(_ call: APICall) throws -> Guest {
        let vmid = call.number("vmid") ?? 0
        guard let guest = try? guest(call) else {
            _ = try nodeName(call)
            throw Refusal("unable to find configuration file for VM \(vmid) - no such machine")
        }
        if !guest.run.isRunning { throw Refusal("VM \(vmid) not running") }
        return guest
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/stop
    mutating func stopGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock", "keepActive", "migratedfrom")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        if call.flag("overrule-shutdown") { interruptShutdown(of: vmid) }
        let skipLock = call.flag("skiplock")
        return try begin("qmstop", call) { cluster in
            guard let guest = try? cluster.guest(vmid, on: node) else {
                throw Refusal("unable to find configuration file for VM \(vmid) - no such machine")
            }
            guard guest.run.isRunning else { return TaskCourse(seconds: 0) }
            try guest.checkLock(skip: skipLock)
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            course.lines = [
                "sending 'quit' to VM \(vmid)", "waiting for process \(guest.pid) to exit",
                "cleaning up network of VM \(vmid)",
            ]
            course.finish = { $0.setStopped(vmid) }
            return course
        }
    }

    private mutating func interruptShutdown(of vmid: Int) {
        guard let holder = lockQueues[vmid]?.first, tasks[holder]?.upid.type == "qmshutdown" else { return }
        interrupt(holder)
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/shutdown
    mutating func shutdownGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock", "keepActive")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let force = call.flag("forceStop")
        if guests[vmid]?.run.isPaused == true, !force { throw Refusal("VM is paused - cannot shutdown") }
        let skipLock = call.flag("skiplock")
        let timeout = Double(call.number("timeout") ?? 180)
        return try begin("qmshutdown", call) { cluster in
            guard let guest = try? cluster.guest(vmid, on: node) else {
                throw Refusal("unable to find configuration file for VM \(vmid) - no such machine")
            }
            guard guest.run.isRunning else { return TaskCourse(seconds: 0) }
            try guest.checkLock(skip: skipLock)
            return cluster.shutdownCourse(guest, timeout: timeout, force: force)
        }
    }

    private func shutdownCourse(_ guest: Guest, timeout: Double, force: Bool) -> TaskCourse {
        let vmid = guest.vmid
        var course = TaskCourse(seconds: guest.run.isPaused ? 0 : duration(1.5, for: guest))
        let way = guest.hasAgent && guest.agentAnswers ? "guest agent" : "ACPI"
        course.lines = [
            "requesting shutdown of VM \(vmid) by \(way)", "waiting for the guest to power off",
            "still waiting for the guest to power off",
        ]
        course.finish = { $0.setStopped(vmid) }
        if course.seconds > timeout {
            course.seconds = timeout
            if force {
                course.closing = ["VM quit/powerdown failed - terminating now with SIGTERM"]
            } else {
                course.failure = "VM quit/powerdown failed - got timeout"
            }
        } else {
            course.closing = ["VM \(vmid) powered off"]
        }
        return course
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/reboot
    mutating func rebootGuest(_ call: APICall) throws -> APIAnswer {
        let guest = try runningGuest(call)
        if guest.run.isPaused { throw Refusal("VM is paused - cannot shutdown") }
        let vmid = guest.vmid
        let node = guest.node
        return try begin("qmreboot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node)
            guard guest.run.isRunning else { throw Refusal("VM \(vmid) not running") }
            try guest.checkLock()
            var course = TaskCourse(seconds: cluster.duration(1.5, for: guest))
            course.lines = ["requesting reboot", "waiting for the guest to power off", "starting VM \(vmid) again"]
            course.finish = { cluster in
                cluster.setStopped(vmid)
                cluster.setRunning(vmid)
            }
            return course
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/reset
    mutating func resetGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        let guest = try runningGuest(call)
        let vmid = guest.vmid
        let skipLock = call.flag("skiplock")
        return try begin("qmreset", call) { cluster in
            try cluster.guests[vmid]?.checkLock(skip: skipLock)
            var course = TaskCourse(seconds: cluster.duration(0.2, for: cluster.guests[vmid]))
            course.lines = ["resetting VM \(vmid)"]
            course.finish = { cluster in cluster.guests[vmid]?.run = .running(since: cluster.now) }
            return course
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/suspend: pauses, or with `todisk` saves the memory and stops.
    mutating func suspendGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        let guest = try runningGuest(call)
        let vmid = guest.vmid
        let toDisk = call.flag("todisk")
        let skipLock = call.flag("skiplock")
        let storage = call.values["statestorage"] ?? stateStorage(of: guest)
        return try begin(toDisk ? "qmsuspend" : "qmpause", call) { cluster in
            guard let guest = cluster.guests[vmid] else { throw Refusal("VM \(vmid) not running") }
            try guest.checkLock(skip: skipLock)
            guard let since = guest.run.since else { throw Refusal("VM \(vmid) not running") }
            var course = TaskCourse(seconds: cluster.duration(toDisk ? 1.5 : 0.2, for: guest))
            guard toDisk else {
                course.lines = ["pausing VM \(vmid)"]
                course.finish = { $0.guests[vmid]?.run = .paused(since: since) }
                return course
            }
            let volume = "\(storage):vm-\(vmid)-state-suspend-\(CalendarTime(cluster.now).fileStamp.prefix(10))"
            guest.lock = "suspending"
            course.lines = [
                "State-saving VM \(vmid) to volume '\(volume)'", "saving VM state and RAM",
                "reading memory of process \(guest.pid)", "completed saving the VM state",
            ]
            course.keepsLock = false
            course.abandon = { $0.guests[vmid]?.lock = nil }
            course.finish = { cluster in
                cluster.setStopped(vmid)
                cluster.guests[vmid]?.config.current["vmstate"] = volume
                cluster.guests[vmid]?.lock = "suspended"
            }
            return course
        }
    }

    private func stateStorage(of guest: Guest) -> String {
        guest.config.drives.first { $0.drive.isOwned && !$0.drive.isCDROM }?.drive.storage ?? "local-lvm"
    }

    /// POST /nodes/{node}/qemu/{vmid}/status/resume
    mutating func resumeGuest(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock", "nocheck")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let caller = call.caller
        if (try? guest(call))?.lock == "suspended" {
            return try begin("qmresume", call) { cluster in
                let guest = try cluster.guest(vmid, on: node)
                if guest.run.isRunning { throw Refusal("VM \(vmid) already running") }
                var course = cluster.startCourse(guest, resumes: true)
                course.lines.append("resumed on request of \(caller)")
                return course
            }
        }
        let guest = try runningGuest(call)
        let skipLock = call.flag("skiplock")
        let since = guest.run.since ?? now
        return try begin("qmresume", call) { cluster in
            guard let guest = cluster.guests[vmid] else { throw Refusal("VM \(vmid) not running") }
            try guest.checkLock(skip: skipLock)
            var course = TaskCourse(seconds: cluster.duration(0.2, for: guest))
            course.lines = ["resuming VM \(vmid)"]
            course.finish = { $0.guests[vmid]?.run = .running(since: since) }
            return course
        }
    }
}
