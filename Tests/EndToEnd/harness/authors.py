"""What an author of plugins has: the examples, the commands of the documents, a home of their own."""
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import subprocess
from pathlib import Path

from .programs import BUILD, ROOT, environment

EXAMPLES = ROOT / "Examples"
LANGUAGES = ("c", "rust", "swift")


def example(tmp_path, name):
    """A copy of an example, in a tree that has what the example looks for around it."""
    tree = tmp_path / "tree"
    (tree / ".build").mkdir(parents=True, exist_ok=True)
    for link, target in ((".build/release", BUILD), ("Sources", ROOT / "Sources"), ("Packaging", ROOT / "Packaging")):
        if not (tree / link).is_symlink():
            (tree / link).symlink_to(target)
    folder = tree / "Examples" / name
    # local.mk is a link into another example.
    for one in {name, "hello-c"}:
        shutil.copytree(
            EXAMPLES / one, tree / "Examples" / one, symlinks=True, ignore=shutil.ignore_patterns(*ignored(EXAMPLES / one)))
    return folder


def ignored(folder):
    """What a build leaves in an example's folder. Of what its .gitignore names, local.mk alone is a part of it."""
    listed = folder / ".gitignore"
    names = listed.read_text().split() if listed.exists() else []
    return [name.strip("/") for name in names if name != "/local.mk"]


def author(tmp_path, **more):
    """The environment of somebody who has installed pve-mcp: it is in PATH, and nothing is set."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755, exist_ok=True)
    settings = environment(PVE_CONFIRM=None, **more)
    # A compiler that is managed in the user's home stays where it is.
    for variable, folder in (("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")):
        place = os.environ.get(variable) or Path.home() / folder
        if Path(place).is_dir():
            settings[variable] = str(place)
    return {**settings, "HOME": str(home), "PATH": f"{BUILD}:{settings['PATH']}"}


def commands(page, begin="", end=None):
    """The blocks of a page that are commands, between two lines of it: run together they are one script."""
    text = page.read_text()
    text = text[text.index(begin):]
    text = text[: text.index(end)] if end else text
    blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    script = "".join(block for kind, block in blocks if kind == "sh")
    shown = [line for kind, block in blocks if kind == "text" for line in block.splitlines()]
    return script, shown


def run_script(script, folder, settings):
    """Runs commands as they stand; what they print, errors among it. They stop at the first that fails."""
    folder.mkdir(mode=0o755, exist_ok=True)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"umask 022\n{script}"], cwd=folder, env=settings, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 0, f"status {done.returncode} of\n{script}\n{done.stdout}"
    return done.stdout


def expect_lines(output, lines):
    """The lines are in the output, in this order; an ellipsis stands for anything."""
    rest = output
    for line in lines:
        found = re.search(".*?".join(re.escape(part) for part in line.split("…")), rest)
        assert found, f"not printed: {line}\nin:\n{output}"
        rest = rest[found.end():]


def no_warnings(output):
    """Of compilers; what pve-mcp warns about is its own."""
    warnings = [line for line in output.splitlines() if re.search(r"(^|[^-\w])warning: ", line)]
    assert [line for line in warnings if not line.startswith("pve-mcp: ")] == []
