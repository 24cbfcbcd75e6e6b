"""Storages: definitions, state, content, images from registries."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

IMAGE = "docker.io/library/nginx:1.29"
FINGERPRINT = ":".join(["AB"] * 32)
BACKUP_SERVER = {
    "storage": "{unique}", "type": "pbs", "server": "192.0.2.7", "datastore": "main", "username": "me@pbs!token",
    "password": "hush-hush & =%", "fingerprint": FINGERPRINT,
}

CASES = [
    Case(
        tool="pve_list_storage",
        required={},
        all={"type": "nfs", "fields": ["storage", "server"], "limit": 1, "cursor": "0"},
        failure=Failure({"type": "floppy"}, ("type", "floppy")),
    ),
    Case(
        tool="pve_get_storage_config",
        required={"storage": "local"},
        all={"storage": "shared"},
        failure=Failure({"storage": "nope"}, "nope"),
    ),
    Case(
        tool="pve_list_node_storage",
        required={"node": "pve1"},
        all={
            "node": "pve1", "content": "images", "enabled": True, "storage": "shared", "target": "pve2", "format": True,
            "fields": ["storage", "avail"], "limit": 1, "cursor": "0",
        },
        failure=Failure({"node": "pve9"}, ("pve9", "pve1")),
    ),
    Case(
        tool="pve_get_storage_status",
        required={"node": "pve1", "storage": "local"},
        all={"node": "pve2", "storage": "shared"},
        failure=Failure({"node": "pve1", "storage": "nope"}, "nope"),
    ),
    Case(
        tool="pve_list_storage_content",
        required={"node": "pve1", "storage": "local"},
        all={
            "node": "pve1", "storage": "shared", "content": "backup", "vmid": 101, "fields": ["volid", "ctime"],
            "limit": 1, "cursor": "0",
        },
        failure=Failure({"node": "pve1", "storage": "nope"}, "nope"),
    ),
    Case(
        tool="pve_pull_oci_image",
        required={"node": "pve1", "storage": "local", "reference": IMAGE},
        all={"node": "pve1", "storage": "local", "reference": IMAGE, "filename": "web", "wait": 20},
        failure=Failure({"node": "pve1", "storage": "local-lvm", "reference": IMAGE}, "local-lvm"),
        cancel=True,
    ),
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "dir", "path": "/mnt/data"},
        all={
            "storage": "{unique}", "type": "dir", "path": "/mnt/data", "content": "images,backup", "nodes": "pve1,pve2",
            "shared": True, "prune-backups": "keep-last=3,keep-weekly=4",
        },
        option={"is_mountpoint": "yes"},
        failure=Failure({"storage": "local", "type": "dir", "path": "/mnt/data"}, ("local", "already defined")),
    ),
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "nfs", "server": "192.0.2.9", "export": "/tank"},
        all={"storage": "{unique}", "type": "nfs", "server": "192.0.2.9", "export": "/tank", "content": "iso"},
        option={"options": "vers=4.2"},
    ),
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "cifs", "server": "192.0.2.9", "share": "files"},
        all={
            "storage": "{unique}", "type": "cifs", "server": "192.0.2.9", "share": "files", "username": "me",
            "password": "hush-hush & =%",
        },
        option={"domain": "example.org"},
    ),
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "lvmthin", "vgname": "pve", "thinpool": "data"},
        all={"storage": "{unique}", "type": "lvmthin", "vgname": "pve", "thinpool": "data", "content": "rootdir"},
    ),
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "zfspool", "pool": "tank"},
        all={"storage": "{unique}", "type": "zfspool", "pool": "tank/guests", "content": "images"},
        option={"sparse": True},
    ),
    # A backup server wants more than a case's required arguments may be: it is among all.
    Case(
        tool="pve_create_storage",
        required={"storage": "{unique}", "type": "btrfs", "path": "/mnt/data"},
        all=BACKUP_SERVER,
    ),
    Case(
        tool="pve_update_storage",
        required={"storage": "local", "content": "iso,backup"},
        all={
            "storage": "local", "content": "iso,vztmpl,backup", "nodes": "pve1,pve2", "shared": False, "disable": False,
            "prune-backups": "keep-last=3", "delete": "max-protected-backups", "digest": "{digest}",
        },
        option={"preallocation": "off"},
        setup=[("pve_get_storage_config", {"storage": "local"})],
        failure=Failure({"storage": "local", "content": "iso", "digest": "0" * 40}, "changed"),
    ),
    Case(
        tool="pve_update_storage",
        required={"storage": "{unique}", "username": "you@pbs"},
        all={
            "storage": "{unique}", "username": "you@pbs", "password": "hush-hush too",
            "fingerprint": FINGERPRINT.replace("AB", "CD"),
        },
        setup=[("pve_create_storage", BACKUP_SERVER)],
    ),
    Case(
        tool="pve_delete_storage",
        required={"storage": "{unique}"},
        all={"storage": "{unique}"},
        setup=[("pve_create_storage", {"storage": "{unique}", "type": "dir", "path": "/mnt/data"})],
        failure=Failure({"storage": "nope"}, "nope"),
    ),
]
