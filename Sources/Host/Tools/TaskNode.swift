// The node of a task, which its UPID names.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// Tools that are about a task have a parameter for its node that callers may leave out.
enum TaskNode {
    /// How a UPID is put together, for messages.
    static let form = "UPID:node:pid:pstart:starttime:type:id:user@realm: (with the colon at its end)"

    /// The arguments with the task's node in its place, when the tool has one and the caller gave none. Others as they are.
    static func filled(in arguments: JSONValue, for tool: Tool) -> JSONValue {
        guard let parameters = parameters(of: tool), arguments[parameters.node.name]?.isNull ?? true,
            let upid = arguments[parameters.upid.name]?.string.flatMap(UPID.init)
        else { return arguments }
        let name = parameters.node.name
        var writer = JSONWriter()
        writer.object { writer in
            for member in arguments.members where !member.hasName(name) {
                member.withRawName { writer.rawName($0) }
                writer.value(member.value)
            }
            writer.member(name, upid.node)
        }
        do { return try JSONDocument(writer.bytes).root } catch { return arguments }
    }

    /// What is wrong with the UPID, or the node beside it; nil when they agree.
    static func fault(of arguments: JSONValue?, for tool: Tool) -> String? {
        guard let parameters = parameters(of: tool), let text = arguments?[parameters.upid.name]?.string else {
            return nil
        }
        guard let upid = UPID(text) else {
            return "argument \(quoted(parameters.upid.name)) takes the UPID of a task, whole and as it was returned: "
                + "\(form); got \(quoted(shortened(text, 120)))"
        }
        guard let given = arguments?[parameters.node.name]?.string, given != upid.node else { return nil }
        return "argument \(quoted(parameters.node.name)) is \(quoted(shortened(given, 64))), but the task of this UPID "
            + "is on node \(quoted(upid.node)); leave \(parameters.node.name) out"
    }

    private static func parameters(of tool: Tool) -> (node: Parameter, upid: Parameter)? {
        guard let node = tool.parameters.first(where: \.isTaskNode),
            let upid = tool.parameters.first(where: { $0.apiName == "upid" })
        else { return nil }
        return (node, upid)
    }
}
