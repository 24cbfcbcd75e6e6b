// What must hold between the interfaces of a node before their file is written.
// SPDX-License-Identifier: MIT

/// Checks a whole configuration, in the words of the real server.
struct InterfaceCheck {
    let interfaces: [String: Interface]

    func check() throws {
        for (name, interface) in interfaces.sorted(by: { $0.key < $1.key }) {
            switch interface.type {
            case "OVSBridge": try checkOVSBridge(name, interface)
            case "OVSBond": try checkMembers(name, interface, "ovs_bonds", "OVS bond", ["eth"], "eth")
            case "bond": try checkBond(name, interface)
            case "vlan": try checkVLAN(name, interface)
            case "bridge": try checkBridge(name, interface)
            default: break
            }
        }
    }

    private func checkOVSBridge(_ name: String, _ bridge: Interface) throws {
        for port in bridge.names("ovs_ports") {
            guard let member = interfaces[port] else {
                throw Refusal("OVS bridge '\(name)' - unable to find port '\(port)'")
            }
            guard ["eth", "OVSBond", "OVSPort", "OVSIntPort"].contains(member.type) else {
                throw Refusal("interface '\(port)' is not defined as OVS port/bond")
            }
        }
    }

    private func checkMembers(
        _ name: String, _ bond: Interface, _ option: String, _ what: String, _ types: [String], _ wanted: String
    ) throws {
        for slave in bond.names(option) {
            guard let member = interfaces[slave] else {
                throw Refusal("\(what) '\(name)' - unable to find slave '\(slave)'")
            }
            guard types.contains(member.type) else {
                throw Refusal(
                    "\(what) '\(name)' - wrong interface type on slave '\(slave)' ('\(member.type)' != '\(wanted)')")
            }
        }
    }

    private func checkBond(_ name: String, _ bond: Interface) throws {
        try checkMembers(name, bond, "slaves", "bond", ["eth", "bond"], "eth or bond")
        if let primary = bond.settings["bond-primary"], !bond.names("slaves").contains(primary) {
            throw Refusal("bond '\(name)' - bond-primary interface is not a slave")
        }
    }

    private func checkVLAN(_ name: String, _ vlan: Interface) throws {
        let parent: String
        let tag: Int?
        if let dot = name.lastIndex(of: "."), let number = Int(name[name.index(after: dot)...]) {
            (parent, tag) = (String(name[..<dot]), number)
        } else {
            guard let device = vlan.settings["vlan-raw-device"] else { throw Refusal("missing vlan-raw-device option") }
            parent = device
            tag = name.hasPrefix("vlan") ? Int(name.dropFirst(4)) : vlan.settings["vlan-id"].flatMap { Int($0) }
            if tag == nil { throw Refusal("missing vlan-id option") }
        }
        if let tag, tag > 4094 { throw Refusal("vlan '\(name)' - vlan-id \(tag) should be <= 4094") }
        guard let device = interfaces[parent] else {
            throw Refusal("vlan '\(name)' - unable to find parent '\(parent)'")
        }
        guard ["eth", "bridge", "bond", "vlan"].contains(device.type) else {
            let types = "('\(device.type)' != 'eth|bond|bridge|vlan' )"
            throw Refusal("vlan '\(name)' - wrong interface type on parent '\(parent)' \(types)")
        }
    }

    private func checkBridge(_ name: String, _ bridge: Interface) throws {
        for port in bridge.names("bridge_ports") where port != "none" {
            guard let member = interfaces[port] else {
                if let dot = port.lastIndex(of: "."), interfaces[String(port[..<dot])] != nil { continue }
                throw Refusal("bridge '\(name)' - unable to find bridge port '\(port)'")
            }
            if member.settings["address"] != nil || member.settings["address6"] != nil {
                throw Refusal("iface \(port) - ip address can't be set on interface if bridged in \(name)")
            }
        }
    }
}
