// Loading sound plugins: what is found, in which order, and what the views say.
// SPDX-License-Identifier: MIT

import Foundation
import NativeCall
import PluginABI
import Testing

@testable import PluginLoader

@Suite("Loading plugins")
struct LoadingTests {
    @Test func readsTheExampleInC() throws {
        let workshop = try Workshop()
        let file = try workshop.compile(
            "Examples/hello-c/hello.c", as: "hello", flags: ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"])
        let inventory = try workshop.load(features: 7)
        #expect(inventory.refusals.map(\.message) == [])
        let plugin = try #require(inventory.plugins.first)
        #expect(plugin.category == "hello")
        #expect(plugin.version == "1.0.0")
        #expect(plugin.title == "Hello")
        #expect(plugin.summary == "Versions of nodes, and how many guests run.")
        #expect(plugin.file == file)
        #expect((plugin.abiMajor, plugin.abiMinor) == (1, 0))
        #expect(plugin.isFirstParty)
        #expect(plugin.tools.map(\.name) == ["hello_version", "hello_guests", "hello_size"])
    }

    @Test func viewsSayWhatTheDescriptorSays() throws {
        let workshop = try Workshop()
        try workshop.fixture(
            "view",
            [
                "EXTRA": """
                .api_name="extra0", .choices=choices, .choice_count=2, .type=PVE_TYPE_UTF8, .maximum_length=12, \
                .pattern="^[ab]$", .default_json="\\"a\\"", .flags=PVE_PARAMETER_SECRET
                """
            ])
        let tool = try #require(try workshop.load().plugins.first?.tools.first)
        #expect(tool.name == "view_get")
        #expect(tool.title == "Get things")
        #expect(tool.description == "Returns the things of a node.")
        #expect(tool.tier == 1)
        #expect(tool.annotations == [.readOnly, .idempotent])
        guard case .endpoint(let endpoint) = tool.body else { throw Surprise() }
        #expect(endpoint.method == .get)
        #expect(endpoint.path == "/nodes/{node}/things")

        #expect(tool.parameters.count == 2)
        let (node, extra) = (tool.parameters[0], tool.parameters[1])
        #expect((node.name, node.apiName, node.description) == ("node", "node", "The node's name."))
        #expect((node.type, node.role, node.isRequired, node.isSecret) == (.utf8, .argument, true, false))
        #expect((node.minimum, node.maximum, node.maximumLength) == (nil, nil, nil))
        #expect((node.pattern, node.defaultJSON, node.choices) == (nil, nil, []))
        #expect((extra.name, extra.apiName, extra.isRequired, extra.isSecret) == ("extra", "extra0", false, true))
        #expect((extra.choices, extra.maximumLength) == (["a", "b"], 12))
        #expect((extra.pattern, extra.defaultJSON) == ("^[ab]$", "\"a\""))

        let result = try #require(tool.result)
        #expect((result.shape, result.name) == (.list, "things"))
        let field = try #require(result.fields.first)
        #expect(
            (field.name, field.type, field.unit, field.isChosen, field.isAlways) == ("size", .i64, .bytes, true, false))
        #expect(try #require(try workshop.load().plugins.first?.tools.last).result == nil)
    }

    @Test func viewsReadBounds() throws {
        let workshop = try Workshop()
        try workshop.fixture("bounds")
        let extra = try #require(try workshop.load().plugins.first?.tools.first?.parameters.last)
        #expect((extra.minimum, extra.maximum, extra.defaultJSON, extra.type) == (1, 9, "5", .i64))
    }

    @Test func aCallBodyRunsWithItsContext() throws {
        let workshop = try Workshop()
        try workshop.fixture("call", ["TOOL": ".endpoint=0, .call=&call", "FEATURES": "PVE_FEATURE_CALL"])
        let tool = try #require(try workshop.load().plugins.first?.tools.first)
        guard case .call(let call) = tool.body else { throw Surprise() }
        #expect(call.endpoints.map(\.path) == ["/nodes/{node}/things"])
        #expect(call.context != nil)
        let host = UnsafeMutablePointer(mutating: Host.table(3))
        host.pointee.reply = { _, json, length in
            Replies.last = String(decoding: UnsafeRawBufferPointer(start: json, count: length), as: UTF8.self)
            return 0
        }
        call.run(host, nil, call.context)
        #expect(Replies.last == "{}")
    }

