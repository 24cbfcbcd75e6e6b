// Changing the configuration of containers.
// SPDX-License-Identifier: MIT

/// A change to a container's configuration, as a call asks for it.
struct ContainerChange: Sendable {
    var values: [String: String]
    var removals: [String]
    var reverts: [String]
    var digest: String?

    /// Parameters that are no options of the configuration.
    static let control: Set<String> = [
        "node", "vmid", "digest", "delete", "revert", "ostemplate", "password", "storage", "force", "restore", "pool",
        "ignore-unpack-errors", "ssh-public-keys", "start", "unique", "bwlimit", "ha-managed",
    ]

    init(_ call: APICall) throws {
        values = call.values.filter { !Self.control.contains($0.key) }
        removals = call.names("delete")
        reverts = call.names("revert")
        digest = call.values["digest"]
        if values.isEmpty, removals.isEmpty, reverts.isEmpty { throw Refusal("no options specified") }
        for (parameter, names) in [("delete", removals), ("revert", reverts)] {
            for name in names {
                guard values[name] == nil else {
                    throw Refusal(
                        parameter: parameter, "you can't use '-\(name)' and -\(parameter) \(name)' at the same time")
                }
                guard ContainerOption.exists(name) else {
                    throw Refusal(parameter: parameter, "unknown option '\(name)'")
                }
            }
        }
    }
}

extension Cluster {
    /// PUT /nodes/{node}/lxc/{vmid}/config
    mutating func setContainerConfig(_ call: APICall) throws -> APIAnswer {
        let change = try ContainerChange(call)
        let guest = try guest(call, .lxc)
        try checkContainerOptions(change.values, isPrivileged: guest.config.current["unprivileged"] != "1", call)
        try demandOptions(call, Array(change.values.keys) + change.removals, of: guest.vmid)
        try demandSpace(call, for: change.values)
        try guest.checkLock()
        if let digest = change.digest, digest != guest.config.digest {
            throw Refusal("detected modified configuration - file changed by other user? Try again.")
        }
        try check(change, of: guest)
        try apply(change, to: guest)
        return .null
    }

    /// Options that only root@pam itself may set: they reach out of the container.
    func checkContainerOptions(_ values: [String: String], isPrivileged: Bool, _ call: APICall) throws {
        if call.isRoot { return }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            var reason: String?
            if ContainerOption.isVolume(name), Drive(value).volume.hasPrefix("/") {
                let kind = Drive(value).volume.hasPrefix("/dev/") ? "device" : "bind"
                reason = "mount point type \(kind) is only allowed for root@pam"
            } else if name == "features", value != "nesting=1", value != "nesting=0", !value.isEmpty {
                reason = "changing feature flags (except nesting) is only allowed for root@pam"
            } else if name == "features", isPrivileged {
                reason = "changing feature flags for privileged container is only allowed for root@pam"
            } else if name == "hookscript" || ContainerOption.index(of: name, in: "dev") != nil {
                reason =
                    name == "hookscript" ? "hookscript" : "configuring device passthrough is only allowed for root@pam"
            }
            if let reason { throw Refusal(status: 403, "Permission check failed (\(reason))") }
        }
    }

    private func check(_ change: ContainerChange, of guest: Guest) throws {
        for name in change.removals where guest.config.withPending[name] != nil {
            if ["memory", "rootfs", "ostype"].contains(name) {
                throw Refusal("unable to delete required option '\(name)'")
            }
            if name == "unprivileged" { throw Refusal("unable to delete read-only option: '\(name)'") }
            if ContainerOption.isVolume(name) || ConfigOption.isUnused(name) {
                try guest.checkProtection("can't remove CT \(guest.vmid) drive '\(name)'")
            }
        }
        for (name, value) in change.values.sorted(by: { $0.key < $1.key }) {
            if name == "unprivileged" { throw Refusal("unable to modify read-only option: '\(name)'") }
            guard ContainerOption.isVolume(name) else { continue }
            try guest.checkProtection("can't update CT \(guest.vmid) drive '\(name)'")
            guard let storage = Drive(value).storage else { continue }
            if try !self.storage(storage).content.contains("rootdir") {
                throw Refusal("storage '\(storage)' does not allow content type 'rootdir' (Container)")
            }
        }
    }

    /// Applies a change: to a running container what it can take, the rest when it starts next.
    private mutating func apply(_ change: ContainerChange, to guest: Guest) throws {
        var config = guest.config
        for name in change.reverts {
            config.pending[name] = nil
            config.removals[name] = nil
        }
        for name in change.removals {
            config.pending[name] = nil
            guard let old = config.current[name] else { continue }
            if !guest.run.isRunning || ContainerOption.isHotpluggable(name, isSet: true, removes: true) {
                config.current[name] = nil
                if ContainerOption.isVolume(name) { config.keepUnused(old) }
            } else {
                config.removals[name] = false
            }
        }
        for (name, value) in change.values.sorted(by: { $0.key < $1.key }) {
            let value = try completedContainerValue(name, value, for: guest.vmid, on: guest.node, in: config)
            config.removals[name] = nil
            config.pending[name] = nil
            let old = config.current[name]
            if old == value { continue }
            if !guest.run.isRunning || ContainerOption.isHotpluggable(name, isSet: old != nil, removes: false) {
                config.replace(name, with: value)
            } else {
                config.pending[name] = value
            }
        }
        guest.config = config
    }
}
