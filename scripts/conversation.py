#!/usr/bin/env python3
"""Holds a short conversation with pve-mcp on its simulated cluster and prints it.

    conversation.py PATH-OF-PVE-MCP
"""
# SPDX-License-Identifier: MIT

import json
import os
import shutil
import subprocess
import sys

COLOURS = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
WIDTH = max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def paint(code, text):
    return f"\x1b[{code}m{text}\x1b[0m" if COLOURS else text


def title(text):
    print("\n" + paint("1;36", text))


def frame(arrow, line):
    """Prints a frame as it went over the pipe, cut to the width of the terminal."""
    text = line if len(line) <= WIDTH - 4 else line[: WIDTH - 5] + "…"
    print("  " + paint("2", f"{arrow} {text}"))


class Server:
    """A pve-mcp process and the two pipes to it."""

    def __init__(self, binary, *options):
        self.process = subprocess.Popen(
            [binary, "--demo", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.last = 0
        self.request(
            "initialize",
            {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "demo", "version": "1"},
            },
        )
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message, show=False):
        line = json.dumps(message, separators=(",", ":"))
        if show:
            frame("→", line)
        self.process.stdin.write(line + "\n")

    def request(self, method, params, show=False, on_progress=None):
        """Sends a request and returns its answer; notifications that come before it go to `on_progress`."""
        self.last += 1
        self.send({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}, show)
        for line in self.process.stdout:
            message = json.loads(line)
            if show:
                frame("←", line.rstrip("\n"))
            if message.get("id") == self.last:
                return message
            if on_progress and message.get("method") == "notifications/progress":
                on_progress(message["params"])
        sys.exit(f"pve-mcp ended before it answered {method} (exit status {self.process.wait()})")

    def call(self, tool, arguments, show=True, on_progress=None):
        params = {"name": tool, "arguments": arguments}
        if on_progress:
            params["_meta"] = {"progressToken": tool}
        return self.request("tools/call", params, show, on_progress)

    def close(self):
        self.process.stdin.close()
        return self.process.wait(15)


def told(answer):
    """What the model is told: the text of a result, or the message of an error."""
    if "error" in answer:
        return answer["error"]["message"]
    return "\n".join(block.get("text", "") for block in answer["result"]["content"])


def data(answer):
    """The structured answer of a call that is expected to succeed."""
    result = answer.get("result", {})
    if result.get("isError") or "structuredContent" not in result:
        sys.exit("unexpected answer: " + told(answer))
    return result["structuredContent"]


def table(rows, columns):
    cells = [list(columns)] + [[shown(row.get(name)) for name in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        print("    " + (paint("1", line) if number == 0 else line))


def shown(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int) and value >= 1 << 30:
        return f"{value / (1 << 30):.1f} GiB"
    return str(value)


def rows_of(answer):
    """The list inside an answer, whatever its name."""
    return next(value for value in data(answer).values() if isinstance(value, list))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = sys.argv[1]
    server = Server(binary)

    tools = server.request("tools/list", {})["result"]["tools"]
    shown_tools = subprocess.run([binary, "tools", "--json"], capture_output=True, text=True, check=True).stdout
    category_of = {tool["name"]: tool["category"] for tool in json.loads(shown_tools)}
    title(f"{len(tools)} tools")
    for category in dict.fromkeys(category_of[tool["name"]] for tool in tools):
        names = [tool["name"] for tool in tools if category_of[tool["name"]] == category]
        print(f"    {paint('1', category)}: " + wrapped(names, len(category) + 6))

    title("Which nodes are there?")
    nodes = rows_of(server.call("pve_list_nodes", {}))
    table(nodes, [name for name in ("node", "status", "cpu", "maxcpu", "mem", "maxmem", "uptime") if name in nodes[0]])

    title("Start virtual machine 100 on pve1 and wait for it")
    before = data(server.call("pve_get_qemu_status", {"node": "pve1", "vmid": 100}, show=False))["status"]

    def progress(params):
        total = f"/{params['total']:g}" if params.get("total") else ""
        print("    " + paint("33", f"progress {params['progress']:g}{total}") + f"  {params.get('message', '')}")

    started = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": 100, "wait": 60}, on_progress=progress)
    data(started)
    after = data(server.call("pve_get_qemu_status", {"node": "pve1", "vmid": 100}, show=False))["status"]
    print(f"    VM 100 was {paint('1', before)} and is {paint('1;32', after)}.")

    title("A wrong argument is named before anything is sent")
    wrong = server.call("pve_start_qemu_vm", {"node": "pve1", "vmid": "one hundred"})
    print("    " + paint("31", told(wrong).replace("\n", "\n    ")))
    server.close()

    title("With --tier read-only the tools that change something are not there")
    reader = Server(binary, "--tier", "read-only")
    count = len(reader.request("tools/list", {})["result"]["tools"])
    refused = reader.call("pve_stop_qemu_vm", {"node": "pve1", "vmid": 100})
    print(f"    {count} of {len(tools)} tools are left.")
    print("    " + paint("31", told(refused).replace("\n", "\n    ")))
    reader.close()
    if after != "running" or ("error" not in refused and not refused["result"].get("isError")):
        sys.exit("the demo did not go as it should have")


def wrapped(words, indent):
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) + 1 > WIDTH - indent:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return ("\n" + " " * indent).join(lines + [line])


if __name__ == "__main__":
    main()
