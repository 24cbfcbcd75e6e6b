"""The cluster as a whole: state, log, options, free ids, actions on many guests."""
# SPDX-License-Identifier: MIT

from .case import NOBODY, Case, Failure

MAY_NOT_LOOK = Failure({}, "Sys.Audit", settings=NOBODY)

CASES = [
    Case(
        tool="pve_get_cluster_status",
        required={},
        all={"fields": ["id", "online"], "limit": 2, "cursor": "1"},
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_list_cluster_resources",
        required={},
        all={"type": "vm", "fields": ["id", "vmid", "lock"], "limit": 2, "cursor": "1"},
        failure=Failure({"fields": ["vm_id"]}, ("vm_id", "vmid")),
    ),
    Case(
        tool="pve_get_next_vmid",
        required={},
        all={"vmid": "{vmid}"},
        failure=Failure({"vmid": 100}, ("100", "already exists")),
    ),
    Case(
        tool="pve_get_cluster_log",
        required={},
        all={"max": 5, "fields": ["time", "msg"], "limit": 1, "cursor": "1"},
        setup=[("POST /pools", {"poolid": "{unique}"})],
        failure=Failure({"cursor": "last"}, ("cursor", "last")),
    ),
    Case(
        tool="pve_get_cluster_options",
        required={},
        all={},
        setup=[("PUT /cluster/options", {"keyboard": "de"})],
        failure=Failure({"node": "pve1"}, ("node", "takes none")),
    ),
    Case(
        tool="pve_list_cluster_backup_info",
        required={},
        all={"fields": ["vmid", "type"], "limit": 2, "cursor": "1"},
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_get_cluster_ha_status",
        required={},
        all={"fields": ["id", "state"], "limit": 1, "cursor": "0"},
        setup=[("POST /cluster/ha/resources", {"sid": "vm:100", "state": "stopped"})],
        failure=MAY_NOT_LOOK,
    ),
    Case(
        tool="pve_list_cluster_replication",
        required={},
        all={"fields": ["id", "target"], "limit": 1, "cursor": "0"},
        failure=Failure({"cursor": "last"}, ("cursor", "last")),
    ),
    Case(
        tool="pve_bulk_start_guests",
        required={"vms": [100]},
        all={"vms": [100, 111], "timeout": 30, "max_workers": 2, "wait": 20},
        translated=["max_workers"],
        failure=Failure({"vms": [99]}, "vms"),
        cancel=True,
    ),
    Case(
        tool="pve_bulk_shutdown_guests",
        required={"vms": [101]},
        all={"vms": [101, 110], "timeout": 9, "force_stop": True, "max_workers": 2, "wait": 20},
        translated=["force_stop", "max_workers"],
        failure=Failure({"vms": [99]}, "vms"),
        cancel=True,
    ),
    Case(
        tool="pve_bulk_suspend_guests",
        required={"vms": [101]},
        all={"vms": [101], "to_disk": True, "statestorage": "local-lvm", "max_workers": 2, "wait": 20},
        translated=["to_disk", "max_workers"],
        failure=Failure({"vms": [99]}, "vms"),
        cancel=True,
    ),
    Case(
        tool="pve_bulk_migrate_guests",
        required={"vms": [102], "target": "pve3", "online": True},
        all={
            "vms": [100, 111], "target": "pve3", "online": False, "with_local_disks": True, "max_workers": 2, "wait": 20,
        },
        translated=["with_local_disks", "max_workers"],
        failure=Failure({"vms": [100], "target": "pve9"}, "pve9"),
        cancel=True,
    ),
    Case(
        tool="pve_update_cluster_options",
        required={"keyboard": "de"},
        all={
            "keyboard": "en-us", "language": "de", "console": "xtermjs", "http_proxy": "http://proxy.example.org:3128",
            "migration": "type=insecure,network=192.0.2.0/24",
            "migration_unsecure": True, "bwlimit": "migration=100000,restore=50000",
            "crs": "ha=static,ha-rebalance-on-start=1", "ha": "shutdown_policy=migrate",
            "description": "Ours, ä & = %\nline two", "delete": "fencing",
        },
        option={"tag-style": "shape=full,color-map=prod:ff0000"},
        failure=Failure({"migration": "type=fast"}, ("migration", "fast")),
    ),
]
