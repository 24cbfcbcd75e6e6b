// The categories that are built, and what is known of their tools beyond the API's facts.
// SPDX-License-Identifier: MIT

import Foundation

/// The categories of Package.swift; each of their libraries stands beside the test binary.
enum Categories {
    static let built: [String] = {
        let package = (try? String(contentsOf: projectFile("Package.swift"), encoding: .utf8)) ?? ""
        let list = package.components(separatedBy: "let categories = [").dropFirst().first ?? ""
        let entries = list.prefix { $0 != "]" }.split(separator: "(")
        return entries.compactMap { $0.split(separator: "\"").dropFirst(2).first.map(String.init) }
    }()

    /// Tools that may overwrite or delete, or that take a parameter by which they do.
    static let destructive: [String: Set<String>] = [
        "qemu": [
            "pve_stop_qemu_vm", "pve_shutdown_qemu_vm", "pve_reset_qemu_vm", "pve_create_qemu_vm",
            "pve_update_qemu_config", "pve_delete_qemu_vm", "pve_delete_qemu_snapshot", "pve_rollback_qemu_snapshot",
        ]
    ]

    /// Tools whose request release 8.4 does not have.
    static let newTools: [String: Set<String>] = [:]

    /// Parameters that release 8.4 does not have, by tool.
    static let newParameters: [String: Set<String>] = [:]

    /// Fields that the server sends although its schema does not name them, by tool.
    static let unlisted: [String: Set<String>] = [
        "pve_list_nodes": ["disk", "maxdisk"], "pve_get_node_status": ["uptime"],
        "pve_list_qemu_snapshots": ["running"],
    ]

    /// Parameters of the API that no caller can give, by tool: its code sets them, or they change what an answer is.
    static let withheld: [String: Set<String>] = ["pve_list_qemu_vms": ["type"]]
}
