// The sorts of storage: what each needs, may change and can hold.
// SPDX-License-Identifier: MIT

/// Facts about a storage plugin.
struct StorageType {
    /// Parameters without which none can be made.
    var required: [String] = []
    /// Parameters that cannot be changed later, the required ones aside.
    var fixed: Set<String> = []
    /// What it can hold, and what it holds when nothing is asked for.
    var content: Set<String>
    var defaultContent: [String]
    /// Whether all nodes see the same volumes, whatever the configuration says.
    var isShared = false
    /// Whether volumes are files in folders.
    var hasFiles = false
    /// Whether a linked clone or a snapshot of a raw volume can be made.
    var hasSnapshots = false

    private static let files: Set<String> = [
        "images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import", "none",
    ]
    private static let disks: Set<String> = ["images", "rootdir", "none"]

    static let all: [String: StorageType] = [
        "dir": StorageType(
            required: ["path"], content: files, defaultContent: ["images", "rootdir"], hasFiles: true),
        "btrfs": StorageType(
            required: ["path"], content: files, defaultContent: ["images", "rootdir"], hasFiles: true,
            hasSnapshots: true),
        "nfs": StorageType(
            required: ["server", "export"], fixed: ["path"], content: files, defaultContent: ["images"],
            isShared: true, hasFiles: true),
        "cifs": StorageType(
            required: ["server", "share"], fixed: ["path"], content: files, defaultContent: ["images"],
            isShared: true, hasFiles: true),
        // 8.x only.
        "glusterfs": StorageType(
            required: ["volume"], fixed: ["path"], content: ["images", "vztmpl", "iso", "backup", "snippets", "none"],
            defaultContent: ["images"], isShared: true, hasFiles: true),
        "cephfs": StorageType(
            fixed: ["path"], content: ["vztmpl", "iso", "backup", "snippets", "import", "none"],
            defaultContent: ["backup"], isShared: true, hasFiles: true),
        "lvm": StorageType(
            required: ["vgname"], fixed: ["base"], content: disks, defaultContent: ["images", "rootdir"]),
        "lvmthin": StorageType(
            required: ["thinpool", "vgname"], content: disks, defaultContent: ["images", "rootdir"],
            hasSnapshots: true),
        "zfspool": StorageType(
            required: ["pool"], content: disks, defaultContent: ["images", "rootdir"], hasSnapshots: true),
        "zfs": StorageType(
            required: ["blocksize", "iscsiprovider", "pool", "portal", "target"], content: ["images", "none"],
            defaultContent: ["images"], isShared: true, hasSnapshots: true),
        "rbd": StorageType(
            content: disks, defaultContent: ["images"], isShared: true, hasSnapshots: true),
        "iscsi": StorageType(
            required: ["portal", "target"], content: ["images", "none"], defaultContent: ["images"], isShared: true),
        "iscsidirect": StorageType(
            required: ["portal", "target"], content: ["images", "none"], defaultContent: ["images"], isShared: true),
        "pbs": StorageType(
            required: ["datastore", "server", "username"], content: ["backup", "none"], defaultContent: ["backup"],
            isShared: true),
        "esxi": StorageType(
            required: ["server", "username"], content: ["import"], defaultContent: ["import"], isShared: true),
    ]

    /// Answered as JSON numbers.
    static let numeric: Set<String> = [
        "shared", "disable", "sparse", "krbd", "fuse", "nowritecache", "saferemove", "tagged_only", "mkdir",
        "create-base-path", "create-subdirs", "max-protected-backups", "port", "nocow", "skip-cert-verification",
        "snapshot-as-volume-chain", "saferemove-stepsize", "maxfiles",
    ]

    /// Kept apart from the configuration, and never answered.
    static let secrets: Set<String> = ["password", "encryption-key", "keyring", "master-pubkey"]
}
