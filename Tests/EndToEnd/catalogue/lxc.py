"""Containers: their life, configuration, snapshots."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

NO_GUEST = Failure({"vmid": 199}, "199")
NOT_RUNNING = Failure({"vmid": 111}, ("111", "not running"))
TEMPLATE = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"
RUNNING = {"node": "pve3", "vmid": 110}
STOPPED = {"node": "pve2", "vmid": 111}
SNAPSHOT = ("pve_create_lxc_snapshot", {"vmid": 111, "snapname": "old"})

# What creating and changing a container have in common, all of it.
CONFIGURATION = {
    "hostname": "all-of-it", "description": "ä & = ? # % +\nline two", "tags": "a;b", "memory": 1024, "swap": 256,
    "cores": 2, "net0": "name=eth0,bridge=vmbr0,ip=dhcp,tag=20",
    "features": "nesting=1", "onboot": True, "protection": False,
}

CASES = [
    Case(
        tool="pve_list_lxc_containers",
        required={},
        all={"node": "pve3", "limit": 1, "fields": ["vmid", "swap"], "cursor": "0"},
        failure=Failure({"node": "pve9"}, ("pve9", "pve1")),
    ),
    Case(
        tool="pve_get_lxc_status",
        required={"vmid": 110},
        all={**RUNNING, "fields": ["status", "disk"]},
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_get_lxc_config",
        required={"vmid": 110},
        all={**RUNNING, "current": True, "fields": ["hostname"]},
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_get_lxc_config",
        required={"vmid": 111},
        all={**STOPPED, "snapshot": "old"},
        all_setup=[SNAPSHOT],
    ),
    Case(
        tool="pve_get_lxc_rrddata",
        required={"vmid": 110, "timeframe": "day"},
        all={**RUNNING, "timeframe": "hour", "cf": "MAX", "fields": ["time", "disk"], "limit": 3, "cursor": "3"},
        failure=Failure({"vmid": 199, "timeframe": "day"}, "199"),
    ),
    Case(
        tool="pve_list_lxc_snapshots",
        required={"vmid": 110},
        all={**STOPPED, "fields": ["name"], "limit": 1, "cursor": "1"},
        all_setup=[SNAPSHOT],
        failure=NO_GUEST,
    ),
    Case(
        tool="pve_start_lxc_container",
        required={"vmid": 111},
        all={**STOPPED, "wait": 20},
        option={"skiplock": False},
        failure=Failure({"vmid": 110}, ("110", "already running")),
        cancel=True,
    ),
    Case(
        tool="pve_stop_lxc_container",
        required={"vmid": 110},
        all={**RUNNING, "wait": 20},
        option={"overrule-shutdown": False},
        failure=NOT_RUNNING,
        cancel=True,
    ),
    Case(
        tool="pve_shutdown_lxc_container",
        required={"vmid": 110},
        all={**RUNNING, "timeout": 9, "forceStop": True, "wait": 20},
        failure=NOT_RUNNING,
        cancel=True,
    ),
    Case(
        tool="pve_reboot_lxc_container",
        required={"vmid": 110},
        all={**RUNNING, "timeout": 60, "wait": 20},
        failure=NOT_RUNNING,
        cancel=True,
    ),
    Case(
        tool="pve_suspend_lxc_container",
        required={"vmid": 110},
        all={**RUNNING, "wait": 20},
        failure=NOT_RUNNING,
        cancel=True,
    ),
    Case(
        tool="pve_resume_lxc_container",
        required={"vmid": 110},
        all={**RUNNING, "wait": 20},
        setup=[("pve_suspend_lxc_container", {"vmid": 110})],
        failure=NO_GUEST,
        cancel=True,
    ),
    Case(
        tool="pve_create_lxc_container",
        required={"node": "pve1", "ostemplate": TEMPLATE, "storage": "local-lvm"},
        all={
            "node": "pve1", "vmid": "{vmid}", "ostemplate": TEMPLATE, **CONFIGURATION, "rootfs": "local-lvm:4",
            "storage": "local-lvm", "password": "hush-hush", "ssh_public_keys": "ssh-ed25519 AAAA+/= me@host",
            "unprivileged": True, "entrypoint": "/sbin/init", "env": ["A=1", "B=x y & z"], "pool": "{unique}",
            "start": True, "wait": 20,
        },
        translated=["ssh_public_keys"],
        option={"timezone": "host"},
        all_setup=[("POST /pools", {"poolid": "{unique}"})],
        failure=Failure(
            {"node": "pve1", "vmid": 110, "ostemplate": TEMPLATE, "rootfs": "local-lvm:4"}, ("110", "already exists")),
        cancel=True,
    ),
    Case(
        tool="pve_clone_lxc_container",
        required={"vmid": 111, "newid": "{vmid}"},
        all={
            **STOPPED, "newid": "{vmid}", "hostname": "copy", "target": "pve2", "full": True, "description": "a copy",
            "snapname": "old", "storage": "local-lvm", "pool": "{unique}", "bwlimit": 0, "wait": 20,
        },
        all_setup=[SNAPSHOT, ("POST /pools", {"poolid": "{unique}"})],
        failure=Failure({"vmid": 111, "newid": 110}, "110"),
        cancel=True,
    ),
    Case(
        tool="pve_update_lxc_config",
        required={"vmid": 111, "memory": 1024},
        all={**STOPPED, **CONFIGURATION, "delete": "startup", "revert": "cpuunits", "digest": "{digest}"},
        option={"startup": "order=2,up=30"},
        setup=[("pve_get_lxc_config", {"vmid": 111})],
        failure=Failure({"vmid": 111, "memory": 64, "digest": "0" * 40}, "changed"),
    ),
    Case(
        tool="pve_delete_lxc_container",
        required={"vmid": 111},
        all={**RUNNING, "purge": True, "force": True, "destroy-unreferenced-disks": False, "wait": 20},
        failure=Failure({"vmid": 110}, ("110", "running")),
        cancel=True,
    ),
    Case(
        tool="pve_create_lxc_snapshot",
        required={"vmid": 111, "snapname": "before"},
        all={**RUNNING, "snapname": "before", "description": "a test", "wait": 20},
        failure=Failure({"vmid": 111, "snapname": "old"}, "old", setup=[SNAPSHOT]),
        cancel=True,
    ),
    Case(
        tool="pve_delete_lxc_snapshot",
        required={"vmid": 111, "snapname": "old"},
        all={**STOPPED, "snapname": "old", "force": True, "wait": 20},
        setup=[SNAPSHOT],
        failure=Failure({"vmid": 111, "snapname": "never"}, "never"),
        cancel=True,
    ),
    Case(
        tool="pve_rollback_lxc_snapshot",
        required={"vmid": 111, "snapname": "old"},
        all={**STOPPED, "snapname": "old", "start": True, "wait": 20},
        setup=[SNAPSHOT],
        failure=Failure({"vmid": 111, "snapname": "never"}, "never"),
        cancel=True,
    ),
]
