"""The macro that makes a native tool of a function compiles what agrees with the function, and nothing else."""
# SPDX-License-Identifier: MIT

import shutil
import subprocess

import pytest

from harness.programs import HEADER

COMPILERS = [name for name in ("cc", "gcc", "clang") if shutil.which(name)]
TOOL = '"pve_t", "T", "D.", PVE_TIER_READ_ONLY, PVE_ANNOTATION_READ_ONLY'
DIFFERS = "f: its arguments or its result are not those of this PVE_NATIVE_TOOL"
TAKES = "a native function takes bool, int32_t, uint32_t, int64_t, uint64_t, double, const char * or bytes"
LONGEST = ", ".join(f"int32_t a{place}" for place in range(12))
LONGEST_SPECS = ", ".join(f'PVE_REQUIRED(int32_t, a{place}, "A.")' for place in range(12))

# Function, result, parameters.
SOUND = {
    "nothing": ("void f(void)", "PVE_RETURNS(void)", ""),
    "every type": (
        "bool f(bool a, int32_t b, uint32_t c, int64_t d, uint64_t e, double g, const char *h, const uint8_t *i, size_t j)",
        "PVE_RETURNS(bool)",
        'PVE_REQUIRED(bool, a, "A."), PVE_REQUIRED(int32_t, b, "B."), PVE_REQUIRED(uint32_t, c, "C."), '
        'PVE_REQUIRED(int64_t, d, "D."), PVE_REQUIRED(uint64_t, e, "E."), PVE_REQUIRED(double, g, "G."), '
        'PVE_REQUIRED(const char *, h, "H."), PVE_REQUIRED_BYTES(i, "I.")'),
    "every type, optional": (
        "int32_t f(const bool *a, const int32_t *b, const uint32_t *c, const int64_t *d, const uint64_t *e, "
        "const double *g, const char *h, const uint8_t *i, size_t j)",
        "PVE_RETURNS(int32_t)",
        'PVE_OPTIONAL(bool, a, "A."), PVE_OPTIONAL(int32_t, b, "B."), PVE_OPTIONAL(uint32_t, c, "C."), '
        'PVE_OPTIONAL(int64_t, d, "D."), PVE_OPTIONAL(uint64_t, e, "E."), PVE_OPTIONAL(double, g, "G."), '
        'PVE_OPTIONAL(const char *, h, "H."), PVE_OPTIONAL_BYTES(i, "I.")'),
    "defaults": (
        "uint32_t f(int64_t a, const char *b, const uint8_t *c, size_t d)", "PVE_RETURNS(uint32_t)",
        'PVE_DEFAULT(int64_t, a, "1", "A."), PVE_DEFAULT(const char *, b, "\\"x\\"", "B."), '
        'PVE_DEFAULT_BYTES(c, "\\"AA==\\"", "C.")'),
    "limits": (
        "double f(double a, const char *b, int64_t c, int64_t d)", "PVE_RETURNS(double)",
        'PVE_REQUIRED(double, a, "A.", PVE_RANGE(-1, 1.5)), PVE_REQUIRED(const char *, b, "B.", PVE_LENGTH(8), '
        'PVE_PATTERN("^a"), PVE_CHOICES("a", "ab"), PVE_SECRET), PVE_REQUIRED(int64_t, c, "C.", PVE_MINIMUM(1)), '
        'PVE_REQUIRED(int64_t, d, "D.", PVE_MAXIMUM(1))'),
    "twelve": (f"int64_t f({LONGEST})", "PVE_RETURNS(int64_t)", LONGEST_SPECS),
    "the call alone": ("uint64_t f(pve_call *call)", "PVE_RETURNS(uint64_t)", "PVE_CALL_HANDLE"),
    "the call first": (
        "const char *f(pve_call *call, bool a)", "PVE_RETURNS(const char *)", 'PVE_CALL_HANDLE, PVE_REQUIRED(bool, a, "A.")'),
    "an owned text": ("char *f(void)", "PVE_RETURNS_OWNED(free)", ""),
    "bytes": ("const uint8_t *f(size_t *length)", "PVE_RETURNS_BYTES(NULL)", ""),
    "a status": ("int f(bool a, char **error)", "PVE_RETURNS_STATUS(free)", 'PVE_REQUIRED(bool, a, "A.")'),
    "a name": ("double f(void)", 'PVE_NAMED("celsius", PVE_RETURNS(double))', ""),
    "a name of bytes": ("const uint8_t *f(size_t *length)", 'PVE_NAMED("key", PVE_RETURNS_BYTES(NULL))', ""),
}

