"""The catalogue: every tool of every category with the calls that exercise it, one module for each category."""
# SPDX-License-Identifier: MIT

import importlib
import pkgutil

PARTS = {"case", "facts", "runner"}


def cases():
    """(category, case) of every module here that has CASES, in the order of the modules' names."""
    found = []
    for module in sorted(part.name for part in pkgutil.iter_modules(__path__) if part.name not in PARTS):
        found += [(module, case) for case in importlib.import_module(f"{__name__}.{module}").CASES]
    return found
