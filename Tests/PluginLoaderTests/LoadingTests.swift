// Loading sound plugins: what is found, in which order, and what the views say.
// SPDX-License-Identifier: MIT

import Foundation
import PluginABI
import Testing

@testable import PluginLoader

@Suite("Loading plugins")
struct LoadingTests {
    @Test func readsTheExampleInC() throws {
        let workshop = try Workshop()
        let file = try workshop.compile(
            "Examples/hello-c/hello.c", as: "hello", flags: ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"])
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == [])
        let plugin = try #require(inventory.plugins.first)
        #expect(plugin.category == "hello")
        #expect(plugin.version == "1.0.0")
        #expect(plugin.title == "Hello")
        #expect(plugin.summary == "an example of a plugin in C")
        #expect(plugin.file == file)
        #expect((plugin.abiMajor, plugin.abiMinor) == (1, 0))
        #expect(plugin.isFirstParty)
        #expect(plugin.tools.map(\.name) == ["hello_version", "hello_greet"])
    }
}
