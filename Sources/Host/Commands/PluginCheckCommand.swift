// pve-mcp plugin check FILE: would the host load it, and what should somebody know first?
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader
import Proxmox

enum PluginCheckCommand {
    /// Prints a report. 0 when the file would be loaded, 1 with warnings, 4 when it would be refused.
    static func run(
        _ operands: [String], category: String?, json: Bool, settings: Settings
    ) throws(SettingError) -> Int32 {
        guard operands.count == 1, let file = operands.first else {
            throw SettingError(
                "plugin check takes one file; usage: pve-mcp plugin check FILE [--category NAME] [--json]")
        }
        let judge = PluginJudge(
            probe: PluginProbe(executable: Environment.executable), standard: PluginPlaces.loadStandard(settings))
        let path = absolutePath(file)
        guard access(path, F_OK) == 0 || errno != ENOENT else {
            throw SettingError("\(path): there is no such file; name the plugin's file by its path")
        }
        let report = judge.report(on: path, category: category)
        print(json ? report.json : report.text)
        return report.status
    }
}

/// A path from where the command was typed.
func absolutePath(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let directory = getcwd(nil, 0) else { return path }
    defer { free(directory) }
    let base = String(cString: directory)
    return base == "/" ? "/\(path)" : "\(base)/\(path)"
}
