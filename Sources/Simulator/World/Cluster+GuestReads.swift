// Lists and states of guests.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /nodes/{node}/qemu
    func qemuList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        let isFull = call.flag("full")
        return .array { array in
            for guest in guests(on: node, .qemu) {
                array.object { row in
                    writeStatus(of: guest, to: &row)
                    if isFull { writeMachine(of: guest, to: &row) }
                }
            }
        }
    }

    /// GET /nodes/{node}/lxc
    func lxcList(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        return .array { array in
            for guest in guests(on: node, .lxc) { array.object { writeStatus(of: guest, to: &$0) } }
        }
    }

    /// GET /nodes/{node}/qemu/{vmid}/status/current
    func qemuStatus(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call)
        return .object { status in
            writeStatus(of: guest, to: &status)
            writeMachine(of: guest, to: &status)
            writeHA(of: guest, to: &status)
            if guest.hasAgent { status.member("agent", 1) }
        }
    }

    /// GET /nodes/{node}/lxc/{vmid}/status/current
    func lxcStatus(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call, .lxc)
        return .object { status in
            writeStatus(of: guest, to: &status)
            writeHA(of: guest, to: &status)
        }
    }

    private func writeStatus(of guest: Guest, to row: inout JSONWriter) {
        let usage = usage(of: guest)
        row.member("vmid", guest.vmid)
        row.member("name", guest.name)
        row.member("status", guest.run.isRunning ? "running" : "stopped")
        row.member("cpus", guest.cpus)
        row.member("cpu", usage.cpu)
        row.member("maxmem", guest.memory)
        row.member("mem", usage.memory)
        row.member("maxdisk", guest.diskSize)
        row.member("disk", usage.disk)
        row.member("uptime", usage.uptime)
        row.member("netin", usage.netIn)
        row.member("netout", usage.netOut)
        row.member("diskread", usage.diskRead)
        row.member("diskwrite", usage.diskWrite)
        let isOld = release.hasPrefix("8.")
        if guest.kind == .qemu {
            if !isOld { row.member("memhost", usage.memoryOnHost) }
        } else {
            row.member("type", "lxc")
            row.member("maxswap", (guest.config.current["swap"].flatMap { Int($0) } ?? 512) << 20)
            row.member("swap", 0)
        }
        for kind in ["cpusome", "cpufull", "memorysome", "memoryfull", "iosome", "iofull"] where !isOld {
            row.member("pressure\(kind)", kind == "cpusome" ? usage.pressure : 0)
        }
        if guest.run.isRunning { row.member("pid", guest.pid) }
        if guest.isTemplate { row.member("template", 1) }
        if let lock = guest.lock { row.member("lock", lock) }
        if let tags = guest.config.current["tags"] { row.member("tags", tags) }
    }

    /// What only the process of a virtual machine can tell.
    private func writeMachine(of guest: Guest, to row: inout JSONWriter) {
        guard guest.run.isRunning else { return row.member("qmpstatus", "stopped") }
        row.member("qmpstatus", guest.run.isPaused ? "paused" : "running")
        row.member("running-machine", "pc-i440fx-10.1+pve0")
        row.member("running-qemu", "10.1.2")
    }

    /// GET /nodes/{node}/qemu/{vmid}; answered for ids that do not exist too, as the server does.
    func qemuIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .index(
            "subdir",
            [
                "config", "cloudinit", "pending", "status", "unlink", "vncproxy", "termproxy", "migrate", "resize",
                "move", "rrd", "rrddata", "monitor", "agent", "snapshot", "spiceproxy", "sendkey", "firewall",
                "mtunnel", "remote_migrate",
            ])
    }

    /// GET /nodes/{node}/qemu/{vmid}/status
    func qemuStatusIndex(_ call: APICall) throws -> APIAnswer {
        _ = try guest(call)
        return .index("subdir", ["current", "start", "stop", "reset", "shutdown", "suspend", "reboot"])
    }

    /// GET /nodes/{node}/lxc/{vmid} and its status
    func lxcIndex(_ call: APICall, _ names: [String]) throws -> APIAnswer {
        _ = try guest(call, .lxc)
        return .index("subdir", names)
    }

    /// GET /nodes/{node}/qemu/{vmid}/feature
    func guestFeature(_ call: APICall) throws -> APIAnswer {
        let guest = try guest(call)
        var values = guest.config.current
        let snapshot = call.values["snapname"]
        if let snapshot {
            guard let found = guest.config.snapshots[snapshot] else {
                throw Refusal("snapshot '\(snapshot)' does not exist")
            }
            values = found.values
        }
        let drives = values.filter { ConfigOption.isDrive($0.key) }.map { Drive($0.value) }.filter(\.isOwned)
        let has =
            switch call.values["feature"] {
            case "snapshot": !guest.isTemplate
            case "clone": guest.isTemplate || drives.allSatisfy { canLink(to: $0, guest, from: snapshot) }
            default: true
            }
        let shared = drives.allSatisfy { storage(of: $0)?.isShared ?? false }
        return .object {
            $0.member("hasFeature", has ? 1 : 0)
            $0.member("nodes") { $0.array { for name in shared ? nodeNames : [guest.node] { $0.string(name) } } }
        }
    }

    /// Whether a linked clone can be made of a drive: of base images, and of snapshots in qcow2 files.
    func canLink(to drive: Drive, _ guest: Guest, from snapshot: String?) -> Bool {
        guest.isTemplate && snapshot == nil || drive.isCloudInit
    }
}
