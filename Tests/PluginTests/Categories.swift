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
        "cluster": ["pve_bulk_shutdown_guests", "pve_update_cluster_options"],
        "access": ["pve_delete_user", "pve_update_acl"],
        "pools": ["pve_update_pool", "pve_delete_pool"],
        "network": ["pve_update_network", "pve_delete_network"],
        "firewall": ["pve_update_firewall_options", "pve_update_firewall_rule", "pve_delete_firewall_rule"],
        "ha": [
            "pve_create_ha_resource", "pve_update_ha_resource", "pve_delete_ha_resource", "pve_update_ha_rule",
            "pve_delete_ha_rule",
        ],
    ]

    /// Tools whose request release 8.4 does not have.
    static let newTools: [String: Set<String>] = [
        "storage": ["pve_pull_oci_image"],
        "cluster": [
            "pve_bulk_start_guests", "pve_bulk_shutdown_guests", "pve_bulk_suspend_guests", "pve_bulk_migrate_guests",
        ],
        "ha": [
            "pve_list_ha_rules", "pve_get_ha_rule", "pve_create_ha_rule", "pve_update_ha_rule", "pve_delete_ha_rule",
            "pve_disarm_ha", "pve_arm_ha",
        ],
    ]

    /// Parameters that release 8.4 does not have, by tool.
    static let newParameters: [String: Set<String>] = [
        "pve_create_lxc_container": ["entrypoint"],
        "pve_create_ha_resource": ["failback"], "pve_update_ha_resource": ["failback"],
        "pve_delete_ha_resource": ["purge"],
    ]

    /// Choices of a parameter that release 8.4 does not have, by tool.
    static let newChoices: [String: [String: Set<String>]] = [
        "pve_list_networks": ["type": ["fabric", "include_sdn"]],
        "pve_create_network": ["type": ["fabric"]], "pve_update_network": ["type": ["fabric"]],
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
        "pve_get_next_vmid": ["vmid"],
        "pve_get_cluster_log": ["time", "node", "user", "tag", "pri", "msg", "pid", "id", "uid"],
        "pve_get_cluster_ha_status": ["type"],
        "pve_get_network": ["method6"],
        "pve_get_firewall_options": ["digest"], "pve_list_firewall_rules": ["digest"],
        "pve_list_ha_resources": [
            "type", "state", "group", "max_relocate", "max_restart", "failback", "comment", "digest",
        ],
        "pve_list_ha_rules": [
            "type", "resources", "nodes", "affinity", "strict", "disable", "comment", "digest", "order",
        ],
        "pve_get_ha_rule": ["digest", "resources", "nodes", "affinity", "strict", "disable", "comment"],
    ]

    /// Parameters of the API that no caller can give, by tool: its code sets them, or they change what an answer is.
    static let withheld: [String: Set<String>] = [
        "pve_list_qemu_vms": ["type"], "pve_list_lxc_containers": ["type"], "pve_get_task_log": ["download"],
        // The old name of max-workers.
        "pve_bulk_start_guests": ["maxworkers"], "pve_bulk_shutdown_guests": ["maxworkers"],
        "pve_bulk_suspend_guests": ["maxworkers"], "pve_bulk_migrate_guests": ["maxworkers"],
        // With them it is pve_get_pool.
        "pve_list_pools": ["poolid", "type"],
        "pve_update_ha_rule": ["type"],
        // It is in the sid.
        "pve_create_ha_resource": ["type"],
    ]

    /// What the API answers to tools whose code makes an object of it.
    static let reshaped = ["pve_get_next_vmid": "integer", "pve_get_pool": "array"]

    /// Numbers of the API that only say yes or no, by tool.
    static let switches: [String: Set<String>] = [
        "pve_get_firewall_options": ["enable"], "pve_update_firewall_options": ["enable"],
        "pve_list_firewall_rules": ["enable"], "pve_create_firewall_rule": ["enable"],
        "pve_update_firewall_rule": ["enable"],
    ]
}
