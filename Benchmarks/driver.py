"""Drives a pve-mcp process over raw pipes: prepared lines out, newlines counted in, nothing parsed on the way."""
# SPDX-License-Identifier: MIT

import json
import os
import signal
import subprocess
import time

TIMEOUT = 120  # seconds for any one measurement


def line(message):
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


INITIALIZE = line({
    "jsonrpc": "2.0", "id": 0, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
})
INITIALIZED = line({"jsonrpc": "2.0", "method": "notifications/initialized"})
LIST = line({"jsonrpc": "2.0", "id": "list", "method": "tools/list", "params": {}})


def call_line(id, tool, arguments):
    return line({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})


class Driver:
    """One process of the server."""

    def __init__(self, command, settings):
        signal.signal(signal.SIGALRM, self._too_late)
        signal.alarm(TIMEOUT)
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", **settings}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            bufsize=0,
        )
        self.output = self.process.stdout.fileno()
        self.input = self.process.stdin.fileno()

    def _too_late(self, *_):
        self.process.kill()
        raise SystemExit("the server did not answer in time")

    def write(self, data):
        while data:
            data = data[os.write(self.input, data):]

    def read_line(self):
        """One line; nothing else may be under way."""
        chunks = []
        while True:
            chunk = os.read(self.output, 1 << 20)
            if not chunk:
                raise SystemExit("the server closed its output")
            chunks.append(chunk)
            if chunk.endswith(b"\n"):
                return b"".join(chunks)

    def open(self):
        """Handshake and tool list; returns both times since the start in ms, and the list's line."""
        self.write(INITIALIZE)
        self.read_line()
        initialized = time.perf_counter()
        self.write(INITIALIZED + LIST)
        listed = self.read_line()
        return (initialized - self.began) * 1e3, (time.perf_counter() - self.began) * 1e3, listed

    def one_by_one(self, tool, arguments, count, keep=False):
        """Sequential calls; their times in microseconds, and the last answer."""
        signal.alarm(TIMEOUT)
        request = call_line(1, tool, arguments)
        times, clock, write, read = [], time.perf_counter, os.write, os.read
        for _ in range(count):
            before = clock()
            write(self.input, request)
            chunk = read(self.output, 1 << 20)
            if chunk[-1:] != b"\n":
                chunk += self.read_line()
            times.append((clock() - before) * 1e6)
        return times, chunk

    def at_once(self, tool, arguments, count, window):
        """`count` calls with `window` of them under way; calls per second, and how many failed."""
        signal.alarm(TIMEOUT)
        head, tail = call_line("ID", tool, arguments).split(b'"ID"')
        requests = [head + str(number).encode() + tail for number in range(count)]
        sent, answered, failed = window, 0, 0
        before = time.perf_counter()
        self.write(b"".join(requests[:window]))
        while answered < count:
            chunk = os.read(self.output, 1 << 18)
            if not chunk:
                raise SystemExit("the server closed its output")
            arrived = chunk.count(b"\n")
            failed += chunk.count(b'"isError":true') + chunk.count(b'"error":{')
            answered += arrived
            if arrived and sent < count:
                self.write(b"".join(requests[sent : sent + arrived]))
                sent += arrived
        return count / (time.perf_counter() - before), failed

    def resident(self):
        """Resident memory of the process and its children in kB."""
        total = 0
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/status") as status:
                    total += sum(int(text.split()[1]) for text in status if text.startswith("VmRSS:"))
            except OSError:
                pass
        return total

    def tree(self):
        found = [self.process.pid]
        for pid in found:
            try:
                with open(f"/proc/{pid}/task/{pid}/children") as children:
                    found += [int(child) for child in children.read().split()]
            except OSError:
                pass
        return found

    def close(self):
        signal.alarm(0)
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
