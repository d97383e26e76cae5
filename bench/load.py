# SPDX-License-Identifier: Apache-2.0
"""The load generators, and what they say, as values."""

import contextlib
import subprocess

from servers import BENCH, TOOLS, Failed


def _result(text):
    """The figures of a line "result name=number …"."""
    for line in text.splitlines():
        if line.startswith("result "):
            return {k: float(v) for k, v in (pair.split("=") for pair in line.split()[1:])}
    raise Failed(f"a load generator said no result: {text[-2000:]}")


def _run(command, seconds):
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: {done.stderr[-2000:]}")
    return _result(done.stdout)


def closed_loop(server, requests, connections, seconds):
    """wrk: each connection sends as soon as it was answered. Adds `rate` and the server's CPU
    time by request, `cpu_us`."""
    before = server.cpu_seconds()
    found = _run(
        [
            "wrk",
            f"-t{min(2, connections)}",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            str(BENCH / "messages.lua"),
            f"http://127.0.0.1:{server.port}",
            "--",
            str(requests),
        ],
        seconds,
    )
    used = server.cpu_seconds() - before
    found["rate"] = found["requests"] / found["seconds"]
    found["cpu_us"] = used * 1e6 / max(found["requests"], 1)
    return found


def open_loop(server, requests, connections, rate, seconds):
    """Sends that are due at fixed times; `rate` 0: a closed loop that counts by connection."""
    command = [TOOLS / "bench_open_loop", server.port, requests, connections, rate, seconds]
    before = server.cpu_seconds()
    found = _run([str(word) for word in command], seconds)
    used = server.cpu_seconds() - before
    found["rate"] = found["answered"] / seconds
    found["cpu_us"] = used * 1e6 / max(found["answered"], 1)
    return found


class Client:
    """A client process that does what it does until told to end."""

    def __init__(self, tool, server, requests, connections):
        command = [TOOLS / tool, server.port, requests, connections]
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_connected(self):
        if not self.process.stdout.readline().startswith(("holding ", "dripping ")):
            raise Failed("the clients could not connect")

    def end(self):
        said, _ = self.process.communicate(timeout=30)
        return _result(said)


@contextlib.contextmanager
def clients(tool, server, requests, counts):
    """A process for each of `counts`, all connected."""
    started = [Client(tool, server, requests, count) for count in counts]
    try:
        for client in started:
            client.wait_until_connected()
        yield started
    finally:
        for client in started:
            if client.process.poll() is None:
                client.process.kill()
                client.process.wait()
