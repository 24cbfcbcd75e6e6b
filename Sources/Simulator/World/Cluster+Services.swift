// System services of a node, and what they wrote to its log.
// SPDX-License-Identifier: MIT

import JSON

/// A system service.
struct Service {
    let name: String
    let description: String

    static let all = [
        Service(name: "chrony", description: "chrony, an NTP client/server"),
        Service(name: "corosync", description: "Corosync Cluster Engine"),
        Service(name: "cron", description: "Regular background program processing daemon"),
        Service(name: "ksmtuned", description: "Kernel Samepage Merging (KSM) Tuning Daemon"),
        Service(name: "postfix", description: "Postfix Mail Transport Agent"),
        Service(name: "proxmox-firewall", description: "Proxmox nftables firewall"),
        Service(name: "pve-cluster", description: "The Proxmox VE cluster filesystem"),
        Service(name: "pve-firewall", description: "Proxmox VE firewall"),
        Service(name: "pve-ha-crm", description: "PVE Cluster HA Resource Manager Daemon"),
        Service(name: "pve-ha-lrm", description: "PVE Local HA Resource Manager Daemon"),
        Service(name: "pvedaemon", description: "PVE API Daemon"),
        Service(name: "pvefw-logger", description: "Proxmox VE firewall logger"),
        Service(name: "pveproxy", description: "PVE API Proxy Server"),
        Service(name: "pvescheduler", description: "Proxmox VE scheduler"),
        Service(name: "pvestatd", description: "PVE Status Daemon"),
        Service(name: "qmeventd", description: "PVE Qemu Event Daemon"),
        Service(name: "spiceproxy", description: "PVE SPICE Proxy Server"),
        Service(name: "ssh", description: "OpenBSD Secure Shell server"),
        Service(name: "syslog", description: "System Logging Service"),
        Service(name: "systemd-journald", description: "Journal Service"),
        Service(name: "systemd-timesyncd", description: "Network Time Synchronization"),
    ]

    /// Those that cannot be stopped, as the node could not be reached again.
    static let essential: Set<String> = ["pve-cluster", "pvedaemon", "pveproxy"]
}

extension Cluster {
    /// GET /nodes/{node}/services
    func serviceList(_ call: APICall) throws -> APIAnswer {
        let node = nodes[try nodeName(call)]
        return .array { array in
            for service in Service.all { array.object { write(service, of: node, to: &$0) } }
        }
    }

    /// GET /nodes/{node}/services/{service}
    func serviceIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        return .index("subdir", ["state", "start", "stop", "restart", "reload"])
    }

    /// GET /nodes/{node}/services/{service}/state
    func serviceState(_ call: APICall) throws -> APIAnswer {
        let node = nodes[try nodeName(call)]
        let name = call.values["service"] ?? ""
        let service = Service.all.first { $0.name == name } ?? Service(name: name, description: name)
        return .object { write(service, of: node, to: &$0) }
    }

    private func write(_ service: Service, of node: Node?, to writer: inout JSONWriter) {
        let runs = node?.stoppedServices.contains(service.name) == false
        writer.member("service", service.name)
        writer.member("name", service.name)
        writer.member("desc", service.description)
        writer.member("state", runs ? "running" : "dead")
        writer.member("active-state", runs ? "active" : "inactive")
        writer.member("unit-state", "enabled")
    }

    /// POST /nodes/{node}/services/{service}/{start,stop,restart,reload}
    mutating func commandService(_ call: APICall, _ command: String) throws -> APIAnswer {
        let node = try nodeName(call)
        let name = call.values["service"] ?? ""
        if command == "stop", Service.essential.contains(name) {
            throw Refusal("invalid service cmd 'stop': '\(name)' is an essential service!")
        }
        return begin("srv\(command)", id: name, on: node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(0.5))
            let verb = ["start": "starting", "stop": "stopping", "restart": "restarting"][command] ?? "reloading"
            course.lines = ["\(verb) service \(name): /usr/bin/systemctl \(command) \(name)"]
            course.finish = { cluster in
                if command == "stop" {
                    cluster.nodes[node]?.stoppedServices.insert(name)
                } else {
                    cluster.nodes[node]?.stoppedServices.remove(name)
                }
            }
            return course
        }
    }

    /// GET /nodes/{node}/syslog
    func syslog(_ call: APICall) throws -> APIAnswer {
        var lines = logLines(
            of: try nodeName(call), call.values["service"], since: call.values["since"], until: call.values["until"])
        if lines.isEmpty { lines = ["-- No entries --"] }
        let start = min(call.number("start") ?? 0, lines.count)
        let limit = call.number("limit") ?? 0
        let end = min(lines.count, start + (limit > 0 ? limit : 50))
        return .lines(lines[start..<end], total: lines.count, start: start)
    }

    /// GET /nodes/{node}/journal
    func journal(_ call: APICall) throws -> APIAnswer {
        let lines = logLines(of: try nodeName(call), call.values["service"])
        let last = call.number("lastentries") ?? lines.count
        return .array { array in
            for line in lines.suffix(last) { array.string(line) }
        }
    }

    /// What the services logged: the boot, and every task that began or ended. Times are `YYYY-MM-DD[ HH:MM[:SS]]`, UTC.
    private func logLines(
        of node: String, _ service: String?, since: String? = nil, until: String? = nil
    ) -> [String] {
        guard let machine = nodes[node] else { return [] }
        var entries: [(time: Double, service: String, text: String)] = [
            (machine.bootedAt, "systemd", "Starting pve-cluster.service - The Proxmox VE cluster filesystem..."),
            (machine.bootedAt + 2, "pmxcfs", "[status] notice: update cluster info (cluster name  lab, version = 3)"),
            (machine.bootedAt + 4, "pvedaemon", "starting server"),
            (machine.bootedAt + 5, "pveproxy", "starting server"),
            (machine.bootedAt + 6, "pvestatd", "starting server"),
        ]
        for number in oldestTask..<nextTask {
            guard let task = tasks[number], task.upid.node == node else { continue }
            let user = task.upid.user
            entries.append((Double(task.upid.startTime), "pvedaemon", "<\(user)> starting task \(task.text)"))
            if case .ended(let time, let outcome) = task.phase {
                entries.append((time, "pvedaemon", "<\(user)> end task \(task.text) \(outcome.text)"))
            }
        }
        // What is left out of a time is zero, and times of the same form are in the order of their texts.
        let midnight = "0000-00-00 00:00:00"
        let first = since.map { $0 + midnight.dropFirst($0.count) }
        let last = until.map { $0 + midnight.dropFirst($0.count) }
        return entries.filter { entry in
            let time = CalendarTime(entry.time).text
            return (service == nil || entry.service == service) && first.map { time >= $0 } != false
                && last.map { time <= $0 } != false
        }
        .sorted { $0.time < $1.time }
        .map {
            "\(CalendarTime($0.time).logStamp) \(node) \($0.service)[\(800 + $0.service.utf8.count)]: \($0.text)"
        }
    }
}
