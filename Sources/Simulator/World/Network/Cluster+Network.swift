// The network endpoints of a node. Changes wait until they are applied.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private func network(_ call: APICall) throws -> (node: String, network: NodeNetwork) {
        let node = try nodeName(call)
        return (node, nodes[node]?.network ?? NodeNetwork(address: ""))
    }

    private static let bridges = ["bridge", "OVSBridge", "vnet"]

    /// GET /nodes/{node}/network: those without Sys.Audit see the bridges they may use.
    func interfaceList(_ call: APICall) throws -> APIAnswer {
        let (node, network) = try network(call)
        let seesAll = mayAny(call, ["Sys.Audit"], on: "/nodes/\(node)")
        var writer = JSONWriter()
        writer.array { array in
            for (name, interface) in network.latest.sorted(by: { $0.value.priority < $1.value.priority })
            where Self.matches(interface, call.values["type"]) {
                let isUsable = Self.bridges.contains(interface.type)
                let zone = "/sdn/zones/localnetwork/\(name)"
                guard seesAll || isUsable && mayAny(call, ["SDN.Audit", "SDN.Use"], on: zone) else { continue }
                array.object {
                    $0.member("iface", name)
                    interface.write(active: isActive(name, network), to: &$0)
                }
            }
        }
        guard seesAll, let changes = network.changes else { return .data(json: writer.bytes) }
        return .changed(json: writer.bytes, changes: changes)
    }

    private static func matches(_ interface: Interface, _ type: String?) -> Bool {
        switch type {
        case nil, "include_sdn": true
        case "any_bridge", "any_local_bridge": bridges.contains(interface.type)
        default: interface.type == type
        }
    }

    private func isActive(_ name: String, _ network: NodeNetwork) -> Bool {
        guard let interface = network.active[name] else { return false }
        return interface.settings["autostart"] == "1"
            || network.active.values.contains { $0.names("bridge_ports").contains(name) }
    }

    /// GET /nodes/{node}/network/{iface}
    func interfaceDetails(_ call: APICall) throws -> APIAnswer {
        let (_, network) = try network(call)
        let name = call.required("iface")
        let interface = try Self.interface(name, in: network)
        return .object { interface.write(active: isActive(name, network), to: &$0) }
    }

    private static func interface(_ name: String, in network: NodeNetwork) throws -> Interface {
        guard let interface = network.latest[name] else {
            throw Refusal(parameter: "iface", "interface does not exist")
        }
        return interface
    }

    /// The options of a call, with CIDR taken apart and lists as the file has them.
    private func options(of call: APICall) throws -> Settings {
        var options = call.values.filter { !["node", "iface", "delete"].contains($0.key) }
        for suffix in ["", "6"] {
            guard let cidr = options.removeValue(forKey: "cidr" + suffix) else { continue }
            for name in ["address" + suffix, "netmask" + suffix] where options[name] != nil {
                throw Refusal(parameter: name, "\(name) conflicts with cidr\(suffix)")
            }
            let parts = cidr.split(separator: "/").map(String.init)
            options["address" + suffix] = parts.first
            options["netmask" + suffix] = parts.last
        }
        for name in ["bridge_ports", "slaves", "ovs_ports", "ovs_bonds"] where options[name] != nil {
            options[name] = call.names(name).joined(separator: " ")
        }
        return options.filter { !$0.value.isEmpty && !($0.key == "autostart" && $0.value == "0") }
    }

    private func checkGateways(_ options: Settings, of name: String, _ others: [String: Interface]) throws {
        for (option, text) in [("gateway", "Default gateway"), ("gateway6", "Default ipv6 gateway")]
        where options[option] != nil {
            if let other = others.first(where: { $0.key != name && $0.value.settings[option] != nil }) {
                throw Refusal(parameter: option, "\(text) already exists on interface '\(other.key)'.")
            }
        }
    }

    /// POST /nodes/{node}/network
    mutating func createInterface(_ call: APICall) throws -> APIAnswer {
        let (node, network) = try network(call)
        let name = call.required("iface")
        var interfaces = network.latest
        if interfaces[name] != nil { throw Refusal(parameter: "iface", "interface already exists") }
        let options = try options(of: call)
        try checkGateways(options, of: name, interfaces)
        try joinOVSBridge(name, options, &interfaces)
        let last = interfaces.values.map(\.priority).max() ?? 2
        interfaces[name] = Interface(settings: options, priority: last + 1)
        try write(interfaces, to: node)
        return .null
    }

    private func joinOVSBridge(_ name: String, _ options: Settings, _ all: inout [String: Interface]) throws {
        guard ["OVSIntPort", "OVSBond"].contains(options["type"]) else { return }
        guard let bridge = options["ovs_bridge"] else {
            throw Refusal(parameter: "ovs_bridge", "parameter is required")
        }
        guard var members = all[bridge] else {
            throw Refusal(parameter: "ovs_bridge", "bridge '\(bridge)' does not exist")
        }
        guard members.type == "OVSBridge" else {
            throw Refusal(parameter: "ovs_bridge", "interface '\(bridge)' is no OVS bridge")
        }
        members.settings["ovs_ports"] = (members.names("ovs_ports") + [name]).joined(separator: " ")
        all[bridge] = members
    }

    private mutating func write(_ interfaces: [String: Interface], to node: String) throws {
        try InterfaceCheck(interfaces: interfaces).check()
        nodes[node]?.network.latest = interfaces
    }

    /// PUT /nodes/{node}/network/{iface}: what is sent replaces; the address goes when none is sent.
    mutating func updateInterface(_ call: APICall) throws -> APIAnswer {
        let (node, network) = try network(call)
        let name = call.required("iface")
        var interface = try Self.interface(name, in: network)
        for option in call.names("delete") {
            interface.settings[option] = nil
            if option == "cidr" || option == "cidr6" {
                let suffix = option.dropFirst(4)
                interface.settings["address\(suffix)"] = nil
                interface.settings["netmask\(suffix)"] = nil
            }
        }
        let options = try options(of: call)
        try checkGateways(options, of: name, network.latest)
        // Without an address the method becomes manual, and the file of a manual interface has none.
        for suffix in ["", "6"] where options["address" + suffix] == nil {
            for stem in ["address", "netmask", "gateway"] { interface.settings[stem + suffix] = nil }
        }
        interface.settings.merge(options) { $1 }
        if call.values["autostart"] == "0" { interface.settings["autostart"] = nil }
        var interfaces = network.latest
        interfaces[name] = interface
        try write(interfaces, to: node)
        return .null
    }

    /// DELETE /nodes/{node}/network/{iface}
    mutating func deleteInterface(_ call: APICall) throws -> APIAnswer {
        let (node, network) = try network(call)
        let name = call.required("iface")
        let interface = try Self.interface(name, in: network)
        var interfaces = network.latest
        if ["OVSIntPort", "OVSBond"].contains(interface.type), let bridge = interface.settings["ovs_bridge"] {
            let rest = interfaces[bridge]?.names("ovs_ports").filter { $0 != name } ?? []
            interfaces[bridge]?.settings["ovs_ports"] = rest.isEmpty ? nil : rest.joined(separator: " ")
        }
        // Ports that exist come back, without settings of their own.
        interfaces[name] =
            interface.isPhysical
            ? Interface(settings: ["type": "eth"], priority: interface.priority, isPhysical: true) : nil
        try write(interfaces, to: node)
        return .null
    }

    /// DELETE /nodes/{node}/network
    mutating func revertNetwork(_ call: APICall) throws -> APIAnswer {
        nodes[try nodeName(call)]?.network.pending = nil
        return .null
    }

    /// PUT /nodes/{node}/network: applies what waits, in a task.
    mutating func applyNetwork(_ call: APICall) throws -> APIAnswer {
        let node = try nodeName(call)
        return begin("srvreload", id: "networking", on: node, by: call.caller) { cluster in
            var course = TaskCourse(seconds: cluster.duration(0.5))
            course.finish = { $0.nodes[node]?.network.apply() }
            return course
        }
    }
}
