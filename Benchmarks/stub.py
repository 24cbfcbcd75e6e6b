"""nginx on loopback that serves the generated answers over HTTPS."""
# SPDX-License-Identifier: MIT

import os
import socket
import subprocess
import time
from pathlib import Path

import answers


class Stub:
    """A running nginx; use it in a `with` statement."""

    def __init__(self, folder):
        self.folder = Path(folder)
        answers.write(self.folder / "answers")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
            check=True, capture_output=True,
        )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.authority = str(self.folder / "certificate.pem")
        self.url = f"https://127.0.0.1:{self.port}"
        template = (Path(__file__).parent / "nginx.conf").read_text()
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            template.format(
                folder=self.folder, port=self.port, user="user root;" if os.geteuid() == 0 else "# as this user",
            )
        )
        nginx = next((path for path in ("/usr/sbin/nginx", "/usr/local/sbin/nginx") if os.path.exists(path)), "nginx")
        self.process = subprocess.Popen(
            [nginx, "-p", str(self.folder), "-c", str(configuration)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise SystemExit("nginx did not start; see " + str(self.folder / "error.log")) from None
                time.sleep(0.02)

    @property
    def settings(self):
        return {
            "PVE_BASE_URL": self.url,
            "PVE_TOKEN_ID": "root@pam!bench",
            "PVE_TOKEN_SECRET": "00000000-0000-0000-0000-000000000000",
            "PVE_CA_FILE": self.authority,
        }

    def place(self, processors):
        """Binds nginx to these processors."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            workers = [int(pid) for pid in file.read().split()]
        for pid in [self.process.pid, *workers]:
            os.sched_setaffinity(pid, processors)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
