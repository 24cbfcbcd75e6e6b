"""The example plugins, built as their README files say and served."""
# SPDX-License-Identifier: MIT

import re
import shlex
import shutil
import subprocess

from harness.programs import HEADER, ROOT
from harness.server import run

HELLO = ROOT / "Examples/hello-c"


def build_hello(tmp_path):
    """Runs the compiler's line of the README in a copy of the folder; returns where the library is."""
    folder = tmp_path / "hello-c"
    shutil.copytree(HELLO, folder)
    folder.chmod(0o755)
    (line,) = re.findall(r"^    (cc .*)$", (HELLO / "README.md").read_text(), re.MULTILINE)
    words = [str(HEADER) if word == "../../Sources/PluginABI/include" else word for word in shlex.split(line)]
    subprocess.run(words, cwd=folder, check=True)
    (folder / "libpve-hello.so").chmod(0o755)
    return folder


def test_the_c_example_serves(start, simulator, tmp_path):
    server = start(simulator, PVE_PLUGIN_PATH=build_hello(tmp_path), PVE_CATEGORIES="default,hello")
    names = [name for name in server.tool_names() if name.startswith("hello_")]
    assert names == ["hello_version", "hello_greet"]
    assert server.call("hello_version").data["version"]
    greet = next(tool for tool in server.tools() if tool["name"] == "hello_greet")
    required = {name: "world" for name in greet["inputSchema"].get("required", [])}
    answer = server.call("hello_greet", required)
    assert not answer.is_error, answer.text
    assert "world" in answer.text or not required


def test_the_c_example_is_listed(tmp_path):
    completed = run("plugins", settings={"PVE_PLUGIN_PATH": build_hello(tmp_path), "PVE_CATEGORIES": "default,hello"})
    assert completed.returncode == 0, completed.stdout
    assert "hello" in completed.stdout
