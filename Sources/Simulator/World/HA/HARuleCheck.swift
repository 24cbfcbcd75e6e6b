// Whether the rules of high availability can be obeyed together.
// SPDX-License-Identifier: MIT

/// Finds rules that do nothing or contradict each other.
struct HARuleCheck {
    /// Rules that are not disabled.
    private let rules: [(id: String, rule: HARule)]
    private let nodeCount: Int

    init(_ rules: [(id: String, rule: HARule)], nodeCount: Int) {
        self.rules = rules.filter { !$0.rule.isDisabled }
        self.nodeCount = nodeCount
    }

    private var affinities: [(id: String, rule: HARule)] { rules.filter { $0.rule.type == "resource-affinity" } }
    private var placements: [(id: String, rule: HARule)] { rules.filter { $0.rule.type == "node-affinity" } }

    /// What is wrong with the resources of rules, by rule.
    var errors: [String: [String]] {
        var errors: [String: [String]] = [:]
        checkPlacements(&errors)
        for (id, rule) in affinities {
            if rule.resources.count < 2 {
                errors[id, default: []].append("rule is ineffective as there are less than two resources")
            }
            if !rule.isPositive, rule.resources.count > nodeCount {
                errors[id, default: []].append("rule defines more resources than available nodes")
            }
        }
        checkContradictions(&errors)
        for (id, rule) in affinities {
            let paired = placements.filter { !$0.rule.resources.isDisjoint(with: rule.resources) }
            checkPriorities(of: paired, with: id, &errors)
            if rule.isPositive { checkPositive(id, paired, &errors) } else { checkNegative(id, rule, paired, &errors) }
        }
        return errors
    }

    private func checkPlacements(_ errors: inout [String: [String]]) {
        for (id, rule) in placements {
            for resource in rule.resources.sorted()
            where placements.contains(where: { $0.id != id && $0.rule.resources.contains(resource) }) {
                errors[id, default: []].append("resource '\(resource)' is already used in another node affinity rule")
            }
        }
    }

    private func checkContradictions(_ errors: inout [String: [String]]) {
        let stem = "rule shares two or more resources with a"
        for (positive, together) in affinities where together.isPositive {
            for (negative, apart) in affinities where !apart.isPositive {
                guard together.resources.intersection(apart.resources).count >= 2 else { continue }
                errors[positive, default: []].append("\(stem) negative resource affinity rule")
                errors[negative, default: []].append("\(stem) positive resource affinity rule")
            }
        }
    }

    private func checkPriorities(
        of paired: [(id: String, rule: HARule)], with id: String, _ errors: inout [String: [String]]
    ) {
        guard paired.contains(where: { Set($0.rule.nodes.values).count > 1 }) else { return }
        errors[id, default: []].append("resources are in node affinity rules with multiple priorities")
        for (other, _) in paired {
            errors[other, default: []].append(
                "resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities"
            )
        }
    }

    private func checkPositive(
        _ id: String, _ paired: [(id: String, rule: HARule)], _ errors: inout [String: [String]]
    ) {
        guard paired.count > 1 else { return }
        errors[id, default: []].append("resources are in multiple node affinity rules")
        for (other, _) in paired {
            errors[other, default: []].append(
                "at least one resource is in a positive resource affinity rule and there are other resources in at least one other node affinity rule already"
            )
        }
    }

    private func checkNegative(
        _ id: String, _ rule: HARule, _ paired: [(id: String, rule: HARule)], _ errors: inout [String: [String]]
    ) {
        let located = paired.reduce(into: Set<String>()) {
            $0.formUnion($1.rule.resources.intersection(rule.resources))
        }
        let allowed = paired.reduce(into: Set<String>()) { $0.formUnion($1.rule.nodes.keys) }
        guard allowed.count < located.count else { return }
        errors[id, default: []].append(
            "two or more resources are restricted to less nodes than available to the resources")
        for (other, _) in paired {
            errors[other, default: []].append(
                "at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources"
            )
        }
    }
}
