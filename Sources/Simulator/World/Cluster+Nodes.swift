// The node endpoints: list, status, version, DNS, time.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// The full version of the nodes, such as 9.2.11.
    var version: String { options.release.split(separator: ".").count > 2 ? options.release : options.release + ".11" }

    /// The first two parts of ``version``.
    var release: String { version.split(separator: ".").prefix(2).joined(separator: ".") }

    /// Whether the nodes are of the generation before this one.
    var isRelease8: Bool { options.release.hasPrefix("8.") }

    private var kernel: String { isRelease8 ? "6.8.12-15-pve" : "6.17.4-2-pve" }

    private var repository: String { "14a22df32f0e0000" }

    /// GET /version and GET /nodes/{node}/version
    func versionAnswer(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .object {
            $0.member("version", version)
            $0.member("release", release)
            $0.member("repoid", repository)
        }
    }

    /// GET /nodes
    func nodeList(_ call: APICall) -> APIAnswer {
        .array { array in
            for node in nodeNames.compactMap({ nodes[$0] }) {
                array.object { row in
                    row.member("node", node.name)
                    row.member("id", "node/\(node.name)")
                    row.member("type", "node")
                    row.member("ssl_fingerprint", node.fingerprint)
                    writeUsage(of: node, to: &row)
                }
            }
        }
    }

    /// Status and measurements, as /nodes and /cluster/resources both have them.
    func writeUsage(of node: Node, to row: inout JSONWriter) {
        row.member("status", node.isOnline ? "online" : "offline")
        guard node.isOnline else { return }
        row.member("level", "")
        row.member("cpu", cpuShare(of: node))
        row.member("maxcpu", node.cpus)
        row.member("mem", memoryInUse(of: node))
        row.member("maxmem", node.memory)
        row.member("disk", diskInUse(of: node))
        row.member("maxdisk", node.rootDisk)
        row.member("uptime", Int(now - node.bootedAt))
    }

    func load(of node: Node) -> Load { Load(seed: options.seed, subject: UInt64(node.number) << 32) }

    func cpuShare(of node: Node, at time: Double? = nil) -> Double {
        (load(of: node).level(at: time ?? now) * 5000).rounded() / 10000
    }

    func memoryInUse(of node: Node, at time: Double? = nil) -> Int {
        Int(Double(node.memory >> 20) * (0.2 + 0.7 * load(of: node).level(at: time ?? now, 1))) << 20
    }

    func diskInUse(of node: Node) -> Int { node.rootDisk / 16 * (2 + node.number % 8) }

    /// GET /nodes/{node}
    func nodeIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .index(
            "name",
            [
                "aplinfo", "apt", "capabilities", "ceph", "certificates", "config", "disks", "dns", "firewall",
                "hardware", "hosts", "journal", "lxc", "migrateall", "netstat", "network", "qemu",
                "query-oci-repo-tags", "query-url-metadata", "replication", "report", "rrd", "rrddata", "scan", "sdn",
                "services", "spiceshell", "startall", "status", "stopall", "storage", "subscription", "suspendall",
                "syslog", "tasks", "termproxy", "time", "version", "vncshell", "vzdump", "wakeonlan",
            ])
    }

    /// GET /nodes/{node}/status
    func nodeStatus(_ call: APICall) throws -> APIAnswer {
        guard let node = nodes[try nodeName(call)] else { return .null }
        let memoryUsed = memoryInUse(of: node)
        let diskUsed = diskInUse(of: node)
        let build = "#1 SMP PREEMPT_DYNAMIC PMX \(kernel)"
        return .object { status in
            status.member("uptime", Int(now - node.bootedAt))
            status.member("pveversion", "pve-manager/\(version)/\(repository)")
            status.member("kversion", "Linux \(kernel) \(build)")
            status.member("cpu", cpuShare(of: node))
            status.member("wait", (load(of: node).level(at: now, 2) * 100).rounded() / 10000)
            status.member("idle", 0)
            status.member("loadavg") { average in
                average.array {
                    for minutes in [1, 5, 15] {
                        let level = load(of: node).level(at: now - Double(minutes) * 30) * Double(node.cpus) / 2
                        $0.string(hundredths(level))
                    }
                }
            }
            status.member("current-kernel") {
                $0.object {
                    $0.member("sysname", "Linux")
                    $0.member("release", kernel)
                    $0.member("version", build)
                    $0.member("machine", "x86_64")
                }
            }
            status.member("boot-info") {
                $0.object {
                    $0.member("mode", "efi"); $0.member("secureboot", 0)
                }
            }
            status.member("cpuinfo") { $0.object { writeProcessor(of: node, to: &$0) } }
            status.member("ksm") { $0.object { $0.member("shared", 0) } }
            status.member("memory") {
                $0.object {
                    $0.member("total", node.memory)
                    $0.member("used", memoryUsed)
                    $0.member("free", (node.memory - memoryUsed) / 2)
                    $0.member("available", node.memory - memoryUsed)
                }
            }
            status.member("swap") {
                $0.object {
                    $0.member("total", 8 << 30)
                    $0.member("used", 0)
                    $0.member("free", 8 << 30)
                }
            }
            status.member("rootfs") {
                $0.object {
                    $0.member("total", node.rootDisk)
                    $0.member("used", diskUsed)
                    $0.member("free", node.rootDisk - diskUsed)
                    $0.member("avail", (node.rootDisk - diskUsed) / 20 * 19)
                }
            }
        }
    }

    private func writeProcessor(of node: Node, to writer: inout JSONWriter) {
        writer.member("model", "AMD EPYC 7313P 16-Core Processor")
        writer.member("vendor", "AuthenticAMD")
        writer.member("family", "25")
        writer.member("cpus", node.cpus)
        writer.member("cores", node.cpus / 2)
        writer.member("sockets", 1)
        writer.member("mhz", "3000.000")
        writer.member("user_hz", 100)
        writer.member("hvm", "1")
        writer.member("flags", "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov svm aes avx avx2")
    }

    /// A number with two digits after the point, as a text.
    private func hundredths(_ value: Double) -> String {
        let whole = Int((value * 100).rounded())
        return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
    }

    /// GET /nodes/{node}/dns
    func nodeDNS(_ call: APICall) throws -> APIAnswer {
        let dns = nodes[try nodeName(call)]?.dns ?? [:]
        return .object {
            for (key, value) in dns.sorted(by: { $0.key < $1.key }) { $0.member(key, value) }
        }
    }

    /// PUT /nodes/{node}/dns: servers that are not sent are removed.
    mutating func setNodeDNS(_ call: APICall) throws -> APIAnswer {
        nodes[try nodeName(call)]?.dns = call.values.filter { ["search", "dns1", "dns2", "dns3"].contains($0.key) }
        return .null
    }

    /// GET /nodes/{node}/time
    func nodeTime(_ call: APICall) throws -> APIAnswer {
        let timezone = nodes[try nodeName(call)]?.timezone ?? "UTC"
        return .object {
            $0.member("timezone", timezone)
            $0.member("time", seconds)
            $0.member("localtime", seconds)
        }
    }

    /// PUT /nodes/{node}/time
    mutating func setNodeTime(_ call: APICall) throws -> APIAnswer {
        nodes[try nodeName(call)]?.timezone = call.values["timezone"] ?? "UTC"
        return .null
    }

    /// GET /nodes/{node}/netstat: one row for each network interface of a running guest.
    func nodeTraffic(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        return .array { array in
            for guest in guestIDs.compactMap({ guests[$0] }) where guest.node == node && guest.run.isRunning {
                let usage = usage(of: guest)
                for key in guest.config.current.keys.sorted() where ConfigOption.index(of: key, in: "net") != nil {
                    array.object {
                        $0.member("vmid", String(guest.vmid))
                        $0.member("dev", key)
                        $0.member("in", String(usage.netIn))
                        $0.member("out", String(usage.netOut))
                    }
                }
            }
        }
    }
}
