// The log that all nodes of the cluster share.
// SPDX-License-Identifier: MIT

import JSON

/// The last entries of the cluster's log.
struct ClusterLog {
    struct Entry {
        var number: Int
        var time: Int
        var node: String
        var pid: Int
        var user: String
        /// As in syslog: 3 for errors, 4 for warnings, 6 for information.
        var priority: Int
        var text: String
    }

    private(set) var entries: [Entry] = []
    private var written = 0
    /// How many entries are kept at least.
    private static let kept = 1000

    mutating func add(_ text: String, time: Int, node: String, pid: Int, user: String, priority: Int) {
        written += 1
        let entry = Entry(
            number: written, time: time, node: node, pid: pid, user: user, priority: priority, text: text)
        entries.append(entry)
        if entries.count > 2 * Self.kept { entries.removeFirst(Self.kept) }
    }
}

extension Cluster {
    /// GET /cluster/log, the latest first; without Sys.Syslog one's own entries.
    func clusterLog(_ call: APICall) -> APIAnswer {
        let seesAll = mayAny(call, ["Sys.Syslog"], on: "/")
        let seen = log.entries.reversed().filter { seesAll || $0.user == call.caller }
        return .array { array in
            for entry in seen.prefix(call.number("max") ?? .max) {
                array.object {
                    $0.member("uid", String(entry.number))
                    $0.member("id", "\(entry.number):\(entry.node)")
                    $0.member("node", entry.node)
                    $0.member("time", entry.time)
                    $0.member("pid", entry.pid)
                    $0.member("pri", entry.priority)
                    $0.member("tag", "pvedaemon")
                    $0.member("user", entry.user)
                    $0.member("msg", entry.text)
                }
            }
        }
    }

    /// Notes the start of a task, or its end.
    mutating func note(_ task: SimulatedTask) {
        let (text, priority): (String, Int) =
            switch task.outcome {
            case nil: ("starting task \(task.text)", 6)
            case .ok: ("end task \(task.text) OK", 6)
            case .warnings(let count): ("end task \(task.text) WARNINGS: \(count)", 4)
            case .failed(let reason): ("end task \(task.text) \(reason)", 3)
            }
        log.add(
            text, time: seconds, node: task.upid.node, pid: task.upid.pid, user: task.upid.user, priority: priority)
    }
}

extension World {
    /// Notes a login with a password.
    func noteLogin(of user: String) {
        withCluster {
            let node = $0.localNode
            let pid = $0.nodes[node]?.nextPID() ?? 1
            let text = "successful auth for user '\(user)'"
            $0.log.add(text, time: $0.seconds, node: node, pid: pid, user: user, priority: 6)
        }
    }
}
