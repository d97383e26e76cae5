# SPDX-License-Identifier: Apache-2.0
"""The README's first five minutes, as they stand there: each block is played by a shell, in order, in
a folder where `./run` starts the program that was built instead of building one.

Other than there, the system picks the ports: the server's by variables, the app's by putting its
number where the README says 3000.
"""
import os
import pathlib
import re
import select
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from twindow_processes import _clean_environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PATIENCE = 30


def blocks():
    """(language, text) of each block of the section, in order."""
    section = README.split("\n## The first five minutes\n")[1].split("\n## ")[0]
    return re.findall(r"^```(\w*)\n(.*?)^```$", section, re.S | re.M)


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def pattern(shown):
    """What the README shows, as a pattern: times and SIDs are others each time, "…" is anything."""
    text = re.escape(re.sub(r"\s+", " ", shown.strip()))
    for part, anything in (
        (r"(SM|CB)[0-9a-f]{32}", r"\1[0-9a-f]{32}"),
        (r"\d{4}\\-\d\d\\-\d\d\\ \d\d:\d\d:\d\d", r"[-0-9]{10} [:0-9]{8}"),
        (r"\b\d\d:\d\d:\d\d\b", r"[:0-9]{8}"),
        (r"(\\ )*…(\\ )*", ".*"),
    ):
        text = re.sub(part, anything.replace("\\", "\\\\").replace(r"\\1", r"\1"), text)
    return text


class Terminal:
    """A shell in which the blocks are typed; what it prints is read up to a mark of ours."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def play(self, block):
        self.process.stdin.write(block + '\necho "played: $?"\n')
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            played = re.fullmatch(r"played: (\d+)\n", line)
            if played:
                return int(played[1]), said
            said += line
        raise AssertionError("the shell has ended:\n" + said)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE)


class Program:
    """What runs in a terminal of its own until Ctrl-C; its lines as they come."""

    def __init__(self, block, folder, environment):
        self.process = subprocess.Popen(
            ["bash", "-c", "exec " + block if "<<" not in block else block], cwd=folder,
            env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.said = ""
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.said += line
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def says(self, what):
        with self.news:
            self.news.wait_for(
                lambda: re.search(what, self.said) or self.process.poll() is not None, PATIENCE)
            found = re.search(what, self.said)
        if not found:
            raise AssertionError(f"expected {what!r}, found:\n{self.said}")
        return found

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, 2)
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()


class FirstFiveMinutes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        built = self.folder / "build/release"
        built.mkdir(parents=True)
        (built / "twindow").symlink_to(pathlib.Path(os.environ["TWINDOW_BINARY"]).resolve())
        run = self.folder / "run"
        run.write_text('#!/bin/sh\nexec build/release/twindow serve "$@"\n', encoding="utf-8")
        run.chmod(0o755)
        self.environment = _clean_environment() | {
            "HOME": folder.name,
            "TWINDOW_LISTEN": "127.0.0.1:0",
            "TWINDOW_TLS": "127.0.0.1:0",
            "TWINDOW_DATA": str(self.folder / "data"),
        }

    def start(self, block):
        server = Program(block, self.folder, self.environment | {"TWINDOW_CONTROL": "127.0.0.1:0"})
        self.addCleanup(server.stop)
        control = server.says(r"Control page +(http://\S+?)/?\n")[1]
        server.says("Ctrl-C")
        return server, control

    def terminal(self, control):
        made = Terminal(self.folder, self.environment | {"TWINDOW_SERVER": control})
        self.addCleanup(made.close)
        return made

    def good(self, terminal, block):
        code, said = terminal.play(block)
        self.assertEqual(code, 0, f"{block}\n{said}")
        return said

    def test_they_go_as_they_are_written(self):
        steps = blocks()
        languages = [language for language, _ in steps]
        self.assertEqual(languages, ["sh", "sh", "sh", "", "sh", "sh", "sh", "sh", "sh", ""])
        texts = [text for _, text in steps]
        start, setting, closed, shown, opened, later, again, app, with_app, heard = texts

        server, control = self.start(start)
        shell = self.terminal(control)
        self.good(shell, setting)

        said = self.good(shell, closed)
        self.assertIn('"status":"queued"', said.replace(": ", ":"))
        found = re.sub(r"\s+", " ", said)
        self.assertRegex(found, pattern(shown))

        said = self.good(shell, opened)
        self.assertRegex(said, r"SM[0-9a-f]{32} .*delivered")
        self.assertRegex(said, r"SM[0-9a-f]{32} .*undelivered +63016")

        said = self.good(shell, later)
        self.assertIn("undelivered 63016", said)
        self.assertIn("window     closed", said)
        server.stop()

        # 6. With an app, and 7. what is heard meanwhile.
        port = str(free_port())
        _, control = self.start(again.replace(":3000", ":" + port))
        shell = self.terminal(control)
        self.good(shell, setting)
        listener = Program("build/release/twindow listen", self.folder,
                           self.environment | {"TWINDOW_SERVER": control})
        self.addCleanup(listener.stop)
        listener.says("listening to")
        self.assertIn("3000", app)
        prints = Program(app.replace("3000", port), self.folder, self.environment)
        self.addCleanup(prints.stop)
        self.wait_for_app(port)
        said = self.good(shell, with_app)
        self.assertIn("https://app.example.com/twilio/status", said)
        self.assertIn("204", said)
        prints.says(r"/twilio/inbound .*Body=hi")
        prints.says(r"/twilio/status .*MessageStatus=undelivered")
        for line in heard.strip().splitlines():
            listener.says(pattern(line))

    def wait_for_app(self, port):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", int(port)), 1).close()
                return
            except OSError:
                select.select([], [], [], 0.05)
        self.fail("the README's app does not listen")



if __name__ == "__main__":
    unittest.main()
