"""A pve-sim process and what it was asked."""
# SPDX-License-Identifier: MIT

import json
import subprocess
import time

from .programs import PVE_SIM, environment


class Simulator:
    """A simulated cluster. `settings` is what a server needs to use it."""

    def __init__(self, log, *options):
        self.log = log
        self.process = subprocess.Popen(
            [str(PVE_SIM), "--until-eof", "--log", str(log), *map(str, options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.settings = {}
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if not line:
                break
            name, value = line.split("=", 1)
            self.settings[name] = value
        assert "PVE_BASE_URL" in self.settings, f"pve-sim printed no settings: {self.settings}"

    def requests(self):
        """Everything that was asked so far, oldest first."""
        try:
            lines = self.log.read_text().splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def mark(self):
        """Where the log is now; hand it to `since`."""
        return len(self.requests())

    def since(self, mark, ignoring=("/version", "/access/permissions")):
        """What was asked after the mark, without what the server asks for itself."""
        return [entry for entry in self.requests()[mark:] if entry.get("template") not in ignoring]

    def wait_for(self, condition, timeout=10):
        """Waits until an entry of the log fulfils the condition and returns it."""
        deadline = time.monotonic() + timeout
        while True:
            for entry in self.requests():
                if condition(entry):
                    return entry
            assert time.monotonic() < deadline, f"no such request; the log: {self.requests()}"
            time.sleep(0.02)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
