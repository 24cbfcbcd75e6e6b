// One method of the API: a verb on a path template, its parameters, and who may call it.
// SPDX-License-Identifier: MIT

import JSON
import Synchronization

/// An endpoint of the API facts. Its parameters are read on first use, so that the start stays short.
final class APIEndpoint: Sendable {
    let method: String
    /// Such as `/nodes/{node}/qemu/{vmid}/config`.
    let template: String
    /// The names in braces, in the order of the path.
    let pathNames: [String]
    private let json: JSONValue
    private let loaded = Mutex(Schema?.none)

    struct Schema: Sendable {
        var parameters: [(name: String, schema: Parameter)] = []
        var positions: [String: Int] = [:]
        /// Stems of indexed parameters: `net` for `net[n]`.
        var stems: [String: Int] = [:]
        var allowsMore = false
        /// Parameters by value of `type`: each kind of object takes and needs others. True means needed.
        var variants: [String: [String: Bool]] = [:]
    }

    init(_ json: JSONValue, method: String, template: String) {
        self.json = json
        self.method = method
        self.template = template
        pathNames = template.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    var schema: Schema {
        loaded.withLock { loaded in
            if let schema = loaded { return schema }
            let schema = readSchema()
            loaded = schema
            return schema
        }
    }

    private func readSchema() -> Schema {
        var schema = Schema()
        for member in json["parameters"].map({ Array($0.members) }) ?? [] {
            let position = schema.parameters.count
            let name = member.name
            schema.parameters.append((name, Parameter(member.value)))
            schema.positions[name] = position
            if name.hasSuffix("[n]") { schema.stems[String(name.dropLast(3))] = position }
        }
        schema.allowsMore = json["additionalProperties"]?.int == 1
        for variant in json["variants"].map({ Array($0.members) }) ?? [] {
            let needs = variant.value.members.map { ($0.name, $0.value.string == "req") }
            schema.variants[variant.name] = Dictionary(needs, uniquingKeysWith: { $1 })
        }
        return schema
    }

    /// Whether the answer comes from the node named in the path.
    var isForwarded: Bool { json["proxyto"]?.string == "node" }

    /// Whether API tokens may call it at all.
    var allowsTokens: Bool { json["allowtoken"]?.int != 0 }

    /// Who may call it; nil for root@pam alone.
    var permissions: JSONValue? {
        guard let permissions = json["permissions"], permissions.isObject else { return nil }
        return permissions
    }

    /// Whether no login is needed.
    var isOpen: Bool { permissions?["user"]?.string == "world" }
}

extension APIEndpoint.Schema {
    /// The schema of a parameter by the name it is sent with: `net0` is `net[n]`.
    func parameter(_ name: String) -> Parameter? {
        if let position = positions[name], !name.hasSuffix("[n]") { return parameters[position].schema }
        let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
        guard digits > 0, digits < name.utf8.count, let index = Int(name.suffix(digits)) else { return nil }
        let stem = String(name.dropLast(digits))
        guard let position = stems[stem], String(index).utf8.count == digits, index < Self.count(of: stem) else {
            return nil
        }
        return parameters[position].schema
    }

    /// How many parameters a stem stands for. The facts write them all as `[n]`.
    static func count(of stem: String) -> Int {
        switch stem {
        case "ide", "serial": 4
        case "parallel": 3
        case "sata", "acmedomain": 6
        case "usb": 14
        case "virtio", "hostpci": 16
        case "scsi": 31
        case "net", "ipconfig": 32
        case "numa", "link": 8
        case "virtiofs": 10
        default: 256
        }
    }
}
