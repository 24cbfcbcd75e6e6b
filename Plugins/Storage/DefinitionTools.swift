// Tools that define, change and drop storages.
// SPDX-License-Identifier: MIT

import PluginKit

var definitionTools: [Tool] {
    [
        Tool(
            "pve_create_storage", "Create Storage", tier: .full, effect: .destroys,
            """
            Define a storage. Types need: dir, btrfs: path; nfs: server, export; cifs: server, share; lvm: vgname; \
            lvmthin: vgname, thinpool; zfspool, rbd: pool; pbs: server, datastore, username, password, mostly fingerprint.
            """,
            .post("/storage"),
            parameters: [
                .string("storage", "Name of the new storage.").required,
                .string(
                    "type",
                    "Also cephfs, iscsi, iscsidirect, zfs, esxi."
                ).required,
            ] + shared + [
                .string("path", "Folder on the node, e.g. /mnt/data"), .string("server", "Host name or address."),
                .string("export", "NFS export."), .string("pool", "ZFS or Ceph pool."),
                .string("share", "CIFS share."), .string("vgname", "LVM volume group."),
                .string("thinpool", "LVM thin pool."), .string("datastore", "Datastore of a backup server."),
                .options(
                    """
                    API parameters: portal, target (iscsi), monhost (ceph), namespace, encryption-key (pbs; \
                    autogen), is_mountpoint, disable, …
                    """),
            ],
            answers: definition),
        Tool(
            "pve_update_storage", "Update Storage", tier: .full, effect: .overwrites,
            "Change a storage's definition. Its type and where its data is are for good.",
            .put("/storage/{storage}"),
            parameters: [.storage, .bool("disable", "Do not use it.")] + shared + [
                .string("delete", "Settings to remove, e.g. nodes,prune-backups."),
                .digest,
                .options(
                    """
                    API parameters: namespace, max-protected-backups, bwlimit, preallocation, encryption-key, …
                    """),
            ],
            answers: definition),
        Tool(
            "pve_delete_storage", "Delete Storage", tier: .full, effect: .destroys,
            "Remove a storage's definition. The data on it stays; guests with disks there no longer start.",
            .delete("/storage/{storage}"),
            parameters: [.storage],
            answers: .nothing),
    ]
}

/// What creating and changing a storage share.
private let shared: [Parameter] = [
    .string("content", "What it may hold, e.g. images,rootdir,iso,vztmpl,backup,import."),
    .string("nodes", "Only these, e.g. pve1,pve2; else all."),
    .bool("shared", "All nodes see the same data; claims it, does not make it so."),
    .string("username", "For cifs, pbs (e.g. me@pbs!token) or Ceph."),
    .string("password", "Password or token secret.").secret,
    .string("fingerprint", "Of a backup server: SHA-256, AA:BB:…"),
    .string("prune-backups", "Backups to keep, e.g. keep-last=3; others go."),
]

/// What Proxmox answers of a definition that it has written.
private let definition = Answer.object([.string("storage"), .string("type"), .object("config")])
