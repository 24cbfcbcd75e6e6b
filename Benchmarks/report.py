"""Writes what was measured, beside what is aimed for."""
# SPDX-License-Identifier: MIT

import datetime
import os
import platform
import re
import subprocess


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for text in file:
            if text.startswith("model name"):
                model = text.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / (1 << 20)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB"


def system():
    with open("/etc/os-release") as file:
        name = re.search(r'^PRETTY_NAME="?([^"\n]+)', file.read(), re.MULTILINE)
    return f"{name.group(1) if name else platform.system()}, Linux {platform.release()}"


def first_line(*command):
    try:
        shown = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return "unknown"
    return ((shown.stdout or shown.stderr).strip().splitlines() or ["unknown"])[0]


class Row:
    """A measure, its value and its target; more is better when `at_least`."""

    def __init__(self, name, value, unit, target=None, at_least=False, note=""):
        self.name, self.value, self.unit, self.note = name, value, unit, note
        self.target, self.at_least = target, at_least

    @property
    def met(self):
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def cells(self):
        target = "" if self.target is None else ("≥ " if self.at_least else "≤ ") + number(self.target) + f" {self.unit}"
        ratio = "" if not self.target else f"{self.value / self.target:.2f}"
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        return [self.name, f"{number(self.value)} {self.unit}", target, ratio, met, self.note]


def number(value):
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def text(rows, command, versions, load):
    lines = [
        "# Benchmark results",
        "",
        f"Written by `{command}` on {datetime.date.today().isoformat()}.",
        "",
        f"- machine: {machine()}",
        f"- system: {system()}",
        f"- load average of the last minute when it began: {load:.2f}",
        *[f"- {name}: {version}" for name, version in versions.items()],
        "",
        "Everything is measured in one run on one machine: pve-mcp against nginx with static answers over HTTPS on",
        "loopback, beside libcurl alone fetching the same answer. Ratio is value / target. Latency is given for several",
        "placements of the processes on cores, because the placement decides much of it; times are medians.",
        "",
        "| measure | value | target | ratio | met | note |",
        "|---|---:|---:|---:|---|---|",
    ]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def terminal(rows):
    cells = [["measure", "value", "target", "ratio", "met", ""]] + [
        [cell.replace("**", "") for cell in row.cells()] for row in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)) + "  " + row[5] for row in cells
    )
