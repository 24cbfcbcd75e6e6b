"""The rules of the contract, and plugins that break one each."""
# SPDX-License-Identifier: MIT

import json
import re
import subprocess

from .programs import HEADER, ROOT

SOURCES = ROOT / "Tests/Fixtures/plugins"
RULES = json.loads((SOURCES / "rules.json").read_text())
MINOR = re.search(r"#define PVE_ABI_MINOR (\d+)", (HEADER / "pve_plugin.h").read_text())[1]


def name(rule):
    places = ", ".join(f"{place}: {change}" for place, change in rule["define"].items())
    return f"{rule.get('source', 'fixture.c')} {places}"[:100]


def written(text, category):
    """A text of the table with the names of this plugin, and what is too long written out."""
    for mark, value in (("{category}", category), ("{entry}", f"pve_plugin_{category}"), ("{minor}", MINOR)):
        text = text.replace(mark, value)
    return re.sub(r"\{(\w) (\d+)\}", lambda match: match[1] * int(match[2]), text)


def build(folder, category, define=None, source="fixture.c"):
    """Compiles SOURCE with these changes to a plugin of the category."""
    library = folder / f"libpve-{category}.so"
    own = {"CATEGORY": f'"{category}"', "ENTRY": f"pve_plugin_{category}", "TOOL_NAME": f'"{category}_get"'}
    changes = {**own, **{place: written(change, category) for place, change in (define or {}).items()}}
    subprocess.run(
        ["cc", "-std=gnu11", "-fPIC", "-shared", "-w", f"-I{HEADER}", f"-I{SOURCES}",
         *(f"-D{place}={change}" for place, change in changes.items()), str(SOURCES / source), "-o", str(library)],
        check=True,
    )
    library.chmod(0o755)
    return library


def message(rule, category, folder):
    """What the host says of the plugin."""
    file = folder / f"libpve-{category}.so"
    what = f'tool "{written(rule["tool"], category)}"' if "tool" in rule else "plugin"
    return f"{file}: {what} refused: {written(rule['message'], category)}"


def documented():
    """The lines of the tables of refusals in docs/plugin-abi.md: what is refused."""
    text = (ROOT / "docs/plugin-abi.md").read_text().split("\n## Refusals\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.*?) \| .* \|$", text, re.MULTILINE)
    return [row for row in rows if "is refused when" not in row]
