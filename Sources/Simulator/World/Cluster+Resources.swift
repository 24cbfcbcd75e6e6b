// The cluster as a whole: resources, status, the next free id.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// GET /cluster/resources
    func resources(_ call: APICall) -> APIAnswer {
        let type = call.values["type"]
        var json = JSONWriter()
        json.beginArray()
        if type == nil { writePools(to: &json) }
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
                    $0.member("node", node.name)
                    $0.member("status", node.isOnline ? "ok" : "unknown")
                    if isRelease8 {
                        $0.member("id", "sdn/\(node.name)/localnetwork")
                        $0.member("type", "sdn")
                        $0.member("sdn", "localnetwork")
                    } else {
                        $0.member("id", "network/\(node.name)/zone/localnetwork")
                        $0.member("type", "network")
                        $0.member("network", "localnetwork")
                        $0.member("network-type", "zone")
                    }
                }
            }
        }
        json.endArray()
        guard type == nil || type == "vm" else { return .data(json: json.bytes) }
        return .data(json: guestRows(before: json.bytes))
    }

    private func writeStorages(of node: Node, to json: inout JSONWriter) {
        for storage in storages { json.object { writeResource(storage, of: node, to: &$0) } }
    }

    func writeResource(_ storage: Storage, of node: Node, to row: inout JSONWriter) {
        row.member("id", "storage/\(node.name)/\(storage.name)")
        row.member("type", "storage")
        row.member("node", node.name)
        row.member("storage", storage.name)
        row.member("plugintype", storage.type)
        row.member("content", storage.content.joined(separator: ","))
        row.member("shared", storage.isShared ? 1 : 0)
        row.member("status", node.isOnline ? "available" : "unknown")
        guard node.isOnline else { return }
        row.member("maxdisk", storage.size)
        row.member("disk", usedBytes(storage, on: node.name))
    }

    private func writePools(to json: inout JSONWriter) {
        for id in access.pools.keys.sorted() {
            json.object {
                $0.member("id", "/pool/\(id)")
                $0.member("pool", id)
                $0.member("type", "pool")
            }
        }
    }

    /// GET /cluster/status
    func clusterStatus(_ call: APICall) -> APIAnswer {
        .array { array in
            if nodeNames.count > 1 {
                array.object {
                    $0.member("type", "cluster")
                    $0.member("id", "cluster")
                    $0.member("name", "lab")
                    $0.member("nodes", nodeNames.count)
                    $0.member("quorate", isQuorate ? 1 : 0)
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
        let range = idRange
        var free = range.lowerBound
        for vmid in guestIDs where vmid >= free {
            if vmid > free { break }
            free += 1
        }
        guard range.contains(free) else {
            throw Refusal("unable to get any free VMID in range [\(range.lowerBound), \(range.upperBound + 1)]")
        }
        return .text(String(free))
    }
}
