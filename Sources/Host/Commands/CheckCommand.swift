// pve-mcp check: whether Proxmox can be reached and what the credentials may do.
// SPDX-License-Identifier: MIT

import Proxmox

enum CheckCommand {
    /// Prints the verdict. 1 when the server cannot be used.
    static func run(_ connection: ConnectionSettings, json: Bool) -> Int32 {
        let verdict = StartCheck.run(connection)
        print(json ? String(decoding: verdict.json, as: UTF8.self) : verdict.text)
        return verdict.isGood ? 0 : 1
    }
}
