// A report for other programs.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader

extension PluginReport {
    /// One object: `file`, `library`, `plugin` (the last two null when they are not known), `findings`, `verdict`.
    var json: String {
        var writer = JSONWriter(reserving: 4096)
        writer.object { writer in
            writer.member("file") { $0.object { file(&$0) } }
            writer.member("library") { writer in
                if let facts { writer.object { $0.members(of: facts) } } else { writer.null() }
            }
            writer.member("plugin") { writer in
                if let plugin { writer.object { $0.members(of: plugin) } } else { writer.null() }
            }
            writer.member("last_words", lastWords)
            writer.member("findings") {
                $0.array { array in
                    for finding in findings {
                        array.object {
                            $0.member("severity", finding.severity.rawValue)
                            $0.member("subject", finding.subject.rawValue)
                            $0.member("message", finding.message)
                        }
                    }
                }
            }
            writer.member("verdict", verdict == .note ? "passed" : verdict.rawValue)
            writer.member("summary", summary)
        }
        return writer.text
    }

    private func file(_ writer: inout JSONWriter) {
        writer.member("path", path)
        writer.member("category") { writer in
            if let category { writer.string(category) } else { writer.null() }
        }
        guard let stamp else { return }
        writer.member("size", stamp.size)
        writer.member("owner", Int(stamp.owner))
        writer.member("mode", String(stamp.mode, radix: 8))
        writer.member("mtime_ns", stamp.modified)
        writer.member("sha256") { writer in
            if let sha256 { writer.string(sha256) } else { writer.null() }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of facts: ELFFacts) {
        member("soname") { writer in
            if let soname = facts.soname { writer.string(soname) } else { writer.null() }
        }
        member("needed") { $0.array { for name in facts.needed { $0.string(name) } } }
        if let rpath = facts.rpath { member("rpath", rpath) }
        if let runpath = facts.runpath { member("runpath", runpath) }
        member("exports") {
            $0.array {
                for symbol in facts.exports {
                    $0.object {
                        $0.member("name", symbol.name)
                        $0.member("kind", symbol.kind.rawValue)
                        $0.member("weak", symbol.isWeak)
                    }
                }
            }
        }
        member("export_count", facts.exportCount)
        member("import_count", facts.importCount)
        member("telling_imports") {
            $0.object {
                for telling in TellingImport.allCases {
                    let names = telling.found(in: facts)
                    if names.isEmpty { continue }
                    $0.member(telling.rawValue) { $0.array { for name in names { $0.string(name) } } }
                }
            }
        }
        member("constructors", facts.constructors)
        member("executable_stack", facts.hasExecutableStack)
        member("text_relocations", facts.hasTextRelocations)
        member("relro", facts.relro.rawValue)
        member("bind_now", facts.bindsNow)
    }

    fileprivate mutating func members(of plugin: Plugin) {
        member("category", plugin.category)
        member("version", plugin.version)
        member("title", plugin.title)
        member("summary", plugin.summary)
        member("abi", "\(plugin.abiMajor).\(plugin.abiMinor)")
        member("bodies") { $0.array { for kind in plugin.bodyKinds { $0.string(kind) } } }
        member("tools") {
            $0.array { for tool in plugin.tools { $0.object { $0.members(of: tool) } } }
        }
    }

    private mutating func members(of tool: Tool) {
        member("name", tool.name)
        member("title", tool.title)
        member("tier", tool.tierName)
        member("annotations") { $0.array { for name in tool.annotationNames { $0.string(name) } } }
        member("body", tool.bodyKind)
        member("parameters", tool.parameters.count)
        member("requests") {
            $0.array { for request in ToolRequest.all(of: tool) { $0.object { $0.members(of: request) } } }
        }
    }

    private mutating func members(of request: ToolRequest) {
        member("method", request.method)
        member("path", request.path)
        member("tier", request.tier.name)
        member("destructive", request.isDestructive)
        member("known", !request.isUnknown)
        member("raised_by") {
            $0.array {
                for raiser in request.raisers {
                    $0.object {
                        $0.member("parameter", raiser.parameter)
                        $0.member("tier", raiser.tier.name)
                        $0.member("destructive", raiser.isDestructive)
                    }
                }
            }
        }
    }
}
