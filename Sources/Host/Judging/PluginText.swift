// A plugin's description for people.
// SPDX-License-Identifier: MIT

import PluginLoader

enum PluginText {
    /// Several lines: the plugin, then each tool with its parameters and requests.
    static func text(of plugin: Plugin) -> String {
        var lines = [
            "\(plugin.category) \(plugin.version): \(plugin.title)", plugin.summary,
            "ABI \(plugin.abiMajor).\(plugin.abiMinor), \(count(plugin.tools.count, "tool"))", plugin.file,
        ]
        for tool in plugin.tools { lines += [""] + self.lines(of: tool) }
        return lines.map { Shown.line($0) }.joined(separator: "\n")
    }

    private static func lines(of tool: Tool) -> [String] {
        let traits = [tool.tierName] + tool.annotationNames.filter { $0 != tool.tierName } + [tool.bodyKind]
        var lines = ["\(tool.name): \(tool.title) (\(traits.joined(separator: ", ")))", "  \(tool.description)"]
        for parameter in tool.parameters {
            lines.append("  \(pad(parameter.name, 16)) \(pad(type(of: parameter), 22)) \(parameter.description)")
        }
        for request in ToolRequest.all(of: tool) { lines.append("  \(request.text)") }
        return lines
    }

    private static func type(of parameter: Parameter) -> String {
        "\(parameter.type)" + (parameter.isRequired ? ", required" : "") + (parameter.isSecret ? ", secret" : "")
            + (parameter.defaultJSON.map { ", default \($0)" } ?? "")
    }
}
