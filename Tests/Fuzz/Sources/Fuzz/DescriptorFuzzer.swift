// Any bytes as a plugin's descriptor: checked as a stranger's is, and, where it passes, shown to clients.
// SPDX-License-Identifier: MIT

import JSON
import PluginABI

@testable import Host
@testable import PluginLoader

enum DescriptorFuzzer: FuzzTarget {
    static func take(_ bytes: UnsafeRawBufferPointer) {
        let maker = DescriptorMaker(bytes)
        let plugin = maker.plugin()
        let features = UInt64(maker.byte() & 7)
        do throws(RefusalReason) {
            try DescriptorCheck.head(plugin)
            try DescriptorCheck.texts(plugin, "fuzz")
            for (index, pointer) in try DescriptorCheck.tools(plugin, features: features).enumerated() {
                if let pointer { take(pointer, index, features) }
            }
        } catch {
            let refusal = Refusal(file: "/fuzz", category: "fuzz", reason: error)
            require(refusal.message.utf8.count < 8192, "a message without end")
        }
    }

    private static func take(_ pointer: UnsafePointer<pve_tool>, _ index: Int, _ features: UInt64) {
        do throws(ToolFault) {
            try ToolCheck(pointer, features: features).check()
        } catch {
            let label = ToolCheck.label(pointer, index)
            require(
                Refusal(file: "/fuzz", category: "fuzz", reason: .tool(label, error)).message.utf8.count < 8192, "long")
            return
        }
        let tool = Tool(pointer: pointer)
        check(tool.inputSchema(), of: tool)
        if let schema = tool.outputSchema() { check(schema, of: tool) }
        _ = Registry.understatement(tool)
        for parameter in tool.parameters { _ = (parameter.apiName, parameter.isSecret, parameter.role) }
        switch tool.body {
        case .endpoint(let endpoint): _ = Host.PathTemplate.names(in: endpoint.path)
        case .call(let call): for endpoint in call.endpoints { _ = Host.PathTemplate.names(in: endpoint.path) }
        case .native: break
        }
    }

    /// A schema goes to clients as it is: one line of JSON.
    private static func check(_ schema: [UInt8], of tool: Tool) {
        require(!schema.contains(0x0A) && !schema.contains(0x0D), "\(tool.name) has a schema of several lines")
        guard let root = try? JSONDocument(schema).root else {
            return require(
                false, "\(tool.name) has a schema that is no JSON: \(String(decoding: schema, as: UTF8.self))")
        }
        require(root["type"]?.string == "object", "\(tool.name) has a schema of something else")
    }
}
