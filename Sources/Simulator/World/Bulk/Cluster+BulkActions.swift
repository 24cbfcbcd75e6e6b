// Bulk actions: a task that starts a task for each guest and waits for them.
// SPDX-License-Identifier: MIT

/// How far a bulk action is.
private struct BulkProgress: Sendable {
    /// Guests that are not begun yet, in groups that wait for each other.
    var groups: [[Int]]
    /// Tasks that run, with their guests.
    var running: [(task: Int, guest: Int)] = []
    var failed: [Int] = []
    /// Nothing is begun before this time: a guest wants the next ones to wait after its start.
    var notBefore = 0.0
}

extension Cluster {
    /// How long the task waits before it looks at its children again, at least; in seconds.
    private static let shortestLook = 0.05

    /// POST /cluster/bulk-action/guest/{start,shutdown,suspend,migrate}
    mutating func runBulkAction(_ kind: BulkAction.Kind, _ call: APICall) throws -> APIAnswer {
        let action = BulkAction(kind, call)
        try demandEach(call, kind == .migrate ? "VM.Migrate" : "VM.PowerMgmt", on: action.guests)
        if action.toDisk {
            try demandEach(call, "VM.Config.Disk", on: action.guests)
            if let storage = action.stateStorage {
                try demandAny(call, ["Datastore.AllocateSpace"], on: "/storage/\(storage)")
            }
        }
        if kind == .migrate, nodes[action.target] == nil {
            throw Refusal("no such cluster node '\(action.target)'")
        }
        let answer = begin("bulk-\(kind.rawValue)", id: "", on: localNode, by: call.caller) { cluster in
            var course = TaskCourse(seconds: 0)
            course.lines = [action.opening]
            let progress = BulkProgress(groups: cluster.groups(of: action))
            course.then = { $0.look(after: action, progress) }
            return course
        }
        // The first guests are begun before the answer.
        advance(to: now)
        return answer
    }

    /// The guests in the order of their `startup` options; the last to start are the first to go down.
    private func groups(of action: BulkAction) -> [[Int]] {
        let chosen = guestIDs.filter { action.guests?.contains($0) ?? true }
        let present = chosen.filter { guests[$0]?.isTemplate == false || action.kind == .migrate }
        if action.kind == .migrate { return [present] }
        let orders = Dictionary(grouping: present) { StartupOrder(guests[$0]?.config.current["startup"]).order ?? .max }
        let ascending = action.kind == .start
        return orders.keys.sorted { ascending ? $0 < $1 : $0 > $1 }.map { orders[$0] ?? [] }
    }

    /// Takes note of children that ended, begins new ones, and looks again later.
    private mutating func look(after action: BulkAction, _ before: BulkProgress) -> TaskCourse? {
        var progress = before
        var course = TaskCourse(seconds: max(Self.shortestLook, duration(0.05)))
        for (number, guest) in before.running {
            guard let outcome = tasks[number].map({ $0.outcome }) ?? .failed("could not query task status") else {
                continue
            }
            progress.running.removeAll { $0.task == number }
            if case .failed(let text) = outcome {
                progress.failed.append(guest)
                course.lines.append("WARN: \(action.gerund) \(label(of: guest)) failed: \(text)")
                course.warnings += 1
            } else if action.kind == .start, let delay = StartupOrder(guests[guest]?.config.current["startup"]).up {
                course.lines.append("Waiting for \(delay) seconds (startup delay)")
                progress.notBefore = now + Double(delay)
            }
        }
        if now >= progress.notBefore { beginNext(of: action, &progress, &course) }
        if progress.running.isEmpty, progress.groups.allSatisfy(\.isEmpty) {
            course.seconds = 0
            if !progress.failed.isEmpty { course.failure = action.failure(of: progress.failed) }
            return course
        }
        let next = progress
        course.then = { $0.look(after: action, next) }
        return course
    }

    private mutating func beginNext(of action: BulkAction, _ progress: inout BulkProgress, _ course: inout TaskCourse) {
        while let group = progress.groups.first, progress.running.count < action.workers {
            guard let guest = group.first else {
                // The next group waits until this one is done.
                if !progress.running.isEmpty { return }
                progress.groups.removeFirst()
                continue
            }
            progress.groups[0].removeFirst()
            do {
                if let number = try beginChild(of: action, for: guest, &course) {
                    progress.running.append((number, guest))
                }
            } catch {
                course.lines.append("WARN: \((error as? Refusal)?.reason ?? "\(error)")")
                course.warnings += 1
                progress.failed.append(guest)
            }
        }
    }

    private func label(of vmid: Int) -> String { "\(guests[vmid]?.kind == .lxc ? "CT" : "VM") \(vmid)" }

    /// Starts what is to be done with one guest and answers its task's number; nil when there is nothing to do.
    private mutating func beginChild(of action: BulkAction, for vmid: Int, _ course: inout TaskCourse) throws -> Int? {
        guard let guest = guests[vmid] else { return nil }
        let label = label(of: vmid)
        func skip(_ text: String) -> Int? {
            course.lines.append("WARN: \(text)")
            course.warnings += 1
            return nil
        }
        if nodes[guest.node]?.isOnline != true { throw Refusal("595 No route to host") }
        var values = ["node": guest.node, "vmid": String(vmid)]
        let path = "/nodes/{node}/\(guest.kind.rawValue)/{vmid}"
        var verb = "/status/\(action.kind.rawValue)"
        switch action.kind {
        case .start:
            if guest.run.isRunning, !guest.run.isPaused { return skip("Skipping \(label), already running.") }
            if guest.run.isPaused { verb = "/status/resume" }
            if guest.kind == .qemu, !guest.run.isPaused { values["timeout"] = action.timeout.map { "\($0)" } }
            course.lines.append("Starting \(label)")
        case .shutdown:
            if !guest.run.isRunning { return skip("Skipping \(label), not running.") }
            if guest.run.isPaused, !action.forcesStop {
                return skip("Skipping \(label), resume paused VM before shutdown.")
            }
            let timeout = StartupOrder(guest.config.current["startup"]).down ?? action.timeout ?? 180
            values["timeout"] = "\(timeout)"
            values["forceStop"] = action.forcesStop ? "1" : "0"
            course.lines.append("Shutting down \(label) (Timeout = \(timeout) seconds)")
        case .suspend:
            if guest.kind != .qemu { return skip("skipping \(vmid), only VMs can be suspended") }
            if !guest.run.isRunning { return skip("Skipping \(label), not running.") }
            values["todisk"] = action.toDisk ? "1" : "0"
            if action.toDisk { values["statestorage"] = action.stateStorage }
            course.lines.append("Suspending \(label)")
        case .migrate:
            verb = "/migrate"
            if guest.node == action.target { return skip("\(label) already on \(guest.node), skipping.") }
            values["target"] = action.target
            if guest.kind == .lxc {
                values["restart"] = action.isOnline ? "1" : "0"
            } else {
                values["online"] = action.isOnline ? "1" : "0"
                values["with-local-disks"] = action.movesLocalDisks ? "1" : "0"
            }
            course.lines.append("Migrating \(label)")
        }
        let call = APICall(method: "POST", template: path + verb, values: values, lists: [:], caller: action.caller)
        guard let endpoint = Endpoints.table[Endpoints.key(call.method, call.template)] else { return nil }
        let first = nextTask
        _ = try carryOut(call, endpoint)
        return nextTask > first ? first : nil
    }
}
