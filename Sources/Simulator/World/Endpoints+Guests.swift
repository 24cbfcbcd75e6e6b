// The endpoints of containers, storages, backups, replication and bulk actions.
// SPDX-License-Identifier: MIT

extension Endpoints {
    private static let node = "/nodes/{node}"
    private static let container = "/nodes/{node}/lxc/{vmid}"
    private static let snapshot = "/nodes/{node}/lxc/{vmid}/snapshot"
    private static let nodeStorage = "/nodes/{node}/storage/{storage}"
    private static let bulk = "/cluster/bulk-action"

    /// Everything in this file.
    static var guestsAround: Entries { containers + storages + backups + replication + bulkActions }

    private static let containers: Entries = [
        ("GET \(node)/lxc", { try $0.lxcList($1) }),
        ("POST \(node)/lxc", { try $0.createContainer($1) }),
        ("DELETE \(container)", { try $0.destroyContainer($1) }),
        (
            "GET \(container)",
            {
                try $0.lxcIndex(
                    $1,
                    [
                        "config", "pending", "status", "vncproxy", "termproxy", "vncwebsocket", "spiceproxy", "migrate",
                        "clone", "rrd", "rrddata", "firewall", "snapshot", "resize", "interfaces",
                    ])
            }
        ),
        ("GET \(container)/status", { try $0.lxcIndex($1, ["current", "start", "stop", "shutdown", "migrate"]) }),
        ("GET \(container)/status/current", { try $0.lxcStatus($1) }),
        ("POST \(container)/status/start", { try $0.startContainer($1) }),
        ("POST \(container)/status/stop", { try $0.stopContainer($1) }),
        ("POST \(container)/status/shutdown", { try $0.shutDownContainer($1) }),
        ("POST \(container)/status/reboot", { try $0.rebootContainer($1) }),
        ("POST \(container)/status/suspend", { try $0.suspendContainer($1) }),
        ("POST \(container)/status/resume", { try $0.resumeContainer($1) }),
        ("GET \(container)/config", { try $0.guestConfig($1, .lxc) }),
        ("PUT \(container)/config", { try $0.setContainerConfig($1) }),
        ("GET \(container)/pending", { try $0.pendingConfig($1, .lxc) }),
        ("GET \(container)/rrddata", { try $0.guestHistory($1, .lxc) }),
        ("GET \(container)/interfaces", { try $0.containerInterfaces($1) }),
        ("GET \(container)/feature", { try $0.containerFeature($1) }),
        ("POST \(container)/clone", { try $0.cloneContainer($1) }),
        ("POST \(container)/template", { try $0.makeContainerTemplate($1) }),
        ("GET \(container)/migrate", { try $0.containerMigrationCheck($1) }),
        ("POST \(container)/migrate", { try $0.migrateContainer($1) }),
        ("PUT \(container)/resize", { try $0.resizeVolume($1) }),
        ("POST \(container)/move_volume", { try $0.moveVolume($1) }),
        ("GET \(snapshot)", { try $0.snapshotList($1, .lxc) }),
        ("POST \(snapshot)", { try $0.takeContainerSnapshot($1) }),
        ("GET \(snapshot)/{snapname}", { try $0.snapshotIndex($1) }),
        ("DELETE \(snapshot)/{snapname}", { try $0.deleteContainerSnapshot($1) }),
        ("GET \(snapshot)/{snapname}/config", { try $0.snapshotConfig($1, .lxc) }),
        ("PUT \(snapshot)/{snapname}/config", { try $0.setSnapshotConfig($1, .lxc) }),
        ("POST \(snapshot)/{snapname}/rollback", { try $0.rollBackContainer($1) }),
    ]

