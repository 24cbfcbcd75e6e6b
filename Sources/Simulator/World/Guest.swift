// A guest: a virtual machine or a container, and what it is doing.
// SPDX-License-Identifier: MIT

/// A guest. A class, so that an endpoint changes the one the cluster holds; it never leaves ``Cluster``.
final class Guest {
    enum Kind: String {
        case qemu, lxc
    }

    enum Run {
        case stopped
        case running(since: Double)
        /// The process exists, its processors stand still.
        case paused(since: Double)

        /// Whether there is a process: what Proxmox calls running, paused or not.
        var isRunning: Bool { since != nil }

        var isPaused: Bool {
            if case .paused = self { true } else { false }
        }

        var since: Double? {
            switch self {
            case .stopped: nil
            case .running(let since), .paused(let since): since
            }
        }
    }

    let vmid: Int
    let kind: Kind
    var node: String { didSet { row = nil } }
    var config: GuestConfig {
        didSet {
            row = nil
            sizes = nil
        }
    }
    var run = Run.stopped
    var pid = 0
    /// The template whose disks a linked clone reads.
    var linkedTo: Int?
    /// Files in the guest that the agent wrote.
    var files: [String: String] = [:]
    var isFrozen = false
    /// Whether a container's processes were written to disk when it was suspended.
    var isCheckpointed = false
    /// The part of its row in /cluster/resources that only changes with its configuration.
    var row: [UInt8]?
    private var sizes: (memory: Int, disk: Int)?

    init(vmid: Int, kind: Kind, node: String, config: GuestConfig) {
        self.vmid = vmid
        self.kind = kind
        self.node = node
        self.config = config
    }

    /// The name, or what Proxmox shows when none is set.
    var name: String {
        config.current[kind == .qemu ? "name" : "hostname"] ?? "\(kind == .qemu ? "VM" : "CT") \(vmid)"
    }

    var isTemplate: Bool { config.current["template"] == "1" }

    var lock: String? {
        get { config.current["lock"] }
        set { config.current["lock"] = newValue }
    }

    var cpus: Int {
        let cores = config.current["cores"].flatMap { Int($0) } ?? 1
        let sockets = config.current["sockets"].flatMap { Int($0) } ?? 1
        return config.current["vcpus"].flatMap { Int($0) } ?? cores * sockets
    }

    /// Bytes.
    var memory: Int { knownSizes.memory }

    /// The size of the disk it boots from, in bytes.
    var diskSize: Int { knownSizes.disk }

    /// Both sizes, read out of the configuration once: they are asked for with every list.
    private var knownSizes: (memory: Int, disk: Int) {
        if let sizes { return sizes }
        let text = config.current["memory"] ?? "512"
        let number = text.hasPrefix("current=") ? text.dropFirst(8) : text[...]
        let key = kind == .lxc ? "rootfs" : config.bootDisk
        let disk = key.flatMap { config.current[$0] }.flatMap { Drive($0).size } ?? 0
        let read = (memory: (Int(number) ?? 512) << 20, disk: disk)
        sizes = read
        return read
    }

    /// Whether the configuration offers the guest agent.
    var hasAgent: Bool {
        guard let value = config.current["agent"] else { return false }
        let first = value.split(separator: ",").first.map(String.init) ?? value
        return ["1", "enabled=1", "on", "yes", "enabled=on"].contains(first)
    }

    /// Whether the agent inside the guest answers; the guest named "slow" has none installed.
    var agentAnswers: Bool { run.isRunning && !run.isPaused && name != "slow" }

    /// Refuses when an operation holds the guest.
    func checkLock(skip: Bool = false) throws {
        if let lock, !skip { throw Refusal("\(kind == .qemu ? "VM" : "CT") is locked (\(lock))") }
    }

    func checkProtection(_ action: String) throws {
        if config.current["protection"] == "1" { throw Refusal("\(action) - protection mode enabled") }
    }
}
