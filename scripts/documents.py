"""What the generators share: asking the built programs, tables, and writing or checking files."""
# SPDX-License-Identifier: MIT

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVER = Path(os.environ.get("PVE_MCP_BUILD", ROOT / ".build/release")) / "pve-mcp"
TIERS = ("read-only", "read-execute", "full")


@functools.cache
def ask(*words):
    """What `pve-mcp WORDS --json` says, with no settings but the defaults."""
    if not SERVER.exists():
        sys.exit(f"{SERVER} is missing; build it with: swift build -c release")
    clean = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": os.environ.get("HOME", "/")}
    return json.loads(subprocess.run([SERVER, *words, "--json"], env=clean, capture_output=True, check=True).stdout)


def tools():
    return ask("tools")


def by_category():
    """The tools of each category, categories in the order of the tool list."""
    return {
        category: [tool for tool in tools() if tool["category"] == category]
        for category in dict.fromkeys(tool["category"] for tool in tools())
    }


@functools.cache
def endpoints(release="9.2"):
    """What a release's API has, by verb and path."""
    name = "pve-api-facts.json" if release == "9.2" else f"pve-api-facts-{release}.json"
    listed = json.loads((ROOT / "Sources/SimulatorFacts" / name).read_text())["endpoints"]
    return {(endpoint["method"], endpoint["path"]): endpoint for endpoint in listed}


def requests(tool):
    """A tool's requests as verb and path; where an argument names the last part, all that the API has there."""
    found = []
    for text in tool["requests"]:
        method, path = text.split(" ", 1)
        same = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        known = [(method, path)] if (method, path) in endpoints() else [
            key for key in endpoints() if key[0] == method and same.fullmatch(key[1])
        ]
        found += known or [(method, path)]
    return found


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows])


def kind(tool):
    annotations = tool["annotations"]
    if annotations["readOnly"]:
        return "reads"
    return "destructive" if annotations["destructive"] else "changes"


def replaced(text, name, content):
    """The text with another table between its <!-- begin NAME --> and <!-- end NAME --> lines."""
    pattern = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if not pattern.search(text):
        sys.exit(f"README.md has no <!-- begin {name} --> … <!-- end {name} -->")
    return pattern.sub(lambda match: match.group(1) + content + "\n" + match.group(2), text)


def keep(files, owned=()):
    """Writes the files, or with --check only says whether they are as they should be (exit status 1 when not).

    `files` are texts by path; of the paths in `owned`, those that are not among them are removed.
    """
    command = Path(sys.argv[0]).name
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(sys.modules["__main__"].__doc__)
    check = sys.argv[1:] == ["--check"]
    stale = []
    for path, text in files.items():
        file = ROOT / path
        if file.exists() and file.read_text() == text:
            continue
        stale.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    for path in sorted({str(file.relative_to(ROOT)) for file in owned} - set(files)):
        stale.append(path)
        if not check:
            (ROOT / path).unlink()
    if check and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run scripts/{command} and commit the result")
    print("up to date" if not stale else f"written: {', '.join(stale)}")
