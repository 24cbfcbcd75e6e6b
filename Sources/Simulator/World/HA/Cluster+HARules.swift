// The rules of high availability, which 9.x has, and the groups, which 8.x had.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    private static let ruleSettings = ["resources", "nodes", "strict", "affinity", "disable", "comment"]

    /// The settings that rules of a type have; true for those they cannot do without.
    private static func options(ofType type: String) -> [String: Bool] {
        let common = ["resources": true, "disable": false, "comment": false]
        return common.merging(
            type == "node-affinity" ? ["nodes": true, "strict": false] : ["affinity": true]
        ) { $1 }
    }

    private var ruleErrors: [String: [String]] { HARuleCheck(ha.rules, nodeCount: nodeNames.count).errors }

    private func write(_ id: String, _ rule: HARule, to row: inout JSONWriter) {
        row.member("rule", id)
        row.settings(rule.settings, numbers: Self.haNumbers)
        row.member("order", (ha.rules.firstIndex { $0.id == id } ?? 0) + 1)
        row.member("digest", ha.ruleDigest)
        guard let errors = ruleErrors[id] else { return }
        row.member("errors") { writer in
            writer.object { $0.member("resources") { $0.array { for text in errors { $0.string(text) } } } }
        }
    }

    /// GET /cluster/ha/rules
    func haRuleList(_ call: APICall) -> APIAnswer {
        .array { array in
            for (id, rule) in ha.rules {
                if let type = call.values["type"], type != rule.type { continue }
                if let resource = call.values["resource"], !rule.resources.contains(resource) { continue }
                array.object { write(id, rule, to: &$0) }
            }
        }
    }

    /// GET /cluster/ha/rules/{rule}
    func haRuleDetails(_ call: APICall) throws -> APIAnswer {
        let id = call.required("rule")
        guard let rule = ha.rule(id) else { throw Refusal("no such ha rule '\(id)'") }
        return .object { write(id, rule, to: &$0) }
    }

    /// The settings of a call as the file has them; refuses resources and nodes that are not known.
    private func ruleSettings(_ call: APICall) throws -> Settings {
        var settings = call.settings(Self.ruleSettings)
        if settings["resources"] != nil {
            let resources = Set(call.names("resources")).sorted()
            let unknown = resources.filter { ha.resources[$0] == nil }
            if !unknown.isEmpty {
                throw Refusal("cannot use unmanaged resource(s) \(unknown.joined(separator: ", ")).")
            }
            settings["resources"] = resources.joined(separator: ",")
        }
        if let text = settings["nodes"] {
            let named = HARule.nodes(text)
            let unknown = named.keys.filter { nodes[$0] == nil }.sorted()
            if !unknown.isEmpty {
                throw Refusal("cannot use non-existant node(s) \(unknown.joined(separator: ", ")).")
            }
            settings["nodes"] = HARule.text(of: named)
        }
        return settings
    }

    private func checkFeasibility(of id: String, in rules: [(id: String, rule: HARule)]) throws {
        guard let errors = HARuleCheck(rules, nodeCount: nodeNames.count).errors[id] else { return }
        var refusal = Refusal(status: 400, "Rule '\(id)' is invalid.")
        refusal.errors = [("resources", errors.joined(separator: ", "))]
        throw refusal
    }

    /// POST /cluster/ha/rules
    mutating func createHARule(_ call: APICall) throws -> APIAnswer {
        try locked("create ha rule failed") {
            let id = call.required("rule")
            if ha.rule(id) != nil { throw Refusal("HA rule '\(id)' already defined") }
            var settings = try ruleSettings(call)
            settings["type"] = call.required("type")
            let rules = ha.rules + [(id, HARule(settings: settings))]
            try checkFeasibility(of: id, in: rules)
            ha.rules = rules
        }
        return .null
    }

    /// PUT /cluster/ha/rules/{rule}; the type must be sent and cannot change.
    mutating func updateHARule(_ call: APICall) throws -> APIAnswer {
        try locked("update HA rules failed") {
            let id = call.required("rule")
            try call.checkDigest(ha.ruleDigest)
            guard let index = ha.rules.firstIndex(where: { $0.id == id }) else {
                throw Refusal("HA rule '\(id)' does not exist")
            }
            var rules = ha.rules
            let options = Self.options(ofType: rules[index].rule.type)
            if call.values["type"] != rules[index].rule.type { throw Refusal("unexpected property 'type'") }
            let settings = try ruleSettings(call)
            for name in call.names("delete") {
                guard let isNeeded = options[name] else { throw Refusal("no such option '\(name)'") }
                if isNeeded { throw Refusal("unable to delete required option '\(name)'") }
                rules[index].rule.settings[name] = nil
            }
            rules[index].rule.settings.merge(settings) { $1 }
            try checkFeasibility(of: id, in: rules)
            ha.rules = rules
        }
        return .null
    }

    /// DELETE /cluster/ha/rules/{rule}. One that is not there is gone already.
    mutating func deleteHARule(_ call: APICall) -> APIAnswer {
        ha.rules.removeAll { $0.id == call.required("rule") }
        return .null
    }
}

