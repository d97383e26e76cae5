# SPDX-License-Identifier: Apache-2.0
"""The program as a person at a terminal meets it: exit codes, commands, logs, the end."""
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from urllib.parse import parse_qsl

from twindow_processes import PUBLIC_URL, FakeApp, Twindow

TOKEN = "5ec4e70123456789abcdef0123456789"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+5215512345678"


def run(*arguments, server=None, **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), **variables}
    if server:
        environment["TWINDOW_SERVER"] = server.control
    return subprocess.run([os.environ["TWINDOW_BINARY"], *arguments], env=environment, text=True,
                          capture_output=True, timeout=30, stdin=subprocess.DEVNULL)


def raw(port, data, count=1):
    """Sends bytes as they are; reads until `count` answers with bodies came, or the end."""
    with socket.create_connection(("127.0.0.1", port), 10) as peer:
        peer.sendall(data)
        got = b""
        while got.count(b"HTTP/1.1 ") < count or not got.rstrip().endswith(b"}"):
            more = peer.recv(65536)
            if not more:
                break
            got += more
    return got.decode()


class ExitCodes(unittest.TestCase):
    def test_a_taken_port_is_three_and_names_the_address(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            for option, other in (("--listen", "--control"), ("--control", "--listen")):
                done = run("serve", option, address, other, "127.0.0.1:0")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(address, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_a_bad_file_is_one_and_every_mistake_has_its_place(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{ // a comment\n  "listne": "127.0.0.1:1",\n  "max_messages": "many" }\n')
            file.flush()
            done = run("serve", "--config", file.name)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f'{file.name}:2:3: listne: found an unknown key; did you mean "listen"?',
                      done.stderr)
        self.assertIn(f'{file.name}:3:', done.stderr)
        self.assertIn('max_messages: found "many", expected a whole number', done.stderr)

    def test_flag_beats_variable_beats_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{ "seed": 1, "clock": "nonsense" }')
            file.flush()
            done = run("serve", "--config", file.name, "--clock", "manual", "--listen", "bad")
            self.assertEqual(done.returncode, 1)
            self.assertIn("--listen", done.stderr)
        self.assertIn("TWINDOW_CLOCK", run("serve", TWINDOW_CLOCK="soon").stderr)

    def test_nobody_there_is_three(self):
        for command in (["messages", "list"], ["reset"], ["readyz"], ["clock", "show"]):
            done = run(*command, TWINDOW_SERVER="http://127.0.0.1:1")
            self.assertEqual(done.returncode, 3, command)
            self.assertIn("http://127.0.0.1:1", done.stderr)

    def test_what_is_not_there_yet_says_so(self):
        for command in ("preflight", "report"):
            done = run(command)
            self.assertEqual(done.returncode, 1)
            self.assertIn("not in this version yet", done.stderr)
        self.assertIn("did you mean", run("mesages").stderr)


class Running(unittest.TestCase):
    def setUp(self):
        self.app = FakeApp()
        self.addCleanup(self.app.stop)
        self.server = Twindow("--clock", "manual", "--log", "json",
                              "--deliver-to", f"{PUBLIC_URL}={self.app.url}")
        self.addCleanup(self.server.stop)
        self.port = int(self.server.api.rsplit(":", 1)[1])

    def send(self):
        url = f"{self.server.api}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        done = subprocess.run(
            ["curl", "-sS", "-u", f"{ACCOUNT}:{TOKEN}", url, "--data-urlencode", f"To={ANA}",
             "--data-urlencode", f"From={SHOP}", "-d", "Body=Hi",
             "-d", f"StatusCallback={PUBLIC_URL}/status"],
            capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def wait_for_readers(self, count):
        """Until so many read the events; at most 10 s."""
        end = time.monotonic() + 10
        text = ""
        while f"\ntwindow_event_streams {count}\n" not in text and time.monotonic() < end:
            with urllib.request.urlopen(self.server.control + "/metrics") as answer:
                text = answer.read().decode()
        self.assertIn(f"\ntwindow_event_streams {count}\n", text)

    def test_the_commands_tell_the_story_of_a_message(self):
        message = self.send()
        advanced = run("clock", "advance", "5s", server=self.server)
        self.assertEqual(advanced.returncode, 0, advanced.stderr)
        self.assertIn(f"message.undelivered 63016 [{message['sid']}]", advanced.stdout)
        shown = run("messages", "show", "+525512345678", server=self.server).stdout
        self.assertIn(message["sid"], shown)
        self.assertIn("63016", shown.splitlines()[-1])
        self.assertTrue(shown.splitlines()[-1].startswith("why:"), shown)
        self.assertIn("had never written to", shown)
        opened = run("trigger", "message.inbound", "--from", ANA, "--to", SHOP, "--set", "Body=hola",
                     server=self.server)
        self.assertIn("window open until", opened.stdout)
        windows = json.loads(run("windows", "list", "--format", "json", server=self.server).stdout)
        self.assertEqual(windows["windows"][0]["state"], "open")
        second = self.send()
        run("clock", "advance", "5s", server=self.server)
        listed = run("messages", "search", "status:delivered", server=self.server).stdout
        self.assertIn(second["sid"], listed)
        self.assertNotIn(message["sid"], listed)
        callbacks = json.loads(run("callbacks", "list", "--format", "json", server=self.server).stdout)
        self.assertEqual(len(callbacks["callbacks"]), 3)
        again = run("callbacks", "resend", callbacks["callbacks"][0]["id"], server=self.server)
        self.assertEqual(again.returncode, 0, again.stderr)
        requests = self.app.requests(4)
        tokens = [r["headers"]["I-Twilio-Idempotency-Token"] for r in requests]
        self.assertEqual(tokens[3], tokens[2], "a resend is the same event")
        self.assertEqual(dict(parse_qsl(requests[3]["body"])), dict(parse_qsl(requests[2]["body"])))
        self.assertEqual(run("reset", server=self.server).returncode, 0)
        self.assertNotIn(second["sid"], run("messages", "list", server=self.server).stdout)

    def test_listen_follows_what_happens(self):
        environment = {"PATH": os.environ["PATH"], "TWINDOW_SERVER": self.server.control}
        listener = subprocess.Popen([os.environ["TWINDOW_BINARY"], "listen"], env=environment,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        listener.stderr.readline()  # "listening to …": it is about to
        self.wait_for_readers(1)    # from here on nothing is missed
        message = self.send()
        run("clock", "advance", "5s", server=self.server)
        lines = [listener.stdout.readline() for _ in range(3)]
        listener.send_signal(signal.SIGINT)
        listener.wait(10)
        listener.stdout.close()
        listener.stderr.close()
        self.assertRegex(lines[0], rf"^\d\d:\d\d:\d\d --> message.queued \[{message['sid']}\]")
        self.assertRegex(lines[1], rf"--> message.undelivered 63016 \[{message['sid']}\]")
        self.assertRegex(lines[2], r"<-- \[204\] POST https://app.example.com/status")

    def test_readiness(self):
        self.assertEqual(run("readyz", server=self.server).returncode, 0)
        with urllib.request.urlopen(self.server.control + "/livez") as answer:
            self.assertEqual(answer.status, 200)

    def test_the_page_and_the_root_of_the_api_say_who_is_there(self):
        with urllib.request.urlopen(self.server.control + "/") as answer:
            page = answer.read().decode()
        self.assertIn(self.server.api, page)
        with self.assertRaises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(self.server.api + "/")
        problem = json.loads(raised.exception.read())
        self.assertEqual((problem["status"], problem["code"]), (404, 20404))
        self.assertIn("Twindow", problem["message"])
        self.assertIn(self.server.control, problem["message"])

    def test_the_control_api_answers_on_the_api_port_too_but_not_to_foreign_pages(self):
        with urllib.request.urlopen(self.server.api + "/__admin/health") as answer:
            self.assertEqual(json.loads(answer.read())["status"], "ok")
        for base in (self.server.api, self.server.control):
            for header, value in (("Host", "evil.example.com"), ("Origin", "https://evil.example.com")):
                request = urllib.request.Request(base + "/__admin/messages", headers={header: value})
                with self.assertRaises(urllib.error.HTTPError) as raised:
                    urllib.request.urlopen(request)
                self.assertEqual(raised.exception.code, 403, (base, header))

    def test_refusals_have_twilios_shape_and_the_next_call_is_answered(self):
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        bad = [
            (f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
            (f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
            (f"GET {path} HTTP/1.1\r\n\r\n", 400),
            (f"GET {path} HTTP/1.1\r\nHost: a\r\nX: {'y' * 40000}\r\n\r\n", 431),
            (f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n", 413),
        ]
        for request, status in bad:
            answer = raw(self.port, request.encode())
            self.assertTrue(answer.startswith(f"HTTP/1.1 {status} "), answer[:200])
            body = json.loads(answer.split("\r\n\r\n", 1)[1])
            self.assertEqual(body["status"], status)
            self.assertEqual(list(body), ["code", "message", "more_info", "status"])
        self.assertEqual(self.send()["status"], "queued")


class Logs(unittest.TestCase):
    def test_hold_no_token_and_no_number(self):
        process = subprocess.Popen(
            [os.environ["TWINDOW_BINARY"], "serve", "--listen", "127.0.0.1:0", "--control",
             "127.0.0.1:0", "--log", "json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(),
                 "TWILIO_AUTH_TOKEN": TOKEN})
        for line in process.stdout:
            match = re.search(r"Twilio API +(http:\S+)", line)
            if match:
                break
        url = f"{match[1]}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        subprocess.run(["curl", "-sS", "-o", os.devnull, "-u", f"{ACCOUNT}:{TOKEN}", url,
                        "--data-urlencode", f"To={ANA}", "--data-urlencode", f"From={SHOP}",
                        "-d", "Body=SecretBody"], check=True)
        subprocess.run(["curl", "-sS", "-o", os.devnull, "-u", f"{ACCOUNT}:{TOKEN}",
                        url + "?To=whatsapp%3A%2B5215512345678"], check=True)
        process.terminate()
        process.stdout.close()
        log = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(20), 0, "SIGTERM drains and ends with 0")
        lines = [json.loads(line) for line in log.splitlines()]
        self.assertGreater(len(lines), 3)
        for secret in (TOKEN, "SecretBody", "5512345678", "4155550100"):
            self.assertNotIn(secret, log)
        self.assertIn("201", log)


if __name__ == "__main__":
    unittest.main()
