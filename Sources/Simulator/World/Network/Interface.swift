// A network interface of a node as /etc/network/interfaces has it.
// SPDX-License-Identifier: MIT

import JSON

/// An interface: its settings, and what the node says about it beside them.
struct Interface: Equatable {
    /// Options by their API names; `address` and `netmask` instead of `cidr`.
    var settings: Settings
    /// Where it stands in the file.
    var priority: Int
    /// Whether the hardware exists, as opposed to a bridge or a bond that software makes.
    var isPhysical = false

    var type: String { settings["type"] ?? "unknown" }

    /// Names of other interfaces in an option, which the API separates by commas and the file by blanks.
    func names(_ option: String) -> [String] {
        (settings[option] ?? "").split(whereSeparator: { $0 == " " || $0 == "," || $0 == ";" }).map(String.init)
    }

    private var families: [String] {
        let families = [("address", "inet"), ("address6", "inet6")].filter { settings[$0.0] != nil }.map(\.1)
        return families.isEmpty ? ["inet"] : families
    }

    private static let numbers: Set<String> = ["autostart", "bridge_vlan_aware"]

    /// Writes its members; `active` says whether it is up at the moment.
    func write(active: Bool, to row: inout JSONWriter) {
        row.settings(settings, numbers: Self.numbers)
        row.member("priority", priority)
        row.member("method", settings["address"] == nil ? "manual" : "static")
        row.member("method6", settings["address6"] == nil ? "manual" : "static")
        row.member("families") { $0.array { for family in families { $0.string(family) } } }
        for (suffix, address) in [("", settings["address"]), ("6", settings["address6"])] {
            if let address, let mask = settings["netmask" + suffix] {
                row.member("cidr" + suffix, "\(address)/\(mask)")
            }
        }
        if type == "bridge" {
            row.member("bridge_stp", "off")
            row.member("bridge_fd", "0")
        }
        if isPhysical { row.member("exists", 1) }
        if active { row.member("active", 1) }
    }

    /// Its part of the file.
    func fileLines(_ name: String) -> [String] {
        var lines = settings["autostart"] == "1" ? ["auto \(name)"] : []
        for family in families {
            let suffix = family == "inet6" ? "6" : ""
            let address = settings["address" + suffix]
            lines.append("iface \(name) \(family) \(address == nil ? "manual" : "static")")
            if let address { lines.append("\taddress \(address)/\(settings["netmask" + suffix] ?? "")") }
            if let gateway = settings["gateway" + suffix] { lines.append("\tgateway \(gateway)") }
            if family == families.first { lines += optionLines }
            if let comments = settings["comments" + suffix] {
                lines += comments.split(separator: "\n").map { "#\($0)" }
            }
        }
        return lines + [""]
    }

    private var optionLines: [String] {
        let special: Set<String> = [
            "type", "autostart", "address", "netmask", "gateway", "address6", "netmask6", "gateway6", "comments",
            "comments6",
        ]
        var lines = settings.filter { !special.contains($0.key) }.sorted { $0.key < $1.key }.map { name, value in
            "\t\(name.split(separator: "_").joined(separator: "-")) \(value)"
        }
        if type == "bridge" {
            if settings["bridge_ports"] == nil { lines.append("\tbridge-ports none") }
            lines += ["\tbridge-stp off", "\tbridge-fd 0"]
        }
        if type.hasPrefix("OVS") { lines.append("\tovs_type \(type)") }
        return lines
    }
}
