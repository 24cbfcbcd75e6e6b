// The plugins of this repository, tested as authors elsewhere test theirs.
// SPDX-License-Identifier: MIT

import PluginTesting
import Testing

@Suite("A plugin under test")
struct PluginUnderTestTests {
    private func plugin(_ category: String) -> PluginUnderTest {
        PluginUnderTest(file: "\(PluginFile.folder)/libpve-\(category).so")
    }

    @Test(arguments: Categories.built)
    func everyCategoryIsTaken(category: String) {
        let plugin = plugin(category)
        #expect(plugin.refusals == [])
        #expect(!plugin.tools.isEmpty)
    }

    @Test func aRequestIsFilledInAndAnswered() throws {
        let plugin = plugin("nodes")
        try plugin.answer("GET /nodes/{node}/version", with: #"{"version":"9.2.3"}"#)
        let call = plugin.call("pve_get_node_version", #"{"node":"pve1"}"#)
        #expect(call.requests == ["GET /nodes/pve1/version"])
        #expect(call.member("version") == #""9.2.3""#)
        #expect(call.failure == nil)
    }

    @Test func codeSendsItsArgumentsAlong() throws {
        let plugin = plugin("tasks")
        try plugin.answer("GET /nodes/{node}/tasks", with: "[]")
        let call = plugin.call("pve_list_tasks", #"{"node":"pve1","vmid":100}"#)
        #expect(call.requests == [#"GET /nodes/pve1/tasks {"vmid":"100"}"#])
        #expect(call.reply == "[]")
    }

    @Test func whatProxmoxRefusesFailsTheCall() throws {
        let plugin = plugin("tasks")
        try plugin.refuse("GET /cluster/tasks", saying: "Permission check failed")
        #expect(plugin.call("pve_list_tasks").failure == "Permission check failed")
    }

    @Test func anAnswerThatIsNoJSONIsNotLaidOut() {
        #expect(throws: TestingFault.self) { try plugin("tasks").answer("GET /cluster/tasks", with: "[") }
    }
}
