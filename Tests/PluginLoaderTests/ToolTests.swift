// Tools that break one rule of the contract, each with its message; the plugin's other tools are served.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PluginLoader

/// A place of the fixture, what is put there, and what is said after the tool's name.
struct Breakage: Sendable, CustomTestStringConvertible {
    let defines: [String: String]
    let label: String
    let message: String

    init(_ place: String, _ change: String, _ message: String, label: String = "bad_get") {
        self.init([place: change], message, label: label)
    }

    init(_ defines: [String: String], _ message: String, label: String = "bad_get") {
        self.defines = defines
        self.label = label
        self.message = message
    }

    var testDescription: String {
        defines.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
}

@Suite("Tool descriptors")
struct ToolTests {
    private func check(_ breakage: Breakage, features: UInt64 = 3) throws {
        let workshop = try Workshop()
        let file = try workshop.fixture("bad", breakage.defines)
        let inventory = try workshop.load(features: features)
        #expect(
            inventory.refusals.map(\.message) == ["\(file): tool \"\(breakage.label)\" refused: \(breakage.message)"])
        #expect(inventory.refusals.map(\.tool) == [breakage.label])
        #expect(inventory.plugins.map { $0.tools.map(\.name) } == [["sound_pve_plugin_bad"]])
    }

    @Test(arguments: [
        Breakage(
            "TOOL", ".struct_size=72",
            "the struct_size of its pve_tool is 72, wanted at least 80; set it to sizeof(pve_tool)",
            label: "#1"),
        Breakage("TOOL", ".name=0", "its name is NULL; give it a text", label: "#1"),
        Breakage("TOOL", ".name=\"Bad-Name\"", "its name is \"Bad-Name\"; use a-z, 0-9 and _ only", label: "Bad-Name"),
        Breakage(
            "TOOL", ".name=\"a12345678901234567890123456789012345678901\"",
            "its name has more than 40 bytes; shorten it",
            label: "a1234567890123456789012345678901234567890"),
        Breakage("TOOL", ".title=0", "its title is NULL; give it a text"),
        Breakage("TOOL", ".title=\"\\xff\"", "its title is not UTF-8; save the source as UTF-8"),
        Breakage("TOOL", ".description=\"\"", "its description is empty; give it a text"),
        Breakage(
            "TOOL", ".description=\"\(String(repeating: "x", count: 1025))\"",
            "its description has more than 1024 bytes; shorten it"),
        Breakage("TOOL", ".tier=0", "its tier is 0; use 1 (read-only), 2 (read-execute) or 3 (full)"),
        Breakage("TOOL", ".tier=4", "its tier is 4; use 1 (read-only), 2 (read-execute) or 3 (full)"),
        Breakage(
            "TOOLS", "0, &sound", "its pointer in pve_plugin.tools is NULL; correct the list or tool_count", label: "#1"
        ),
        Breakage(
            ["TOOL": ".name=\"sound_pve_plugin_bad\"", "TOOLS": "&sound, &tool"],
            "the plugin has a tool of that name before it; rename one of the two", label: "sound_pve_plugin_bad"),
    ])
    func refusesATool(_ breakage: Breakage) throws { try check(breakage) }

