// Changing an interface, which keeps its type and addresses when none are given.
// SPDX-License-Identifier: MIT

import PluginKit

var updateTool: Tool {
    Tool(
        "pve_update_network", "Update Network", tier: .full, effect: .overwrites,
        "Change a network interface's configuration, to be applied later; what is not named stays.",
        sends: [interface, update],
        parameters: [.node, .iface, .string("type", "As it is.")] + settings + [
            .string("delete", "Settings to remove, e.g. cidr,gateway,comments.")
        ],
        answers: .nothing.noting(pending),
        code: updateInterface)
}

private let interface = Endpoint.get("/nodes/{node}/network/{iface}")
private let update = Endpoint.put("/nodes/{node}/network/{iface}")

/// Proxmox wants the type with every change, and takes an interface that is not given an address to have none.
private func updateInterface(_ call: Call) throws(CallFailure) {
    let present = try call.send(
        interface, ["node": .value(call.arguments["node"]), "iface": .value(call.arguments["iface"])])
    var request: RequestParameters = [:]
    if !call.arguments["type"].exists {
        let type = present["type"]
        guard type.exists else { throw .text("The interface's type is not known; give it as the argument \"type\".") }
        request.set("type", .value(type))
    }
    for family in families where !family.isNamed(in: call) { try family.keep(present, in: &request) }
    try call.reply(call.send(update, request, withArguments: true))
}

private let families = [
    AddressFamily(
        cidr: "cidr", address: "address", netmask: "netmask", method: "method",
        lost: """
            This interface gets its IPv4 address by itself (DHCP), which a change through the API would end. Give it \
            an address (cidr), take it away (delete: cidr), or change /etc/network/interfaces on the node.
            """),
    AddressFamily(
        cidr: "cidr6", address: "address6", netmask: "netmask6", method: "method6",
        lost: """
            This interface gets its IPv6 address by itself (DHCP or SLAAC), which a change through the API would end. \
            Give it an address (cidr6), take it away (delete: cidr6), or change /etc/network/interfaces on the node.
            """),
]

/// What an interface's configuration calls its address of IPv4 or IPv6.
private struct AddressFamily {
    let cidr, address, netmask, method: StaticString
    /// The error when there is an address that a change cannot keep.
    let lost: StaticString

    /// Whether the caller says what becomes of the address.
    func isNamed(in call: Call) -> Bool {
        let arguments = call.arguments
        let options = arguments["options"]
        let delete = arguments["delete"]
        for name in [cidr, address, netmask] {
            if arguments[name].exists || options[name].exists || delete.lists(name) { return true }
        }
        return false
    }

    func keep(_ present: Value, in request: inout RequestParameters) throws(CallFailure) {
        if present[cidr].exists {
            request.set(cidr, .value(present[cidr]))
        } else if present[address].exists, present[netmask].exists {
            request.set(address, .value(present[address]))
            request.set(netmask, .value(present[netmask]))
        } else {
            let method = present[method]
            guard !method.exists || method.isText("manual") || method.isText("static") else { throw .text(lost) }
        }
    }
}

extension Value {
    /// Whether a name stands in this text, a list as the API takes it.
    fileprivate func lists(_ name: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return withText { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let end = rest.firstIndex { $0 == 0x2C || $0 == 0x3B || $0 <= 0x20 } ?? rest.endIndex
                if rest[..<end].elementsEqual(wanted) { return true }
                rest = rest[end...].dropFirst()
            }
            return false
        } ?? false
    }
}
