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
        ],
        "lxc": [
            "pve_stop_lxc_container", "pve_shutdown_lxc_container", "pve_create_lxc_container", "pve_update_lxc_config",
            "pve_delete_lxc_container", "pve_delete_lxc_snapshot", "pve_rollback_lxc_snapshot",
        ],
        "storage": ["pve_create_storage", "pve_update_storage", "pve_delete_storage"],
        "backup": ["pve_run_backup", "pve_create_backup_job", "pve_delete_backup_job"],
        "tasks": ["pve_stop_task"],
    ]

    /// Tools whose request release 8.4 does not have.
    static let newTools: [String: Set<String>] = [
        "storage": ["pve_pull_oci_image"]
    ]

    /// Parameters that release 8.4 does not have, by tool.
    static let newParameters: [String: Set<String>] = [
        "pve_create_lxc_container": ["entrypoint"]
    ]

    /// Fields that the server sends although its schema does not name them, by tool.
    static let unlisted: [String: Set<String>] = [
        "pve_list_nodes": ["disk", "maxdisk"], "pve_get_node_status": ["uptime"],
        "pve_list_qemu_snapshots": ["running"],
        "pve_list_storage": [
            "type", "content", "path", "server", "export", "pool", "vgname", "nodes", "shared", "disable",
        ],
        "pve_get_storage_config": ["storage", "type", "content", "path", "nodes", "shared", "disable", "digest"],
        "pve_list_storage_content": ["content"],
    ]

    /// Parameters of the API that no caller can give, by tool: its code sets them, or they change what an answer is.
    static let withheld: [String: Set<String>] = [
        "pve_list_qemu_vms": ["type"], "pve_list_lxc_containers": ["type"], "pve_get_task_log": ["download"],
    ]
}
