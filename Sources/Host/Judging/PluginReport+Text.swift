// A report for people.
// SPDX-License-Identifier: MIT

import PluginLoader

extension PluginReport {
    /// Several lines; the last is the verdict.
    var text: String {
        var lines = fileLines
        if let facts { lines += PluginReport.libraryLines(facts) }
        if let plugin { lines += pluginLines(plugin) }
        if !lastWords.isEmpty { lines.append(row("stderr", lastWords)) }
        for severity in Finding.Severity.allCases.reversed() {
            for finding in findings where finding.severity == severity {
                lines.append(row(severity.rawValue, finding.message))
            }
        }
        lines.append(summary)
        return lines.map { Shown.line($0) }.joined(separator: "\n")
    }

    private var fileLines: [String] {
        var lines = [row("file", path)]
        guard let stamp else { return lines }
        let mode = String(stamp.mode, radix: 8)
        lines.append(row("", "\(stamp.size) bytes, owner \(stamp.owner), mode \(mode)"))
        if let sha256 { lines.append(row("", "SHA-256 \(sha256)")) }
        return lines
    }

    private static func libraryLines(_ facts: ELFFacts) -> [String] {
        var lines = [
            row("library", "needs \(facts.needed.isEmpty ? "nothing" : facts.needed.joined(separator: ", "))"),
            row(
                "",
                "exports \(facts.exportCount), imports \(facts.importCount), "
                    + count(facts.constructors, "constructor") + ", RELRO \(facts.relro.rawValue), "
                    + (facts.bindsNow ? "binds now" : "binds late")),
        ]
        if let soname = facts.soname { lines.append(row("", "soname \(soname)")) }
        return lines
    }

    private func pluginLines(_ plugin: Plugin) -> [String] {
        let needs = plugin.bodyKinds.joined(separator: " and ")
        var lines = [
            row("plugin", "\(plugin.category) \(plugin.version): \(plugin.title)"),
            row("", plugin.summary),
            row(
                "",
                "ABI \(plugin.abiMajor).\(plugin.abiMinor), needs \(needs) bodies, \(count(plugin.tools.count, "tool"))"
            ),
        ]
        for tool in plugin.tools { lines += PluginReport.toolLines(tool) }
        return lines
    }

    private static func toolLines(_ tool: Tool) -> [String] {
        let traits = [tool.tierName] + tool.annotationNames.filter { $0 != "read-only" || tool.tierName != $0 }
        var lines = [
            row(
                "tool",
                "\(tool.name) (\(traits.joined(separator: ", "))): \(tool.bodyKind), "
                    + count(tool.parameters.count, "parameter"))
        ]
        for request in ToolRequest.all(of: tool) {
            lines.append(
                row("", "  \(request.text): \(request.tier.name)" + (request.isDestructive ? ", destructive" : "")))
            for raiser in request.raisers {
                lines.append(
                    row(
                        "",
                        "    with \(raiser.parameter): \(raiser.tier.name)"
                            + (raiser.isDestructive ? ", destructive" : "")))
            }
        }
        return lines
    }
}

/// A name in front of what it stands for.
private func row(_ name: String, _ text: String) -> String { "\(pad(name, 9))\(text)" }
