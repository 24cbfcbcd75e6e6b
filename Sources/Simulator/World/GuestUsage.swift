// What a guest uses at a moment.
// SPDX-License-Identifier: MIT

/// Measurements of a guest; all zero when it is stopped.
struct GuestUsage {
    /// Part of all its processors, 0 to 1.
    var cpu = 0.0
    var uptime = 0
    /// Bytes.
    var memory = 0
    var memoryOnHost = 0
    var disk = 0
    /// Bytes since the start.
    var netIn = 0
    var netOut = 0
    var diskRead = 0
    var diskWrite = 0
    /// How long work had to wait for processors, memory and disks, in percent.
    var pressure = 0.0
}

extension Cluster {
    /// The measurements of a guest at a time. They change every ten seconds, and the counters never fall.
    func usage(of guest: Guest, at time: Double? = nil) -> GuestUsage {
        let time = time ?? now
        guard let since = guest.run.since, since <= time else { return GuestUsage() }
        let load = Load(seed: options.seed, subject: UInt64(guest.vmid))
        let uptime = Int(time - since)
        let busy = load.level(at: time)
        var usage = GuestUsage()
        usage.uptime = uptime
        usage.cpu = guest.run.isPaused ? 0 : (busy * 6000).rounded() / 10000
        let part = 0.15 + 0.7 * load.level(at: time, 1)
        usage.memory = Int(Double(guest.memory >> 12) * part) << 12
        usage.memoryOnHost = usage.memory + 96 << 20
        if guest.kind == .lxc { usage.disk = guest.diskSize / 4 }
        let rate = 500 + guest.vmid % 89 * 211
        usage.netIn = uptime * rate
        usage.netOut = uptime * (rate / 3 + 40)
        usage.diskRead = 180 << 20 + uptime * (rate / 2)
        usage.diskWrite = 24 << 20 + uptime * rate
        usage.pressure = (busy * 150).rounded() / 100
        return usage
    }
}
