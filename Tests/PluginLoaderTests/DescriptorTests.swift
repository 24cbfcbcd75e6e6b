// Plugins of a later minor of the contract. Those that break a rule are in RuleTests.
// SPDX-License-Identifier: MIT

import Testing

@testable import PluginLoader

@Suite("Plugin descriptors")
struct DescriptorTests {
    /// A later minor appends fields: a larger struct_size and a larger minor are no reason to refuse.
    @Test func admitsALaterMinor() throws {
        let workshop = try Workshop()
        try workshop.fixture(
            "later",
            [
                "HEAD": "{PVE_MAGIC_PLUGIN, sizeof(pve_plugin) + 64, 1, 3, 0}", "TOOL": ".struct_size=200",
                "NODE": ".struct_size=200", "RESULT": ".struct_size=200", "ENDPOINT": ".struct_size=200",
                "FIELD": ".struct_size=200",
            ])
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == [])
        let plugin = try #require(inventory.plugins.last)
        #expect(plugin.category == "later")
        #expect((plugin.abiMajor, plugin.abiMinor) == (1, 3))
        #expect(plugin.tools.count == 2)
    }
}