# Function, result, parameters, what the compiler says.
BROKEN = {
    "a wrong type": ("void f(int32_t a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(int64_t, a, "A.")', DIFFERS),
    "a wrong sign": ("void f(int32_t a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(uint32_t, a, "A.")', DIFFERS),
    "a missing argument": (
        "void f(int32_t a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(int32_t, a, "A."), PVE_REQUIRED(bool, b, "B.")', DIFFERS),
    "an extra argument": ("void f(int32_t a, bool b)", "PVE_RETURNS(void)", 'PVE_REQUIRED(int32_t, a, "A.")', DIFFERS),
    "arguments of no parameters": ("void f(bool a)", "PVE_RETURNS(void)", "", DIFFERS),
    "another order": (
        "void f(bool a, double b)", "PVE_RETURNS(void)", 'PVE_REQUIRED(double, b, "B."), PVE_REQUIRED(bool, a, "A.")', DIFFERS),
    "an optional written as required": (
        "void f(const double *a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(double, a, "A.")', DIFFERS),
    "an address written as a value": (
        "void f(const double *a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(const double *, a, "A.")', f"parameter a: {TAKES}"),
    "a required written as optional": ("void f(double a)", "PVE_RETURNS(void)", 'PVE_OPTIONAL(double, a, "A.")', DIFFERS),
    "a default taken by its address": (
        "void f(const double *a)", "PVE_RETURNS(void)", 'PVE_DEFAULT(double, a, "1", "A.")', DIFFERS),
    "an address of what may change": ("void f(double *a)", "PVE_RETURNS(void)", 'PVE_OPTIONAL(double, a, "A.")', DIFFERS),
    "bytes without a length": ("void f(const uint8_t *a)", "PVE_RETURNS(void)", 'PVE_REQUIRED_BYTES(a, "A.")', DIFFERS),
    "a text that may change": ("void f(char *a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(const char *, a, "A.")', DIFFERS),
    "a wrong result": ("int64_t f(void)", "PVE_RETURNS(double)", "", DIFFERS),
    "a result of nothing": ("void f(void)", "PVE_RETURNS(int32_t)", "", DIFFERS),
    "a result nobody takes": ("int64_t f(void)", "PVE_RETURNS(void)", "", DIFFERS),
    "a borrowed text as an owned one": ("const char *f(void)", "PVE_RETURNS_OWNED(free)", "", DIFFERS),
    "an owned text as a borrowed one": ("char *f(void)", "PVE_RETURNS(const char *)", "", DIFFERS),
    "a status without words": ("int f(void)", "PVE_RETURNS_STATUS(free)", "", DIFFERS),
    "bytes without their length": ("const uint8_t *f(void)", "PVE_RETURNS_BYTES(NULL)", "", DIFFERS),
    "a call that is not said": ("void f(pve_call *call)", "PVE_RETURNS(void)", "", DIFFERS),
    "a call that is not taken": ("void f(void)", "PVE_RETURNS(void)", "PVE_CALL_HANDLE", DIFFERS),
    "a call that is last": (
        "void f(bool a, pve_call *call)", "PVE_RETURNS(void)", 'PVE_REQUIRED(bool, a, "A."), PVE_CALL_HANDLE',
        "f: PVE_CALL_HANDLE comes first, once"),
    "a type of no code": ("void f(float a)", "PVE_RETURNS(void)", 'PVE_REQUIRED(float, a, "A.")', f"parameter a: {TAKES}"),
    "a result of no code": (
        "float f(void)", "PVE_RETURNS(float)", "", "f: PVE_RETURNS takes void, bool, int32_t, uint32_t, int64_t"),
    "thirteen": (
        f"int f({LONGEST}, char **error)", "PVE_RETURNS_STATUS(NULL)", LONGEST_SPECS,
        "f: a native function has at most 12 arguments"),
}


def compiled(compiler, directory, case):
    function, result, parameters = case[:3]
    source = directory / "tool.c"
    source.write_text(
        "#include <stdlib.h>\n#include <pve_native.h>\n"
        f"extern {function};\n"
        f"PVE_NATIVE_TOOL(f, {result}, {TOOL}{', ' if parameters else ''}{parameters});\n"
        "extern const pve_tool *const tools[];\nconst pve_tool *const tools[] = {&f_tool};\n")
    return subprocess.run(
        [compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{HEADER}", "-c", str(source), "-o",
         str(directory / "tool.o")], capture_output=True, text=True)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND)
def test_a_table_that_agrees_compiles(compiler, case, tmp_path):
    done = compiled(compiler, tmp_path, case)
    assert done.returncode == 0 and not done.stderr, done.stderr


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_a_table_that_disagrees_does_not_and_says_why(compiler, case, tmp_path):
    done = compiled(compiler, tmp_path, case)
    assert done.returncode != 0, "it compiled"
    assert case[3] in done.stderr, done.stderr


def test_there_is_a_compiler():
    assert COMPILERS
