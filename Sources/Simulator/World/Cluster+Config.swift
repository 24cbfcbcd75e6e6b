// The configuration of guests: reading it, changes that wait; changing that of virtual machines.
// SPDX-License-Identifier: MIT

import JSON

/// A change to a configuration, as a call asks for it.
struct ConfigChange: Sendable {
    var values: [String: String]
    var removals: [String]
    var reverts: [String]
    /// Whether volumes of removed drives are destroyed instead of kept as unused.
    var destroys: Bool
    var digest: String?
    var skipsLock: Bool

    /// Parameters that are no options of the configuration.
    static let control: Set<String> = [
        "node", "vmid", "digest", "delete", "revert", "force", "skiplock", "background_delay",
        "import-working-storage", "archive", "bwlimit", "ha-managed", "live-restore", "pool", "start", "storage",
        "unique",
    ]

    init(_ call: APICall) throws {
        try call.allowOnlyForRoot("skiplock")
        values = call.values.filter { !Self.control.contains($0.key) }
        removals = call.names("delete")
        reverts = call.names("revert")
        destroys = call.flag("force")
        digest = call.values["digest"]
        skipsLock = call.flag("skiplock")
        if values.isEmpty, removals.isEmpty, reverts.isEmpty { throw Refusal("no options specified") }
        for (parameter, names) in [("delete", removals), ("revert", reverts)] {
            for name in names {
                guard ConfigOption.exists(name) else { throw Refusal(parameter: parameter, "unknown option '\(name)'") }
                guard values[name] == nil else {
                    throw Refusal(
                        parameter: parameter, "you can't use '-\(name)' and -\(parameter) \(name)' at the same time")
                }
            }
        }
        for name in reverts where removals.contains(name) {
            throw Refusal(parameter: "revert", "you can't use '-delete \(name)' and '-revert \(name)' at the same time")
        }
    }
}

extension Cluster {
    /// GET /nodes/{node}/qemu|lxc/{vmid}/config
    func guestConfig(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        let guest = try guest(call, kind)
        var values: [String: String]
        if let name = call.values["snapshot"] {
            if call.flag("current") {
                throw Refusal(parameter: "snapshot", "cannot use 'snapshot' parameter with 'current'")
            }
            guard let snapshot = guest.config.snapshots[name] else {
                throw Refusal("snapshot '\(name)' does not exist")
            }
            values = snapshot.values
        } else {
            values = call.flag("current") ? guest.config.current : guest.config.withPending
            values["parent"] = guest.config.snapshots.parentOfCurrent
        }
        return .object {
            GuestConfig.write(values, of: kind, to: &$0)
            $0.member("digest", guest.config.digest)
        }
    }

    /// GET /nodes/{node}/qemu|lxc/{vmid}/pending
    func pendingConfig(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        let config = try guest(call, kind).config
        var values = config.current
        values["parent"] = config.snapshots.parentOfCurrent
        values["digest"] = config.digest
        let names = Set(values.keys).union(config.pending.keys)
        return .array { array in
            for name in names.sorted() {
                array.object { row in
                    row.member("key", name)
                    if let value = values[name] {
                        row.name("value")
                        GuestConfig.writeValue(name, value, of: kind, to: &row)
                    }
                    if let value = config.pending[name] {
                        row.name("pending")
                        GuestConfig.writeValue(name, value, of: kind, to: &row)
                    }
                    if let force = config.removals[name] { row.member("delete", force ? 2 : 1) }
                }
            }
        }
    }

    /// PUT /nodes/{node}/qemu/{vmid}/config
    mutating func setConfig(_ call: APICall) throws -> APIAnswer {
        let change = try ConfigChange(call)
        let guest = try guest(call)
        try check(change, of: guest)
        try apply(change, to: guest)
        return .null
    }

