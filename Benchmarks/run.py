#!/usr/bin/env python3
"""Measures pve-mcp and writes RESULTS.md. Started by scripts/bench.

    run.py BUILD-DIRECTORY [--quick] [--output FILE]
"""
# SPDX-License-Identifier: MIT

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import report
from driver import Driver
from report import Row
from stub import Stub

HERE = Path(__file__).resolve().parent
SETTLE = 0.3
# Both sides are measured in turns: what else the machine does then meets both.
ROUNDS = 7


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def compile_floor(folder):
    program = folder / "floor"
    subprocess.run(["cc", "-O2", "-Wall", "-o", program, HERE / "floor.c", "-lcurl"], check=True)
    return program


def measure_floor(program, stub, path, count):
    shown = subprocess.run(
        [program, f"{stub.url}/api2/json/{path}", stub.authority, str(count)], check=True, capture_output=True, text=True
    )
    return json.loads(shown.stdout)


def measure_start(command, settings, spawns):
    times, memory, listed = [], 0, b""
    for number in range(spawns):
        with Driver(command, settings) as driver:
            _, ready, listed = driver.open()
            times.append(ready)
            if number == spawns - 1:
                time.sleep(SETTLE)
                memory = driver.resident()
    return times, memory, json.loads(listed)["result"]["tools"]


def placements():
    """Which processors the stub and its clients run on. The cost of waking another core is most of what a small
    request costs, so where the system happens to put the processes decides more than either program does."""
    available = sorted(os.sched_getaffinity(0))
    yield "wherever the system puts them", set(available), set(available)
    yield "all on one core", {available[0]}, {available[0]}
    if len(available) > 1:
        yield "stub on another core", {available[0]}, {available[1]}


