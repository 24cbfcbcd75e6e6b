"""Fixtures: simulators that live as long as the session, and servers that end with their test."""
# SPDX-License-Identifier: MIT

import os
import shutil
import tempfile
import zlib

import pytest

from harness.person import CLIENTS
from harness.programs import PVE_MCP, PVE_SIM
from harness.server import Server
from harness.simulator import Simulator
from harness.unruly import Unruly


def pytest_configure(config):
    for program in (PVE_MCP, PVE_SIM):
        if not program.exists():
            raise pytest.UsageError(f"{program} is missing; build it with: swift build -c release")
    # What the programs remember of plugins is the session's alone.
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="pve-mcp-cache-")


def pytest_unconfigure():
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.basename(cache).startswith("pve-mcp-cache-"):
        shutil.rmtree(cache, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Which tests run in one process with --dist loadgroup: those of a file, but the many of the catalogue by tool."""
    for item in items:
        group = item.path.stem
        case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
        if hasattr(case, "tool"):
            group += f"-{zlib.crc32(case.tool.encode()) % 8}"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def simulators(tmp_path_factory):
    """One simulator per set of options, shared by the tests of a process."""
    running = {}

    def simulator(*options):
        if options not in running:
            running[options] = Simulator(tmp_path_factory.mktemp("sim") / "log.jsonl", *options)
        return running[options]

    yield simulator
    for one in running.values():
        one.close()


@pytest.fixture
def private_simulator(tmp_path):
    """Simulators that belong to one test."""
    running = []

    def simulator(*options):
        running.append(Simulator(tmp_path / f"log{len(running)}.jsonl", *options))
        return running[-1]

    yield simulator
    for one in running:
        one.close()


@pytest.fixture
def simulator(simulators):
    """The simulator that tests share: three nodes, quick tasks."""
    return simulators("--task-seconds", "0.2")


@pytest.fixture
def start():
    """Starts servers: `start(simulator_or_unruly, *options, **settings)`."""
    running = []

    def server(
        backend=None, *options, revision="2025-06-18", handshake=True, binary=PVE_MCP, capabilities=None, person=None,
        **settings,
    ):
        running.append(
            Server(
                *options,
                # Tests that are about something else do not stop to be asked.
                settings={**(backend.settings if backend else {}), "PVE_CONFIRM": "never", **settings},
                revision=revision,
                handshake=handshake,
                binary=binary,
                capabilities=capabilities,
                person=person,
            )
        )
        return running[-1]

    yield server
    for one in running:
        one.close()


@pytest.fixture
def cluster(private_simulator):
    """A simulator of the test's own, with quick tasks."""
    return private_simulator("--task-seconds", "0.1")


@pytest.fixture
def serve(start, cluster):
    """Servers for a kind of client: `serve("legacy that can be asked", person, **settings)`."""

    def server(client, person=None, **settings):
        revision, capabilities = CLIENTS[client]
        return start(
            cluster, revision=revision, capabilities=capabilities, person=person, **{"PVE_CONFIRM": "ask", **settings})

    return server


@pytest.fixture
def unruly():
    """Servers that misbehave: `unruly({path: rule})`."""
    running = []

    def server(rules):
        running.append(Unruly(rules))
        return running[-1]

    yield server
    for one in running:
        one.close()
