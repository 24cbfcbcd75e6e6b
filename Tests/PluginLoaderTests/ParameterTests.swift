// Parameters that break one rule of the contract, each with its message.
// SPDX-License-Identifier: MIT

import Testing

@testable import PluginLoader

@Suite("Parameter descriptors")
struct ParameterTests {
    private static func extra(_ change: String, _ message: String, _ label: String = "extra") -> Breakage {
        Breakage("EXTRA", change, "parameter \"\(label)\" \(message)")
    }

    @Test(arguments: [
        extra(
            ".struct_size=40", "has a struct_size of 40, wanted at least 80; set it to sizeof(pve_parameter)", "#2"),
        extra(".name=0", "has a name that is NULL; give it a text", "#2"),
        extra(".name=\"a[b]\"", "has a name that is \"a[b]\"; use letters, digits, _, . and - only", "a[b]"),
        extra(".description=0", "has a description that is NULL; give it a text"),
        extra(".description=\"\"", "has a description that is empty; give it a text"),
        extra(".description=\"\\xc3(\"", "has a description that is not UTF-8; save the source as UTF-8"),
        extra(".api_name=\"\"", "has an api_name that is empty; give it a text"),
        extra(".pattern=\"\\xff\"", "has a pattern that is not UTF-8; save the source as UTF-8"),
        extra(".type=0", "has type 0; use one of pve_type from 1 to 8 or from 16 to 19"),
        extra(".type=PVE_TYPE_STATUS", "has type 33; use one of pve_type from 1 to 8 or from 16 to 19"),
        extra(".role=7", "has role 7, unknown in this ABI; use a newer pve-mcp"),
        extra(".role=PVE_ROLE_OPTIONS", "has the role options, which takes type object; change one of them"),
        extra(
            ".role=PVE_ROLE_WAIT, .type=PVE_TYPE_UTF8",
            "has the role wait, which takes type i32, u32, i64 or u64; change one of them"),
        extra(".role=PVE_ROLE_FIELDS", "has the role fields, which takes type utf8List; change one of them"),
        extra(".role=PVE_ROLE_CURSOR", "has the role cursor, which takes type utf8; change one of them"),
        extra(
            ".role=PVE_ROLE_LOCAL",
            "has the role local, but an endpoint body has no code to read it; use the role argument"),
        extra(".minimum=10", "has bounds that are not numbers, or a minimum above its maximum; correct them"),
        extra(
            ".minimum=__builtin_nan(\"\")",
            "has bounds that are not numbers, or a minimum above its maximum; correct them"),
        extra(".default_json=\"five\"", "has the default five, which is not JSON of type i64; correct it"),
        extra(".default_json=\"\\\"5\\\"\"", "has the default \"5\", which is not JSON of type i64; correct it"),
        extra(".choice_count=2", "has NULL or text that is not UTF-8 among its 2 choices; correct the list"),
        extra(
            ".choice_count=2, .choices=choices_with_null",
            "has NULL or text that is not UTF-8 among its 2 choices; correct the list"),
        extra(".name=\"node\", .api_name=\"x\"", "is there twice; rename one of the two", "node"),
        extra(".api_name=\"node\"", "is the second that is sent as \"node\"; change its api_name"),
        Breakage("NODE", ".flags=0", "parameter \"node\" is part of the path and may be left out; mark it required"),
        Breakage(
            "NODE", ".type=PVE_TYPE_UTF8_LIST",
            "parameter \"node\" is part of the path; give it a type that is one value"),
        Breakage(
            "NODE", ".flags=PVE_PARAMETER_GUEST_NODE",
            "parameter \"node\" is a guest's node, but there is no required vmid beside it; add it"),
        Breakage(
            ["NODE": ".flags=PVE_PARAMETER_GUEST_NODE,.type=PVE_TYPE_I64"],
            "parameter \"node\" has the role guest node, which takes type utf8; change one of them"),
        Breakage(
            "NODE", ".flags=PVE_PARAMETER_TASK_NODE",
            "parameter \"node\" is a task's node, but there is no required upid beside it; add it"),
        Breakage(
            ["NODE": ".flags=PVE_PARAMETER_TASK_NODE", "EXTRA": ".name=\"upid\""],
            "parameter \"node\" is a task's node, but there is no required upid beside it; add it"),
        Breakage(
            ["NODE": ".flags=PVE_PARAMETER_TASK_NODE,.type=PVE_TYPE_I64"],
            "parameter \"node\" has the role task node, which takes type utf8; change one of them"),
        Breakage(
            [
                "NODE": ".role=PVE_ROLE_LIMIT,.type=PVE_TYPE_U32", "EXTRA": ".role=PVE_ROLE_LIMIT",
                "ENDPOINT": ".path=\"/nodes\"",
            ],
            "parameter \"extra\" is the second with the role limit; a tool has at most one"),
        Breakage(
            "TOOL", ".parameters=0",
            "its parameters has NULL in it, or none for a count of 2, or more than 256; correct the list or the count"),
        Breakage(
            "PARAMETERS", "&node, 0",
            "its parameters has NULL in it, or none for a count of 2, or more than 256; correct the list or the count"),
        Breakage(
            "TOOL", ".parameter_count=1000000000",
            "its parameters has NULL in it, or none for a count of 1000000000, or more than 256; correct the list or the count"
        ),
    ])
    func refusesAToolForItsParameters(_ breakage: Breakage) throws {
        let workshop = try Workshop()
        let file = try workshop.fixture("bad", breakage.defines)
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == ["\(file): tool \"bad_get\" refused: \(breakage.message)"])
        #expect(inventory.plugins.map { $0.tools.map(\.name) } == [["sound_pve_plugin_bad"]])
    }

    @Test func admitsAGuestsNodeBesideAVMID() throws {
        let workshop = try Workshop()
        try workshop.fixture(
            "guest",
            [
                "NODE": ".flags=PVE_PARAMETER_GUEST_NODE", "EXTRA": ".name=\"vmid\",.flags=PVE_PARAMETER_REQUIRED",
                "ENDPOINT": ".path=\"/nodes/{node}/qemu/{vmid}\"",
            ])
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == [])
        let parameters = try #require(inventory.plugins.first?.tools.first?.parameters)
        #expect(parameters.map(\.isGuestNode) == [true, false])
        #expect(parameters.map(\.isRequired) == [false, true])
    }

    @Test func admitsATasksNodeBesideAUPID() throws {
        let workshop = try Workshop()
        try workshop.fixture(
            "task",
            [
                "NODE": ".flags=PVE_PARAMETER_TASK_NODE",
                "EXTRA": ".name=\"upid\",.type=PVE_TYPE_UTF8,.flags=PVE_PARAMETER_REQUIRED,.default_json=0",
                "ENDPOINT": ".path=\"/nodes/{node}/tasks/{upid}/status\"",
            ])
        let inventory = try workshop.load()
        #expect(inventory.refusals.map(\.message) == [])
        let parameters = try #require(inventory.plugins.first?.tools.first?.parameters)
        #expect(parameters.map(\.isTaskNode) == [true, false])
        #expect(parameters.map(\.isGuestNode) == [false, false])
    }

    @Test(arguments: [
        (ParameterType.bool, ["true", "false"], ["1", "\"true\"", "null", "tru", "true false"]),
        (.i64, ["0", "-5", "12"], ["1.5", "01", "1e3", "\"1\"", "", "-", "+1"]),
        (.f64, ["0", "-0.5", "1e-3", "1E+3"], ["1.", ".5", "1e", "NaN"]),
        (.utf8, [#""""#, #""a\u00e9\n\"""#], [#"""#, #""\x""#, "\"a\u{1}\"", #""\u12g4""#, "a", "1"]),
        (.utf8List, ["[]", #"["a"]"#, #"[ "a" , "b" ]"#], [#"["a",]"#, "[1]", #"["a""#, "[,]", #""a""#]),
        (.i64List, ["[]", "[1,2]"], ["[1.5]", "[\"1\"]", "[1 2]"]),
        (.object, ["{}", #"{"a":[{"b":null}],"c":1}"#], ["[]", #"{"a"}"#, #"{"a":}"#, "{a:1}", #"{"a":1,}"#]),
        (.json, ["null", "[1,\"a\",{}]"], [String(repeating: "[", count: 100), "nul", ""]),
    ])
    func knowsJSONOfEachType(_ type: ParameterType, _ good: [String], _ bad: [String]) {
        func isJSON(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBufferPointer { DefaultValue.isJSON($0, of: type) }
        }
        for text in good { #expect(isJSON(text), "\(text)") }
        for text in bad { #expect(!isJSON(text), "\(text)") }
    }
}
