// pve-mcp probe-plugin FILE CATEGORY: opens one plugin in a process of its own and prints the verdict.
// SPDX-License-Identifier: MIT

import PluginLoader

enum ProbeCommand {
    /// Started by the host itself before it opens a stranger's plugin. Lines on stdout.
    static func run(_ operands: [String]) -> Int32 {
        guard operands.count == 2 else {
            Log.error("probe-plugin takes a file and a category")
            return 2
        }
        do {
            try ChildLimits.looking.apply()
        } catch {
            Log.error(error.message)
            return 1
        }
        let verdict = PluginProbe.verdict(file: operands[0], category: operands[1], hostTable: HostTable.shared)
        // The plugin may have printed a piece of a line.
        print("\n" + verdict)
        return 0
    }
}
