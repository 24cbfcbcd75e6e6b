// What was typed: a command, flags, and nothing that is not known.
// SPDX-License-Identifier: MIT

import Proxmox

/// The parsed command line.
struct CommandLineArguments: Equatable {
    enum Command: String, CaseIterable {
        case serve, plugins, plugin, tools, check, settings, approve
        case probePlugin = "probe-plugin"
        case pluginHost = "plugin-host"
        case help, version
    }

    var command = Command.serve
    /// Values of settings' flags by flag name.
    var flags: [String: String] = [:]
    var envFile: String?
    var demo = false
    var strict = false
    var json = false
    /// Approve without asking.
    var yes = false
    /// Set by the host for its own children: they do not outlive it.
    var endsWithParent = false
    /// What follows `plugin`, `probe-plugin` or `approve`.
    var operands: [String] = []
    /// Values of the flags that only subcommands of `plugin` take.
    var options: [String: String] = [:]

    /// Parses the words after the program's name.
    init(_ words: [String]) throws(SettingError) {
        var rest = words[...]
        var named = false
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                if CommandLineArguments.takesOperands.contains(command) {
                    operands.append(word)
                    continue
                }
                guard !named, let command = Command(rawValue: word) else {
                    throw SettingError(
                        "unknown command \"\(word)\"; commands are \(CommandLineArguments.commandNames); "
                            + "see pve-mcp --help")
                }
                self.command = command
                named = true
                continue
            }
            try flag(word, &rest)
        }
    }

    /// What somebody may type as a command.
    private static let commandNames = Command.allCases.filter { $0 != .probePlugin && $0 != .pluginHost }.map(
        \.rawValue
    )
    .joined(separator: ", ")
    private static let takesOperands: Set<Command> = [.plugin, .probePlugin, .pluginHost, .approve]
    private static let pluginOptions: Set<String> = ["lang", "directory", "category"]
    private static let lonelyFlags = Set(SettingDefinition.all.filter(\.mayStandAlone).compactMap(\.flag))

    private mutating func flag(_ word: String, _ rest: inout ArraySlice<String>) throws(SettingError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = String(parts[0].drop { $0 == "-" })
        let switches = ["h", "help", "V", "version", "demo", "strict", "json", "yes", "ends-with-parent"]
        if parts.count == 2, switches.contains(name) { throw SettingError("--\(name) takes no value") }
        switch name {
        case "h", "help": command = .help
        case "V", "version": command = .version
        case "demo": demo = true
        case "strict": strict = true
        case "json": json = true
        case "yes": yes = true
        case "ends-with-parent": endsWithParent = true
        case _ where parts.count == 1 && CommandLineArguments.lonelyFlags.contains(name): flags[name] = "true"
        case "env-file": envFile = try value(name, parts, &rest)
        case _ where command == .plugin && CommandLineArguments.pluginOptions.contains(name):
            options[name] = try value(name, parts, &rest)
        case "plugin-dir":
            let directory = try value(name, parts, &rest)
            flags[name] = flags[name].map { $0 + ":" + directory } ?? directory
        default:
            guard CommandLineArguments.settingFlags.contains(name) else {
                if SettingDefinition.all.contains(where: { $0.flag == nil && flagged($0) == name }) {
                    throw SettingError(
                        "--\(name) would show the secret in the process list; use the environment or --\(name)-file FILE"
                    )
                }
                throw SettingError("unknown option --\(name); see pve-mcp --help")
            }
            flags[name] = try value(name, parts, &rest)
        }
    }

    private func flagged(_ definition: SettingDefinition) -> String {
        String(secretFileFlag(definition).dropLast("-file".count))
    }

    private func value(
        _ name: String, _ parts: [String], _ rest: inout ArraySlice<String>
    ) throws(SettingError) -> String {
        if parts.count == 2 { return parts[1] }
        guard let value = rest.popFirst() else { throw SettingError("--\(name) needs a value; see pve-mcp --help") }
        return value
    }

    private static let settingFlags: Set<String> = {
        var names = Set(SettingDefinition.all.compactMap(\.flag))
        for definition in SettingDefinition.all where definition.mayComeFromFile {
            names.insert(secretFileFlag(definition))
        }
        return names
    }()
}
