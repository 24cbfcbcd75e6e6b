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
    "Sources/PluginLoader": {"PluginABI", "CSystem", "JSON", "NativeCall"},
    "Sources/PluginTesting": {"PluginABI", "JSON", "NativeCall", "PluginLoader"},
    "Sources/PluginTestingC": {"CPluginTesting", "PluginTesting"},
    "Sources/MCP": {"JSON"},
    "Sources/Proxmox": {"JSON", "EventLoop", "CCurl", "CSystem", "CFacts"},
    "Sources/Host": {
        "MCP", "NativeCall", "PluginLoader", "PluginABI", "Proxmox", "EventLoop", "JSON", "CSystem", "CCrypto",
        "CTemplates",
    },
    "Sources/Simulator": {"JSON", "CSystem", "CSimulatorTLS", "SimulatorFacts"},
    "Sources/SimulatorFacts": {"JSON"},
    "Sources/pve-mcp": {"Host"},
    "Sources/pve-sim": {"Simulator"},
}
PLUGINS = {"PluginKit", "PluginABI"}
# What the categories about guests have in common; a library inside each of them, not a plugin.
GUESTS = {"Plugins/QEMU", "Plugins/LXC"}
ONLY_IMPORTER = {
    "CCurl": "Sources/Proxmox", "CFacts": "Sources/Proxmox", "CJSON": "Sources/JSON", "CCrypto": "Sources/Host",
    "CTemplates": "Sources/Host", "CPluginTesting": "Sources/PluginTestingC",
    "CFFI": "Sources/NativeCall", "CSimulatorTLS": "Sources/Simulator", "SimulatorFacts": "Sources/Simulator",
}
LONGEST = 400
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
    rooms = {str(folder.relative_to(ROOT)) for folder in swift_folders("Sources")}
    assert rooms <= ALLOWED.keys()
    assert [name for name in ALLOWED if not (ROOT / name).is_dir()] == []


@pytest.mark.parametrize("folder", ALLOWED)
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
    importers = {
        str(folder.relative_to(ROOT)) for folder in swift_folders("Sources")
        if any(module in modules for modules in imports(folder).values())
    }
    assert importers == {ONLY_IMPORTER[module]}


def test_the_host_names_no_category():
    """Categories are known to Package.swift and to the plugin loader's list of standard names, to nobody else."""
    names = [file.parent.name for file in (ROOT / "Plugins").glob("*/Plugin.swift")]
    assert len(names) >= 12
    named = re.compile("|".join(rf"libpve-{name.lower()}\b|\b{name}Plugin\b" for name in names))
    for folder in ("Sources/MCP", "Sources/Host", "Sources/Proxmox"):
        for file in (ROOT / folder).rglob("*.swift"):
            code = re.sub(r"//.*", "", file.read_text())
            assert not named.search(code), file


def test_no_foundation_in_sources():
    for parent in ("Sources", "Plugins"):
        for folder in swift_folders(parent):
            for file, modules in imports(folder).items():
                assert not {"Foundation", "FoundationEssentials", "Dispatch"} & modules, file


def test_files_are_short_and_begin_with_a_licence():
    endings = {".swift", ".c", ".h", ".cpp", ".py"}
    files = [
        file for parent in ("Sources", "Plugins", "Tests", "Examples", "Benchmarks", "scripts")
        for file in (ROOT / parent).rglob("*") if file.suffix in endings and ".build" not in file.parts
    ]
    assert len(files) > 500
    for file in files:
        lines = file.read_text().splitlines()
        assert any("SPDX-License-Identifier: MIT" in line for line in lines[:6]), file
        assert len(lines) <= LONGEST, file
