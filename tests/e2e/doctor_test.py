# SPDX-License-Identifier: Apache-2.0
"""`twindow doctor` against a Twilio that is told what its console says: what it finds, what it exits
with, and what --fix changes."""
import email.utils
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
from base64 import b64encode

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "d41d8cd98f00b204e9800998ecf8427e"
SHOP = "whatsapp:+14155550100"
NUMBER = "+14155550101"
POOLED = "+14155550102"
OLD = "https://old.example.com/in"


class Console:
    """Twilio's API, as far as doctor asks it. Keeps what it was told."""

    def __init__(self):
        self.calls = []
        self.clock_ahead = 0
        self.webhook = {"callback_url": OLD, "callback_method": "POST",
                        "fallback_url": "https://old.example.com/fallback"}
        self.sms_url = OLD
        self.inbound_request_url = None
        console = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                console.calls.append(("GET", self.headers["Host"], self.path))
                self.answer(*console.get(self.path, self.headers))

            def do_HEAD(self):
                self.answer(404, None)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                console.calls.append(("POST", self.headers["Host"], self.path))
                self.answer(*console.post(self.path, body))

            def answer(self, status, body):
                text = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def date_time_string(self, timestamp=None):
                return email.utils.formatdate(time.time() + console.clock_ahead, usegmt=True)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def sender(self):
        return {"sid": "XE1", "sender_id": SHOP, "webhook": self.webhook}

    def number(self):
        return {"sid": "PN1", "phone_number": NUMBER, "sms_url": self.sms_url, "sms_method": "POST"}

    def service(self):
        return {"sid": "MG1", "friendly_name": "shop", "inbound_method": "POST",
                "inbound_request_url": self.inbound_request_url,
                "use_inbound_webhook_on_number": False}

    def get(self, target, headers):
        if target == "/livez":
            return 404, {}
        if headers["Authorization"] != "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        path = target.split("?")[0]
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        pooled = {"sid": "PN2", "phone_number": POOLED, "sms_url": OLD, "sms_method": "POST"}
        found = {
            f"{account}/Messages.json": {"messages": []},
            f"{account}/IncomingPhoneNumbers.json": {
                "incoming_phone_numbers": [self.number(), pooled]},
            f"{account}/IncomingPhoneNumbers/PN1.json": self.number(),
            "/v2/Channels/Senders": {"senders": [self.sender()]},
            "/v2/Channels/Senders/XE1": self.sender(),
            "/v1/Services": {"services": [self.service()]},
            "/v1/Services/MG1": self.service(),
            "/v1/Services/MG1/PhoneNumbers": {"phone_numbers": [{"phone_number": POOLED}]},
        }.get(path)
        return (200, found) if found else (404, {"code": 20404})

    def post(self, path, body):
        if path == "/v2/Channels/Senders/XE1":
            self.webhook = json.loads(body)["webhook"]
            return 202, self.sender()
        fields = dict(urllib.parse.parse_qsl(body))
        if path.endswith("/IncomingPhoneNumbers/PN1.json"):
            self.sms_url = fields["SmsUrl"]
            return 200, self.number()
        self.inbound_request_url = fields["InboundRequestUrl"]
        return 200, self.service()


