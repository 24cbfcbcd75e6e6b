// Parameters that are as they should be. Those that break a rule are in RuleTests.
// SPDX-License-Identifier: MIT

import Testing

@testable import PluginLoader

@Suite("Parameter descriptors")
struct ParameterTests {
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