extension Cluster {
    private static let groupSettings = ["nodes", "restricted", "nofailback", "comment"]

    /// 9.x has the endpoints of groups only to say that they are gone.
    private func demandGroups(_ action: String) throws {
        if !hasHAGroups { throw Refusal("cannot \(action): ha groups have been migrated to rules") }
    }

    private func write(_ id: String, _ group: Settings, to row: inout JSONWriter) {
        row.member("group", id)
        row.member("type", "group")
        row.settings(group, numbers: Self.haNumbers)
        row.member("digest", ha.groupDigest)
    }

    /// GET /cluster/ha/groups
    func haGroupList(_ call: APICall) throws -> APIAnswer {
        try demandGroups("index groups")
        return .array { array in
            for (id, group) in ha.groups.sorted(by: { $0.key < $1.key }) { array.object { write(id, group, to: &$0) } }
        }
    }

    /// GET /cluster/ha/groups/{group}
    func haGroupDetails(_ call: APICall) throws -> APIAnswer {
        try demandGroups("read group")
        let id = call.required("group")
        guard let group = ha.groups[id] else { throw Refusal("no such ha group '\(id)'") }
        return .object { write(id, group, to: &$0) }
    }

    /// POST /cluster/ha/groups
    mutating func createHAGroup(_ call: APICall) throws -> APIAnswer {
        try demandGroups("create group")
        try locked("create ha group failed") {
            let id = call.required("group")
            if ha.groups[id] != nil { throw Refusal("ha group ID '\(id)' already defined") }
            ha.groups[id] = groupSettings(call)
        }
        return .null
    }

    private func groupSettings(_ call: APICall) -> Settings {
        var settings = call.settings(Self.groupSettings)
        settings["nodes"] = settings["nodes"].map { HARule.text(of: HARule.nodes($0)) }
        return settings
    }

    /// PUT /cluster/ha/groups/{group}
    mutating func updateHAGroup(_ call: APICall) throws -> APIAnswer {
        try demandGroups("update group")
        try locked("update ha group failed") {
            let id = call.required("group")
            try call.checkDigest(ha.groupDigest)
            guard var group = ha.groups[id] else { throw Refusal("no such ha group '\(id)'") }
            group.merge(groupSettings(call)) { $1 }
            for name in call.names("delete") {
                guard Self.groupSettings.contains(name) else { throw Refusal("no such option '\(name)'") }
                if name == "nodes" { throw Refusal("unable to delete required option 'nodes'") }
                group[name] = nil
            }
            ha.groups[id] = group
        }
        return .null
    }

    /// DELETE /cluster/ha/groups/{group}
    mutating func deleteHAGroup(_ call: APICall) throws -> APIAnswer {
        try demandGroups("delete group")
        try locked("delete ha group failed") {
            let id = call.required("group")
            if let user = ha.resources.filter({ $0.value.settings["group"] == id }).keys.sorted().first {
                throw Refusal("ha group is used by service '\(user)'")
            }
            ha.groups[id] = nil
        }
        return .null
    }
}
