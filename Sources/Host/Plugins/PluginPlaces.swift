// Where this installation's plugins are.
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader
import Proxmox

enum PluginPlaces {
    /// The directories to search, in order: beside the binary in a build tree, the system's, the user's, named ones.
    static func directories(_ settings: Settings) -> [PluginDirectory] {
        var directories: [PluginDirectory] = []
        let own = Environment.executableDirectory
        if own.hasSuffix("/bin") {
            let prefix = own.dropLast("/bin".count)
            directories.append(PluginDirectory(path: "\(prefix)/lib/pve-mcp/plugins", isFirstParty: true))
        } else {
            directories.append(PluginDirectory(path: own, isFirstParty: true))
        }
        if let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") {
            directories.append(PluginDirectory(path: "\(home)/.local/lib/pve-mcp/plugins", isFirstParty: false))
        }
        for path in settings.pluginDirectories { directories.append(PluginDirectory(path: path, isFirstParty: false)) }
        return directories
    }

    /// Finds and opens the chosen plugins. Strangers are looked at in a child process first.
    static func load(_ settings: Settings) throws(SettingError) -> PluginInventory {
        let probe = PluginProbe(executable: Environment.executable, arguments: ["probe-plugin"])
        let loader = PluginLoader(
            directories: directories(settings), selection: settings.categories, hostTable: HostTable.shared,
            probe: { file, category in probe.probe(file: file, category: category).reason })
        do {
            return try loader.load()
        } catch {
            throw SettingError(error.message)
        }
    }
}
