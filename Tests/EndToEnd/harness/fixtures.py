"""Compiles the fixture plugins."""
# SPDX-License-Identifier: MIT

import subprocess
from pathlib import Path

from .programs import HEADER

FOLDER = Path(__file__).resolve().parents[1] / "fixtures"


def compile_plugin(directory, source, category="fixture", header=HEADER, flags=(), **macros):
    """Compiles fixtures/SOURCE.c to DIRECTORY/libpve-CATEGORY.so against the header's folder; macros without a value are
    True."""
    library = directory / f"libpve-{category}.so"
    macros = {"CATEGORY": category.replace("-", "_"), **macros}
    defines = [f"-D{name}" if value is True else f"-D{name}={value}" for name, value in macros.items()]
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-fvisibility=hidden",
         f"-I{header}", f"-I{FOLDER}", *defines, str(FOLDER / f"{source}.c"), "-o", str(library), *flags],
        check=True,
    )
    library.chmod(0o755)
    return library
