// The list of tasks, run from the built library.
// SPDX-License-Identifier: MIT

import PluginTesting
import PluginABI
import Testing

@Suite("Code of the category tasks")
struct TasksCodeTests {
    private func list(_ arguments: String, _ answer: String) throws -> FakeCall {
        try PluginFile("tasks").run("pve_list_tasks", arguments) { _ in .json(answer) }
    }

    private static let get = UInt8(PVE_METHOD_GET.rawValue)

    /// Oldest first, as no server promises an order.
    private static let recent = #"""
        [{"upid":"a","type":"qmstart","id":"100","user":"root@pam","starttime":100,"endtime":110,"status":"OK"},
        {"upid":"b","type":"vzdump","id":"101","user":"ada@pve","starttime":"200","endtime":210,"status":"WARNINGS: 2"},
        {"upid":"c","type":"qmstart","id":"101","user":"ada@pve","starttime":300,"endtime":310,"status":"it broke"},
        {"upid":"d","type":"vzdump","id":"","user":"root@pam","starttime":400,"endtime":410,"status":"unexpected status"},
        {"upid":"e","type":"vzdump","id":"","user":"root@pam","starttime":500}]
        """#

    @Test func asksANodeForItsHistory() throws {
        let call = try list(#"{"node":"pve1","vmid":100}"#, "[]")
        #expect(call.requests == [SentRequest(method: Self.get, path: "/nodes/{node}/tasks", withArguments: true)])
        #expect(call.reply == "[]")
    }

    @Test func asksANodeForNoMoreThanIsShown() throws {
        let call = try list(#"{"node":"pve1","limit":5}"#, "[]")
        #expect(
            call.requests == [
                SentRequest(
                    method: Self.get, path: "/nodes/{node}/tasks", parameters: ["limit": "5"], withArguments: true)
            ])
    }

    @Test(arguments: [
        ("{}", "edcba"), (#"{"start":2}"#, "cba"), (#"{"start":9}"#, ""), (#"{"vmid":101}"#, "cb"),
        (#"{"typefilter":"vzdump"}"#, "edb"), (#"{"typefilter":"vz"}"#, ""), (#"{"userfilter":"ada"}"#, "cb"),
        (#"{"userfilter":"nobody@nowhere.example.org"}"#, ""), (#"{"errors":true}"#, "dcb"),
        (#"{"errors":false}"#, "edcba"),
        (#"{"source":"active"}"#, "e"), (#"{"source":"archive"}"#, "dcba"), (#"{"source":"all"}"#, "edcba"),
        (#"{"since":200,"until":300}"#, "cb"), (#"{"statusfilter":"ok"}"#, "a"),
        (#"{"statusfilter":"warning,error"}"#, "cb"),
        (#"{"statusfilter":"unknown","source":"archive"}"#, "d"), (#"{"vmid":101,"errors":true,"since":250}"#, "c"),
    ])
    func choosesFromTheRecentOnesOfTheCluster(arguments: String, upids: String) throws {
        let call = try list(arguments, Self.recent)
        #expect(call.requests == [SentRequest(method: Self.get, path: "/cluster/tasks")])
        let found = try #require(call.reply).split(separator: #""upid":""#).dropFirst().compactMap(\.first)
        #expect(String(found) == upids)
    }
}