def measure_calls(command, stub, floor_program, scale):
    """Latencies of a call and of libcurl alone, in turns, by placement."""
    everywhere = os.sched_getaffinity(0)
    measured = []
    try:
        for name, far, near in placements():
            stub.place(far)
            os.sched_setaffinity(0, near)
            floor, calls = [], []
            with Driver(command, stub.settings) as driver:
                driver.open()
                driver.one_by_one("pve_list_nodes", {}, 200)
                for _ in range(ROUNDS):
                    floor.append(measure_floor(floor_program, stub, "nodes", 3_000 // scale))
                    calls.append(driver.one_by_one("pve_list_nodes", {}, 3_000 // scale)[0])
            measured.append((name, floor, calls))
    finally:
        stub.place(everywhere)
        os.sched_setaffinity(0, everywhere)
    return measured


def latency_rows(measured):
    for name, floor, calls in measured:
        alone = statistics.median(run["p50"] for run in floor)
        call = statistics.median(percentile(times, 0.5) for times in calls)
        ratios = sorted(percentile(times, 0.5) / run["p50"] for times, run in zip(calls, floor))
        yield Row(f"libcurl alone, {name}", alone, "µs", note=f"p99 {statistics.median(run['p99'] for run in floor):.0f} µs; "
                  "rounds: " + ", ".join(f"{run['p50']:.0f}" for run in floor))
        yield Row(f"tools/call, {name}", call, "µs", 2.5 * alone,
                  note=f"p99 {statistics.median(percentile(times, 0.99) for times in calls):.0f} µs; "
                  f"{call / alone:.2f} x libcurl alone, rounds {ratios[0]:.2f} to {ratios[-1]:.2f}")


def compact(value):
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def succeeded(answer, what):
    result = json.loads(answer).get("result", {})
    if not result or result.get("isError"):
        raise SystemExit(f"{what} failed: {answer[:600]!r}")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions; for trying the benchmark itself")
    parser.add_argument("--output", type=Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()
    server = options.build / "pve-mcp"
    command = [str(server)]
    scale = 10 if options.quick else 1
    load = os.getloadavg()[0]

    with tempfile.TemporaryDirectory(prefix="pve-bench-") as folder, Stub(folder) as stub:
        floor_program = compile_floor(Path(folder))
        starts, memory_listed, tools = measure_start(command, stub.settings, 40 // scale)

        measured = measure_calls(command, stub, floor_program, scale)

        with Driver(command, stub.settings) as driver:
            driver.open()
            times, answer = driver.one_by_one("pve_list_nodes", {}, 1_000)
            succeeded(answer, "pve_list_nodes")
            time.sleep(SETTLE)
            memory_called = driver.resident()
            rates = []
            for _ in range(3):
                rate, failed = driver.at_once("pve_list_nodes", {}, 20_000 // scale, 32)
                if failed:
                    raise SystemExit(f"{failed} calls failed with 32 under way")
                rates.append(rate)
            memory_loaded = driver.resident()

        with Driver(command, stub.settings) as driver:
            driver.open()
            driver.one_by_one("pve_list_qemu_vms", {}, 3)
            floor_large, large = [], []
            for _ in range(ROUNDS):
                floor_large.append(measure_floor(floor_program, stub, "cluster/resources", 20 // scale))
                times, answer = driver.one_by_one("pve_list_qemu_vms", {}, 20 // scale)
                large += times
            listed = succeeded(answer, "pve_list_qemu_vms")["structuredContent"]
            if listed.get("total", 0) < 10_000:
                raise SystemExit(f"10,000 guests were expected, the answer counts {listed.get('total')}")

    transfer = statistics.median(run["p50"] for run in floor_large) / 1e3
    inputs = sum(compact({name: value for name, value in tool.items() if name != "outputSchema"}) for tool in tools)
    outputs = sum(compact(tool["outputSchema"]) for tool in tools if "outputSchema" in tool)
    plugins = list(options.build.glob("libpve-*.so"))
    disk = server.stat().st_size + sum(file.stat().st_size for file in plugins)
    rows = [
        Row("start to complete tools/list, median", percentile(starts, 0.5), "ms", 5,
            note=f"{len(tools)} tools of {len(plugins)} categories, {len(starts)} starts, fastest {min(starts):.2f} ms"),
        Row("resident memory after tools/list", memory_listed / 1024, "MiB", 8e6 / (1 << 20)),
        Row("resident memory after 1,000 calls", memory_called / 1024, "MiB", 16e6 / (1 << 20),
            note=f"{memory_loaded / 1024:.1f} MiB after everything"),
        *latency_rows(measured),
        Row("calls per second, 32 under way", statistics.median(rates), "/s", 8_000, at_least=True,
            note="runs: " + ", ".join(f"{rate:,.0f}" for rate in rates)),
        Row("10,000 guests, transfer by libcurl alone", transfer, "ms",
            note=f"{floor_large[0]['bytes'] / 1e6:.2f} MB"),
        Row("10,000 guests, over the transfer", percentile(large, 0.5) / 1e3 - transfer, "ms", 15,
            note=f"{percentile(large, 0.5) / 1e3:.1f} ms in all"),
        Row("tools/list per tool, output schemas aside", inputs / len(tools), "B", 900),
        Row("output schema per tool", outputs / len(tools), "B", 400),
        Row("server and plugins on disk", disk / 1e6, "MB", 15),
    ]
    versions = {
        "pve-mcp": report.first_line(str(server), "--version"),
        "compiler": report.first_line("swift", "--version"),
        "libcurl of the floor": measured[0][1][0]["libcurl"],
        "stub": report.first_line("/usr/sbin/nginx", "-v").removeprefix("nginx version: "),
    }
    print(report.terminal(rows))
    shown = "scripts/bench" + (" --quick" if options.quick else "")
    options.output.write_text(report.text(rows, shown, versions, load))
    missed = [row.name for row in rows if row.met is False]
    print(f"\nwritten to {options.output}" + (f"; missed: {', '.join(missed)}" if missed else "; all targets met"))


if __name__ == "__main__":
    main()
