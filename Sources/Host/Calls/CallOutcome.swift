// Where a call's progress and its one result go.
// SPDX-License-Identifier: MIT

import JSON
import MCP
import PluginLoader
import Proxmox

/// The way back to the client for one call. On the loop's thread; the first result counts, the rest is dropped.
final class CallOutcome {
    private let key: CallKey
    private unowned let server: Server
    private var isDone = false

    init(_ key: CallKey, server: Server) {
        self.key = key
        self.server = server
    }

    func progress(_ progress: Double, total: Double?, _ message: String?) {
        if !isDone { server.report(key, progress, total: total, message) }
    }

    /// Ends the call with an error that the model reads.
    func fail(_ message: String) {
        finish(ToolResult(.text(message), isError: true))
    }

    /// Asks the person behind the client while the call goes on. False when that cannot be done.
    func ask(_ question: Question, then: @escaping (QuestionAnswer) -> Void) -> Bool {
        !isDone && server.ask(key, question, then: then)
    }

    /// Ends the request with a question; the client repeats the call with the answer. False when that cannot be done.
    func requireInput(_ question: Question, state: String) -> Bool {
        guard !isDone, server.requireInput(key, question, state: state) else { return false }
        isDone = true
        return true
    }

    /// Ends the call with an object, as JSON text.
    func succeed(_ json: [UInt8]) {
        finish(ToolResult(.structured(json)))
    }

    /// Ends the call with Proxmox's data, as the tool's result description says.
    func render(_ data: JSONValue?, total: Int?, _ tool: Tool, _ directions: CallDirections) {
        do throws(ViewError) {
            succeed(try ResultView.render(data, total: total, tool.result, directions, as: tool.answerShape))
        } catch {
            fail(error.message)
        }
    }

    /// Ends the call with a list whose entries a plugin chose.
    func render(entries: [JSONValue], _ tool: Tool, _ directions: CallDirections) {
        do throws(ViewError) {
            succeed(try ResultView.render(entries: entries, tool.result, directions))
        } catch {
            fail(error.message)
        }
    }

    private func finish(_ result: ToolResult) {
        if isDone { return }
        isDone = true
        server.finish(key, result)
    }
}
