// A call of a tool's code: its requests are held against what the tool declares, its reply against its shape.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI
import PluginLoader

/// A ``FakeCall`` that behaves as one of a host does.
final class StagedCall {
    let call: FakeCall
    private let tool: Tool
    private let requests: Requests

    /// What the answers are looked up by, collected while the call runs.
    private final class Requests {
        var texts: [String] = []
    }

    init(_ tool: Tool, _ arguments: JSONValue, _ answers: LaidOutAnswers, declared: [Endpoint]) {
        let requests = Requests()
        call = FakeCall(arguments) { sent in
            let verb = EndpointMethod(rawValue: sent.method)?.verb ?? "?"
            let request = RequestText(
                verb, sent.path, given: sent.parameters, arguments: arguments, sendsArguments: sent.withArguments,
                of: tool)
            requests.texts.append(request.text)
            guard declared.contains(where: { $0.method.rawValue == sent.method && $0.path == sent.path }) else {
                return .status(
                    Int32(PVE_REFUSED.rawValue),
                    "\(tool.name) does not declare the request \(request.declared); add it to the endpoints of its body."
                )
            }
            return answers.answer(to: request.filled, request.declared)
        }
        call.admits = { (tool.result?.shape ?? .none).admits($0) }
        self.tool = tool
        self.requests = requests
    }

    /// What came of it, once the code has returned.
    var record: CallRecord {
        var record = CallRecord()
        record.requests = requests.texts
        record.progress = call.progress
        if call.reply == nil, call.failure == nil {
            let shape = "\(tool.result?.shape ?? .none)"
            record.failure =
                call.rejected.map { "The reply of \(tool.name) is not JSON of its shape (\(shape)): \($0)" }
                ?? "\(tool.name) gave no reply."
        } else {
            record.reply = call.reply
            record.failure = call.failure
        }
        return record
    }
}

extension Shape {
    /// Whether code may reply with `value`.
    fileprivate func admits(_ value: JSONValue) -> Bool {
        switch self {
        case .none: true
        case .object: value.isObject
        case .list, .series, .log: value.isArray
        case .task: value.isNull || value.kind == .string
        }
    }
}
