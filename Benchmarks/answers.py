"""The answers that the stub serves: three nodes with a few guests, and one with ten thousand."""
# SPDX-License-Identifier: MIT

import json
import random

GIB = 1 << 30
NODES = ("pve1", "pve2", "pve3", "big")
MANY = 10_000


def node(name, number):
    return {
        "node": name, "id": f"node/{name}", "type": "node", "status": "online", "level": "",
        "cpu": round(0.02 + 0.013 * number, 4), "maxcpu": 16,
        "mem": (20 + number) * GIB, "maxmem": 64 * GIB, "disk": 11 * GIB, "maxdisk": 120 * GIB,
        "uptime": 1_200_000 + 37 * number,
        "ssl_fingerprint": ":".join(f"{(number * 53 + byte * 7) % 256:02X}" for byte in range(32)),
    }


def guest(vmid, chance):
    running = chance.random() < 0.7
    return {
        "vmid": vmid, "name": f"vm-{vmid}", "status": "running" if running else "stopped",
        "cpus": chance.choice((1, 2, 4, 8)), "cpu": round(chance.random(), 6) if running else 0,
        "mem": chance.randrange(4 * GIB) if running else 0, "maxmem": 4 * GIB,
        "disk": 0, "maxdisk": 32 * GIB, "diskread": chance.randrange(1 << 40), "diskwrite": chance.randrange(1 << 40),
        "netin": chance.randrange(1 << 36), "netout": chance.randrange(1 << 36),
        "uptime": chance.randrange(10_000_000) if running else 0, "pid": 1000 + vmid, "tags": "web;linux",
        "serial": 1, "pressurecpusome": "0.00", "pressuremem": 0,
    }


# What the cluster's list has of a guest under the same name as its node's.
CLUSTER_FIELDS = (
    "vmid", "name", "status", "cpu", "mem", "maxmem", "disk", "maxdisk", "diskread", "diskwrite", "netin", "netout",
    "uptime", "tags",
)


def all_answers():
    """The value of `data` by path."""
    chance = random.Random(20)
    answers = {
        "version": {"version": "9.2.3", "release": "9.2", "repoid": "0123456789abcdef"},
        "nodes": [node(name, number) for number, name in enumerate(NODES)],
        "access/permissions": {"/": {"Sys.Audit": 1, "VM.Audit": 1}},
    }
    resources = list(answers["nodes"])
    for number, name in enumerate(NODES):
        first = 100 + 100 * number
        guests = [guest(vmid, chance) for vmid in range(first, first + (MANY if name == "big" else 20))]
        answers[f"nodes/{name}/qemu"] = guests
        resources += [
            {**{key: one[key] for key in CLUSTER_FIELDS},
             "id": f"qemu/{one['vmid']}", "node": name, "type": "qemu", "template": 0, "maxcpu": one["cpus"]}
            for one in guests
        ]
    answers["cluster/resources"] = resources
    return answers


def write(folder):
    for path, data in all_answers().items():
        file = folder / "api2/json" / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"data": data}, separators=(",", ":")))
