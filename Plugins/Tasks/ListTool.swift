// The list of tasks, of one node or of the whole cluster.
// SPDX-License-Identifier: MIT

import PluginKit

var listTool: Tool {
    Tool(
        "pve_list_tasks", "List Tasks", tier: .readOnly, effect: .reads,
        """
        Tasks, newest first: of a node its history, without running ones unless source says so; without node the \
        recent ones of all. `status` is how it ended.
        """,
        sends: [nodeList, clusterList],
        parameters: [
            .string("node", "Only this node, with its history."),
            .integer("start", "Skip this many.", in: 0..., default: 0), .limit,
            .integer("vmid", "Only this guest's.", in: 100...999_999_999),
            .string("typefilter", "Only this type, e.g. vzdump."),
            .string("statusfilter", "Only these, of ok,warning,error,unknown."),
            .bool("errors", "Only failed ones."),
            .string("userfilter", "Only users with this in their name."),
            .string("source", "archive: finished.", choices: ["archive", "active", "all"]),
            .integer("since", "Started from then on, Unix time."), .integer("until", "Up to then, Unix time."),
            .fields, .cursor,
        ],
        answers: .list(
            "tasks",
            [
                .string("upid"), .string("node"), .string("type"), .string("id"), .string("user"),
                .integer("starttime", .epoch), .integer("endtime", .epoch), .string("status"),
            ]),
        code: listTasks)
}

private let nodeList = Endpoint.get("/nodes/{node}/tasks")
private let clusterList = Endpoint.get("/cluster/tasks")

private func listTasks(_ call: Call) throws(CallFailure) {
    guard !call.arguments["node"].exists else {
        let limit = call.arguments["limit"]
        let parameters: RequestParameters = limit.exists ? ["limit": .value(limit)] : [:]
        return try call.reply(call.send(nodeList, parameters, withArguments: true))
    }
    let filter = TaskFilter(call.arguments)
    var found: [(task: Value, start: Int64)] = []
    for task in try call.send(clusterList).elements where filter.admits(task) {
        found.append((task, task["starttime"].int ?? 0))
    }
    // Each node's tasks come together.
    found.sort { $0.start > $1.start }
    try call.reply { answer throws(CallFailure) in
        try answer.array { () throws(CallFailure) in
            for entry in found.dropFirst(filter.skipped) { try answer.write(.value(entry.task)) }
        }
    }
}
