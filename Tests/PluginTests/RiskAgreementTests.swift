// No tool takes a parameter that a server of the tool's own tier would refuse to send.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import Testing

@Suite("Tools and the risk table")
struct RiskAgreementTests {
    private struct Row {
        let tier: String
        /// Parameters that raise the risk: the least tier with them, empty for the same, and whether something is lost.
        let raisers: [String: (tier: String, loses: Bool)]
    }

    /// The table that the facts are made from, read here on its own.
    private func rows() throws -> [String: Row] {
        let text = try String(contentsOf: projectFile("Sources/CFacts/risk.tsv"), encoding: .utf8)
        var rows: [String: Row] = [:]
        for line in text.split(separator: "\n") {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count >= 5 else { continue }
            var raisers: [String: (tier: String, loses: Bool)] = [:]
            for word in columns[4].split(separator: " ") where word != "-" {
                let parts = word.split(separator: ":").map { $0.filter { $0 != "!" } }
                let name = String(parts[0].prefix { $0 != "=" })
                raisers[name] = (parts.count > 1 ? parts[1] : "", word.hasSuffix("!"))
            }
            rows["\(columns[0]) \(columns[1])"] = Row(tier: columns[2], raisers: raisers)
        }
        return rows
    }

    private static let tiers = ["", "read-only", "read-execute", "full"]

    @Test(arguments: Categories.built)
    func noParameterNeedsMoreThanTheTool(category: String) throws {
        let rows = try rows()
        var seen = 0
        for tool in try PluginFile(category).tools() {
            for request in tool.requests where !request.path.hasSuffix("/{command}") {
                let row = try #require(rows["\(request.method) \(request.path)"], "\(tool): \(request)")
                seen += 1
                for parameter in tool.parameters where parameter.role == PVE_ROLE_ARGUMENT {
                    let tier = row.raisers[parameter.apiName]?.tier ?? ""
                    let needed = RiskAgreementTests.tiers.firstIndex(of: tier) ?? 3
                    #expect(needed <= Int(tool.tier), "\(tool): \(parameter.name) needs \(tier)")
                }
            }
        }
        #expect(seen >= 4)
    }

    @Test(arguments: Categories.built)
    func whatAParameterMayLoseIsAnnounced(category: String) throws {
        let rows = try rows()
        for tool in try PluginFile(category).tools()
        where UInt32(tool.annotations) & PVE_ANNOTATION_DESTRUCTIVE.rawValue == 0 {
            let takesOptions = tool.parameters.contains { $0.role == PVE_ROLE_OPTIONS }
            for request in tool.requests {
                for (name, raiser) in rows["\(request.method) \(request.path)"]?.raisers ?? [:] where raiser.loses {
                    #expect(!takesOptions && !tool.parameters.contains { $0.apiName == name }, "\(tool): \(name)")
                }
            }
        }
    }
}
