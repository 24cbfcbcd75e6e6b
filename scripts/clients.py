#!/usr/bin/env python3
"""Prints how to configure MCP clients for a pve-mcp binary.

    clients.py PATH-OF-PVE-MCP
"""
# SPDX-License-Identifier: MIT

import json
import os
import socket
import sys

COLOURS = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def heading(text):
    print("\n" + (f"\x1b[1;36m{text}\x1b[0m" if COLOURS else text))


def block(text):
    print("\n".join("    " + line if line else "" for line in text.splitlines()))


def json_text(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


def entry(command, args, **more):
    return {**more, "command": command, "args": args}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    settings = os.path.join(os.path.expanduser("~"), ".config/pve-mcp/env")
    args = ["--env-file", settings, "--fingerprint", "AB:CD:…"]
    host = socket.gethostname()

    heading("Connect your own client")
    print("    The lines below run pve-mcp with the settings in one file. To try a client on the simulated cluster")
    print(f"    first, give it {json.dumps(['--demo'])} as arguments instead. The fingerprint is that of your server's")
    print("    certificate, as Proxmox shows it; leave it out when a public authority signed the certificate.")

    heading(f"Settings: {settings}")
    block(
        f"mkdir -p {os.path.dirname(settings)}\n"
        f"install -m 600 /dev/null {settings}\n"
        f"cat > {settings} <<'END'\n"
        "PVE_BASE_URL=https://pve.example.org:8006\n"
        "PVE_TOKEN_ID=agent@pve!mcp\n"
        "PVE_TOKEN_SECRET=00000000-0000-0000-0000-000000000000\n"
        "PVE_ACCESS_TIER=read-only\n"
        "END"
    )

    heading("Claude Code")
    block(f"claude mcp add --transport stdio proxmox -- {binary} " + " ".join(args))

    heading("Claude Desktop: claude_desktop_config.json, Cursor: ~/.cursor/mcp.json")
    block(json_text({"mcpServers": {"proxmox": entry(binary, args)}}))

    heading("VS Code: .vscode/mcp.json")
    block(json_text({"servers": {"proxmox": entry(binary, args, type="stdio")}}))

    heading("Codex: ~/.codex/config.toml")
    block(f"[mcp_servers.proxmox]\ncommand = {json.dumps(binary)}\nargs = {json.dumps(args, ensure_ascii=False)}")

    heading("Gemini CLI: ~/.gemini/settings.json")
    block(json_text({"mcpServers": {"proxmox": entry(binary, args)}}))

    heading("A client on another machine (macOS, Windows): over ssh, in any of the forms above")
    block(json_text({"mcpServers": {"proxmox": entry("ssh", [host, binary, *args])}}))


if __name__ == "__main__":
    main()
