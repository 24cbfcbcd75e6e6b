"""Pools, nested ones too."""
# SPDX-License-Identifier: MIT

from .case import Case, Failure

POOL = "{unique}"
MAKE = ("POST /pools", {"poolid": POOL})
MAKE_NESTED = ("POST /pools", {"poolid": "{unique}/web"})

CASES = [
    Case(
        tool="pve_list_pools",
        required={},
        all={"fields": ["poolid"], "limit": 1, "cursor": "0"},
        setup=[MAKE],
        failure=Failure({"cursor": "last"}, ("cursor", "last")),
    ),
    Case(
        tool="pve_get_pool",
        required={"poolid": POOL},
        all={"poolid": "{unique}/web", "type": "qemu"},
        setup=[MAKE],
        all_setup=[MAKE_NESTED, ("PUT /pools", {"poolid": "{unique}/web", "vms": "100"})],
        failure=Failure({"poolid": "nowhere"}, "nowhere"),
    ),
    Case(
        tool="pve_create_pool",
        required={"poolid": POOL},
        all={"poolid": "{unique}/web", "comment": "a = b & c, ä"},
        all_setup=[MAKE],
        failure=Failure({"poolid": POOL}, ("{unique}", "already exists"), setup=[MAKE]),
    ),
    Case(
        tool="pve_update_pool",
        required={"poolid": POOL, "vms": "100"},
        all={
            "poolid": POOL, "comment": "ours", "vms": "100,111", "storage": "local", "delete": False, "allow-move": True,
        },
        setup=[MAKE],
        failure=Failure({"poolid": "nowhere", "vms": "100"}, "nowhere"),
    ),
    Case(
        tool="pve_update_pool",
        required={"poolid": POOL, "vms": "100", "delete": True},
        all={"poolid": POOL, "vms": "100", "delete": True},
        setup=[MAKE, ("PUT /pools", {"poolid": POOL, "vms": "100"})],
    ),
    Case(
        tool="pve_delete_pool",
        required={"poolid": POOL},
        all={"poolid": "{unique}/web"},
        setup=[MAKE],
        all_setup=[MAKE_NESTED],
        failure=Failure({"poolid": POOL}, POOL, setup=[("PUT /pools", {"poolid": POOL, "vms": "100"})]),
    ),
]
