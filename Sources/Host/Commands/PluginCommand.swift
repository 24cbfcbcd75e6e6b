// pve-mcp plugin new|check|list|describe: everything about one plugin.
// SPDX-License-Identifier: MIT

import Proxmox

enum PluginCommand {
    enum Subcommand: String, CaseIterable {
        case list
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
        switch subcommand {
        case .list: return try PluginsCommand.run(try Settings(source(arguments)), json: arguments.json)
        }
    }
}
