"""Arrows between the project's rooms point one way."""
# SPDX-License-Identifier: MIT

import re

import pytest

from harness.programs import ROOT

SYSTEM = {"Glibc", "Synchronization", "Swift", "SwiftShims"}

# What the files of a folder may import beside the standard library.
ALLOWED = {
    "Sources/PluginABI": set(),
    "Sources/PluginKit": {"PluginABI"},
    "Sources/JSON": {"CJSON"},
    "Sources/EventLoop": {"CSystem"},
    "Sources/NativeCall": {"CFFI"},
    "Sources/PluginLoader": {"PluginABI", "NativeCall", "CSystem"},
    "Sources/MCP": {"JSON"},
    "Sources/Proxmox": {"JSON", "EventLoop", "CCurl", "CSystem", "CFacts"},
    "Sources/Host": {"MCP", "PluginLoader", "PluginABI", "Proxmox", "EventLoop", "JSON", "CSystem", "CCrypto"},
    "Sources/Simulator": {"JSON", "CSystem", "CSimulatorTLS", "CMicrohttpd", "SimulatorFacts"},
    "Sources/SimulatorFacts": {"JSON"},
    "Sources/pve-mcp": {"Host"},
    "Sources/pve-sim": {"Simulator"},
}
PLUGINS = {"PluginKit", "PluginABI"}
# What the categories about guests have in common; a library inside each of them, not a plugin.
GUESTS = {"Plugins/QEMU", "Plugins/LXC"}
ONLY_IMPORTER = {"CCurl": "Sources/Proxmox", "CFFI": "Sources/NativeCall", "CJSON": "Sources/JSON",
                 "CCrypto": "Sources/Host"}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public|package|internal|fileprivate|private)?\s*import\s+"
    r"(?:struct\s+|class\s+|enum\s+|protocol\s+|func\s+|var\s+|let\s+|typealias\s+)?(\w+)",
    re.MULTILINE,
)


def imports(folder):
    """Module names by file."""
    return {file: set(IMPORT.findall(file.read_text())) - SYSTEM for file in sorted(folder.rglob("*.swift"))}


def swift_folders(parent):
    return sorted(folder for folder in (ROOT / parent).iterdir() if folder.is_dir() and list(folder.rglob("*.swift")))


def test_every_room_has_a_rule():
    unruled = [str(folder.relative_to(ROOT)) for folder in swift_folders("Sources")
               if str(folder.relative_to(ROOT)) not in ALLOWED]
    assert unruled == []


@pytest.mark.parametrize("folder", [name for name in ALLOWED if list((ROOT / name).rglob("*.swift"))])
def test_a_room_imports_only_what_it_may(folder):
    for file, modules in imports(ROOT / folder).items():
        assert modules <= ALLOWED[folder], f"{file.relative_to(ROOT)} imports {modules - ALLOWED[folder]}"


@pytest.mark.parametrize("folder", swift_folders("Plugins"), ids=lambda folder: folder.name)
def test_a_plugin_imports_the_plugin_kit_alone(folder):
    allowed = PLUGINS | ({"GuestTools"} if str(folder.relative_to(ROOT)) in GUESTS else set())
    for file, modules in imports(folder).items():
        assert modules <= allowed, f"{file.relative_to(ROOT)} imports {modules - allowed}"


@pytest.mark.parametrize("module", ONLY_IMPORTER)
def test_a_shim_has_one_importer(module):
    for folder in swift_folders("Sources"):
        for file, modules in imports(folder).items():
            if module in modules:
                assert str(folder.relative_to(ROOT)) == ONLY_IMPORTER[module], file


def test_the_host_names_no_category():
    """Categories are known to Package.swift and to the plugin loader's list of standard names, to nobody else."""
    for folder in ("Sources/MCP", "Sources/Host"):
        for file in (ROOT / folder).rglob("*.swift"):
            code = re.sub(r"//.*", "", file.read_text())
            assert not re.search(r"libpve-(nodes|qemu)|NodesPlugin|QEMUPlugin", code), file


def test_no_foundation_in_sources():
    for parent in ("Sources", "Plugins"):
        for folder in swift_folders(parent):
            for file, modules in imports(folder).items():
                assert not {"Foundation", "FoundationEssentials", "Dispatch"} & modules, file


def test_files_are_short_and_begin_with_a_licence():
    for parent in ("Sources", "Plugins", "Tests"):
        for file in (ROOT / parent).rglob("*.swift"):
            head = file.read_text().splitlines()[:6]
            assert any("SPDX-License-Identifier: MIT" in line for line in head), file
