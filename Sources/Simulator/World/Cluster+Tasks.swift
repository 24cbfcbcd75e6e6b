// Starting, advancing and stopping tasks.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// How long a task waits for a guest's configuration before it gives up.
    private static let lockPatience = 10.0
    /// Ended tasks that are kept.
    private static let keptTasks = 5000

    /// Starts a task and answers its UPID. With `locking`, it waits its turn at that guest.
    mutating func begin(
        _ type: String, id: String, on node: String, by caller: String, locking guest: Int? = nil,
        _ body: @escaping TaskBody
    ) -> APIAnswer {
        let pid = nodes[node]?.nextPID() ?? 1
        let booted = nodes[node]?.bootedAt ?? now
        let upid = UPIDText(
            node: node, pid: pid, processStart: Int((now - booted) * 100), startTime: seconds, type: type, id: id,
            user: caller)
        let number = nextTask
        nextTask += 1
        let task = SimulatedTask(upid: upid, text: upid.text, guest: guest, body: body)
        tasks[number] = task
        taskNumbers[task.text] = number
        note(task)
        forgetOldTasks()
        guard let guest else {
            work(on: number)
            return .text(task.text)
        }
        lockQueues[guest, default: []].append(number)
        if lockQueues[guest]?.count == 1 {
            work(on: number)
        } else {
            timeline.add(.lockTimeout, task: number, at: now + Self.lockPatience)
        }
        return .text(task.text)
    }

    /// A task of a guest, with the guest's id as its id.
    mutating func begin(_ type: String, _ call: APICall, _ body: @escaping TaskBody) throws -> APIAnswer {
        let vmid = call.number("vmid") ?? 0
        return begin(type, id: String(vmid), on: try nodeName(call), by: call.caller, locking: vmid, body)
    }

    /// Brings everything that is due to its end, in the order of time.
    mutating func advance(to time: Double) {
        while let moment = timeline.next(until: time) {
            now = max(now, moment.time)
            guard let task = tasks[moment.task] else { continue }
            switch (moment.kind, task.phase) {
            case (.end, .working(_, let until)) where until <= moment.time:
                complete(moment.task)
            case (.lockTimeout, .waiting):
                end(moment.task, .failed("can't lock file '\(lockFile(of: task.guest ?? 0))' - got timeout"))
            default: break
            }
        }
        now = max(now, time)
    }

    /// Ends a task from outside; its effect does not happen.
    mutating func interrupt(_ number: Int) {
        guard let task = tasks[number], task.outcome == nil else { return }
        if case .working = task.phase { task.course.abandon(&self) }
        end(number, .failed("received interrupt"))
    }

    /// The part of the option `taskSeconds` that something takes; ten times that for a guest named "slow".
    func duration(_ factor: Double, for guest: Guest? = nil) -> Double {
        options.taskSeconds * factor * (guest?.name == "slow" ? 10 : 1)
    }

    private mutating func work(on number: Int) {
        guard let body = tasks[number]?.body else { return }
        do {
            let course = try body(&self)
            tasks[number]?.course = course
            tasks[number]?.phase = .working(since: now, until: now + course.seconds)
            timeline.add(.end, task: number, at: now + course.seconds)
            if !course.keepsLock { releaseLock(of: number) }
        } catch {
            end(number, .failed((error as? Refusal)?.reason ?? "\(error)"))
        }
    }

    private mutating func complete(_ number: Int) {
        guard let course = tasks[number]?.course else { return }
        if let failure = course.failure {
            course.abandon(&self)
            return end(number, .failed(failure))
        }
        do {
            try course.finish(&self)
            tasks[number]?.course.lines += course.closing
            if let next = try course.then(&self) { return carryOn(number, with: next) }
            end(number, course.warnings > 0 ? .warnings(course.warnings) : .ok)
        } catch {
            course.abandon(&self)
            end(number, .failed((error as? Refusal)?.reason ?? "\(error)"))
        }
    }

    /// Begins the next course of a task; what it warned of so far counts on.
    private mutating func carryOn(_ number: Int, with next: TaskCourse) {
        guard var task = tasks[number] else { return }
        task.loggedBefore += task.course.lines
        let warnings = task.course.warnings
        task.course = next
        task.course.warnings += warnings
        task.phase = .working(since: now, until: now + next.seconds)
        tasks[number] = task
        timeline.add(.end, task: number, at: now + next.seconds)
    }

    /// The file whose lock guards a guest's configuration.
    private func lockFile(of guest: Int) -> String {
        guests[guest]?.kind == .lxc
            ? "/run/lock/lxc/pve-config-\(guest).lock" : "/var/lock/qemu-server/lock-\(guest).conf"
    }

    private mutating func end(_ number: Int, _ outcome: TaskOutcome) {
        guard var task = tasks[number] else { return }
        switch task.phase {
        case .working(_, let until) where now >= until: task.loggedBefore += task.course.lines
        case .working, .waiting: task.loggedBefore = task.log(at: now)
        case .ended: return
        }
        // A task whose checks fail never waited, so it has nothing to say of a lock.
        if case .waiting = task.phase, task.guest.flatMap({ lockQueues[$0]?.first }) == number {
            task.loggedBefore = []
        }
        task.phase = .ended(at: now, outcome)
        tasks[number] = task
        note(task)
        releaseLock(of: number)
    }

    /// Takes a task out of its guest's queue; if it was the first, the next one begins.
    private mutating func releaseLock(of number: Int) {
        guard let guest = tasks[number]?.guest, let place = lockQueues[guest]?.firstIndex(of: number) else { return }
        lockQueues[guest]?.remove(at: place)
        guard let next = lockQueues[guest]?.first else {
            lockQueues[guest] = nil
            return
        }
        if place == 0 { work(on: next) }
    }

    private mutating func forgetOldTasks() {
        while nextTask - oldestTask > Self.keptTasks, let task = tasks[oldestTask], task.outcome != nil {
            taskNumbers[task.text] = nil
            tasks[oldestTask] = nil
            oldestTask += 1
        }
    }
}
