"""Tasks: what ran, what it said, stopping it."""
# SPDX-License-Identifier: MIT

from .case import NOBODY, Case, Failure

START = ("pve_start_qemu_vm", {"vmid": 100, "wait": 0})
NO_UPID = Failure({"upid": "UPID:pve1"}, "UPID")
FILTERS = {
    "start": 0, "vmid": 101, "typefilter": "qmstart", "statusfilter": "ok,warning", "errors": False, "userfilter": "root",
    "source": "all", "since": 1, "until": 4000000000,
}

CASES = [
    Case(
        tool="pve_list_tasks",
        required={},
        all={"node": "pve1", **FILTERS, "fields": ["upid", "status"], "limit": 3, "cursor": "0"},
        failure=Failure({"node": "pve9"}, ("pve9", "pve1")),
    ),
    Case(
        tool="pve_list_tasks",
        required={"node": "pve1"},
        all={**FILTERS, "fields": ["upid", "status"], "limit": 3, "cursor": "0"},
        translated=list(FILTERS),
    ),
    Case(
        tool="pve_get_task_status",
        required={"upid": "{upid}"},
        all={"node": "pve1", "upid": "{upid}", "wait": 10},
        setup=[START],
        failure=NO_UPID,
    ),
    Case(
        tool="pve_get_task_log",
        required={"upid": "{upid}"},
        all={"node": "pve1", "upid": "{upid}", "start": 1, "limit": 5},
        setup=[START],
        failure=NO_UPID,
    ),
    Case(
        tool="pve_stop_task",
        required={"upid": "{upid}"},
        all={"node": "pve2", "upid": "{upid}"},
        # Slow, so that it still runs.
        setup=[("pve_start_qemu_vm", {"vmid": 105, "wait": 0})],
        failure=Failure({"upid": "{upid}"}, "Sys.Modify", settings=NOBODY),
    ),
]
