// The list of VMs, of one node or of the whole cluster.
// SPDX-License-Identifier: MIT

import PluginKit

var listTool: Tool {
    Tool(
        "pve_list_qemu_vms", "List QEMU VMs", tier: .readOnly, effect: .reads,
        "VMs of a node, or of the whole cluster when no node is given, with state and load.",
        sends: [nodeList, clusterList],
        parameters: [
            .string("node", "Only this node."),
            .bool("full", "With node: exact figures of running VMs (slower).").local, .fields, .limit, .cursor,
        ],
        answers: .list(
            "vms",
            [
                .integer("vmid").always, .string("name"), .string("node").always, .string("status").always,
                .number("cpu", .fraction), .number("maxcpu"), .integer("mem", .bytes), .integer("maxmem", .bytes),
                .integer("uptime", .seconds), .string("tags"), .bool("template"), .string("lock"),
            ]),
        code: listVMs)
}

private let nodeList = Endpoint.get("/nodes/{node}/qemu")
private let clusterList = Endpoint.get("/cluster/resources")

private func listVMs(_ call: Call) throws(CallFailure) {
    let node = call.arguments["node"]
    if node.exists {
        try listVMs(of: node, call)
    } else {
        let guests = try call.send(clusterList, ["type": "vm"])
        try call.reply { answer throws(CallFailure) in
            try answer.array { () throws(CallFailure) in
                for guest in guests.elements where guest["type"].isText("qemu") { try answer.write(.value(guest)) }
            }
        }
    }
}

/// Writes the node's list as the cluster's list is: `maxcpu` for `cpus`, with the node and `template` in each entry.
private func listVMs(of node: Value, _ call: Call) throws(CallFailure) {
    let full = call.arguments["full"]
    var request: RequestParameters = ["node": .value(node)]
    if full.exists { request.set("full", .value(full)) }
    let vms = try call.send(nodeList, request)
    // What is not shown need not be copied; on a node with many VMs that is most of the time.
    let copied = call.arguments["fields"].exists ? shown + onRequest : shown
    // Another name for whichever node answers, so no name to go on with.
    let isAlias = node.isText("localhost")
    try call.reply { answer throws(CallFailure) in
        try answer.array { () throws(CallFailure) in
            for vm in vms.elements {
                try answer.object { () throws(CallFailure) in
                    if !isAlias { try answer.member("node", .value(node)) }
                    let processors = vm["cpus"]
                    if processors.exists { try answer.member("maxcpu", .value(processors)) }
                    for field in copied {
                        let value = vm[field]
                        if value.exists { try answer.member(field, .value(value)) }
                    }
                    let template = vm["template"]
                    try answer.member("template", template.exists ? .value(template) : false)
                }
            }
        }
    }
}

/// Fields of the node's list that are shown, and keep their names.
private let shown: [StaticString] = [
    "vmid", "name", "status", "cpu", "mem", "maxmem", "uptime", "tags", "lock",
]

/// Those that a caller may name.
private let onRequest: [StaticString] = [
    "memhost", "disk", "maxdisk", "netin", "netout", "diskread", "diskwrite", "pid", "qmpstatus", "running-machine",
    "running-qemu", "serial", "pressurecpufull", "pressurecpusome", "pressureiofull", "pressureiosome",
    "pressurememoryfull", "pressurememorysome",
]
