// Destroying containers, and what the network sees of them.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// DELETE /nodes/{node}/lxc/{vmid}
    mutating func destroyContainer(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        let vmid = guest.vmid
        let node = guest.node
        let purges = call.flag("purge")
        let force = call.flag("force")
        let sweeps = call.flag("destroy-unreferenced-disks")
        let check: @Sendable (Cluster, Guest) throws -> Void = { cluster, guest in
            try guest.checkProtection("can't remove CT \(vmid)")
            try guest.checkLock()
            try cluster.checkUnreferenced(guest, purges: purges)
        }
        try check(self, guest)
        if guest.run.isRunning, !force {
            throw Refusal("unable to destroy CT \(vmid) - container is running")
        }
        return try begin("vzdestroy", call) { cluster in
            let guest = try cluster.guest(vmid, on: node, .lxc)
            try check(cluster, guest)
            if guest.run.isRunning, !force {
                throw Refusal("unable to destroy CT \(vmid) - container is running")
            }
            if guest.isTemplate, cluster.guests.values.contains(where: { $0.linkedTo == vmid }),
                let volume = guest.config.drives.first?.drive.volume
            {
                throw Refusal("base volume '\(volume)' is still in use by linked cloned")
            }
            var course = TaskCourse(seconds: cluster.duration(guest.run.isRunning ? 0.75 : 0.5, for: guest))
            if guest.run.isRunning { course.lines.append("forced to stop CT \(vmid) before destroying!") }
            for (_, drive) in guest.config.drives where drive.isOwned {
                course.lines.append("  Logical volume \"\(drive.volumeName)\" successfully removed.")
            }
            if purges { course.lines.append("purging CT \(vmid) from related configurations..") }
            course.finish = { cluster in
                cluster.removeGuest(vmid)
                if purges { cluster.forgetReferences(to: vmid) }
                if sweeps { cluster.sweepDisks(of: vmid) }
            }
            return course
        }
    }

    /// Removes the images of a guest that no configuration names.
    mutating func sweepDisks(of vmid: Int) {
        for index in storages.indices {
            storages[index].volumes = storages[index].volumes.filter {
                !(($0.value.content == "images" || $0.value.content == "rootdir") && $0.value.vmid == vmid)
            }
        }
    }

    /// GET /nodes/{node}/lxc/{vmid}/interfaces: null unless the container runs.
    func containerInterfaces(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        guard let guest = try? guest(call, .lxc), guest.run.isRunning else { return .null }
        return .array { array in
            array.object {
                write("lo", "00:00:00:00:00:00", [("inet", "127.0.0.1", 8), ("inet6", "::1", 128)], to: &$0)
            }
            for (name, value) in guest.config.current.sorted(by: { $0.key < $1.key }) {
                guard let number = ContainerOption.index(of: name, in: "net") else { continue }
                let parts = Dictionary(
                    value.split(separator: ",").compactMap { part -> (String, String)? in
                        let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
                        return halves.count == 2 ? (halves[0], halves[1]) : nil
                    }, uniquingKeysWith: { $1 })
                let fixed = parts["ip"].flatMap { $0.contains("/") ? $0 : nil }?.split(separator: "/").map(String.init)
                let address = fixed?[0] ?? "198.51.\(100 + number).\(guest.vmid % 250 + 2)"
                let prefix = fixed.flatMap { $0.count == 2 ? Int($0[1]) : nil } ?? 24
                array.object {
                    write(
                        parts["name"] ?? "eth\(number)", (parts["hwaddr"] ?? "").lowercased(),
                        [("inet", address, prefix), ("inet6", "fe80::be24:11ff:fe\(guest.vmid % 100):1", 64)], to: &$0)
                }
            }
        }
    }

    private func write(
        _ name: String, _ hardware: String, _ addresses: [(kind: String, text: String, prefix: Int)],
        to row: inout JSONWriter
    ) {
        row.member("name", name)
        row.member("hwaddr", hardware)
        row.member("hardware-address", hardware)
        for (kind, text, prefix) in addresses { row.member(kind, "\(text)/\(prefix)") }
        row.member("ip-addresses") {
            $0.array { array in
                for (kind, text, prefix) in addresses {
                    array.object {
                        $0.member("ip-address", text)
                        $0.member("ip-address-type", kind)
                        $0.member("prefix", prefix)
                    }
                }
            }
        }
    }
}
