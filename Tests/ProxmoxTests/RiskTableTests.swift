// The risk table as a whole: complete, and with the reviewed exceptions.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import Testing

@testable import Proxmox

@Suite("The risk table")
struct RiskTableTests {
    /// Verb, path and tier of every row of the table that is compiled in.
    private static let rows: [(name: String, risk: Risk)] = (0..<FactsTable.count(.nodes)).flatMap { index in
        let node = FactsTable.Node(index: index)
        return Method.allCases.compactMap { method in
            node.row(method).map { ("\(method.rawValue) \(node.template)", $0.risk) }
        }
    }

    @Test func hasARowForEveryMethodAndNoOther() throws {
        let names = Self.rows.map(\.name)
        #expect(Set(names) == (try RawFacts.methods()))
        #expect(Set(names).count == names.count)
    }

    @Test func saysWhyWhereverItIsNotMerelyReading() {
        for (name, risk) in Self.rows where risk.tier > .readOnly || risk.isDestructive {
            #expect(!risk.why.isEmpty, "\(name)")
        }
    }

    @Test func readingIsNeverDestructive() {
        #expect(Self.rows.filter { $0.name.hasPrefix("GET ") && $0.risk.isDestructive }.map(\.name) == [])
    }

    @Test func whatOnlyReadsIsAGet() {
        #expect(Self.rows.filter { !$0.name.hasPrefix("GET ") && $0.risk.tier == .readOnly }.map(\.name) == [])
    }

    /// A new exception has to be put here as well: it was looked at twice.
    @Test func exceptionsAreTheReviewedOnes() throws {
        let reviewed = try String(
            contentsOf: RawFacts.root.appending(path: "Tests/Data/risk-exceptions.txt"), encoding: .utf8)
        let found = Self.rows.compactMap { name, risk -> String? in
            let isGet = name.hasPrefix("GET ")
            if isGet && risk.tier == .readOnly || !isGet && risk.tier == .full { return nil }
            return "\(risk.isExcluded ? "none" : risk.tier.name) \(name)"
        }
        let lines = reviewed.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
        #expect(Set(found) == Set(lines))
        #expect(lines.count == Set(lines).count)
    }

    @Test func everyWriteThatDeletesIsDestructiveUnlessItGivesALockBack() {
        let mild = Self.rows.filter { $0.name.hasPrefix("DELETE ") && !$0.risk.isDestructive }.map(\.name)
        #expect(mild == ["DELETE /cluster/sdn/lock"])
    }

    /// Tools people know from elsewhere stay reachable in the tier they are known in, with all their parameters.
    @Test func toolsAreReachableInTheirTiers() throws {
        let tools = try RawFacts.document("Tests/Data/tools-117.json")
        #expect(tools.count == 117)
        for tool in tools.elements {
            let name = try #require(tool["name"]?.string)
            let tier = try #require(Tier(name: tool["tier"]!.string!))
            let method = try #require(Method(rawValue: tool["method"]!.string!))
            var path: [[String: String]] = [[:]]
            for member in tool["values"].map({ Array($0.members) }) ?? [] {
                path = member.value.elements.flatMap { value in
                    path.map { $0.merging([member.name: value.string!]) { $1 } }
                }
            }
            // What switches an option on has to be allowed too.
            let on = tool["parameters"]!.elements.map { Request.Parameter($0.string!, .string("1")) }
            for values in path {
                let request = Request(method, tool["path"]!.string!, path: values, on)
                let risk = Risk.of(request)
                #expect(risk.tier <= tier, "\(name): \(risk)")
                #expect(Facts.all.contains { $0.resolve(request) != nil }, "\(name)")
            }
        }
    }
}
