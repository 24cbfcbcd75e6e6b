// What a plugin's statement becomes in C.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@testable import PluginKitHosted

@Suite("Descriptor")
struct DescriptorTests {
    private func descriptor(_ tools: Tool...) throws -> pve_plugin {
        let plugin = Plugin(category: "x", version: "1.2.3", title: "X", summary: "Tests.", tools: tools)
        return try #require(plugin.descriptor(for: FakeHost.table)).pointee
    }

    private func parameter(_ parameter: Parameter) -> pve_parameter { parameter.descriptor }

    @Test func describesThePlugin() throws {
        let plugin = try descriptor(Tool("a", "A", tier: .full, effect: .destroys, "b", .delete("/c"), answers: .task))
        #expect(plugin.head.magic == UInt32(PVE_MAGIC_PLUGIN))
        #expect(Int(plugin.head.struct_size) == MemoryLayout<pve_plugin>.size)
        #expect(plugin.head.abi_major == 1)
        #expect(String(cString: plugin.category) == "x")
        #expect(String(cString: plugin.version) == "1.2.3")
        #expect(plugin.required_features == UInt64(PVE_FEATURE_ENDPOINT.rawValue))
        #expect(plugin.tool_count == 1)
        let tool = try #require(plugin.tools[0]).pointee
        #expect(tool.tier == 3)
        #expect(tool.annotations == 2)
        #expect(tool.call == nil && tool.native == nil)
        #expect(tool.parameters == nil && tool.parameter_count == 0)
        #expect(tool.endpoint.pointee.method == 4)
        #expect(String(cString: tool.endpoint.pointee.path) == "/c")
        #expect(tool.result.pointee.shape == 3)
    }

    @Test func asksForTheFeaturesItsToolsNeed() throws {
        let plugin = try descriptor(
            Tool("a", "A", tier: .readOnly, effect: .reads, "b", sends: [.get("/c"), .post("/d")], answers: .nothing) {
                _ in
            })
        #expect(plugin.required_features == UInt64(PVE_FEATURE_CALL.rawValue))
        let call = try #require(plugin.tools[0]?.pointee.call).pointee
        #expect(call.endpoint_count == 2)
        #expect(call.endpoints[1].map { String(cString: $0.pointee.path) } == "/d")
        #expect(call.context != nil)
    }

    @Test(arguments: [(UInt16(0), UInt16(0)), (2, 2)])
    func refusesHostsOfAnotherMajor(major: UInt16, least: UInt16) {
        let plugin = Plugin(category: "x", version: "1", title: "X", summary: "", tools: [])
        var host = FakeHost.host(major: major, least: least)
        #expect(plugin.descriptor(for: &host) == nil)
        host = FakeHost.host(major: 2, least: 1)
        #expect(plugin.descriptor(for: &host) != nil)
        host = FakeHost.host(major: 1, least: 1, magic: 7)
        #expect(plugin.descriptor(for: &host) == nil)
        #expect(plugin.descriptor(for: nil) == nil)
    }

    @Test func keepsTextsOfOneCharacter() {
        #expect(String(cString: Parameter.string("n", "d").descriptor.name) == "n")
        #expect(String(cString: ("ä" as StaticString).c) == "ä")
    }

