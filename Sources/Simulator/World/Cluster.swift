// What a simulated cluster consists of.
// SPDX-License-Identifier: MIT

/// Nodes, guests, storages and tasks, and the time at which they are looked at.
///
/// Not for sharing between threads: ``World`` holds the one instance behind a mutex.
struct Cluster {
    let options: WorldOptions
    /// The time of the call, or, while a due task is brought to its end, of that end.
    var now: Double
    var random: SeededRandom

    /// By name; ``nodeNames`` has the order.
    var nodes: [String: Node] = [:]
    var nodeNames: [String] = []
    /// The node that answers.
    let localNode = "pve1"

    var guests: [Int: Guest] = [:]
    /// Ids of all guests, ascending.
    var guestIDs: [Int] = []

    var storages: [Storage] = []
    /// When the simulation began. What is stored later takes space on top of what there was.
    let startedAt: Double

    /// Scheduled backups, in the order they were made.
    var backupJobs: [BackupJob] = []
    /// By id, such as `100-0`.
    var replicationJobs: [String: ReplicationJob] = [:]

    /// Users, rights, realms and pools; ``accessRevision`` ascends with every change.
    var access: AccessConfig { didSet { accessRevision += 1 } }
    var accessRevision = 0
    var log = ClusterLog()
    var firewall: [FirewallScope: FirewallConfig] = [:]
    var ha = HAConfig()
    /// The options of the datacenter.
    var datacenter: Settings = ["description": "", "mac_prefix": "BC:24:11"]

    /// Tasks by number; numbers ascend with time.
    var tasks: [Int: SimulatedTask] = [:]
    var taskNumbers: [String: Int] = [:]
    var oldestTask = 0
    var nextTask = 0
    var timeline = TaskTimeline()
    /// Who holds a guest's configuration (first), and who waits for it.
    var lockQueues: [Int: [Int]] = [:]

    /// Results of `agent/exec` by guest and process id, each handed out once.
    var executions: [Int: [Int: AgentExecution]] = [:]

    init(options: WorldOptions, now: Double) {
        self.options = options
        self.now = now
        startedAt = now
        access = AccessConfig(release: options.release)
        random = SeededRandom(seed: options.seed)
        populate()
    }
}

extension Cluster {
    /// The node a call is for.
    ///
    /// Throws what a proxy answers for a name it cannot resolve or a node it cannot reach.
    func nodeName(_ call: APICall) throws -> String {
        let asked = call.values["node"] ?? localNode
        let name = asked == "localhost" ? localNode : asked
        guard let node = nodes[name] else {
            throw Refusal(
                "hostname lookup '\(name)' failed - failed to get address info for: \(name): Name or service not known")
        }
        guard node.isOnline else { throw Refusal(status: 595, "No route to host") }
        return name
    }

    /// The guest a call is for, when it is of this kind and lives on the node that was asked.
    func guest(_ call: APICall, _ kind: Guest.Kind = .qemu) throws -> Guest {
        try guest(call.number("vmid") ?? 0, on: nodeName(call), kind)
    }

    func guest(_ vmid: Int, on node: String, _ kind: Guest.Kind = .qemu) throws -> Guest {
        guard let guest = guests[vmid], guest.kind == kind, guest.node == node else {
            let folder = kind == .qemu ? "qemu-server" : "lxc"
            throw Refusal("Configuration file 'nodes/\(node)/\(folder)/\(vmid).conf' does not exist")
        }
        return guest
    }

    mutating func add(_ guest: Guest) {
        guests[guest.vmid] = guest
        let place = position(of: guest.vmid)
        guestIDs.insert(guest.vmid, at: place)
    }

    mutating func removeGuest(_ vmid: Int) {
        guard guests.removeValue(forKey: vmid) != nil else { return }
        guestIDs.remove(at: position(of: vmid))
        executions[vmid] = nil
        forget(guest: vmid)
    }

    /// Where an id stands, or would stand, in ``guestIDs``.
    private func position(of vmid: Int) -> Int {
        var low = 0
        var high = guestIDs.count
        while low < high {
            let middle = (low + high) / 2
            if guestIDs[middle] < vmid { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Guests of one kind on a node, by id.
    func guests(on node: String, _ kind: Guest.Kind) -> [Guest] {
        guestIDs.compactMap { guests[$0] }.filter { $0.node == node && $0.kind == kind }
    }

    /// The whole seconds of ``now``.
    var seconds: Int { Int(now) }
}