    private static let storages: Entries = [
        ("GET /storage", { $0.storageConfigs($1) }),
        ("POST /storage", { try $0.createStorage($1) }),
        ("GET /storage/{storage}", { try $0.storageConfig($1) }),
        ("PUT /storage/{storage}", { try $0.updateStorage($1) }),
        ("DELETE /storage/{storage}", { try $0.deleteStorage($1) }),
        ("GET \(node)/storage", { try $0.storageList($1) }),
        ("GET \(nodeStorage)", { try $0.storageIndex($1) }),
        ("GET \(nodeStorage)/status", { try $0.storageStatus($1) }),
        ("GET \(nodeStorage)/content", { try $0.storageContent($1) }),
        ("POST \(nodeStorage)/content", { try $0.allocateVolume($1) }),
        ("GET \(nodeStorage)/content/{volume}", { try $0.volumeInfo($1) }),
        ("PUT \(nodeStorage)/content/{volume}", { try $0.setVolumeAttributes($1) }),
        ("DELETE \(nodeStorage)/content/{volume}", { try $0.deleteVolume($1) }),
        ("POST \(nodeStorage)/upload", { try $0.upload($1) }),
        ("POST \(nodeStorage)/download-url", { try $0.downloadFile($1) }),
        ("POST \(nodeStorage)/oci-registry-pull", { try $0.pullImage($1) }),
        ("GET \(nodeStorage)/prunebackups", { try $0.prunePreview($1) }),
        ("DELETE \(nodeStorage)/prunebackups", { try $0.pruneBackups($1) }),
        ("GET \(nodeStorage)/rrddata", { try $0.storageHistory($1) }),
    ]

    private static let backups: Entries = [
        ("POST \(node)/vzdump", { try $0.runBackup($1) }),
        ("GET \(node)/vzdump/defaults", { try $0.backupDefaults($1) }),
        ("GET \(node)/vzdump/extractconfig", { try $0.backupConfig($1) }),
        ("GET /cluster/backup", { $0.backupJobList($1) }),
        ("POST /cluster/backup", { try $0.createBackupJob($1) }),
        ("GET /cluster/backup/{id}", { try $0.backupJob($1) }),
        ("PUT /cluster/backup/{id}", { try $0.updateBackupJob($1) }),
        ("DELETE /cluster/backup/{id}", { try $0.deleteBackupJob($1) }),
        ("GET /cluster/backup/{id}/included_volumes", { try $0.includedVolumes($1) }),
        ("GET /cluster/backup-info", { _, _ in .index("subdir", ["not-backed-up"]) }),
        ("GET /cluster/backup-info/not-backed-up", { $0.guestsNotBackedUp($1) }),
    ]

    private static let replication: Entries = [
        ("GET /cluster/replication", { $0.replicationList($1) }),
        ("POST /cluster/replication", { try $0.createReplication($1) }),
        ("GET /cluster/replication/{id}", { try $0.replicationDetails($1) }),
        ("PUT /cluster/replication/{id}", { try $0.updateReplication($1) }),
        ("DELETE /cluster/replication/{id}", { try $0.deleteReplication($1) }),
        ("GET \(node)/replication", { try $0.replicationStatusList($1) }),
        ("GET \(node)/replication/{id}", { _, _ in .index("name", ["schedule_now", "log", "status"]) }),
        ("GET \(node)/replication/{id}/status", { try $0.replicationStatus($1) }),
        ("GET \(node)/replication/{id}/log", { try $0.replicationLog($1) }),
        ("POST \(node)/replication/{id}/schedule_now", { try $0.replicateNow($1) }),
    ]

    private static let bulkActions: Entries = [
        ("GET \(bulk)", { _, _ in .index("name", ["guest"]) }),
        ("GET \(bulk)/guest", { _, _ in .index("name", ["start", "shutdown", "migrate", "suspend"]) }),
        ("POST \(bulk)/guest/start", { try $0.runBulkAction(.start, $1) }),
        ("POST \(bulk)/guest/shutdown", { try $0.runBulkAction(.shutdown, $1) }),
        ("POST \(bulk)/guest/suspend", { try $0.runBulkAction(.suspend, $1) }),
        ("POST \(bulk)/guest/migrate", { try $0.runBulkAction(.migrate, $1) }),
    ]
}
