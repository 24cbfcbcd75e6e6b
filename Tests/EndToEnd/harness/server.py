"""A raw JSON-RPC client of a pve-mcp process that checks every frame against the protocol's schema."""
# SPDX-License-Identifier: MIT

import json
import os
import queue
import signal
import subprocess
import threading
import time

from . import schemas
from .programs import PVE_MCP, environment

TIMEOUT = 20
# How often a call is repeated because its answer asks something.
ROUNDS = 10
END = object()


class Answer:
    """The answer to a tools/call."""

    def __init__(self, message, progress):
        self.message = message
        self.progress = progress
        self.error = message.get("error")
        self.result = message.get("result", {})

    @property
    def is_error(self):
        return self.error is not None or bool(self.result.get("isError"))

    @property
    def text(self):
        if self.error:
            return self.error["message"]
        return "\n".join(block.get("text", "") for block in self.result["content"])

    @property
    def data(self):
        assert not self.is_error, self.text
        return self.result["structuredContent"]

    @property
    def rows(self):
        lists = [value for value in self.data.values() if isinstance(value, list)]
        assert len(lists) == 1, self.data
        return lists[0]


class Server:
    """A pve-mcp process. Its frames are read and checked as they come; its stderr is kept."""

    def __init__(
        self, *options, settings=None, revision="2025-06-18", binary=PVE_MCP, handshake=True, stderr=None,
        capabilities=None, person=None,
    ):
        self.revision = revision
        self.capabilities = capabilities if capabilities is not None else {"elicitation": {}} if person else {}
        self.person = person
        self.process = subprocess.Popen(
            [str(binary), *map(str, options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**(settings or {})),
            bufsize=0,
        )
        self.pid = self.process.pid
        self.frames = queue.Queue()
        self.raw = []
        self.methods = {}
        self.last = 0
        self.errors = []
        self.reader = threading.Thread(target=self._read_frames, daemon=True)
        self.reader.start()
        self.error_reader = threading.Thread(target=self._read_errors, daemon=True)
        self.error_reader.start()
        if handshake and revision in schemas.LEGACY:
            self.initialize()

    # Reading

    def _read_frames(self):
        buffer = b""
        while True:
            chunk = self.process.stdout.read(1 << 16)
            if not chunk:
                break
            buffer += chunk
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                self.raw.append(line)
                self.frames.put(line)
        if buffer:
            self.raw.append(buffer)
            self.frames.put(AssertionError(f"half a frame at the end: {buffer!r:.300}"))
        self.frames.put(END)

    def _read_errors(self):
        while True:
            chunk = self.process.stderr.read(1 << 16)
            if not chunk:
                return
            self.errors.append(chunk.decode(errors="replace"))

    @property
    def stderr(self):
        return "".join(self.errors)

    def wait_for_stderr(self, text, timeout=TIMEOUT):
        deadline = time.monotonic() + timeout
        while text not in self.stderr:
            assert time.monotonic() < deadline, f"{text!r} did not appear in stderr:\n{self.stderr}"
            time.sleep(0.01)

    def receive(self, timeout=TIMEOUT):
        """The next frame, checked; END when the server has closed its output."""
        try:
            line = self.frames.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"no frame within {timeout} s; stderr:\n{self.stderr}") from None
        if line is END:
            self.frames.put(END)
            return END
        if isinstance(line, AssertionError):
            raise line
        message = json.loads(line.decode("utf-8"))
        for one in message if isinstance(message, list) else [message]:
            schemas.check_received(self.revision, one, self.methods.get(one.get("id")), self.capabilities)
        return message

    # Sending

    def send_raw(self, line):
        """Writes bytes as they are."""
        self.process.stdin.write(line)

    def send(self, message, check=True):
        if check:
            schemas.check_sent(self.revision, message)
        for one in message if isinstance(message, list) else [message]:
            if "id" in one and "method" in one:
                self.methods[one["id"]] = one["method"]
        self.send_raw(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def next_id(self):
        self.last += 1
        return self.last

    def start(self, method, params=None, check=True, id=None):
        """Sends a request and returns its id."""
        message = {"jsonrpc": "2.0", "id": self.next_id() if id is None else id, "method": method}
        params = dict(params) if params is not None else None
        if self.revision == schemas.MODERN:
            params = params or {}
            params["_meta"] = {
                "io.modelcontextprotocol/protocolVersion": schemas.MODERN,
                "io.modelcontextprotocol/clientCapabilities": self.capabilities,
                **params.get("_meta", {}),
            }
        if params is not None:
            message["params"] = params
        self.send(message, check)
        return message["id"]

    def wait_for(self, id, timeout=TIMEOUT, notifications=None):
        deadline = time.monotonic() + timeout
        while True:
            message = self.receive(max(0.001, deadline - time.monotonic()))
            assert message is not END, f"the server ended; stderr:\n{self.stderr}"
            if "method" in message and "id" in message:
                assert self.person is not None, f"nobody is there to answer {message}"
                self.answer(message["id"], self.person(message["params"]))
            elif "method" in message:
                if notifications is not None:
                    notifications.append(message)
            elif message.get("id") == id:
                return message

    def request(self, method, params=None, timeout=TIMEOUT, check=True):
        return self.wait_for(self.start(method, params, check), timeout)

    def result(self, method, params=None):
        message = self.request(method, params)
        assert "result" in message, message
        return message["result"]

    def notify(self, method, params=None):
        message = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            message["params"] = params
        self.send(message)

    def initialize(self):
        result = self.result(
            "initialize",
            {
                "protocolVersion": self.revision,
                "capabilities": self.capabilities,
                "clientInfo": {"name": "end-to-end", "version": "1"},
            },
        )
        assert result["protocolVersion"] == self.revision
        self.notify("notifications/initialized")
        self.initialized = result

    def answer(self, id, result, check=True):
        """Answers a question of the server with an `ElicitResult`."""
        self.send({"jsonrpc": "2.0", "id": id, "result": result}, check)

    def wait_for_question(self, timeout=TIMEOUT):
        """The next request of the server; whatever comes before it is let go."""
        deadline = time.monotonic() + timeout
        while True:
            message = self.receive(max(0.001, deadline - time.monotonic()))
            assert message is not END, f"the server ended; stderr:\n{self.stderr}"
            assert "method" in message, f"an answer instead of a question: {message}"
            if "id" in message:
                return message

    def start_call(self, tool, arguments=None, token=None, **more):
        params = {"name": tool, "arguments": arguments or {}, **more}
        if token is not None:
            params["_meta"] = {"progressToken": token}
        return self.start("tools/call", params)

    def call(self, tool, arguments=None, timeout=TIMEOUT, token=None):
        """Calls a tool. When there is a person, they answer what is asked meanwhile, or between this call and the next."""
        notifications = []
        answer = self.wait_for(self.start_call(tool, arguments, token), timeout, notifications)
        for _ in range(ROUNDS):
            result = answer.get("result", {})
            if self.person is None or result.get("resultType") != "input_required":
                break
            again = {
                "inputResponses": {
                    key: self.person(request["params"]) for key, request in result["inputRequests"].items()
                },
                "requestState": result["requestState"],
            }
            answer = self.wait_for(self.start_call(tool, arguments, token, **again), timeout, notifications)
        return Answer(answer, notifications)

    def tools(self):
        return self.result("tools/list", {})["tools"]

    def tool_names(self):
        return [tool["name"] for tool in self.tools()]

    # Ending

    def end_input(self):
        self.process.stdin.close()

    def wait_for_exit(self, timeout=15):
        status = self.process.wait(timeout)
        self.reader.join(5)
        self.error_reader.join(5)
        return status

    def rest(self):
        """Everything that is still to come, checked, until the server closes its output."""
        messages = []
        while (message := self.receive()) is not END:
            messages.append(message)
        return messages

    def close(self):
        """Ends the process: politely, and by force if that is not enough."""
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(5)
        self.error_reader.join(5)
        self.process.stdout.close()
        self.process.stderr.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def run(*options, settings=None, input=b"", timeout=30, binary=PVE_MCP):
    """Runs pve-mcp to its end and returns the completed process, output as text."""
    completed = subprocess.run(
        [str(binary), *map(str, options)],
        input=input,
        capture_output=True,
        env=environment(**(settings or {})),
        timeout=timeout,
    )
    completed.stdout = completed.stdout.decode()
    completed.stderr = completed.stderr.decode(errors="replace")
    return completed


def memory_map(pid):
    """The files that a process has mapped."""
    with open(f"/proc/{pid}/maps") as maps:
        return {os.path.basename(line.split()[-1]) for line in maps if "/" in line}
