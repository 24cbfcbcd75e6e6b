// The cluster as a whole: resources, status, the next free id.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /cluster/resources
    func resources(_ call: APICall) -> APIAnswer {
        let type = call.values["type"]
        var json = JSONWriter(reserving: 512 + guestIDs.count * 420)
        json.beginArray()
        if type == nil || type == "vm" {
            for vmid in guestIDs {
                guard let guest = guests[vmid] else { continue }
                json.raw(row(of: guest))
            }
        }
        for node in nodeNames.compactMap({ nodes[$0] }) {
            if type == nil || type == "node" {
                json.object { row in
                    row.member("id", "node/\(node.name)")
                    row.member("node", node.name)
                    row.member("type", "node")
                    row.member("cgroup-mode", 2)
                    writeUsage(of: node, to: &row)
                }
            }
            if type == nil || type == "storage" { writeStorages(of: node, to: &json) }
            if type == nil || type == "sdn" {
                json.object {
                    $0.member("id", "network/\(node.name)/zone/localnetwork")
                    $0.member("node", node.name)
                    $0.member("type", "network")
                    $0.member("network", "localnetwork")
                    $0.member("network-type", "zone")
                    $0.member("status", node.isOnline ? "ok" : "unknown")
                }
            }
        }
        json.endArray()
        return .data(json: json.bytes)
    }

    private func writeStorages(of node: Node, to json: inout JSONWriter) {
        for storage in storages {
            json.object {
                $0.member("id", "storage/\(node.name)/\(storage.name)")
                $0.member("type", "storage")
                $0.member("node", node.name)
                $0.member("storage", storage.name)
                $0.member("plugintype", storage.type)
                $0.member("content", storage.content.joined(separator: ","))
                $0.member("shared", storage.isShared ? 1 : 0)
                $0.member("status", node.isOnline ? "available" : "unknown")
                guard node.isOnline else { return }
                $0.member("maxdisk", storage.size)
                $0.member("disk", usedBytes(storage, on: node.name))
            }
        }
    }

    /// A guest's row. Written by hand and half of it kept: there may be ten thousand of them.
    private func row(of guest: Guest) -> [UInt8] {
        let fixed = guest.row ?? fixedRow(of: guest)
        guest.row = fixed
        var row = fixed
        row.reserveCapacity(fixed.count + 220)
        guard nodes[guest.node]?.isOnline == true else {
            row += #","status":"unknown"}"#.utf8
            return row
        }
        let usage = usage(of: guest)
        row += (guest.run.isRunning ? #","status":"running","cpu":"# : #","status":"stopped","cpu":"#).utf8
        append(ratio: usage.cpu, to: &row)
        for (name, value) in [
            (#","mem":"# as StaticString, usage.memory), (#","memhost":"#, usage.memoryOnHost),
            (#","disk":"#, usage.disk),
            (#","netin":"#, usage.netIn), (#","netout":"#, usage.netOut), (#","diskread":"#, usage.diskRead),
            (#","diskwrite":"#, usage.diskWrite), (#","uptime":"#, usage.uptime),
        ] {
            name.withUTF8Buffer { row += $0 }
            append(value, to: &row)
        }
        row.append(UInt8(ascii: "}"))
        return row
    }

    /// The row without its closing brace and without what is measured.
    private func fixedRow(of guest: Guest) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("id", "\(guest.kind.rawValue)/\(guest.vmid)")
            $0.member("type", guest.kind.rawValue)
            $0.member("vmid", guest.vmid)
            $0.member("name", guest.name)
            $0.member("node", guest.node)
            $0.member("template", guest.isTemplate ? 1 : 0)
            $0.member("maxcpu", guest.cpus)
            $0.member("maxmem", guest.memory)
            $0.member("maxdisk", guest.diskSize)
            if let tags = guest.config.current["tags"] { $0.member("tags", tags) }
            if let lock = guest.lock { $0.member("lock", lock) }
        }
        return Array(writer.bytes.dropLast())
    }

    /// A number from 0 to 1 with at most four digits after the point.
    private func append(ratio: Double, to bytes: inout [UInt8]) {
        let parts = Int((ratio * 10000).rounded())
        append(parts / 10000, to: &bytes)
        guard parts % 10000 != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var rest = parts % 10000
        var unit = 1000
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// The digits of a number that is not negative.
    private func append(_ number: Int, to bytes: inout [UInt8]) {
        var unit = 1
        while number / unit > 9 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
            unit /= 10
        }
    }

    /// GET /cluster/status
    func clusterStatus(_ call: APICall) -> APIAnswer {
        let online = nodes.values.count { $0.isOnline }
        return .array { array in
            if nodeNames.count > 1 {
                array.object {
                    $0.member("type", "cluster")
                    $0.member("id", "cluster")
                    $0.member("name", "lab")
                    $0.member("nodes", nodeNames.count)
                    $0.member("quorate", online * 2 > nodeNames.count ? 1 : 0)
                    $0.member("version", nodeNames.count)
                }
            }
            for node in nodeNames.compactMap({ nodes[$0] }) {
                array.object {
                    $0.member("type", "node")
                    $0.member("id", "node/\(node.name)")
                    $0.member("name", node.name)
                    $0.member("nodeid", nodeNames.count > 1 ? node.number : 0)
                    $0.member("ip", node.address)
                    $0.member("local", node.name == localNode ? 1 : 0)
                    $0.member("online", node.isOnline ? 1 : 0)
                    $0.member("level", "")
                }
            }
        }
    }

    /// GET /cluster/nextid: the lowest free id, or whether one is free. Nothing is reserved.
    func nextID(_ call: APICall) throws -> APIAnswer {
        if let asked = call.number("vmid") {
            guard guests[asked] == nil else { throw Refusal(parameter: "vmid", "VM \(asked) already exists") }
            return .text(String(asked))
        }
        var free = 100
        for vmid in guestIDs where vmid >= free {
            if vmid > free { break }
            free += 1
        }
        guard free <= 999_999 else { throw Refusal("unable to get any free VMID in range [100, 1000000]") }
        return .text(String(free))
    }
}
