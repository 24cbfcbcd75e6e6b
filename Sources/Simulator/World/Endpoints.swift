// Which function answers which endpoint.
// SPDX-License-Identifier: MIT

/// Answers a call of one endpoint, changing the cluster if that is what the call is for.
typealias Endpoint = @Sendable (inout Cluster, APICall) throws -> APIAnswer

/// The endpoints this cluster answers, under the paths of the API facts.
enum Endpoints {
    static let table: [String: Endpoint] = {
        var table: [String: Endpoint] = [:]
        for (key, endpoint) in nodes + tasks + cluster + guests + guestWork + guestsAround {
            table[key] = endpoint
        }
        for (key, endpoint) in access + pools + network + firewall + highAvailability + datacenter {
            table[key] = endpoint
        }
        for (path, endpoint) in agent + AgentCommand.changes.map(agentCommand) { table["POST \(path)"] = endpoint }
        for (path, endpoint) in agentReads + AgentCommand.reads.map(agentCommand) { table["GET \(path)"] = endpoint }
        return table
    }()

    static func key(_ method: String, _ template: String) -> String { "\(method) \(template)" }

    typealias Entries = [(String, Endpoint)]

    private static let node = "/nodes/{node}"
    private static let vm = "/nodes/{node}/qemu/{vmid}"
    private static let snapshot = "/nodes/{node}/qemu/{vmid}/snapshot"

    private static let nodes: Entries = [
        ("GET /version", { try $0.versionAnswer($1) }),
        ("GET /nodes", { $0.nodeList($1) }),
        ("GET \(node)", { try $0.nodeIndex($1) }),
        ("GET \(node)/version", { try $0.versionAnswer($1) }),
        ("GET \(node)/status", { try $0.nodeStatus($1) }),
        ("GET \(node)/dns", { try $0.nodeDNS($1) }),
        ("PUT \(node)/dns", { try $0.setNodeDNS($1) }),
        ("GET \(node)/time", { try $0.nodeTime($1) }),
        ("PUT \(node)/time", { try $0.setNodeTime($1) }),
        ("GET \(node)/netstat", { try $0.nodeTraffic($1) }),
        ("GET \(node)/syslog", { try $0.syslog($1) }),
        ("GET \(node)/journal", { try $0.journal($1) }),
        ("GET \(node)/services", { try $0.serviceList($1) }),
        ("GET \(node)/services/{service}", { try $0.serviceIndex($1) }),
        ("GET \(node)/services/{service}/state", { try $0.serviceState($1) }),
        ("POST \(node)/services/{service}/start", { try $0.commandService($1, "start") }),
        ("POST \(node)/services/{service}/stop", { try $0.commandService($1, "stop") }),
        ("POST \(node)/services/{service}/restart", { try $0.commandService($1, "restart") }),
        ("POST \(node)/services/{service}/reload", { try $0.commandService($1, "reload") }),
        ("GET \(node)/rrddata", { try $0.nodeHistory($1) }),
    ]

    private static let tasks: Entries = [
        ("GET \(node)/tasks", { try $0.taskList($1) }),
        (
            "GET \(node)/tasks/{upid}",
            { cluster, call in
                _ = try cluster.nodeName(call)
                return .index("name", ["log", "status"])
            }
        ),
        ("DELETE \(node)/tasks/{upid}", { try $0.stopTask($1) }),
        ("GET \(node)/tasks/{upid}/status", { try $0.taskStatus($1) }),
        ("GET \(node)/tasks/{upid}/log", { try $0.taskLog($1) }),
    ]

    private static let cluster: Entries = [
        ("GET /cluster/resources", { $0.resources($1) }),
        ("GET /cluster/nextid", { try $0.nextID($1) }),
        ("GET /cluster/tasks", { $0.recentTasks($1) }),
        ("GET /cluster/status", { $0.clusterStatus($1) }),
    ]

    private static let guests: Entries = [
        ("GET \(node)/qemu", { try $0.qemuList($1) }),
        ("GET \(vm)", { try $0.qemuIndex($1) }),
        ("GET \(vm)/status", { try $0.qemuStatusIndex($1) }),
        ("GET \(vm)/status/current", { try $0.qemuStatus($1) }),
        ("POST \(vm)/status/start", { try $0.startGuest($1) }),
        ("POST \(vm)/status/stop", { try $0.stopGuest($1) }),
        ("POST \(vm)/status/shutdown", { try $0.shutdownGuest($1) }),
        ("POST \(vm)/status/reboot", { try $0.rebootGuest($1) }),
        ("POST \(vm)/status/reset", { try $0.resetGuest($1) }),
        ("POST \(vm)/status/suspend", { try $0.suspendGuest($1) }),
        ("POST \(vm)/status/resume", { try $0.resumeGuest($1) }),
        ("GET \(vm)/config", { try $0.guestConfig($1, .qemu) }),
        ("PUT \(vm)/config", { try $0.setConfig($1) }),
        ("POST \(vm)/config", { try $0.beginSetConfig($1) }),
        ("GET \(vm)/pending", { try $0.pendingConfig($1, .qemu) }),
        ("GET \(vm)/feature", { try $0.guestFeature($1) }),
        ("GET \(vm)/rrddata", { try $0.guestHistory($1, .qemu) }),
    ]

    private static let guestWork: Entries = [
        ("POST \(node)/qemu", { try $0.createGuest($1) }),
        ("DELETE \(vm)", { try $0.destroyGuest($1) }),
        ("POST \(vm)/clone", { try $0.cloneGuest($1) }),
        ("POST \(vm)/template", { try $0.makeTemplate($1) }),
        ("GET \(vm)/migrate", { try $0.migrationCheck($1) }),
        ("POST \(vm)/migrate", { try $0.migrateGuest($1) }),
        ("PUT \(vm)/resize", { try $0.resizeDisk($1) }),
        ("PUT \(vm)/unlink", { try $0.unlinkDisks($1) }),
        ("POST \(vm)/move_disk", { try $0.moveDisk($1) }),
        ("GET \(snapshot)", { try $0.snapshotList($1, .qemu) }),
        ("POST \(snapshot)", { try $0.takeSnapshot($1) }),
        ("GET \(snapshot)/{snapname}", { try $0.snapshotIndex($1) }),
        ("DELETE \(snapshot)/{snapname}", { try $0.deleteSnapshot($1) }),
        ("GET \(snapshot)/{snapname}/config", { try $0.snapshotConfig($1, .qemu) }),
        ("PUT \(snapshot)/{snapname}/config", { try $0.setSnapshotConfig($1, .qemu) }),
        ("POST \(snapshot)/{snapname}/rollback", { try $0.rollBack($1) }),
    ]

    private static func agentCommand(_ name: String) -> (String, Endpoint) {
        ("\(vm)/agent/\(name)", { try $0.agentCommand($1, name) })
    }

    private static let agent: Entries = [
        ("\(vm)/agent", { try $0.agentCommand($1, $1.values["command"] ?? "") }),
        ("\(vm)/agent/exec", { try $0.agentExec($1) }),
        ("\(vm)/agent/file-write", { try $0.agentFileWrite($1) }),
    ]

    private static let agentReads: Entries = [
        ("\(vm)/agent", { try $0.agentIndex($1) }),
        ("\(vm)/agent/exec-status", { try $0.agentExecStatus($1) }),
        ("\(vm)/agent/file-read", { try $0.agentFileRead($1) }),
    ]
}
