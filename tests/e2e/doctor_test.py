# SPDX-License-Identifier: Apache-2.0
"""`twindow doctor` against a Twilio that is told what its console says: what it finds, what it exits
with, and what --fix changes."""
import json
import os
import subprocess
import tempfile
import unittest
import urllib.parse

from twilio_console import ACCOUNT, NUMBER, OLD, POOLED, SHOP, TOKEN, Console
from twindow_processes import Twindow


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
