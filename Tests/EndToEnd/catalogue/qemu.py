"""Virtual machines: their life, configuration, snapshots."""
# SPDX-License-Identifier: MIT

from .case import ROOT, Case, Failure

NO_GUEST = Failure({"vmid": 199}, "199")

# What creating and changing a machine have in common, all of it.
CONFIGURATION = {
    "name": "all-of-it", "description": "ä & = ? # % +\nline two", "tags": "a;b", "memory": 1024, "cores": 2,
    "sockets": 1, "cpu": "host", "ostype": "l26", "bios": "ovmf", "machine": "q35", "efidisk0": "local-lvm:1",
    "scsihw": "virtio-scsi-pci", "scsi0": "local-lvm:8", "ide2": "none,media=cdrom",
    "net0": "virtio,bridge=vmbr0", "boot": "order=scsi0;net0", "agent": "1",
    "onboot": True, "protection": False, "ciuser": "me", "cipassword": "hush-hush",
    "sshkeys": "ssh-ed25519%20AAAA%2B%2F%3D%20me%40host", "ipconfig0": "ip=dhcp",
}
POWER = {"node": "pve1", "vmid": 101, "wait": 20}

CASES = [
    Case(
        tool="pve_list_qemu_vms",
        required={},
        all={"node": "pve2", "limit": 1, "fields": ["vmid", "name"], "cursor": "1", "full": True},
        failure=Failure({"node": "pve9"}, ("pve9", "pve1")),
    ),
    Case(
        tool="pve_get_qemu_status",
        required={"vmid": 100},
        all={"node": "pve1", "vmid": 100, "fields": ["status"]},
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_get_qemu_config",
        required={"vmid": 100},
        all={"node": "pve1", "vmid": 100, "current": True, "fields": ["name"]},
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_get_qemu_config",
        required={"vmid": 101},
        all={"node": "pve1", "vmid": 101, "snapshot": "{snapshot}"},
        setup=[("pve_list_qemu_snapshots", {"vmid": 101}, {"snapshot": "snapshots.0.name"})],
    ),
    Case(
        tool="pve_get_qemu_rrddata",
        required={"vmid": 100, "timeframe": "day"},
        all={
            "node": "pve1", "vmid": 100, "timeframe": "hour", "cf": "MAX", "fields": ["time", "cpu"], "limit": 3,
            "cursor": "3",
        },
        failure=Failure({"vmid": 199, "timeframe": "day"}, "199"),
    ),
    Case(
        tool="pve_list_qemu_snapshots",
        required={"vmid": 101},
        all={"node": "pve1", "vmid": 101, "fields": ["name"], "limit": 1, "cursor": "1"},
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_start_qemu_vm",
        required={"vmid": 100},
        all={"node": "pve1", "vmid": 100, "timeout": 30, "wait": 20},
        option={"machine": "q35"},
        failure=Failure({"vmid": 104}, ("start failed: QEMU exited with code 1", "104")),
        cancel=True,
    ),
    Case(
        tool="pve_stop_qemu_vm",
        required={"vmid": 101},
        all={**POWER, "timeout": 5},
        option={"keepActive": False},
        failure=NO_GUEST,
        cancel=True,
    ),
    Case(
        tool="pve_shutdown_qemu_vm",
        required={"vmid": 101},
        all={**POWER, "timeout": 9, "forceStop": True},
        option={"keepActive": False},
        failure=NO_GUEST,
        cancel=True,
    ),
    Case(
        tool="pve_reboot_qemu_vm",
        required={"vmid": 101},
        all={**POWER, "timeout": 60},
        failure=Failure({"vmid": 100}, ("100", "not running")),
        cancel=True,
    ),
    Case(
        tool="pve_suspend_qemu_vm",
        required={"vmid": 101},
        all={**POWER, "todisk": True, "statestorage": "local-lvm"},
        option={"skiplock": False},
        failure=Failure({"vmid": 100}, ("100", "not running")),
        cancel=True,
    ),
    Case(
        tool="pve_resume_qemu_vm",
        required={"vmid": 109},
        all={"node": "pve3", "vmid": 109, "wait": 20},
        option={"nocheck": True},
        settings=ROOT,
        failure=Failure({"vmid": 100}, ("100", "not running")),
        cancel=True,
    ),
    Case(
        tool="pve_reset_qemu_vm",
        required={"vmid": 101},
        all=POWER,
        option={"skiplock": False},
        failure=Failure({"vmid": 100}, ("100", "not running")),
        cancel=True,
    ),
    Case(
        tool="pve_migrate_qemu_vm",
        required={"vmid": 100, "target": "pve2"},
        all={
            "node": "pve1", "vmid": 100, "target": "pve2", "online": False, "with-local-disks": True,
            "targetstorage": "local-lvm", "bwlimit": 1000, "migration_type": "secure",
            "migration_network": "192.0.2.0/24", "wait": 20,
        },
        option={"force": False},
        settings=ROOT,
        failure=Failure({"vmid": 101, "target": "pve1"}, "pve1"),
        cancel=True,
    ),
    Case(
        tool="pve_clone_qemu_vm",
        required={"vmid": 100, "newid": "{vmid}"},
        all={
            "node": "pve1", "vmid": 101, "newid": "{vmid}", "name": "copy", "full": True, "description": "a copy",
            "target": "pve1", "storage": "local-lvm", "format": "raw", "bwlimit": 0, "snapname": "{snapshot}",
            "pool": "{unique}", "wait": 20,
        },
        all_setup=[
            ("pve_list_qemu_snapshots", {"vmid": 101}, {"snapshot": "snapshots.0.name"}),
            ("POST /pools", {"poolid": "{unique}"}),
        ],
        failure=Failure({"vmid": 100, "newid": 101}, "101"),
        cancel=True,
    ),
    Case(
        tool="pve_create_qemu_vm",
        required={"node": "pve1"},
        all={
            "node": "pve1", "vmid": "{vmid}", **CONFIGURATION, "pool": "{unique}", "storage": "local-lvm",
            "start": False, "wait": 20,
        },
        option={"hotplug": "disk"},
        all_setup=[("POST /pools", {"poolid": "{unique}"})],
        failure=Failure({"node": "pve1", "vmid": 100}, ("100", "already")),
        cancel=True,
    ),
    Case(
        tool="pve_update_qemu_config",
        required={"vmid": 100, "memory": 1024},
        all={
            "node": "pve1", "vmid": 100, **CONFIGURATION, "delete": "ide0", "revert": "hotplug", "digest": "{digest}",
        },
        option={"hotplug": "disk"},
        setup=[("pve_get_qemu_config", {"vmid": 100})],
        failure=Failure({"vmid": 100, "memory": 64, "digest": "0" * 40}, "changed"),
    ),
    Case(
        tool="pve_delete_qemu_vm",
        required={"vmid": 100},
        all={"node": "pve1", "vmid": 100, "purge": True, "destroy-unreferenced-disks": False, "wait": 20},
        option={"skiplock": False},
        failure=Failure({"vmid": 107}, ("107", "protect")),
        cancel=True,
    ),
    Case(
        tool="pve_create_qemu_snapshot",
        required={"vmid": 100, "snapname": "before"},
        all={
            "node": "pve1", "vmid": 101, "snapname": "before", "description": "a test", "vmstate": True, "wait": 20,
        },
        failure=Failure(
            {"vmid": 100, "snapname": "twice"}, "twice",
            setup=[("pve_create_qemu_snapshot", {"vmid": 100, "snapname": "twice"})],
        ),
        cancel=True,
    ),
    Case(
        tool="pve_delete_qemu_snapshot",
        required={"vmid": 100, "snapname": "old"},
        all={"node": "pve1", "vmid": 100, "snapname": "old", "force": True, "wait": 20},
        setup=[("pve_create_qemu_snapshot", {"vmid": 100, "snapname": "old"})],
        failure=Failure({"vmid": 100, "snapname": "never"}, "never"),
        cancel=True,
    ),
    Case(
        tool="pve_rollback_qemu_snapshot",
        required={"vmid": 100, "snapname": "old"},
        all={"node": "pve1", "vmid": 100, "snapname": "old", "start": True, "wait": 20},
        setup=[("pve_create_qemu_snapshot", {"vmid": 100, "snapname": "old"})],
        failure=Failure({"vmid": 100, "snapname": "never"}, "never"),
        cancel=True,
    ),
]
