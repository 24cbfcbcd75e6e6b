// pve-mcp check: whether Proxmox can be reached and what the credentials may do.
// SPDX-License-Identifier: MIT

import CSystem
import Glibc
import Proxmox

enum CheckCommand {
    /// Prints the verdict. 1 when the server cannot be used.
    static func run(_ connection: ConnectionSettings, _ arguments: CommandLineArguments) -> Int32 {
        if arguments.endsWithParent { _ = csystem_end_with_parent(SIGKILL) }
        let verdict = StartCheck.run(connection)
        print(arguments.json ? String(decoding: verdict.json, as: UTF8.self) : verdict.text)
        return verdict.isGood ? 0 : 1
    }
}
