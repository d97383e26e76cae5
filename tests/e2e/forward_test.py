# SPDX-License-Identifier: Apache-2.0
"""Proxy mode in front of a second twindow that simulates Twilio: the real SDK by base URL, by prefix
and by CONNECT, with the bytes in between recorded."""
import base64
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+15555550123"

APP = f"""
from twilio.rest import Client

client = Client("{ACCOUNT}", "{TOKEN}")
message = client.messages.create(from_="{SHOP}", to="{ANA}", body="Hola")
print(message.status, len(client.messages.list(to="{ANA}", page_size=1)))
"""


class Recorder:
    """Passes bytes on to `port` and keeps those that went there."""

    def __init__(self, port):
        self.target = port
        self.sent = bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            threading.Thread(target=self.pump, args=(client, server, self.sent), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, None), daemon=True).start()

    @staticmethod
    def pump(source, drain, kept):
        try:
            while piece := source.recv(65536):
                if kept is not None:
                    kept.extend(piece)
                drain.sendall(piece)
        except OSError:
            pass
        for end in (source, drain):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        source.close()

    def requests(self):
        """The request lines, in order of arrival."""
        return re.findall(r"(?:GET|POST) /\S* HTTP/1\.1", bytes(self.sent).decode("latin-1"))

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # who waits in accept() keeps it open
        except OSError:
            return
        self.listener.close()


class Forward(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.twilio = Twindow("--clock", "manual")
        self.addCleanup(self.twilio.stop)
        self.recorder = Recorder(int(self.twilio.api.rsplit(":", 1)[1]))
        self.addCleanup(self.recorder.stop)
        # Nothing is judged here, so no window is looked up in between.
        policy = self.folder / "policy.json"
        policy.write_text('{ "version": 1, "rules": [ { "name": "all", "match": {}, "action": "pass" } ] }')
        self.proxy = Twindow("--mode", "proxy", "--upstream", self.recorder.url,
                             "--policy", str(policy), "--data", str(self.folder / "data"))
        self.addCleanup(self.proxy.stop)

    def client(self, base_url):
        client = Client(ACCOUNT, TOKEN)
        client.api.base_url = base_url
        return client

    def use(self, client):
        sids = [client.messages.create(from_=SHOP, to=ANA, body=f"Hola {n}").sid for n in range(3)]
        listed = client.messages.list(to=ANA, page_size=1)
        self.assertEqual({message.sid for message in listed}, set(sids))
        self.assertEqual(client.messages(sids[0]).fetch().body, "Hola 0")
        kept = self.twilio.ask("GET", "/__admin/messages")["messages"]
        self.assertEqual({message["sid"] for message in kept}, set(sids))
        self.assertIn(b"\r\nHost: api.twilio.com\r\n", bytes(self.recorder.sent))
        self.assertNotIn(b"\r\nHost: 127.0.0.1", bytes(self.recorder.sent))
        creates = [line for line in self.recorder.requests() if line.startswith("POST ")]
        self.assertEqual(creates, [f"POST {MESSAGES} HTTP/1.1"] * 3)

    def test_by_base_url(self):
        self.use(self.client(self.proxy.api))

    def test_by_prefix(self):
        self.use(self.client(self.proxy.api + "/api.twilio.com"))

    def test_by_connect(self):
        certificate = self.folder / "ca.crt"
        with open(certificate, "wb") as out:
            subprocess.run([os.environ["TWINDOW_BINARY"], "ca", "export", "--data",
                            str(self.folder / "data")], stdout=out, check=True)
        # As in proxy_test.py: where Debian's SDK looks for whom to trust.
        (self.folder / "certifi.py").write_text(f"def where():\n    return {str(certificate)!r}\n")
        (self.folder / "app.py").write_text(APP)
        done = subprocess.run(
            [sys.executable, "-B", str(self.folder / "app.py")], capture_output=True, text=True,
            timeout=30, check=False,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder),
                 "HTTPS_PROXY": self.proxy.api})
        self.assertEqual(done.stdout, "queued 1\n", done.stderr)

    def test_every_byte_arrives(self):
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        body = "To=whatsapp%3a%2B15555550123&From=whatsapp:%2b14155550100&&Body=a+b%20c&Empty="
        lines = [f"POST {MESSAGES}?x=%2F&&y HTTP/1.1", "x-Odd: 1", "HOST: api.twilio.com",
                 f"authorization: Basic {basic}", "X-odd: 2", "accept:", "X-ODD: 1",
                 "content-type: application/x-www-form-urlencoded", f"content-LENGTH: {len(body)}"]
        sent = lines + ["Connection: keep-alive, x-hop", "X-Hop: gone", "", body]
        port = int(self.proxy.api.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            peer.sendall("\r\n".join(sent).encode())
            answer = peer.recv(65536)
        self.assertTrue(answer.startswith(b"HTTP/1.1 201 CREATED\r\n"), answer)
        expected = "\r\n".join(lines + ["", body]).replace("accept:", "accept: ")
        # Before it, Twilio was asked once whether it knows the caller.
        got = bytes(self.recorder.sent).decode()
        self.assertTrue(got.startswith(f"GET {MESSAGES}?PageSize=1 HTTP/1.1\r\n"), got)
        self.assertEqual(got[got.index("POST"):], expected)

    def test_no_answer_is_told_and_nothing_is_sent_twice(self):
        self.recorder.stop()
        with self.assertRaises(TwilioRestException) as caught:
            self.client(self.proxy.api).messages.create(from_=SHOP, to=ANA, body="Hola")
        self.assertEqual((caught.exception.status, caught.exception.code), (503, 20503))
        self.assertIn("Twindow: ", caught.exception.msg)
        self.assertIn("has not got", caught.exception.msg)
        self.assertEqual(bytes(self.recorder.sent), b"")

    def test_the_control_api_wants_its_token(self):
        def status(url, *more):
            done = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", *more, url],
                                  capture_output=True, text=True, timeout=30, check=True)
            return int(done.stdout)
        file = self.folder / "data" / "control.token"
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        token = file.read_text().strip()
        self.assertEqual(status(self.proxy.control + "/__admin/info"), 401)
        self.assertEqual(status(self.proxy.control + "/__admin/info", "-H",
                                f"Authorization: Bearer {token}"), 200)
        self.assertEqual(status(self.proxy.control + "/readyz"), 200)
        self.assertEqual(status(self.proxy.api + "/__admin/info", "-H",
                                f"Authorization: Bearer {token}"), 404)
        self.assertEqual(bytes(self.recorder.sent), b"")
        done = subprocess.run([os.environ["TWINDOW_BINARY"], "messages", "list", "--format", "json"],
                              capture_output=True, text=True, timeout=30, check=False,
                              env={"TWINDOW_SERVER": self.proxy.control,
                                   "TWINDOW_DATA": str(self.folder / "data")})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout).get("messages"), [])


if __name__ == "__main__":
    unittest.main()
