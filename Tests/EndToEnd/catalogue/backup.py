"""Backups: jobs by schedule, and backups at once."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

JOB = ("pve_create_backup_job", {"id": "{unique}", "schedule": "daily", "vmid": "100", "storage": "shared"})
POOL = [("POST /pools", {"poolid": "{unique}"}), ("PUT /pools", {"poolid": "{unique}", "vms": "100"})]

CASES = [
    Case(
        tool="pve_list_backup_jobs",
        required={},
        all={"fields": ["id", "next-run"], "limit": 1, "cursor": "0"},
        setup=[JOB],
        failure=Failure({"cursor": "last"}, ("cursor", "last")),
    ),
    Case(
        tool="pve_get_backup_job",
        required={"id": "{unique}"},
        all={"id": "{unique}"},
        setup=[JOB],
        failure=Failure({"id": "never-made"}, "never-made"),
    ),
    Case(
        tool="pve_run_backup",
        required={"vmid": "100", "storage": "shared"},
        all={
            "node": "pve1", "vmid": "100,101", "storage": "shared", "mode": "stop", "compress": "zstd",
            "notes-template": "{{guestname}} & {{vmid}}", "protected": True, "mailnotification": "failure",
            "mailto": "me@example.org", "wait": 20,
        },
        option={"prune-backups": "keep-last=3"},
        failure=Failure({"node": "pve2", "vmid": "100", "storage": "shared"}, "Nothing was backed up"),
        cancel=True,
    ),
    Case(
        tool="pve_run_backup",
        required={"node": "pve3", "all": True},
        all={"node": "pve3", "all": True, "exclude": "110", "storage": "shared"},
        option={"lockwait": 5},
        failure=Failure({"vmid": "100,102"}, "several nodes"),
    ),
    Case(
        tool="pve_run_backup",
        required={"node": "pve1", "pool": "{unique}"},
        all={"node": "pve1", "pool": "{unique}", "storage": "shared", "wait": 0},
        setup=POOL,
        failure=Failure({"pool": "{unique}"}, "give node"),
    ),
    Case(
        tool="pve_create_backup_job",
        required={"schedule": "daily", "vmid": "100"},
        all={
            "id": "{unique}", "schedule": "sun 02:00", "vmid": "100,101", "node": "pve1", "storage": "shared",
            "mode": "suspend", "compress": "zstd", "notes-template": "{{guestname}}", "protected": True,
            "prune-backups": "keep-last=3,keep-weekly=4", "enabled": False, "comment": "ä & = %",
            "mailnotification": "failure", "mailto": "me@example.org",
        },
        option={"notification-mode": "notification-system"},
        failure=Failure({"schedule": "daily"}, "vmid"),
    ),
    Case(
        tool="pve_create_backup_job",
        required={"schedule": "daily", "all": True},
        all={"schedule": "mon..fri 22:30", "all": True, "exclude": "102", "storage": "shared", "maxfiles": 3},
        translated=["maxfiles"],
        failure=Failure({"schedule": "daily", "all": True, "maxfiles": 3, "prune-backups": "keep-last=3"}, "not both"),
    ),
    Case(
        tool="pve_create_backup_job",
        required={"schedule": "daily", "pool": "{unique}"},
        all={"schedule": "daily", "pool": "{unique}", "maxfiles": 0},
        translated=["maxfiles"],
        setup=POOL,
        failure=Failure({"vmid": "100"}, "schedule"),
    ),
    Case(
        tool="pve_delete_backup_job",
        required={"id": "{unique}"},
        all={"id": "{unique}"},
        setup=[JOB],
        failure=Failure({"id": "never-made"}, "never-made"),
    ),
]
