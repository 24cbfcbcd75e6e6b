// The cluster's nodes as its communication layer knows them.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private var isCluster: Bool { nodeNames.count > 1 }

    /// GET /cluster
    func clusterIndex(_ call: APICall) -> APIAnswer {
        let newer = isRelease8 ? [] : ["bulk-action", "qemu"]
        return .index(
            "name",
            [
                "acme", "backup", "backup-info", "ceph", "config", "firewall", "ha", "jobs", "log", "mapping",
                "metrics", "notifications", "nextid", "options", "replication", "resources", "status", "tasks", "sdn",
            ] + newer)
    }

    /// GET /cluster/config/nodes
    func memberList(_ call: APICall) -> APIAnswer {
        .array { array in
            for node in isCluster ? nodeNames.compactMap({ nodes[$0] }) : [] {
                array.object {
                    $0.member("node", node.name)
                    $0.member("name", node.name)
                    $0.member("nodeid", String(node.number))
                    $0.member("quorum_votes", "1")
                    $0.member("ring0_addr", node.address)
                }
            }
        }
    }

    /// GET /cluster/config/totem
    func totem(_ call: APICall) -> APIAnswer { isCluster ? .object { writeTotem(to: &$0) } : .null }

    private func writeTotem(to writer: inout JSONWriter) {
        writer.member("cluster_name", "lab")
        writer.member("config_version", String(nodeNames.count))
        writer.member("ip_version", "ipv4-6")
        writer.member("secauth", "on")
        writer.member("version", "2")
    }

    /// GET /cluster/config/join
    func joinInformation(_ call: APICall) throws -> APIAnswer {
        guard isCluster else {
            throw Refusal(status: 424, "node is not in a cluster, no join info available!")
        }
        let preferred = call.values["node"] ?? localNode
        guard nodes[preferred] != nil else { throw Refusal("no such cluster node '\(preferred)'") }
        return .object { answer in
            answer.member("preferred_node", preferred)
            answer.member("config_digest", digest(of: [["version": String(nodeNames.count)]]))
            answer.member("totem") { $0.object { writeTotem(to: &$0) } }
            answer.member("nodelist") { list in
                list.array { array in
                    for node in nodeNames.compactMap({ nodes[$0] }) {
                        array.object {
                            $0.member("name", node.name)
                            $0.member("nodeid", String(node.number))
                            $0.member("pve_addr", node.address)
                            $0.member("pve_fp", node.fingerprint)
                            $0.member("quorum_votes", "1")
                            $0.member("ring0_addr", node.address)
                        }
                    }
                }
            }
        }
    }
}
