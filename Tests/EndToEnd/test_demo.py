"""The scripts that a newcomer runs."""
# SPDX-License-Identifier: MIT

import json
import re
import subprocess
import sys

from harness.programs import CATEGORIES, PVE_MCP, ROOT, environment, standard


def script(name, *arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / name), *map(str, arguments)],
        capture_output=True, text=True, timeout=60, env=environment(),
    )


def test_the_conversation_goes_as_it_should():
    shown = script("conversation.py", PVE_MCP)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    text = shown.stdout
    assert f"{len(standard())} tools" in text
    assert all(category in text for category in CATEGORIES)
    assert "pve1" in text and "online" in text
    assert text.count("notifications/progress") >= 2
    assert "VM 100 was stopped and is running." in text
    assert "vmid" in text and "integer" in text
    assert f"{len(standard('read-only'))} of {len(standard())} tools are left." in text
    assert "\x1b" not in text, "colours where there is no terminal"


def test_configurations_are_well_formed_and_have_the_absolute_path():
    shown = script("clients.py", PVE_MCP)
    assert shown.returncode == 0
    for client in ("Claude Code", "Claude Desktop", "Cursor", "VS Code", "Codex", "Gemini CLI", "ssh"):
        assert client in shown.stdout
    blocks = re.findall(r"^    \{\n(?:    .*\n)*?    \}$", shown.stdout, re.MULTILINE)
    assert len(blocks) == 4
    for block in blocks:
        (servers,) = json.loads(block).values()
        words = [servers["proxmox"]["command"], *servers["proxmox"]["args"]]
        assert str(PVE_MCP) in words