    @Test(arguments: [
        (Preset.bool(true), "true"), (.bool(false), "false"), (.integer(0), "0"), (.integer(45), "45"),
        (.integer(-10), "-10"), (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"),
        (.text("AVERAGE"), "\"AVERAGE\""), (.text(""), "\"\""),
    ])
    func writesDefaultsAsJSON(preset: Preset, json: String) {
        #expect(String(cString: preset.json) == json)
    }

    @Test func describesBounds() {
        let both = Parameter.integer("a", "b", in: -1...3).descriptor
        #expect(both.minimum == -1 && both.maximum == 3)
        #expect(UInt32(both.flags) == PVE_PARAMETER_MINIMUM.rawValue | PVE_PARAMETER_MAXIMUM.rawValue)
        let least = Parameter.integer("a", "b", in: 0..., default: 7).required.descriptor
        #expect(UInt32(least.flags) == PVE_PARAMETER_MINIMUM.rawValue | PVE_PARAMETER_REQUIRED.rawValue)
        #expect(String(cString: least.default_json) == "7")
        #expect(UInt32(Parameter.number("a", "b", in: 0...1).descriptor.type) == PVE_TYPE_F64.rawValue)
    }

    @Test func describesTexts() {
        let raw = Parameter.string("a", "b", choices: ["x", "y"], maximumLength: 9, pattern: "^.$").secret.sent(as: "z")
            .descriptor
        #expect(raw.choice_count == 2)
        #expect(raw.choices[1].map { String(cString: $0) } == "y")
        #expect(raw.maximum_length == 9)
        #expect(String(cString: raw.pattern) == "^.$")
        #expect(String(cString: raw.api_name) == "z")
        #expect(UInt32(raw.flags) == PVE_PARAMETER_SECRET.rawValue)
        #expect(Parameter.string("a", "b").descriptor.choices == nil)
    }

    @Test(arguments: [
        (Parameter.wait, PVE_ROLE_WAIT, PVE_TYPE_I64), (.fields, PVE_ROLE_FIELDS, PVE_TYPE_UTF8_LIST),
        (.limit, PVE_ROLE_LIMIT, PVE_TYPE_I64), (.cursor, PVE_ROLE_CURSOR, PVE_TYPE_UTF8),
        (.options("o"), PVE_ROLE_OPTIONS, PVE_TYPE_OBJECT), (.bool("b", "c").local, PVE_ROLE_LOCAL, PVE_TYPE_BOOL),
        (.node, PVE_ROLE_ARGUMENT, PVE_TYPE_UTF8), (.integers("i", "j"), PVE_ROLE_ARGUMENT, PVE_TYPE_I64_LIST),
    ])
    func givesParametersTheirRoles(parameter: Parameter, role: pve_role, type: pve_type) {
        #expect(UInt32(parameter.descriptor.role) == role.rawValue)
        #expect(UInt32(parameter.descriptor.type) == type.rawValue)
    }

    @Test func looksGuestNodesUp() {
        #expect(UInt32(Parameter.guestNode.descriptor.flags) == PVE_PARAMETER_GUEST_NODE.rawValue)
        #expect(UInt32(Parameter.node.descriptor.flags) == PVE_PARAMETER_REQUIRED.rawValue)
        #expect(UInt32(Parameter.taskNode.descriptor.flags) == PVE_PARAMETER_TASK_NODE.rawValue)
        #expect(UInt32(Parameter.upid.descriptor.flags) == PVE_PARAMETER_REQUIRED.rawValue)
    }

    @Test func describesAnswers() throws {
        let answer = Answer.list("vms", [.integer("vmid").always, .integer("mem", .bytes), .string("level").onRequest])
        let raw = answer.descriptor
        #expect(String(cString: raw.name) == "vms")
        #expect(raw.shape == 2)
        #expect(raw.field_count == 3)
        let fields = try (0..<3).map { try #require(raw.fields[$0]).pointee }
        #expect(fields.map { UInt32($0.flags) } == [3, 1, 0])
        #expect(UInt32(fields[1].unit) == PVE_UNIT_BYTES.rawValue)
        #expect(Answer.nothing.descriptor.shape == 0)
        #expect(Answer.log("l").descriptor.shape == 4)
        #expect(Answer.series("p", []).descriptor.shape == 5)
        #expect(Answer.object([]).descriptor.fields == nil)
    }

    @Test(arguments: [Answer.nothing, .task, .log("l"), .object([]), .list("l", []), .series("p", [])])
    func notesWhatComesNext(answer: Answer) {
        #expect(answer.descriptor.note == nil)
        let noted = answer.noting("Apply it.").descriptor
        #expect(String(cString: noted.note) == "Apply it.")
        #expect(noted.shape == answer.descriptor.shape)
        #expect(Int(noted.struct_size) == MemoryLayout<pve_result>.size)
    }
}
