// Where this installation's plugins are.
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader
import Proxmox

enum PluginPlaces {
    /// The directories to search, in order: the installation's or those beside the binary, the user's, named ones.
    static func directories(_ settings: Settings) -> [PluginDirectory] {
        let home = getenv("HOME").map { String(cString: $0) }
        return directories(
            beside: Environment.executableDirectory, home: home, named: settings.pluginDirectories,
            isRoots: { path in
                var status = stat()
                return lstat(path, &status) == 0 && status.st_uid == 0
            })
    }

    /// Plugins are the first party's in an installation that belongs to root, and in a build tree; everywhere else they
    /// are strangers.
    static func directories(
        beside own: String, home: String?, named: [String], isRoots: (String) -> Bool
    ) -> [PluginDirectory] {
        var directories: [PluginDirectory] = []
        func add(_ path: String, isFirstParty: Bool) {
            if directories.contains(where: { $0.path == path }) { return }
            directories.append(PluginDirectory(path: path, isFirstParty: isFirstParty))
        }
        if own.hasSuffix("/bin") {
            let installed = "\(own.dropLast("bin".count))lib/pve-mcp/plugins"
            add(installed, isFirstParty: isRoots(installed))
        } else {
            add(own, isFirstParty: own.split(separator: "/").contains(".build"))
        }
        if let home, home.hasPrefix("/") { add("\(home)/.local/lib/pve-mcp/plugins", isFirstParty: false) }
        for path in named { add(path, isFirstParty: false) }
        return directories
    }

    /// Finds and opens the chosen plugins. Strangers are looked at in a child process first, unless they are known.
    static func load(_ settings: Settings) throws(SettingError) -> PluginInventory {
        let strangers = Strangers()
        let loader = PluginLoader(
            directories: directories(settings), selection: settings.categories, isolation: settings.isolation.plugins,
            manifestTiers: settings.toolTiers.mapValues { UInt8($0.rawValue) }, hostTable: HostTable.shared,
            isSafeMode: settings.isSafeMode,
            probe: { file, category in strangers.look(at: file, category: category) })
        var inventory: PluginInventory
        do {
            inventory = try loader.load()
        } catch {
            throw SettingError(error.message)
        }
        inventory.knownFromCache = strangers.known
        try checkTiers(settings, inventory)
        return inventory
    }

    /// Every other tool says itself what it is.
    private static func checkTiers(_ settings: Settings, _ inventory: PluginInventory) throws(SettingError) {
        let names = inventory.plugins.filter(\.isManifest).flatMap { $0.tools.map(\.name) }
        for name in settings.toolTiers.keys.sorted() where !names.contains(name) {
            throw SettingError(
                "PVE_TOOL_TIERS: no loaded manifest has a tool \(quoted(name)); "
                    + (names.isEmpty ? "none is loaded" : "there are \(names.joined(separator: ", "))"))
        }
    }

    /// The plugins that came with the host; none where there are none.
    static func loadStandard(_ settings: Settings) -> PluginInventory {
        let loader = PluginLoader(
            directories: directories(settings), selection: .standard, hostTable: HostTable.shared, isSafeMode: true)
        return (try? loader.load()) ?? PluginInventory()
    }
}
