# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared: each started on free ports of loopback, ended by its PID."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import calls
import machine

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
TOOLS = ROOT / "build/release/bench"  # the load generators that wrk is not
# As Twilio ships it with its command line (bench/package.json); all of the API of 2010-04-01.
TWILIO_DOCUMENT = (
    BENCH / "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
)
START_PATIENCE = 15.0  # seconds
STOP_PATIENCE = 15.0


class Failed(Exception):
    """The benchmark could not be run; the text says why."""


class Server:
    """A process with a port; `folder` holds its log and whatever it needs."""

    name = ""

    def __init__(self, folder):
        self.folder = Path(folder) / self.name
        self.folder.mkdir(exist_ok=True)
        self.log = self.folder / "log"
        self.port = machine.free_port()

    def command(self):
        raise NotImplementedError

    def start(self):
        """Answers how many milliseconds passed from the start to the end of the first answer."""
        command = self.command()
        with self.log.open("ab") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > START_PATIENCE:
                self.stop()
                raise Failed(f"{self.name} did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.0005)
        return (time.monotonic() - began) * 1000

    def _answers(self):
        request = calls.send_call(calls.account_sid(1), 1)
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(request.encode())
                return connection.recv(4096).startswith(b"HTTP/1.1 201")
        except OSError:
            return False

    def stop(self):
        """Answers how many milliseconds it took to end."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return (time.monotonic() - began) * 1000

    def cpu_seconds(self):
        return machine.cpu_seconds(self.process.pid)

    def resident_kib(self):
        return machine.resident_kib(self.process.pid)


class Twindow(Server):
    """Full work: credentials, form, checks, SID, store, timeline, access log to a file."""

    name = "twindow"

    def command(self):
        return [
            str(ROOT / "build/release/twindow"),
            "serve",
            "--listen",
            f"127.0.0.1:{self.port}",
            "--control",
            "127.0.0.1:0",
        ]

    def start(self):
        self.log.unlink(missing_ok=True)
        return super().start()


class Nginx(Server):
    """Answers a static 201 and does nothing else, not even a log."""

    name = "nginx"

    def inside_http(self):
        """What stands in the configuration's http block besides what all have."""
        return self.listening(f"return 201 '{calls.static_answer()}';")

    def listening(self, location, port="", more=""):
        """A server block; `port` may say ssl."""
        return (
            f"  server {{\n    listen 127.0.0.1:{port or self.port} backlog=4096;\n{more}"
            f"    location / {{ {location} }}\n  }}\n"
        )

    def command(self):
        conf = self.folder / "nginx.conf"
        temporary = "".join(
            f"  {kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        conf.write_text(
            "daemon off;\n"
            "worker_processes 2;\n"
            f"pid {self.folder}/pid;\n"
            "events { worker_connections 16384; }\n"
            "http {\n"
            "  access_log off;\n"
            "  keepalive_timeout 600;\n"
            "  keepalive_requests 1000000000;\n"
            "  default_type application/json;\n"
            f"{temporary}"
            f"{self.inside_http()}"
            "}\n"
        )
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not program:
            raise Failed("nginx is not installed")
        return [program, "-e", str(self.log), "-p", str(self.folder), "-c", str(conf)]


class Prism(Server):
    """Mocks Twilio's own OpenAPI document, as its command line does without options."""

    name = "prism"

    def command(self):
        return [
            "node",
            str(BENCH / "node_modules/.bin/prism"),
            "mock",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            str(TWILIO_DOCUMENT),
        ]


@contextlib.contextmanager
def running(server):
    server.start()
    try:
        yield server
    finally:
        server.stop()
