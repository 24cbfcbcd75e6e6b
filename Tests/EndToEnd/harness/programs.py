"""Where the programs under test are, and an environment that holds nothing else."""
# SPDX-License-Identifier: MIT

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("PVE_MCP_BUILD", ROOT / ".build/release")).resolve()
PVE_MCP = BUILD / "pve-mcp"
PVE_SIM = BUILD / "pve-sim"
HEADER = ROOT / "Sources/PluginABI/include"
TIERS = ("read-only", "read-execute", "full")
# The tools that come with the host: name, category, tier, the parameters that a caller may expect.
STANDARD = json.loads((ROOT / "Tests/Data/standard-tools.json").read_text())
CATEGORIES = tuple(dict.fromkeys(tool["category"] for tool in STANDARD))


def environment(**settings):
    """An environment with these settings and no others of pve-mcp; None takes one away. Nothing is asked unless a test
    is about asking."""
    settings = {"PVE_CONFIRM": "never", **settings}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME") if name in os.environ and name not in settings}
    return {**kept, **{name: str(value) for name, value in settings.items() if value is not None}}


def standard(tier="full", *categories):
    """Names of the standard tools that a tier admits, of these categories or of all."""
    admitted = TIERS[: TIERS.index(tier) + 1]
    return {
        tool["name"] for tool in STANDARD
        if tool["tier"] in admitted and (not categories or tool["category"] in categories)
    }


def plugin(category):
    return BUILD / f"libpve-{category}.so"
