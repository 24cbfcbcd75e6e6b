"""Where the programs under test are, and an environment that holds nothing else."""
# SPDX-License-Identifier: MIT

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("PVE_MCP_BUILD", ROOT / ".build/release")).resolve()
PVE_MCP = BUILD / "pve-mcp"
PVE_SIM = BUILD / "pve-sim"
HEADER = ROOT / "Sources/PluginABI/include"
CATEGORIES = ("nodes", "qemu")


def environment(**settings):
    """An environment with these settings and no others of pve-mcp."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, **{name: str(value) for name, value in settings.items()}}


def plugin(category):
    return BUILD / f"libpve-{category}.so"