class Doctor(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.console = Console()
        self.addCleanup(self.console.stop)
        self.config = {
            "mode": "proxy", "upstream": self.console.url, "data": self.folder, "store": "sqlite:",
            "listen": "127.0.0.1:0", "control": "127.0.0.1:0", "public_url": "https://tw.example.com",
            "inbound_url": "https://app.example.com/in",
            "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
            "callbacks": {"deliver_to": {"https://app.example.com": self.console.url}}}

    def doctor(self, *words, typed="", exits=0):
        path = os.path.join(self.folder, "twindow.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.config, file)
        done = subprocess.run([os.environ["TWINDOW_BINARY"], "doctor", "--config", path, *words],
                              capture_output=True, text=True, input=typed, timeout=100,
                              check=False, env={"PATH": os.environ["PATH"], "HOME": self.folder})
        self.assertEqual(done.returncode, exits, done.stdout + done.stderr)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return done

    def findings(self, check, *words, exits=0):
        said = json.loads(self.doctor("--format", "json", *words, exits=exits).stdout)
        self.assertEqual(said["exit_code"], exits)
        return [(each["health"], each["found"], each["advice"]) for each in said["findings"]
                if each["check"] == check]

    def all_well(self):
        ours = "https://tw.example.com/hooks/inbound"
        self.console.webhook["callback_url"] = ours
        self.console.sms_url = self.console.inbound_request_url = ours

    def test_a_healthy_installation(self):
        self.all_well()
        shown = self.doctor().stdout
        self.assertNotIn("problem", shown)
        for line in ("ok       upstream", "skipped  tls", "ok       clock", "ok       credentials",
                     "ok       webhook", "ok       callbacks", "ok       policy", "ok       store"):
            self.assertIn(line, shown)
        self.assertEqual([call for call in self.console.calls if call[0] == "POST"], [])

    def test_webhooks_that_go_elsewhere(self):
        found = self.findings("webhook", exits=1)
        self.assertEqual([health for health, _, _ in found], ["problem"] * 3)
        said = "\n".join(text for _, text, _ in found)
        self.assertIn(f"{SHOP} sends messages to {OLD}", said)
        self.assertIn(f"{NUMBER} sends messages to {OLD}", said)
        self.assertIn(f"service MG1 (shop) for {POOLED} sends messages to nowhere", said)
        self.assertIn("https://tw.example.com/hooks/inbound", found[0][2])

    def test_only_the_configured_senders_count(self):
        self.config["accounts"][0]["senders"] = [{"address": SHOP},
                                                 {"address": "whatsapp:+14155550199"}]
        found = self.findings("webhook", exits=1)
        self.assertEqual(len(found), 2)
        self.assertIn("has no sender whatsapp:+14155550199", found[1][1])

    def test_fix_asks_first(self):
        for typed in ("", "n\n", "maybe\n"):
            done = self.doctor("--fix", typed=typed, exits=1)
            self.assertIn("nothing was changed", done.stderr)
            self.assertIn(f"XE1 {SHOP}: {OLD} -> https://tw.example.com/hooks/inbound", done.stderr)
        self.assertEqual([call for call in self.console.calls if call[0] == "POST"], [])

    def test_fix_sets_and_looks_again(self):
        done = self.doctor("--fix", typed="y\n")
        self.assertIn("ok       webhook", done.stdout)
        ours = "https://tw.example.com/hooks/inbound"
        self.assertEqual(self.console.webhook,
                         {"callback_url": ours, "callback_method": "POST",
                          "fallback_url": "https://old.example.com/fallback"})
        self.assertEqual(self.console.sms_url, ours)
        self.assertEqual(self.console.inbound_request_url, ours)
        hosts = {(path.split("?")[0], host) for method, host, path in self.console.calls
                 if method == "POST"}
        self.assertIn(("/v2/Channels/Senders/XE1", "messaging.twilio.com"), hosts)
        self.assertIn("nothing to fix", self.doctor("--fix", "--yes").stderr)

    def test_credentials(self):
        self.config["accounts"][0]["auth_token"] = TOKEN[::-1]
        (found,) = self.findings("credentials", exits=1)
        self.assertEqual(found[0], "problem")
        self.assertIn("401 (code 20003)", found[1])

    def test_the_clock(self):
        self.all_well()
        for ahead, text in ((90, "behind Twilio's"), (-90, "ahead of Twilio's")):
            self.console.clock_ahead = ahead
            (found,) = self.findings("clock", exits=1)
            self.assertIn(text, found[1])

    def test_nobody_there_is_3(self):
        self.config["upstream"] = "http://127.0.0.1:9"
        (found,) = self.findings("upstream", exits=3)
        self.assertEqual(found[0], "problem")
        self.config["upstream"] = self.console.url
        self.config["callbacks"]["deliver_to"] = {"https://app.example.com": "http://127.0.0.1:9"}
        self.all_well()
        (found,) = self.findings("callbacks", exits=3)
        self.assertIn("http://127.0.0.1:9", found[1])

    def test_a_bad_configuration_is_1(self):
        self.config["accounts"][0]["auth_tokn"] = "x"
        (found,) = self.findings("config", exits=1)
        self.assertIn('did you mean "auth_token"?', found[1])

    def test_beside_a_server(self):
        self.all_well()
        self.config.update({"mode": "simulate", "upstream": None})
        del self.config["upstream"], self.config["public_url"]
        server = Twindow()
        self.addCleanup(server.stop)
        self.config["listen"] = urllib.parse.urlsplit(server.api).netloc
        self.config["control"] = urllib.parse.urlsplit(server.control).netloc
        self.config["tls"] = {"listen": urllib.parse.urlsplit(server.tls).netloc}
        shown = self.doctor().stdout
        self.assertIn("ok       server", shown)
        self.assertEqual(shown.count("is the running server's"), 3)
        self.assertEqual(server.stop(), 0)
        self.assertIn("is free", self.doctor().stdout)

    def test_the_public_url_is_tried_beside_a_server(self):
        self.all_well()
        self.config["public_url"] = self.console.url
        path = os.path.join(self.folder, "twindow.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.config, file)
        server = Twindow("--config", path, "--data", self.folder)
        self.addCleanup(server.stop)
        self.config["control"] = urllib.parse.urlsplit(server.control).netloc
        self.config["listen"] = urllib.parse.urlsplit(server.api).netloc
        (found,) = self.findings("public-url", exits=1)
        self.assertIn("answers 404, and is not Twindow", found[1])
        self.config["public_url"] = server.api
        (found,) = self.findings("public-url", exits=1)  # for the webhooks, which go elsewhere now
        self.assertEqual(found[0], "ok")


if __name__ == "__main__":
    unittest.main()
