// The plugin hello: a request, and a function that sends one.
// SPDX-License-Identifier: MIT

import PluginABI
import PluginKit

@c(pve_plugin_hello)
public func entry(_ host: UnsafePointer<pve_host>?) -> UnsafePointer<pve_plugin>? {
    Plugin(
        category: "hello", version: "1.0.0", title: "Hello", summary: "Versions of nodes, and how many guests run.",
        tools: [versionTool, guestsTool]
    ).descriptor(for: host)
}

/// A request, without code: the host fills the path in, sends it and makes the answer.
var versionTool: Tool {
    Tool(
        "hello_version", "Version of a node", tier: .readOnly, effect: .reads,
        "Proxmox VE version that a node runs.",
        .get("/nodes/{node}/version"),
        parameters: [.string("node", "Node, e.g. pve1.").required],
        answers: .object([.string("version").always]))
}

/// A function that runs on a worker thread. It sends what `sends` declares, and replies once or throws.
var guestsTool: Tool {
    Tool(
        "hello_guests", "Count guests", tier: .readOnly, effect: .reads,
        "How many guests there are, and how many of them run.",
        sends: [.get("/cluster/resources")],
        answers: .object([.integer("running").always, .integer("total").always]),
        code: countGuests)
}

func countGuests(_ call: Call) throws(CallFailure) {
    let guests = try call.send(.get("/cluster/resources"), ["type": "vm"])
    var running: Int64 = 0
    for guest in guests.elements where guest["status"].isText("running") { running += 1 }
    try call.reply { answer throws(CallFailure) in
        try answer.object { () throws(CallFailure) in
            try answer.member("running", .int(running))
            try answer.member("total", .int(Int64(guests.count)))
        }
    }
}
