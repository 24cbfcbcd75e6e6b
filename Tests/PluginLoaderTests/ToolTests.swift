// Tools beside each other, and what is read of them. Those that break a rule are in RuleTests.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("Tool descriptors")
struct ToolTests {
    @Test func theLaterClaimantOfANameIsRefused() throws {
        let workshop = try Workshop()
        let first = try workshop.fixture("aaa")
        let second = try workshop.fixture("bbb", ["TOOL_NAME": "\"aaa_get\""])
        // A standard category comes first, whatever its name.
        let third = try workshop.fixture("qemu", ["TOOL_NAME": "\"aaa_get\""])
        let inventory = try workshop.load()
        #expect(
            inventory.plugins.map { $0.tools.map(\.name) } == [
                ["aaa_get", "sound_pve_plugin_qemu"], ["sound_pve_plugin_aaa"], ["sound_pve_plugin_bbb"],
            ])
        #expect(
            inventory.refusals.map(\.message)
                == [first, second].map {
                    "\($0): tool \"aaa_get\" refused: \(third) has a tool of that name; rename one of the two, or leave one plugin out"
                })
    }

    @Test(arguments: [("", "Apply it."), (",.struct_size=32", nil as String?)])
    func readsANoteThatIsThere(_ size: String, _ note: String?) throws {
        let workshop = try Workshop()
        // A plugin built before there were notes has something else where one would be.
        try workshop.fixture("noted", ["RESULT": ".note=\"Apply it.\"\(size)"])
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == [])
        #expect(inventory.plugins.first?.tools.first?.result?.note == note)
    }
}
