// Every rule of the contract, broken by a plugin: Tests/Fixtures/plugins/rules.json says how, and what is said of it.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import Testing

@testable import PluginLoader

/// A rule, a plugin that breaks it, and the message.
struct Rule: Decodable, Sendable, CustomTestStringConvertible {
    /// The line of the tables in docs/plugin-abi.md that it falls under.
    let row: String
    /// What is put in which place of the source.
    let define: [String: String]
    /// `fixture.c` when there is none.
    let source: String?
    /// The tool that is refused, as messages name it; nil when it is the plugin.
    let tool: String?
    let message: String
    /// What the host serves, when it is not endpoint and call bodies.
    let features: UInt64?
    /// It ends or stops the process that opens it, so only a child process may.
    let child: Bool?

    var testDescription: String { "\(source ?? "") \(define.sorted { $0.key < $1.key }.map { "\($0): \($1)" })" }

    static let all: [Rule] = {
        let file = URL(fileURLWithPath: "\(root)/Tests/Fixtures/plugins/rules.json")
        guard let data = try? Data(contentsOf: file), let rules = try? JSONDecoder().decode([Rule].self, from: data)
        else { return [] }
        return rules
    }()

    /// With the names of the plugin `category` and the texts that are too long written out.
    static func written(_ text: String, _ category: String) -> String {
        var text = text.replacingOccurrences(of: "{category}", with: category)
            .replacingOccurrences(of: "{entry}", with: "pve_plugin_\(category)")
            .replacingOccurrences(of: "{minor}", with: "\(PVE_ABI_MINOR)")
        while let long = text.firstMatch(of: #/\{(\w) (\d+)\}/#) {
            text.replaceSubrange(long.range, with: String(repeating: String(long.1), count: Int(long.2) ?? 0))
        }
        return text
    }
}

@Suite("Rules of the contract")
struct RuleTests {
    @Test func areRead() { #expect(Rule.all.count > 150) }

    @Test(arguments: Rule.all.filter { $0.child != true })
    func refuseWhatBreaksThem(_ rule: Rule) throws {
        let workshop = try Workshop()
        let defines = rule.define.mapValues { Rule.written($0, "bad") }
        let file = try workshop.fixture("bad", defines, source: rule.source ?? "fixture.c")
        let inventory = try workshop.load(features: rule.features ?? 3)
        let message = Rule.written(rule.message, "bad")
        if let tool = rule.tool.map({ Rule.written($0, "bad") }) {
            #expect(inventory.refusals.map(\.message) == ["\(file): tool \"\(tool)\" refused: \(message)"])
            #expect(inventory.refusals.map(\.tool) == [tool])
            #expect(inventory.plugins.map { $0.tools.map(\.name) } == [["sound_pve_plugin_bad"]])
        } else {
            #expect(inventory.refusals.map(\.message) == ["\(file): plugin refused: \(message)"])
            #expect(inventory.plugins.map(\.category) == [])
        }
    }
}
