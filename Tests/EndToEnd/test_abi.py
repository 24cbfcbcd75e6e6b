"""scripts/check-abi takes what is added to the contract, and nothing that is changed in it."""
# SPDX-License-Identifier: MIT

import re
import subprocess

import pytest

from harness.programs import HEADER, ROOT

CHECK = ROOT / "scripts/check-abi"


def check(folder=HEADER):
    return subprocess.run([CHECK, "--headers", folder], capture_output=True, text=True)


def edited(folder, pattern, replacement):
    """A copy of the headers with one place of pve_plugin.h changed."""
    for header in HEADER.glob("*.h"):
        (folder / header.name).write_text(header.read_text())
    text, count = re.subn(pattern, replacement, (HEADER / "pve_plugin.h").read_text(), count=1)
    assert count == 1, pattern
    (folder / "pve_plugin.h").write_text(text)
    return folder


def test_the_contract_is_what_was_agreed_on():
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr


ADDED = {
    "a field behind the last of a struct that says its size": (r"\} pve_result;", "    const char *more;\n} pve_result;", "more"),
    "a function behind the host's last": (
        r"(int \(\*cancelled\)\(const pve_call \*call\);)", r"\1\n    int (*more)(pve_call *call);", "more"),
    "a code": (r"(PVE_TYPE_JSON = 19,)", r"\1\n    PVE_TYPE_MORE = 20,", "PVE_TYPE_MORE"),
    "a struct": (
        r"(typedef struct pve_native \{)", "typedef struct pve_more {\n    uint32_t struct_size;\n} pve_more;\n\n" + r"\1",
        "see_pve_more"),
}

CHANGED = {
    "a field that moved": (r"(    uint32_t choice_count;\n)(    uint32_t maximum_length;.*\n)", r"\2\1"),
    "a field that is gone": (r"    const char \*note;.*\n", ""),
    "a field of another type": (r"    uint16_t flags; // pve_parameter_flag", "    uint32_t flags;"),
    "a field in former padding": (r"(    uint32_t reserved1;\n)(    const char \*note;)", r"    uint16_t reserved1, more;\n\2"),
    "a field where there is no size to look at": (r"\} pve_request_parameter;", "    int more;\n} pve_request_parameter;"),
    "a head that grows": (r"    uint32_t reserved;  // 0", "    uint32_t reserved;\n    uint64_t more;"),
    "a function with another signature": (
        r"int \(\*fail\)\(pve_call \*call, const char \*message, size_t length\)",
        "int (*fail)(pve_call *call, const char *message)"),
    "a code with another number": (r"PVE_TYPE_I32 = 2,", "PVE_TYPE_I32 = 9,"),
    "a code that is gone": (r"    PVE_TYPE_I32 = 2,\n", ""),
}


@pytest.mark.parametrize("what", ADDED)
def test_an_addition_passes_and_is_shown(tmp_path, what):
    pattern, replacement, name = ADDED[what]
    done = check(edited(tmp_path, pattern, replacement))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "added:" in done.stdout and name in done.stdout, done.stdout


@pytest.mark.parametrize("what", CHANGED)
def test_a_change_fails_and_says_what_to_do(tmp_path, what):
    done = check(edited(tmp_path, *CHANGED[what]))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "changed:" in done.stdout, done.stdout
    assert "raise PVE_ABI_MAJOR" in done.stderr, done.stderr