    /// POST /nodes/{node}/qemu/{vmid}/config: the same in a task.
    mutating func beginSetConfig(_ call: APICall) throws -> APIAnswer {
        let change = try ConfigChange(call)
        let node = try nodeName(call)
        let vmid = call.number("vmid") ?? 0
        try check(change, of: guest(call))
        let seconds = duration(0.25, for: guests[vmid])
        let upid = try begin("qmconfig", call) { cluster in
            var course = TaskCourse(seconds: seconds)
            let names = change.values.keys.sorted().map { "-\($0) \(change.values[$0] ?? "")" }
            let removed = change.removals.isEmpty ? [] : ["-delete \(change.removals.joined(separator: ","))"]
            course.lines = ["update VM \(vmid): \((names + removed).joined(separator: " "))"]
            course.finish = { cluster in
                let guest = try cluster.guest(vmid, on: node)
                try cluster.check(change, of: guest)
                try cluster.apply(change, to: guest)
            }
            return course
        }
        // The real server waits this long for the task and then answers null. Here nobody waits: a task that
        // will be done by then is brought to its end at once.
        if let delay = call.number("background_delay"), seconds <= Double(delay), lockQueues[vmid]?.count == 1 {
            let number = nextTask - 1
            advance(to: now + seconds)
            if case .failed(let text) = tasks[number]?.outcome { throw Refusal("failed to update VM \(vmid): \(text)") }
            return .null
        }
        return upid
    }

    private func check(_ change: ConfigChange, of guest: Guest) throws {
        if let digest = change.digest, digest != guest.config.digest {
            throw Refusal("checksum mismatch (file change by other user?)")
        }
        try guest.checkLock(skip: change.skipsLock)
        let config = guest.config
        if let balloon = (change.values["balloon"] ?? config.withPending["balloon"]).flatMap({ Int($0) }),
            let memory = Int(change.values["memory"] ?? config.withPending["memory"] ?? "512"), balloon > memory,
            change.values["balloon"] != nil || change.values["memory"] != nil
        {
            throw Refusal("balloon value too large (must be smaller than assigned memory)")
        }
        for device in bootOrder(change.values["boot"])
        where change.values[device] == nil && config.withPending[device] == nil || change.removals.contains(device) {
            throw Refusal("invalid bootorder: device '\(device)' does not exist'")
        }
        for name in change.removals {
            if ConfigOption.isDrive(name) { try guest.checkProtection("can't remove drive '\(name)'") }
            if ConfigOption.isUnused(name), let value = config.current[name] {
                try guest.checkProtection("can't remove unused disk '\(Drive(value).volume)'")
            }
        }
    }

    private func bootOrder(_ value: String?) -> [String] {
        guard let value, value.hasPrefix("order=") else { return [] }
        return value.dropFirst(6).split(separator: ";").map(String.init)
    }

    /// Applies a change: to a running guest what can be changed live, the rest when it starts next.
    private mutating func apply(_ change: ConfigChange, to guest: Guest) throws {
        var config = guest.config
        for name in change.reverts {
            config.pending[name] = nil
            config.removals[name] = nil
        }
        for name in change.removals {
            config.pending[name] = nil
            guard let old = config.current[name] else { continue }
            if !guest.run.isRunning || ConfigOption.isHotpluggable(name, old: old, new: nil) {
                config.current[name] = nil
                if ConfigOption.isDrive(name), !change.destroys { config.keepUnused(old) }
            } else {
                config.removals[name] = change.destroys
            }
            leaveBootOrder(name, &config)
        }
        for (name, value) in change.values.sorted(by: { $0.key < $1.key }) {
            let value = try completed(name, value, for: guest.vmid, on: guest.node, in: config)
            let old = config.current[name]
            config.removals[name] = nil
            config.pending[name] = nil
            if old == value { continue }
            if !guest.run.isRunning || ConfigOption.isHotpluggable(name, old: old, new: value) {
                config.replace(name, with: value)
            } else {
                config.pending[name] = value
            }
        }
        guest.config = config
    }

    private func leaveBootOrder(_ name: String, _ config: inout GuestConfig) {
        let order = bootOrder(config.current["boot"])
        guard order.contains(name) else { return }
        config.current["boot"] = "order=" + order.filter { $0 != name }.joined(separator: ";")
    }
}
