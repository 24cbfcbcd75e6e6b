// Histories of measurements.
// SPDX-License-Identifier: MIT

import JSON

/// How a history is spaced.
struct RRD {
    let points: Int
    /// Seconds from one point to the next.
    let step: Int

    /// The archives of a release; 9 keeps more and finer points than 8.
    init(timeframe: String, release: String) {
        let archives: [String: (points: Int, step: Int)] =
            release.hasPrefix("8.")
            ? [
                "hour": (70, 60), "day": (70, 1800), "week": (70, 10_800), "month": (70, 43_200),
                "year": (70, 604_800),
            ]
            : [
                "hour": (60, 60), "day": (1440, 60), "week": (336, 1800), "month": (1440, 1800),
                "year": (1440, 21_600), "decade": (570, 604_800),
            ]
        let archive = archives[timeframe] ?? (60, 60)
        (points, step) = archive
    }

    /// The times of all points up to a moment, oldest first.
    func times(until now: Double) -> [Int] {
        let last = Int(now) / step * step
        return (0..<points).map { last - (points - 1 - $0) * step }
    }
}

extension Cluster {
    /// One row for each point; those before `since` have a time and nothing else.
    private func history(
        _ call: APICall, since: Double, _ values: (Double, inout JSONWriter) -> Void
    ) -> APIAnswer {
        let archive = RRD(timeframe: call.values["timeframe"] ?? "hour", release: release)
        return .array { array in
            for time in archive.times(until: now) {
                array.object {
                    $0.member("time", time)
                    if Double(time) >= since { values(Double(time), &$0) }
                }
            }
        }
    }

    /// GET /nodes/{node}/rrddata
    func nodeHistory(_ call: APICall) throws -> APIAnswer {
        guard let node = nodes[try nodeName(call)] else { return .null }
        return history(call, since: node.bootedAt) { time, row in
            let level = load(of: node).level(at: time)
            row.member("cpu", cpuShare(of: node, at: time))
            row.member("maxcpu", node.cpus)
            row.member("loadavg", level * Double(node.cpus) / 2)
            row.member("iowait", level / 100)
            row.member("memtotal", node.memory)
            row.member("memused", memoryInUse(of: node, at: time))
            row.member("swaptotal", 8 << 30)
            row.member("swapused", 0)
            row.member("roottotal", node.rootDisk)
            row.member("rootused", diskInUse(of: node))
            row.member("netin", level * 120_000)
            row.member("netout", level * 90_000)
        }
    }

    /// GET /nodes/{node}/{qemu,lxc}/{vmid}/rrddata
    func guestHistory(_ call: APICall, _ kind: Guest.Kind) throws -> APIAnswer {
        let guest = try guest(call, kind)
        return history(call, since: guest.run.since ?? .infinity) { time, row in
            let usage = usage(of: guest, at: time)
            let rate = Double(usage.netIn) / Double(max(1, usage.uptime))
            row.member("cpu", usage.cpu)
            row.member("maxcpu", guest.cpus)
            row.member("mem", usage.memory)
            row.member("maxmem", guest.memory)
            row.member("disk", usage.disk)
            row.member("maxdisk", guest.diskSize)
            row.member("netin", rate * (0.5 + usage.cpu))
            row.member("netout", rate / 3 * (0.5 + usage.cpu))
            row.member("diskread", rate / 2 * usage.cpu)
            row.member("diskwrite", rate * usage.cpu)
        }
    }

    /// GET /nodes/{node}/storage/{storage}/rrddata
    func storageHistory(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let storage = try storage(call.values["storage"] ?? "")
        return history(call, since: nodes[node]?.bootedAt ?? 0) { _, row in
            row.member("total", storage.size)
            row.member("used", usedBytes(storage, on: node))
        }
    }
}
