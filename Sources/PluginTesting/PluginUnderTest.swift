// A plugin's file, opened in a test: its tools are called without MCP and without Proxmox VE.
// SPDX-License-Identifier: MIT

import Glibc
import JSON
import PluginABI
import PluginLoader

/// A plugin that is open, and the answers laid out for its requests.
///
/// ```swift
/// let plugin = PluginUnderTest(file: "/home/me/hello/libpve-hello.so")
/// try plugin.answer("GET /cluster/resources", with: #"[{"vmid":100,"status":"running"}]"#)
/// #expect(plugin.call("hello_guests").reply == #"{"running":1,"total":1}"#)
/// ```
/// It is opened and checked as the host does it. For one thread.
public final class PluginUnderTest {
    /// The tools that were taken, in the plugin's order.
    public let tools: [Tool]
    /// Why the plugin, or tools of it, were not taken, in the host's words.
    public let refusals: [String]
    /// Whether the client has given up each call before it begins.
    public var isCancelled = false

    private let book = LogBook()
    private var answers = LaidOutAnswers()

    /// Opens `file`, which is named `libpve-<category>.so`. Look at ``refusals`` before calling anything.
    public init(file: String) {
        let path = realpath(file, nil)
        defer { free(path) }
        let absolute = path.map { String(cString: $0) } ?? file
        guard path != nil, let category = PluginFileName.category(ofFile: absolute) else {
            tools = []
            let fault = path == nil ? String(cString: strerror(errno)) : "its name is not libpve-<category>.so"
            refusals = ["\(absolute): \(fault); name the plugin's file by its path"]
            return
        }
        switch PluginLoader.open(file: absolute, category: category, hostTable: book.table.pointer) {
        case .plugin(let plugin, let refused):
            tools = plugin.tools
            refusals = refused.map(\.message)
        case .refused(let refusal):
            tools = []
            refusals = [refusal.message]
        }
    }

    /// What the plugin wrote to the host's log: `warning: disk is full`.
    public var log: [String] { book.lines }

    /// Lays out the answer to `request`, `GET /nodes/{node}/status` or `GET /nodes/pve1/status`: what Proxmox VE has under `data`.
    public func answer(_ request: String, with json: String) throws(TestingFault) {
        try answers.lay(json, for: request)
    }

    /// Lays out that Proxmox VE says no to `request`, in these words.
    public func refuse(_ request: String, saying words: String) throws(TestingFault) {
        try answers.lay(refusal: words, for: request)
    }

    /// Calls a tool with a JSON object. Arguments must be known, and those required be there; their values are the test's to choose.
    public func call(_ name: String, _ arguments: String = "{}") -> CallRecord {
        guard let tool = tools.first(where: { $0.name == name }) else {
            let names = tools.map(\.name).joined(separator: ", ")
            return CallRecord(failure: "There is no tool \"\(name)\" in this plugin; there are: \(names)")
        }
        do {
            let arguments = try JSONDocument(arguments).root
            try check(arguments, tool)
            return try run(tool, arguments)
        } catch let fault as TestingFault {
            return CallRecord(failure: fault.message)
        } catch {
            return CallRecord(failure: "The arguments are not JSON: \(error)")
        }
    }

    private func check(_ arguments: JSONValue, _ tool: Tool) throws(TestingFault) {
        guard arguments.isObject else {
            throw TestingFault(message: "The arguments of \(tool.name) are not an object.")
        }
        for name in arguments.members.map(\.name) where !tool.parameters.contains(where: { $0.name == name }) {
            throw TestingFault(message: "\(tool.name) has no argument \"\(name)\".")
        }
        for parameter in tool.parameters where parameter.isRequired {
            guard let value = arguments[parameter.name], !value.isNull else {
                throw TestingFault(message: "\(tool.name) requires the argument \"\(parameter.name)\".")
            }
        }
    }

    private func run(_ tool: Tool, _ arguments: JSONValue) throws(TestingFault) -> CallRecord {
        switch tool.body {
        case .endpoint(let endpoint):
            return record(of: endpoint, tool, arguments)
        case .call(let body):
            let staged = StagedCall(tool, arguments, answers, declared: body.endpoints)
            staged.call.isCancelled = isCancelled
            body.run(book.table.pointer, staged.call.handle, body.context)
            return staged.record
        case .native(let native):
            guard let function = native.function else {
                throw TestingFault(message: "The function of \(tool.name) cannot be called here.")
            }
            let staged = StagedCall(tool, arguments, answers, declared: [])
            staged.call.isCancelled = isCancelled
            let values = try NativeValues.values(arguments, for: tool)
            let result = function.call(handle: native.takesCall ? staged.call.handle : nil, values)
            if staged.call.replies == 0 {
                (staged.call.reply, staged.call.failure) = NativeValues.record(result, of: tool)
            }
            return staged.record
        }
    }

    /// A tool without code: the request is recorded, and the answer is passed on as it is.
    private func record(of endpoint: Endpoint, _ tool: Tool, _ arguments: JSONValue) -> CallRecord {
        let request = RequestText(
            endpoint.method.verb, endpoint.path, arguments: arguments, sendsArguments: true, of: tool)
        var record = CallRecord()
        record.requests = [request.text]
        switch answers.answer(to: request.filled, request.declared) {
        case .json(let json): record.reply = json
        case .status(_, let words): record.failure = words
        }
        return record
    }
}

extension EndpointMethod {
    var verb: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        }
    }
}
