"""What the built files export and need."""
# SPDX-License-Identifier: MIT

import re
import subprocess

import pytest

from harness.programs import CATEGORIES, PVE_MCP, PVE_SIM, plugin


def output(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def needed(file):
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-d", file)))


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_plugin_exports_its_entry_only(category):
    lines = output("nm", "-D", "--defined-only", plugin(category)).splitlines()
    assert [line.split()[-1].split("@")[0] for line in lines] == [f"pve_plugin_{category}"]


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_plugin_needs_libc_only(category):
    assert needed(plugin(category)) <= {"libc.so.6"}


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_plugin_needs_no_newer_libc_than_debian_12_has(category):
    versions = re.findall(r"GLIBC_2\.(\d+)", output("readelf", "-V", plugin(category)))
    assert all(int(version) <= 36 for version in versions)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_plugin_is_small(category):
    assert plugin(category).stat().st_size < 1 << 20


@pytest.mark.parametrize("program", [PVE_MCP, PVE_SIM], ids=lambda program: program.name)
def test_a_program_carries_its_runtime_and_points_into_no_toolchain(program):
    assert not [name for name in needed(program) if re.search(r"swift|Foundation|stdc\+\+|gcc_s", name)]
    paths = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.+)\]", output("readelf", "-d", program))
    assert paths in ([], ["$ORIGIN"])
    assert "DYN (" in output("readelf", "-h", program)


def test_the_server_opens_curl_when_it_needs_it():
    assert not [name for name in needed(PVE_MCP) if re.search(r"curl|ssl|crypto", name)]


def test_what_is_installed_is_small():
    total = PVE_MCP.stat().st_size + sum(plugin(category).stat().st_size for category in CATEGORIES)
    assert total < 15 << 20
