// The program: reads what was asked for and does it.
// SPDX-License-Identifier: MIT

import Glibc
import Proxmox

/// Runs pve-mcp with the process's arguments and environment; never returns.
public func hostMain() -> Never {
    StandardStreams.ensureOpen()
    do {
        let arguments = try CommandLineArguments(Array(Swift.CommandLine.arguments.dropFirst()))
        exit(try run(arguments))
    } catch {
        Log.error(error.message)
        exit(2)
    }
}

private func run(_ arguments: CommandLineArguments) throws(SettingError) -> Int32 {
    switch arguments.command {
    case .help:
        print(HelpCommand.text, terminator: "")
        return 0
    case .version:
        print("pve-mcp \(Version.text)")
        return 0
    case .settings:
        print(SettingsCommand.json)
        return 0
    case .approve:
        return ApproveCommand.run(arguments.operands, yes: arguments.yes)
    case .probePlugin:
        return ProbeCommand.run(arguments.operands)
    case .pluginHost:
        return PluginHostCommand.run(arguments.operands)
    case .plugins:
        let settings = try Settings(source(arguments))
        Log.showsDebug.store(settings.debug, ordering: .relaxed)
        return try PluginsCommand.run(settings, json: arguments.json)
    case .plugin:
        return try PluginCommand.run(arguments)
    case .tools:
        return try ToolsCommand.run(try Settings(source(arguments)), json: arguments.json)
    case .check:
        let source = try source(arguments)
        let connection = try Settings.connection(source)
        Secrets.hide()
        return CheckCommand.run(connection, arguments)
    case .serve:
        return try ServeCommand.run(arguments)
    }
}

/// The settings' texts of this process: flags, environment, and the env file if one is named.
func source(_ arguments: CommandLineArguments) throws(SettingError) -> SettingSource {
    var file: (String, [String: String])?
    if let path = arguments.envFile {
        let read = try EnvFile(path: path)
        file = (read.path, read.values)
    }
    return SettingSource(flags: arguments.flags, environment: Environment.values, file: file)
}

enum Environment {
    /// The process's environment.
    static var values: [String: String] {
        var values: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                values[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
            }
            pointer += 1
        }
        return values
    }

    /// The absolute path of this program.
    static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The directory of this program.
    static var executableDirectory: String {
        let path = executable
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return String(path[..<slash])
    }
}
