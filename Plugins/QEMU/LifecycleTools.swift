// Tools that move, copy, change and delete VMs.
// SPDX-License-Identifier: MIT

import GuestTools
import PluginKit

var lifecycleTools: [Tool] {
    [
        Tool(
            "pve_migrate_qemu_vm", "Migrate QEMU VM", tier: .readExecute, effect: .changes,
            "Move a VM to another node of the cluster.",
            .post("/nodes/{node}/qemu/{vmid}/migrate"),
            parameters: [
                .guestNode, .vmid, .string("target", "Node to move to.").required,
                .bool("online", "Move a running VM live."),
                .bool("with-local-disks", "Copy disks on local storage too."),
                .string("targetstorage", "Storage there, e.g. local-lvm, or pairs a:b,c:d; 1: same names."),
                .bwlimit,
                .string("migration_type", "secure: through SSH.", choices: ["secure", "insecure"]),
                .string("migration_network", "CIDR of the network to use, e.g. 10.0.0.0/24."), .wait,
                .options("API parameters: with-conntrack-state, force (root@pam only)."),
            ],
            answers: .task),
        Tool(
            "pve_clone_qemu_vm", "Clone QEMU VM", tier: .full, effect: .changes,
            "Copy a VM or template. A linked clone (full: false) needs a template.",
            .post("/nodes/{node}/qemu/{vmid}/clone"),
            parameters: [
                .guestNode, .vmid, .newid,
                .string("name", "Name of the copy (DNS name)."),
                .string("target", "Node for the copy; needs shared storage."),
                .bool("full", "Copy all disks; default for VMs, not for templates."),
                .string("description", "Notes of the copy."),
                .sourceSnapshot,
                .string("storage", "Storage for the disks of a full clone."),
                .string("format", "Disk format of a full clone.", choices: ["raw", "qcow2", "vmdk"]),
                .string("pool", "Pool for the copy."), .bwlimit, .wait,
            ],
            answers: .task),
        Tool(
            "pve_update_qemu_config", "Update QEMU VM Configuration", tier: .full, effect: .destroys,
            "Change a VM's configuration. What cannot be changed while it runs stays pending until it is restarted.",
            .put("/nodes/{node}/qemu/{vmid}/config"),
            parameters: [.guestNode, .vmid] + hardware.map { $0.withoutDefault } + cloudInit + [
                .string("delete", "Settings to remove, e.g. net1,ide2; disks become unused."),
                .string("revert", "Pending changes to drop, e.g. memory."),
                .digest,
                .options(
                    """
                    API parameters: bios, efidisk0, machine, scsi1, virtio0, net1, balloon, vga, serial0, hostpci0, nameserver, force (delete \
                    disk data), …
                    """),
            ],
            answers: .nothing),
        Tool(
            "pve_delete_qemu_vm", "Delete QEMU VM", tier: .full, effect: .destroys,
            "Delete a stopped VM with its disks and snapshots.",
            .delete("/nodes/{node}/qemu/{vmid}"),
            parameters: [
                .guestNode, .vmid,
                .bool("purge", "Remove it from backup, replication and HA jobs too."),
                .bool("destroy-unreferenced-disks", "Delete disks of its ID that it does not list."),
                .wait, .options("API parameters: skiplock (root@pam only)."),
            ],
            answers: .task),
    ]
}
