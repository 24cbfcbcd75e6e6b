"""An HTTP server on loopback that answers as badly as it is told to."""
# SPDX-License-Identifier: MIT

import json
import socket
import threading


def answer(status="200 OK", body=b"", content_type="application/json;charset=UTF-8", close=False, length=None):
    """The bytes of an HTTP answer."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n"
        f"Connection: {'close' if close else 'keep-alive'}\r\n\r\n"
    )
    return head.encode() + body


NODES = [{"node": "pve1", "status": "online", "type": "node", "id": "node/pve1"}]
GUESTS = [{"vmid": 100, "node": "pve1", "type": "qemu", "name": "web", "status": "stopped", "id": "qemu/100"}]
PROPER = {
    "/version": answer(body={"data": {"version": "9.2.3", "release": "9.2", "repoid": "abcdef0123456789"}}),
    "/nodes": answer(body={"data": NODES}),
    "/cluster/resources": answer(body={"data": NODES + GUESTS}),
    "/access/permissions": answer(body={"data": {"/": {"Sys.Audit": 1}}}),
}

SILENCE = "silence"
DROP = "drop"
THEN_CLOSE = "then close"


class Unruly:
    """Behaves for the paths in `rules` (method and path, or path alone) and properly for the rest.

    A rule is the bytes to send; SILENCE: the request is read and nothing is ever sent; DROP: the connection is
    closed after the request was read; (bytes, THEN_CLOSE): sends the bytes, then closes without saying so.
    """

    def __init__(self, rules):
        self.rules = rules
        self.seen = []
        self.connections = 0
        self.lock = threading.Lock()
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def settings(self):
        return {
            "PVE_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PVE_TOKEN_ID": "root@pam!unruly",
            "PVE_TOKEN_SECRET": "5ec2e700-1111-2222-3333-444444444444",
        }

    def count(self, method, path):
        with self.lock:
            return self.seen.count((method, path))

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            stream = connection.makefile("rb")
            while True:
                request = stream.readline()
                if not request:
                    return
                method, target, _ = request.decode("latin-1").split(" ", 2)
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b"\n", b""):
                    name, _, value = line.decode("latin-1").partition(":")
                    if name.lower() == "content-length":
                        length = int(value)
                stream.read(length)
                path = target.removeprefix("/api2/json").split("?")[0]
                with self.lock:
                    self.seen.append((method, path))
                rule = self.rules.get((method, path), self.rules.get(path, PROPER.get(path)))
                if rule is None:
                    rule = answer(f"501 Method '{method} {path}' not implemented", {"data": None})
                if callable(rule):
                    rule = rule()
                if rule == SILENCE:
                    stream.readline()
                    return
                if rule == DROP:
                    return
                if isinstance(rule, tuple):
                    connection.sendall(rule[0])
                    return
                connection.sendall(rule)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.open.discard(connection)
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def close_connections(self):
        """Closes every connection that is open now, as Proxmox does with idle ones."""
        with self.lock:
            connections = list(self.open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        try:
            # A thread that waits in accept() would keep a listener alive that is merely closed.
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.close_connections()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