    @Test func aHostWithTheFeatureServesNativeBodies() throws {
        let workshop = try Workshop()
        try workshop.fixture(
            "native", ["TOOL": ".endpoint=0, .result=0, .native=&native", "FEATURES": "PVE_FEATURE_NATIVE"])
        let tool = try #require(try workshop.load(features: 7).plugins.first?.tools.first)
        guard case .native(let native) = tool.body else { throw Surprise() }
        #expect(native.result == .bool && !native.takesCall)
        #expect(native.function?.signature == NativeSignature([.init(.text), .init(.i64)], result: .bool))
    }

    @Test func standardCategoriesComeFirst() throws {
        let workshop = try Workshop()
        for category in ["aaa", "tasks", "zzz", "nodes", "a-b", "qemu"] { try workshop.fixture(category) }
        let inventory = try workshop.load()
        #expect(inventory.plugins.map(\.category) == ["nodes", "qemu", "tasks", "a-b", "aaa", "zzz"])
        #expect(inventory.unselected.isEmpty)
    }

    /// The constructor of an unselected file would say so in a file.
    @Test func whatIsNotSelectedIsListedAndNeverOpened() throws {
        let workshop = try Workshop()
        let trace = workshop.outside + "/opened"
        try workshop.fixture("qemu")
        let file = try workshop.compile(
            "constructor.c", as: "hello",
            ["CATEGORY": "\"hello\"", "ENTRY": "pve_plugin_hello", "CONSTRUCTOR": "fclose(fopen(\"\(trace)\", \"w\"))"])
        let inventory = try workshop.load("qemu")
        #expect(inventory.plugins.map(\.category) == ["qemu"])
        #expect(inventory.unselected == [FoundFile(category: "hello", file: file)])
        #expect(!FileManager.default.fileExists(atPath: trace))
        #expect(dlopen(file, RTLD_NOW | RTLD_NOLOAD) == nil)
        _ = try workshop.load("hello")
        #expect(FileManager.default.fileExists(atPath: trace))
        #expect(dlopen(file, RTLD_NOW | RTLD_NOLOAD) != nil)
    }

    @Test func theLaterClaimantOfACategoryIsRefused() throws {
        let (system, user) = (try Workshop(), try Workshop())
        let first = try system.fixture("qemu")
        let second = try user.fixture("qemu")
        try user.fixture("mine")
        let inventory = try PluginLoader(
            directories: [
                PluginDirectory(path: system.path, isFirstParty: true),
                PluginDirectory(path: user.path, isFirstParty: false),
            ], selection: CategorySelection("default,mine"), hostTable: Host.table(3)
        ).load()
        #expect(inventory.plugins.map(\.category) == ["qemu", "mine"])
        #expect(inventory.plugins.map(\.isFirstParty) == [true, false])
        #expect(
            inventory.refusals.map(\.message) == [
                "\(second): plugin refused: category \"qemu\" is served by \(first); remove one of the two"
            ])
    }

    @Test func aDirectoryNamedTwiceIsReadOnce() throws {
        let workshop = try Workshop()
        try workshop.fixture("qemu")
        let again = workshop.outside + "/again"
        #expect(symlink(workshop.path, again) == 0)
        let inventory = try PluginLoader(
            directories: [workshop.path, again, workshop.path + "/."].map {
                PluginDirectory(path: $0, isFirstParty: true)
            },
            selection: .standard, hostTable: Host.table(3)
        ).load()
        #expect(inventory.plugins.count == 1)
        #expect(inventory.refusals.isEmpty)
    }

    @Test func aManifestCannotBeAStandardCategory() throws {
        let workshop = try Workshop()
        let file = try workshop.write(Array("{}".utf8), as: "pve-qemu.json")
        let inventory = try workshop.load()
        #expect(inventory.plugins.isEmpty)
        #expect(
            inventory.refusals.map(\.message) == [
                "\(file): plugin refused: category \"qemu\" is a standard one, which manifests cannot be; rename it"
            ])
    }

    @Test func oneFileOpensAlone() throws {
        let workshop = try Workshop()
        let file = try workshop.fixture("alone", ["TOOL": ".tier=9"])
        guard
            case .plugin(let plugin, let refusals) = PluginLoader.open(
                file: file, category: "alone", hostTable: Host.table(3))
        else { throw Surprise() }
        #expect(plugin.tools.count == 1)
        #expect(refusals.map(\.tool) == ["alone_get"])
        let wrong = workshop.outside + "/libpve-none.so"
        guard case .refused(let refusal) = PluginLoader.open(file: wrong, category: "none", hostTable: Host.table(3))
        else { throw Surprise() }
        #expect(refusal.reason == .unreadable(path: wrong, errno: ENOENT))
    }
}

/// Something else came than the test was made for.
struct Surprise: Error {}

/// What the plugin of a test replied.
enum Replies {
    nonisolated(unsafe) static var last = ""
}
