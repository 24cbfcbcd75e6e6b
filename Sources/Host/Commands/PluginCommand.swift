// pve-mcp plugin new|check|list|describe: everything about one plugin.
// SPDX-License-Identifier: MIT

import Proxmox

enum PluginCommand {
    enum Subcommand: String, CaseIterable {
        case new, check, describe, list
    }

    /// Hands on to the subcommand that the first operand names.
    static func run(_ arguments: CommandLineArguments) throws(SettingError) -> Int32 {
        let names = Subcommand.allCases.map(\.rawValue).joined(separator: ", ")
        guard let word = arguments.operands.first else {
            throw SettingError("plugin takes one of \(names); see pve-mcp --help")
        }
        guard let subcommand = Subcommand(rawValue: word) else {
            throw SettingError("unknown command \"plugin \(word)\"; it is one of \(names); see pve-mcp --help")
        }
        let operands = Array(arguments.operands.dropFirst())
        let category = arguments.options["category"]
        switch subcommand {
        case .new:
            return try PluginNewCommand.run(
                operands, language: arguments.options["lang"], directory: arguments.options["directory"])
        case .check:
            return try PluginCheckCommand.run(
                operands, category: category, json: arguments.json, settings: try settings(arguments))
        case .describe:
            return try PluginDescribeCommand.run(
                operands, category: category, json: arguments.json, settings: try settings(arguments))
        case .list: return try PluginsCommand.run(try settings(arguments), json: arguments.json)
        }
    }

    private static func settings(_ arguments: CommandLineArguments) throws(SettingError) -> Settings {
        let settings = try Settings(source(arguments))
        Log.showsDebug.store(settings.debug, ordering: .relaxed)
        return settings
    }
}
