"""A pve-sim process and what it was asked."""
# SPDX-License-Identifier: MIT

import json
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

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
            lines = self.log.read_text().split("\n")[:-1]
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def ask(self, method, path, parameters=None, token=None):
        """Asks the simulator without a server in between: the status, and the data or the reason it was refused for."""
        query = urllib.parse.urlencode(parameters or {}, doseq=True)
        url = f"{self.settings['PVE_BASE_URL']}/api2/json{path}"
        body = query.encode() if method in ("POST", "PUT") else None
        request = urllib.request.Request(
            url if body is not None or not query else f"{url}?{query}", data=body, method=method)
        token = token or self.settings["PVE_TOKEN_ID"]
        request.add_header("Authorization", f"PVEAPIToken={token}={self.settings['PVE_TOKEN_SECRET']}")
        trust = ssl.create_default_context(cafile=self.settings.get("PVE_CA_FILE"))
        try:
            with urllib.request.urlopen(request, timeout=20, context=trust) as answer:
                return answer.status, json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            return error.code, error.reason

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
