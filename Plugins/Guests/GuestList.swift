// The list of guests of one kind, of one node or of the whole cluster.
// SPDX-License-Identifier: MIT

import PluginKit

/// Code for a tool that lists VMs or containers.
///
/// Both lists of Proxmox come out alike: the node's has the names of the cluster's.
public struct GuestList: Sendable {
    /// As the cluster's list calls them: `qemu` or `lxc`.
    let kind: StaticString
    let nodeList: Endpoint
    /// Fields of the node's list that are shown, and keep their names.
    let shown: [StaticString]
    /// Those that a caller may name.
    let onRequest: [StaticString]

    public init(kind: StaticString, of nodeList: Endpoint, shown: [StaticString], onRequest: [StaticString]) {
        self.kind = kind
        self.nodeList = nodeList
        self.shown = shown
        self.onRequest = onRequest
    }

    /// The requests that it sends.
    public var sends: [Endpoint] { [nodeList, GuestList.clusterList] }

    private static var clusterList: Endpoint { .get("/cluster/resources") }

    /// Lists the guests of the argument `node`; those of the cluster without one.
    public func list(_ call: Call) throws(CallFailure) {
        let node = call.arguments["node"]
        if node.exists { return try list(of: node, call) }
        let guests = try call.send(GuestList.clusterList, ["type": "vm"])
        try call.reply { answer throws(CallFailure) in
            try answer.array { () throws(CallFailure) in
                for guest in guests.elements where guest["type"].isText(kind) { try answer.write(.value(guest)) }
            }
        }
    }

    /// Writes the node's list as the cluster's list is: `maxcpu` for `cpus`, with the node and `template` in each entry.
    private func list(of node: Value, _ call: Call) throws(CallFailure) {
        let full = call.arguments["full"]
        var request: RequestParameters = ["node": .value(node)]
        if full.exists { request.set("full", .value(full)) }
        let guests = try call.send(nodeList, request)
        // What is not shown need not be copied; on a node with many guests that is most of the time.
        let copied = call.arguments["fields"].exists ? shown + onRequest : shown
        // Another name for whichever node answers, so no name to go on with.
        let isAlias = node.isText("localhost")
        try call.reply { answer throws(CallFailure) in
            try answer.array { () throws(CallFailure) in
                for guest in guests.elements {
                    try answer.object { () throws(CallFailure) in
                        if !isAlias { try answer.member("node", .value(node)) }
                        let processors = guest["cpus"]
                        if processors.exists { try answer.member("maxcpu", .value(processors)) }
                        for field in copied {
                            let value = guest[field]
                            if value.exists { try answer.member(field, .value(value)) }
                        }
                        let template = guest["template"]
                        try answer.member("template", template.exists ? .value(template) : false)
                    }
                }
            }
        }
    }
}
