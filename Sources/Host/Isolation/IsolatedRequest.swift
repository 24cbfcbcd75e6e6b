// Requests and answers as they cross between the host and a plugin's process.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

extension Request {
    /// For the host, from the plugin's process.
    var isolationJSON: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("method", method.rawValue)
            writer.member("template", template)
            writer.member("path") { $0.object { for (name, value) in path { $0.member(name, value) } } }
            writer.member("parameters") { writer in
                writer.array { writer in
                    for parameter in parameters { writer.object { $0.isolated(parameter) } }
                }
            }
        }
        return writer.bytes
    }

    /// What a plugin's process asks for, when its tool declares that; the values are checked where every request is.
    init?(isolationJSON json: [UInt8], of tool: Tool) {
        guard let root = try? JSONDocument(json).root, let method = root["method"]?.string.flatMap(Method.init),
            let template = root["template"]?.string, let path = root["path"], path.isObject,
            tool.endpoints.contains(where: { $0.path == template && $0.method.verb == method })
        else { return nil }
        self.init(method, template)
        for member in path.members {
            guard let value = member.value.string else { return nil }
            self.path[member.name] = value
        }
        for element in root["parameters"]?.elements ?? JSONValue.noElements {
            guard let name = element["name"]?.string, let value = ParameterValue(isolated: element) else { return nil }
            parameters.append(Parameter(name, value))
        }
    }
}

extension JSONValue {
    fileprivate static var noElements: JSONValue.Elements { emptyObject.elements }
}

extension JSONWriter {
    fileprivate mutating func isolated(_ parameter: Request.Parameter) {
        member("name", parameter.name)
        switch parameter.value {
        case .bool(let bool): member("bool", bool)
        case .int(let int): member("int", int)
        case .double(let double): member("double", double)
        case .string(let string): member("string", string)
        case .list(let list): member("list") { $0.array { for text in list { $0.string(text) } } }
        }
    }
}

extension ParameterValue {
    fileprivate init?(isolated value: JSONValue) {
        if let bool = value["bool"]?.bool {
            self = .bool(bool)
        } else if let int = value["int"]?.int {
            self = .int(int)
        } else if let double = value["double"]?.double {
            self = .double(double)
        } else if let string = value["string"]?.string {
            self = .string(string)
        } else if let list = value["list"], list.isArray {
            self = .list(list.elements.compactMap(\.string))
        } else {
            return nil
        }
    }
}

/// What became of a request, for the plugin's process.
enum IsolatedAnswer {
    static func json(_ result: Result<Answer, Failure>) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            switch result {
            case .success(let answer):
                if let data = answer.data { writer.member("data", data) }
                if let total = answer.total { writer.member("total", total) }
            case .failure(.cancelled): writer.member("cancelled", true)
            case .failure(.refused(let message)): writer.member("refused", message)
            case .failure(let failure): writer.member("failed", failure.message)
            }
        }
        return writer.bytes
    }

    /// In the plugin's process, from the host, which it trusts.
    static func result(_ json: [UInt8], _ request: Request) -> Result<Answer, Failure> {
        guard let document = try? JSONDocument(json) else {
            return .failure(.badAnswer(request: request.template, why: "the host's answer is not JSON"))
        }
        if let message = document.root["refused"]?.string { return .failure(.refused(message)) }
        // The text is the whole message, as it is of this case.
        if let message = document.root["failed"]?.string { return .failure(.schema(message)) }
        if document.root["cancelled"] != nil {
            return .failure(.cancelled(request: "\(request.method.rawValue) \(request.template)", sent: false))
        }
        return .success(Answer(status: 200, reason: "", document: document))
    }
}