    @Test(arguments: [
        Breakage("TOOL", ".endpoint=0", "it has no body; set exactly one of endpoint, call and native"),
        Breakage("TOOL", ".call=&call", "it has endpoint and call; set exactly one of them"),
        Breakage(
            "TOOL", ".call=&call, .native=&native", "it has endpoint and call and native; set exactly one of them"),
        Breakage(
            "TOOL", ".endpoint=0, .native=&native",
            "its body is native, which this host does not serve; use a call body or a newer pve-mcp"),
        Breakage(
            "TOOL", ".endpoint=0, .call=&short_call",
            "the struct_size of its pve_call_body is 4, wanted at least 32; set it to sizeof(pve_call_body)"),
        Breakage(
            ["ENDPOINT": ".method=0", "TOOL": ".endpoint=0, .call=&call"],
            "the method of its endpoint is 0; use 1 (GET), 2 (POST), 3 (PUT) or 4 (DELETE)"),
        Breakage(
            "ENDPOINT", ".struct_size=8",
            "the struct_size of its pve_endpoint is 8, wanted at least 16; set it to sizeof(pve_endpoint)"),
        Breakage(
            "ENDPOINT", ".method=5", "the method of its endpoint is 5; use 1 (GET), 2 (POST), 3 (PUT) or 4 (DELETE)"),
        Breakage("ENDPOINT", ".path=0", "its path is NULL; give it a text"),
        Breakage(
            "ENDPOINT", ".path=\"nodes/{node}\"",
            "the path \"nodes/{node}\" does not begin with /; write it as in the Proxmox VE API, without /api2/json"),
        Breakage(
            "ENDPOINT", ".path=\"/nodes//{node}\"",
            "the path \"/nodes//{node}\" has an empty segment; write one / between segments and none at the end"),
        Breakage(
            "ENDPOINT", ".path=\"/nodes/{node}/\"",
            "the path \"/nodes/{node}/\" has an empty segment; write one / between segments and none at the end"),
        Breakage(
            "ENDPOINT", ".path=\"/nodes/{node}/../x\"",
            "the path \"/nodes/{node}/../x\" has a segment . or ..; name the path it means"),
        Breakage(
            "ENDPOINT", ".path=\"/nodes/{node}?a=b\"",
            "the path \"/nodes/{node}?a=b\" has braces that are not one whole segment such as {vmid}; give each value a segment"
        ),
        Breakage(
            "ENDPOINT", ".path=\"/nodes?a=b\"",
            "the path \"/nodes?a=b\" has a byte that paths of the API do not have; parameters do not belong in it, declare them"
        ),
        Breakage(
            "ENDPOINT", ".path=\"/nodes/{node\"",
            "the path \"/nodes/{node\" has braces that are not one whole segment such as {vmid}; give each value a segment"
        ),
        Breakage(
            "ENDPOINT", ".path=\"/nodes/{other}\"",
            "the path \"/nodes/{other}\" names {other}, but no parameter of role argument has that API name; add it"),
        Breakage(
            [
                "ENDPOINT": ".path=\"/nodes/{limit}\"",
                "NODE": ".name=\"limit\", .role=PVE_ROLE_LIMIT, .type=PVE_TYPE_U32",
            ],
            "the path \"/nodes/{limit}\" names {limit}, but no parameter of role argument has that API name; add it"),
    ])
    func refusesABody(_ breakage: Breakage) throws { try check(breakage) }

    @Test(arguments: [
        Breakage(
            "TOOL", ".endpoint=0, .native=&no_function", "pve_native.function is NULL; set it to a function")
    ])
    func refusesANativeBodyWithoutAFunction(_ breakage: Breakage) throws { try check(breakage, features: 7) }

    @Test func refusesACallWithoutAFunction() throws {
        try check(
            Breakage("TOOL", ".endpoint=0, .call=&no_run", "pve_call_body.run is NULL; set it to a function"))
    }

    @Test(arguments: [
        Breakage(
            "RESULT", ".struct_size=16",
            "the struct_size of its pve_result is 16, wanted at least 32; set it to sizeof(pve_result)"),
        Breakage("RESULT", ".shape=6", "the shape of its result is 6, unknown in this ABI; use a newer pve-mcp"),
        Breakage("RESULT", ".note=\"\"", "its result's note is empty; give it a text"),
        Breakage("RESULT", ".note=\"\\xff\"", "its result's note is not UTF-8; save the source as UTF-8"),
        Breakage("RESULT", ".name=\"a b\"", "its result's name is \"a b\"; use letters, digits, _, . and - only"),
        Breakage(
            "RESULT", ".fields=0",
            "its result.fields has NULL in it, or none for a count of 1, or more than 256; correct the list or the count"
        ),
        Breakage(
            "RESULT", ".fields=no_fields",
            "its result.fields has NULL in it, or none for a count of 1, or more than 256; correct the list or the count"
        ),
        Breakage(
            "FIELD", ".struct_size=8",
            "the struct_size of its pve_field is 8, wanted at least 16; set it to sizeof(pve_field)"),
        Breakage("FIELD", ".name=0", "its result's field is NULL; give it a text"),
        Breakage(
            "FIELD", ".type=PVE_TYPE_BYTES",
            "field \"size\" of its result has type 8; use one of pve_type from 1 to 7 or from 16 to 19"),
        Breakage(
            "FIELD", ".type=0",
            "field \"size\" of its result has type 0; use one of pve_type from 1 to 7 or from 16 to 19"),
    ])
    func refusesAResult(_ breakage: Breakage) throws { try check(breakage) }

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
