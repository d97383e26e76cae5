# SPDX-License-Identifier: Apache-2.0
"""Scenario files on a running server, driven by the real SDK; and `twindow validate`."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from twindow_processes import PUBLIC_URL, FakeApp, Twindow, _clean_environment

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
OTHER = "AC1123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdee"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+15555550123"
BEN = "whatsapp:+15555550124"
SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"


def scenario(app, sid=ACCOUNT, rules=(), **more):
    return {"version": 1, "name": "a test of scenario files",
            "clock": {"mode": "manual", "start": "2020-02-03T04:05:06Z"}, "seed": 7,
            "targets": {"app": {"deliver_to": app.url, "sign_as": PUBLIC_URL}},
            "given": {"account": {"sid": sid, "auth_token": TOKEN},
                      "senders": [{"address": SHOP, "status_callback": "app:/status"}],
                      "windows": [{"sender": SHOP, "user": ANA, "last_inbound": "-1h"}]},
            "on": list(rules), **more}


RULES = [{"id": "ben", "match": {"To": BEN}, "callbacks": [
             {"after": "1s", "MessageStatus": "sent", "repeat": 1},
             {"after": "1s", "MessageStatus": "failed", "ErrorCode": 63018, "Hint": "by hand"}]},
         {"id": "busy", "match": {"Body": "busy", "nth": 2},
          "respond": {"status": 429, "code": 63018, "retry_after": "7s"}},
         {"id": "gone", "match": {"Body": "gone"}, "respond": {"preset": "opted_out"}}]


class Scenarios(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.app = FakeApp()
        self.addCleanup(self.app.stop)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content),
                        encoding="utf-8")
        return str(path)

    def start(self, *options, **more):
        server = Twindow(*options, **more)
        self.addCleanup(server.stop)
        self.sdk = self.client(server, ACCOUNT)
        return server

    @staticmethod
    def client(server, account):
        made = Client(account, TOKEN)
        made.api.base_url = server.api
        return made

    def advance(self, server, by, account=ACCOUNT):
        server.ask("POST", f"/__admin/clock/advance?account={account}", {"by": by})

    def test_a_server_starts_with_a_scenario(self):
        server = self.start("--scenario", self.write("s.json", scenario(self.app, rules=RULES)))
        ana = self.sdk.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.assertEqual(ana.date_created.year, 2020)
        ben = self.sdk.messages.create(from_=SHOP, to=BEN, body="Hola")
        self.advance(server, "10s")
        self.assertEqual(self.sdk.messages(ana.sid).fetch().status, "delivered")
        self.assertEqual(self.sdk.messages(ben.sid).fetch().error_code, 63018)
        listed = server.ask("GET", f"/__admin/callbacks?account={ACCOUNT}")["callbacks"]
        of_ben = [one for one in reversed(listed) if one["message_sid"] == ben.sid]
        self.assertEqual([one["message_status"] for one in of_ben], ["sent", "sent", "failed"])
        for one in of_ben:
            self.assertTrue(one["posted_to"].startswith(self.app.url), one)
        shown = server.ask("GET", "/__admin/callbacks/" + of_ben[-1]["id"])
        self.assertIn("Hint=by+hand", shown["request"]["body"])
        sent = dict(urllib.parse.parse_qsl(shown["request"]["body"], keep_blank_values=True))
        self.assertTrue(RequestValidator(TOKEN).validate(PUBLIC_URL + "/status", sent,
                                                         shown["signature"]))

    def test_a_rule_answers_in_twilios_place(self):
        self.start("--scenario", self.write("s.json", scenario(self.app, rules=RULES)))
        self.sdk.messages.create(from_=SHOP, to=ANA, body="busy")
        with self.assertRaises(TwilioRestException) as caught:
            self.sdk.messages.create(from_=SHOP, to=ANA, body="busy")
        self.assertEqual((caught.exception.status, caught.exception.code), (429, 63018))
        self.sdk.messages.create(from_=SHOP, to=ANA, body="busy")
        with self.assertRaises(TwilioRestException) as caught:
            self.sdk.messages.create(from_=SHOP, to=ANA, body="gone")
        self.assertEqual((caught.exception.status, caught.exception.code), (400, 21610))

    def test_a_rule_cuts_the_connection(self):
        rule = {"match": {"Body": "cut"}, "times": 1, "respond": {"reset": True}}
        server = self.start("--scenario",
                            self.write("s.json", scenario(self.app, rules=[rule])))
        before = server.ask("GET", f"/__admin/messages?account={ACCOUNT}")["messages"]
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.sdk.messages.create(from_=SHOP, to=ANA, body="cut")
        after = server.ask("GET", f"/__admin/messages?account={ACCOUNT}")["messages"]
        self.assertEqual(after, before, "nothing was made")
        self.assertEqual(self.sdk.messages.create(from_=SHOP, to=ANA, body="cut").status, "queued")

    def test_a_rule_spoils_the_signature(self):
        words = {"valid": True, "wrong": False, "other_port": False, "other_scheme": False,
                 "missing": None}
        rules = [{"match": {"Body": word}, "callbacks": [
            {"after": "1s", "MessageStatus": "sent", "signature": word}]} for word in words]
        server = self.start("--scenario",
                            self.write("s.json", scenario(self.app, rules=rules)))
        for word, valid in words.items():
            made = self.sdk.messages.create(from_=SHOP, to=ANA, body=word)
            self.advance(server, "2s")
            told = self.app.requests(0)[-1]
            fields = dict(urllib.parse.parse_qsl(told["body"], keep_blank_values=True))
            self.assertEqual(fields["MessageSid"], made.sid)
            signature = told["headers"].get("X-Twilio-Signature")
            good = signature and RequestValidator(TOKEN).validate(PUBLIC_URL + "/status", fields,
                                                                  signature)
            self.assertEqual(good, valid, word)

    def test_two_accounts_with_one_public_name_have_an_app_each(self):
        other = FakeApp()
        self.addCleanup(other.stop)
        server = self.start("--scenario", self.write("a.json", scenario(self.app)),
                            "--scenario", self.write("b.json", scenario(other, OTHER)))
        self.sdk.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.client(server, OTHER).messages.create(from_=SHOP, to=ANA, body="Hola")
        for account, app in ((ACCOUNT, self.app), (OTHER, other)):
            self.advance(server, "10s", account)
            listed = server.ask("GET", f"/__admin/callbacks?account={account}")["callbacks"]
            self.assertEqual(len(listed), 2)
            for one in listed:
                self.assertEqual(one["posted_to"], app.url + "/status")

    def test_the_control_api_sets_one(self):
        server = self.start("--clock", "manual")
        taken = server.ask("PUT", "/__admin/scenario", scenario(self.app, rules=RULES))
        self.assertEqual(taken, {"account_sid": ACCOUNT, "name": "a test of scenario files",
                                 "rules": ["ben", "busy", "gone"]})
        first = self.sdk.messages.create(from_=SHOP, to=ANA, body="Hola")
        with self.assertRaises(urllib.error.HTTPError) as caught:
            server.ask("PUT", "/__admin/scenario", scenario(self.app) | {"seed": 8})
        self.assertEqual(caught.exception.code, 409)
        caught.exception.close()
        server.ask("POST", f"/__admin/reset?account={ACCOUNT}")
        server.ask("PUT", "/__admin/scenario", scenario(self.app))
        again = self.sdk.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.assertEqual(again.sid, first.sid)
        self.assertEqual(again.date_created, first.date_created)

    def test_a_file_that_changes_is_read_again(self):
        path = self.write("s.json", scenario(self.app, rules=RULES))
        log = str(self.folder / "log")
        server = self.start("--scenario", path, stderr=log)

        def logged(text):
            end = time.monotonic() + 10
            while time.monotonic() < end:
                if text in pathlib.Path(log).read_text(encoding="utf-8"):
                    return True
            return False

        self.write("s.json", '{ "version": 1,\n  "name": 7 }')
        self.assertTrue(logged(f"{path}:2:11: name: found 7, expected a sentence"))
        with self.assertRaises(TwilioRestException):
            self.sdk.messages.create(from_=SHOP, to=ANA, body="gone")
        self.write("s.json", scenario(self.app))
        server.process.send_signal(signal.SIGHUP)
        self.assertTrue(logged("scenario read again"))
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                self.sdk.messages.create(from_=SHOP, to=ANA, body="gone")
                return
            except TwilioRestException:
                continue
        self.fail("the old rules are still in force")


class Files(unittest.TestCase):
    def run_program(self, *arguments):
        return subprocess.run([os.environ["TWINDOW_BINARY"], *arguments], capture_output=True,
                              text=True, env=_clean_environment(), timeout=60, check=False)

    def test_the_shipped_ones_are_valid(self):
        done = self.run_program("validate", str(SCENARIOS))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("reminder-after-25-hours.json  (scenario)\n", done.stdout)

    def test_mistakes_have_their_places_and_the_exit_code_is_2(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("s.json", '{ "version": 1, "name": "x",\n  "steps": [{}] }'),
                               ("p.json", '{ "version": 1,\n  "rules": 1 }'),
                               ("c.json", '{ "mode": "simulate",\n  "listen": "x" }'),
                               ("package.json", '{ "name": "app", "version": "1.0.0" }')):
                pathlib.Path(folder, name).write_text(text, encoding="utf-8")
            done = self.run_program("validate", folder)
            self.assertEqual(done.returncode, 2)
            lines = done.stderr.splitlines()
            self.assertEqual(len(lines), 3, done.stderr)
            self.assertTrue(lines[0].startswith(f"{folder}/c.json:2:13: listen: found \"x\", "))
            self.assertTrue(lines[1].startswith(f"{folder}/p.json:2:12: rules: found 1, "))
            self.assertTrue(lines[2].startswith(f"{folder}/s.json:2:13: steps[0]: found an object"))
            serve = self.run_program("serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0",
                                     "--data", folder, "--scenario", folder + "/s.json")
            self.assertEqual(serve.returncode, 2)
            self.assertIn("s.json:2:13: steps[0]", serve.stderr)
            self.assertEqual(self.run_program("validate", folder + "/nowhere.json").returncode, 1)

    def test_proxy_mode_takes_none(self):
        done = self.run_program("serve", "--mode", "proxy", "--scenario", "s.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--scenario: scenario: in proxy mode nothing is simulated", done.stderr)


if __name__ == "__main__":
    unittest.main()
