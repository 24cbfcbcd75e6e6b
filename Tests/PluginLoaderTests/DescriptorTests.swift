// Plugins whose library or descriptor breaks one rule of the contract, each with its message; the others serve.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

@Suite("Plugin descriptors")
struct DescriptorTests {
    private let workshop: Workshop

    init() throws {
        workshop = try Workshop()
        try workshop.fixture("good")
    }

    /// What is said of a plugin `bad` that was compiled with `defines`, after its file's name.
    private func message(_ defines: [String: String]) throws -> String {
        let file = try workshop.fixture("bad", defines)
        let inventory = try workshop.load()
        #expect(inventory.plugins.map(\.category) == ["good"])
        #expect(inventory.refusals.count == 1)
        let message = try #require(inventory.refusals.first?.message)
        let start = "\(file): plugin refused: "
        #expect(message.hasPrefix(start))
        return String(message.dropFirst(start.count))
    }

    @Test(arguments: [
        (
            "HEAD", "{0x12345678, sizeof(pve_plugin), 1, 0, 0}",
            "its descriptor begins with 0x12345678, wanted 0x50455650 (PVE_MAGIC_PLUGIN); return a pve_plugin from the entry"
        ),
        (
            "HEAD", "{PVE_MAGIC_PLUGIN, sizeof(pve_plugin), 2, 7, 0}",
            "it is made for ABI 2.7, this host serves 1.0 to 1.0; rebuild it with this host's pve_plugin.h or install its release"
        ),
        (
            "HEAD", "{PVE_MAGIC_PLUGIN, sizeof(pve_plugin), 0, 9, 0}",
            "it is made for ABI 0.9, this host serves 1.0 to 1.0; rebuild it with this host's pve_plugin.h or install its release"
        ),
        (
            "HEAD", "{PVE_MAGIC_PLUGIN, sizeof(pve_plugin) - 8, 1, 0, 0}",
            "the struct_size of its pve_plugin is 64, wanted at least 72; set it to sizeof(pve_plugin)"
        ),
        (
            "CATEGORY", #""worse""#,
            #"it says its category is "worse", its file name says "bad"; rename the file to libpve-worse.so or change the descriptor"#
        ),
        ("CATEGORY", "0", "its category is NULL; give it a text"),
        ("VERSION", "0", "its version is NULL; give it a text"),
        ("TITLE", #""""#, "its title is empty; give it a text"),
        ("SUMMARY", #""caf\xe9""#, "its summary is not UTF-8; save the source as UTF-8"),
        (
            "FEATURES", "PVE_FEATURE_ENDPOINT|PVE_FEATURE_NATIVE",
            "it requires native bodies, which this host does not have; install a newer pve-mcp"
        ),
        (
            "FEATURES", "(1ull<<40)|(1ull<<63)|1",
            "it requires feature bit 40 and feature bit 63, which this host does not have; install a newer pve-mcp"
        ),
        ("PLUGIN", ".tool_count=0", "it has no tools; list them in pve_plugin.tools and tool_count"),
        ("PLUGIN", ".tools=0", "it has no tools; list them in pve_plugin.tools and tool_count"),
        ("PLUGIN", ".tool_count=513", "it says it has 513 tools, more than 512; correct tool_count"),
        (
            "ENTRY", "pve_plugin_other",
            "it does not export pve_plugin_bad, the entry of a plugin of its name; export that function, or rename the file after its category"
        ),
    ])
    func refusesAPluginThatBreaksARule(_ place: String, _ change: String, _ expected: String) throws {
        #expect(try message([place: change]) == expected)
    }

    @Test func refusesAPluginWhoseEntryReturnsNull() throws {
        let file = try workshop.compile("null-entry.c", as: "bad")
        let inventory = try workshop.load()
        #expect(
            inventory.refusals.map(\.message) == [
                """
                \(file): plugin refused: pve_plugin_bad returned NULL: it cannot work with this host, ABI 1.0; install the \
                plugin of this host's release
                """
            ])
        #expect(inventory.plugins.map(\.category) == ["good"])
    }

    @Test func refusesADescriptorThatIsExportedAsData() throws {
        let file = try workshop.compile("data-entry.c", as: "bad")
        let inventory = try workshop.load()
        #expect(
            inventory.refusals.map(\.message) == [
                """
                \(file): plugin refused: it exports pve_plugin_bad as data, wanted a function; return the descriptor from \
                a function
                """
            ])
        #expect(inventory.plugins.map(\.category) == ["good"])
    }

    @Test func refusesAPluginWithAnUndefinedSymbol() throws {
        let file = try workshop.compile("undefined.c", as: "bad")
        let inventory = try workshop.load()
        #expect(
            inventory.refusals.map(\.message) == [
                """
                \(file): plugin refused: the dynamic linker cannot open it: undefined symbol: there_is_no_such_function; \
                install or link what it needs (ldd -r shows it)
                """
            ])
        #expect(inventory.plugins.map(\.category) == ["good"])
    }

    /// A later minor appends fields: a larger struct_size and a larger minor are no reason to refuse.
    @Test func admitsALaterMinor() throws {
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
