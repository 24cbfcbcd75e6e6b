// pve-mcp plugin-host FILE CATEGORY MEBIBYTES: runs a plugin's tools for the host that started it.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import PluginLoader

enum PluginHostCommand {
    /// The private socket.
    static let descriptor: Int32 = 3

    /// Started by the host itself, with nothing in its environment. Ends when the host closes the socket.
    static func run(_ operands: [String]) -> Int32 {
        guard operands.count == 3, let mebibytes = Int(operands[2]) else {
            Log.error("plugin-host takes a file, a category and mebibytes")
            return 2
        }
        csystem_share_heap()
        let guest = PluginGuest(descriptor)
        do throws(ChildLimits.Failure) {
            try ChildLimits.serving(mebibytes: mebibytes).apply(listener: descriptor)
        } catch {
            guest.send(.refused, 0, Array(error.message.utf8))
            return 1
        }
        switch PluginLoader.open(file: operands[0], category: operands[1], hostTable: HostTable.shared) {
        case .refused(let refusal):
            guest.send(.refused, 0, Array(refusal.message.utf8))
            return 1
        case .plugin(let plugin, _):
            guest.serve(Dictionary(plugin.tools.map { ($0.name, $0) }) { first, _ in first })
        }
        // A plugin's code may still run, and uses what `exit` tears down.
        _exit(0)
    }
}
