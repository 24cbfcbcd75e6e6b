// Starting and stopping containers.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// POST /nodes/{node}/lxc/{vmid}/status/start
    mutating func startContainer(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        if let guest = try? guest(call, .lxc), guest.run.isRunning { throw Refusal("CT \(vmid) already running") }
        return try beginContainerStart(vmid, on: node, by: call.caller, skipLock: call.flag("skiplock"))
    }

    /// Starts a container; also what creation, rollback and migration do in the end.
    @discardableResult
    mutating func beginContainerStart(_ vmid: Int, on node: String, by caller: String, skipLock: Bool = false) throws
        -> APIAnswer
    {
        begin("vzstart", id: String(vmid), on: node, by: caller, locking: vmid) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            if guest.isTemplate { throw Refusal("you can't start a CT if it's a template") }
            try guest.checkLock(skip: skipLock)
            if guest.run.isRunning { throw Refusal("CT \(vmid) already running") }
            for (_, drive) in guest.config.drives where cluster.storage(of: drive)?.lost.contains(drive.volume) == true
            {
                throw Refusal("volume '\(drive.volume)' does not exist")
            }
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            switch guest.name {
            case "warns":
                course.lines = [
                    "WARN: old systemd (< v232) detected, container won't run in a pure cgroupv2 environment!"
                ]
                course.warnings = 1
            case "fails":
                course.lines = [
                    "lxc_init: 845 Failed to run lxc.hook.pre-start for container \"\(vmid)\"",
                    "__lxc_start: 2034 Failed to initialize container \"\(vmid)\"",
                ]
                course.failure = "startup for container '\(vmid)' failed"
            default: break
            }
            course.finish = { cluster in
                cluster.setRunning(vmid)
                cluster.guests[vmid]?.isCheckpointed = false
            }
            return course
        }
    }

    /// Refuses calls that need a running container; an id that does not exist is not running either.
    @discardableResult
    private func runningContainer(_ call: APICall, called word: String = "CT") throws -> Guest {
        let vmid = call.number("vmid") ?? 0
        _ = try nodeName(call)
        guard let guest = try? guest(call, .lxc), guest.run.isRunning else {
            throw Refusal("\(word) \(vmid) not running")
        }
        return guest
    }

    /// POST /nodes/{node}/lxc/{vmid}/status/stop
    mutating func stopContainer(_ call: APICall) throws -> APIAnswer {
        try call.allowOnlyForRoot("skiplock")
        try runningContainer(call)
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        if call.flag("overrule-shutdown"), let holder = lockQueues[vmid]?.first,
            tasks[holder]?.upid.type == "vzshutdown"
        {
            interrupt(holder)
        }
        let skipLock = call.flag("skiplock")
        return try begin("vzstop", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try guest.checkLock(skip: skipLock)
            guard guest.run.isRunning else { return TaskCourse(seconds: 0) }
            var course = TaskCourse(seconds: cluster.duration(0.25, for: guest))
            course.finish = { $0.setStopped(vmid) }
            return course
        }
    }

    /// POST /nodes/{node}/lxc/{vmid}/status/shutdown
    mutating func shutDownContainer(_ call: APICall) throws -> APIAnswer {
        try runningContainer(call)
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let timeout = Double(call.number("timeout") ?? 60)
        let force = call.flag("forceStop")
        return try begin("vzshutdown", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try guest.checkLock()
            guard guest.run.isRunning else { return TaskCourse(seconds: 0) }
            return cluster.containerShutdown(guest, timeout: timeout, force: force)
        }
    }

    private func containerShutdown(_ guest: Guest, timeout: Double, force: Bool) -> TaskCourse {
        let vmid = guest.vmid
        var course = TaskCourse(seconds: duration(1, for: guest))
        course.finish = { $0.setStopped(vmid) }
        if course.seconds > timeout {
            course.seconds = timeout
            if force {
                course.lines = ["container did not stop in time - killing it"]
            } else {
                course.failure = "command 'lxc-stop -n \(vmid) --nokill --timeout \(Int(timeout))' failed: exit code 1"
            }
        }
        return course
    }

    /// POST /nodes/{node}/lxc/{vmid}/status/reboot
    mutating func rebootContainer(_ call: APICall) throws -> APIAnswer {
        try runningContainer(call, called: "VM")
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        let timeout = call.number("timeout").map { Double($0) } ?? .infinity
        return try begin("vzreboot", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            guard guest.run.isRunning else { throw Refusal("VM \(vmid) not running") }
            try guest.checkLock()
            var course = cluster.containerShutdown(guest, timeout: timeout, force: false)
            course.finish = { cluster in
                cluster.setStopped(vmid)
                cluster.setRunning(vmid)
            }
            return course
        }
    }

    /// POST /nodes/{node}/lxc/{vmid}/status/suspend: the processes are written to disk and end.
    mutating func suspendContainer(_ call: APICall) throws -> APIAnswer {
        try runningContainer(call)
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        return try begin("vzsuspend", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try guest.checkLock()
            var course = TaskCourse(seconds: cluster.duration(1, for: guest))
            course.finish = { cluster in
                cluster.setStopped(vmid)
                cluster.guests[vmid]?.isCheckpointed = true
            }
            return course
        }
    }

    /// POST /nodes/{node}/lxc/{vmid}/status/resume
    mutating func resumeContainer(_ call: APICall) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        let node = try nodeName(call)
        if let guest = try? guest(call, .lxc), guest.run.isRunning { throw Refusal("CT \(vmid) already running") }
        return try begin("vzresume", call) { cluster in
            guard let guest = try? cluster.guest(vmid, on: node, .lxc), guest.isCheckpointed else {
                let command = "lxc-checkpoint -n \(vmid) -r --foreground -D /var/lib/vz/dump"
                throw Refusal("command '\(command)' failed: exit code 1")
            }
            var course = TaskCourse(seconds: cluster.duration(0.5, for: guest))
            course.finish = { cluster in
                cluster.setRunning(vmid)
                cluster.guests[vmid]?.isCheckpointed = false
            }
            return course
        }
    }
}
