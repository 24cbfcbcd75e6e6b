// Where else in the cluster a guest is named: jobs, pools, high availability.
// SPDX-License-Identifier: MIT

extension Cluster {
    /// Refuses a removal while a replication job names the guest. High availability is asked before.
    func checkUnreferenced(_ guest: Guest, purges: Bool) throws {
        if purges { return }
        if let job = replicationJobs.keys.sorted().first(where: { replicationJobs[$0]?.guest == guest.vmid }) {
            throw Refusal("There is a replication job '\(job)' for guest '\(guest.vmid)' - Please remove that first.")
        }
    }

    /// What `purge` adds to a removal: the guest leaves jobs too.
    mutating func forgetReferences(to vmid: Int) {
        replicationJobs = replicationJobs.filter { $0.value.guest != vmid }
        for index in backupJobs.indices { backupJobs[index].remove(vmid) }
    }

    /// Puts a new guest under high availability, as `ha-managed` asks.
    mutating func manage(_ guest: Guest, isStarted: Bool) {
        ha.resources[serviceID(of: guest)] = HAResource(
            vmid: guest.vmid, settings: ["state": isStarted ? "started" : "stopped"])
    }

    func checkPoolExists(_ pool: String) throws {
        if access.pools[pool] == nil { throw Refusal("pool '\(pool)' does not exist") }
    }
}
