// High availability: resources, groups, rules, and whether the whole is armed.
// SPDX-License-Identifier: MIT

/// A guest under high availability.
struct HAResource {
    let vmid: Int
    /// `state`, `group`, `max_restart`, `max_relocate`, `failback`, `comment`, as they were set.
    var settings: Settings
    /// The last task that was started to bring the guest where it should be.
    var task: String?

    /// The state asked for.
    var request: String {
        let state = settings["state"] ?? "started"
        return state == "enabled" ? "started" : state
    }

    /// Whether anything is done about the guest.
    var isManaged: Bool { request != "ignored" }
}

/// A rule about nodes or about other resources.
struct HARule {
    /// `type`, `resources`, `nodes`, `strict`, `affinity`, `disable`, `comment`.
    var settings: Settings

    var type: String { settings["type"] ?? "" }
    var isDisabled: Bool { settings["disable"] == "1" }
    var isPositive: Bool { settings["affinity"] == "positive" }

    var resources: Set<String> {
        get { Set((settings["resources"] ?? "").split(separator: ",").map(String.init)) }
        set { settings["resources"] = newValue.sorted().joined(separator: ",") }
    }

    /// Priorities by node.
    var nodes: [String: Int] { Self.nodes(settings["nodes"] ?? "") }

    static func nodes(_ text: String) -> [String: Int] {
        var nodes: [String: Int] = [:]
        for item in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }) {
            let parts = item.split(separator: ":")
            nodes[String(parts[0])] = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        }
        return nodes
    }

    /// The notation of the file: sorted, and no priority of 0.
    static func text(of nodes: [String: Int]) -> String {
        nodes.sorted { $0.key < $1.key }.map { $0.value == 0 ? $0.key : "\($0.key):\($0.value)" }
            .joined(separator: ",")
    }
}

/// What the real server keeps in /etc/pve/ha.
struct HAConfig {
    /// By service id, such as `vm:100`.
    var resources: [String: HAResource] = [:]
    /// 8.x only.
    var groups: [String: Settings] = [:]
    /// 9.x only; in the order of their making.
    var rules: [(id: String, rule: HARule)] = []
    /// How resources are handled while disarmed; nil when armed.
    var disarmed: String?

    func rule(_ id: String) -> HARule? { rules.first { $0.id == id }?.rule }

    var resourceDigest: String { digest(of: resources.mapValues(\.settings)) }
    var groupDigest: String { digest(of: groups) }
    var ruleDigest: String { digest(of: rules.map { $0.rule.settings.merging(["": $0.id]) { $1 } }) }
}
