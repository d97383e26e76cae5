# SPDX-License-Identifier: Apache-2.0
"""The gate, driven by the real SDK: in front of the simulator with a policy file, and in proxy mode in
front of a second twindow that simulates Twilio."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+15555550123"
BEN = "whatsapp:+15555550124"
OBSERVE = ('{ "version": 1, // nothing is stopped yet\n'
           '  "rules": [ { "name": "look on", "match": { "window": "closed" }, '
           '"action": "observe" } ] }')
REMINDER = {"sid": "HX0000000000000000000000000000000a", "friendly_name": "reminder",
            "language": "es", "types": {"twilio/text": {"body": "Hola {{1}}, tu cita es {{2}}."}}}


def client(base_url):
    made = Client(ACCOUNT, TOKEN)
    made.api.base_url = base_url
    return made


class Gate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *options):
        server = Twindow(*options)
        self.addCleanup(server.stop)
        return server

    def refused(self, app, to, body="Hola"):
        with self.assertRaises(TwilioRestException) as caught:
            app.messages.create(from_=SHOP, to=to, body=body)
        return caught.exception

    @staticmethod
    def write_to(server, user):
        server.ask("POST", "/__admin/simulate/inbound-message",
                   {"From": user, "To": SHOP, "Body": "hola", "AccountSid": ACCOUNT})


class InFrontOfTheSimulator(Gate):
    def setUp(self):
        super().setUp()
        self.policy = self.folder / "policy.json"
        self.policy.write_text('{ "version": 1 }')
        self.server = self.start("--clock", "manual", "--policy", str(self.policy))
        self.app = client(self.server.api)

    def decisions(self):
        return self.server.ask("GET", "/__admin/decisions")["decisions"]

    def test_a_send_outside_the_window_is_refused_at_once(self):
        error = self.refused(self.app, ANA)
        self.assertEqual((error.status, error.code), (400, 63016))
        self.assertIn("Twindow: rule \"all else\" refuses it", error.msg)
        self.write_to(self.server, ANA)
        sent = self.app.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.server.ask("POST", "/__admin/clock/advance", {"by": "10s"})
        passed, stopped = self.decisions()
        self.assertEqual((stopped["decision"], stopped["code"], stopped["message_sid"]),
                         ("reject", 63016, None))
        self.assertEqual((passed["decision"], passed["message_sid"], passed["status"]),
                         ("pass", sent.sid, "delivered"))

    def test_a_template_says_the_same(self):
        self.server.ask("POST", f"/__admin/templates?account={ACCOUNT}", REMINDER)
        sent = self.app.messages.create(from_=SHOP, to=ANA, body="Hola Eva, tu cita es hoy.")
        self.assertEqual(sent.status, "queued")
        self.server.ask("POST", "/__admin/clock/advance", {"by": "10s"})
        self.assertEqual(sent.fetch().status, "delivered")
        self.assertEqual(self.decisions()[0]["content_sid"], REMINDER["sid"])

    def test_explain_says_what_would_become_of_it(self):
        done = subprocess.run(
            [os.environ["TWINDOW_BINARY"], "explain", "--from", SHOP, "--to", ANA, "--body", "Hi"],
            capture_output=True, text=True, timeout=30, check=True,
            env={"PATH": os.environ["PATH"], "TWINDOW_SERVER": self.server.control})
        self.assertTrue(done.stdout.startswith("reject 63016\n"), done.stdout)
        self.assertIn("rule      all else", done.stdout)
        self.assertEqual(self.decisions(), [])

    def put_policy(self, text):
        request = urllib.request.Request(self.server.control + "/__admin/policy", method="PUT",
                                         data=text.encode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def test_another_policy_is_in_force_at_once(self):
        self.assertEqual(self.put_policy(OBSERVE), OBSERVE)
        sent = self.app.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.server.ask("POST", "/__admin/clock/advance", {"by": "2s"})
        self.assertEqual(sent.fetch().error_code, 63016)
        self.assertEqual((self.decisions()[0]["decision"], self.decisions()[0]["would"]),
                         ("observe", "pass"))
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.put_policy('{ "version": 1, "ruels": [] }')
        self.assertEqual(caught.exception.code, 422)
        errors = json.loads(caught.exception.read())["errors"]
        self.assertIn("policy:1:17", errors[0]["detail"])
        self.assertIn('did you mean "rules"?', errors[0]["detail"])
        self.assertEqual(self.app.messages.create(from_=SHOP, to=ANA, body="Hola").status, "queued")

    def test_a_bad_file_is_no_start(self):
        self.policy.write_text('{ "version": 1,\n  "rules": [ { "action": "explode" } ] }')
        done = subprocess.run(
            [os.environ["TWINDOW_BINARY"], "serve", "--listen", "127.0.0.1:0", "--control",
             "127.0.0.1:0", "--policy", str(self.policy)],
            capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"{self.policy}:2:", done.stderr)


class InFrontOfTwilio(Gate):
    def setUp(self):
        super().setUp()
        self.twilio = self.start()
        config = self.folder / "twindow.json"
        config.write_text(json.dumps({"accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}]}))
        self.gate = self.start("--mode", "proxy", "--upstream", self.twilio.api, "--config",
                               str(config), "--store", f"sqlite:{self.folder}/db")
        self.app = client(self.gate.api)

    def kept(self):
        listed = self.twilio.ask("GET", "/__admin/messages")["messages"]
        return [message for message in listed if message["direction"] != "inbound"]

    def test_twilio_sees_only_what_can_arrive(self):
        self.write_to(self.twilio, ANA)
        sent = self.app.messages.create(from_=SHOP, to=ANA, body="Hola")
        self.assertEqual(sent.status, "queued")
        error = self.refused(self.app, BEN)
        self.assertEqual((error.status, error.code), (400, 63016))
        self.assertEqual([message["sid"] for message in self.kept()], [sent.sid])

    def test_strangers_get_twilios_own_answer(self):
        self.app.messages.list(limit=1)  # the account's credentials are known at Twilio now
        stranger = Client(ACCOUNT, TOKEN[::-1])
        stranger.api.base_url = self.gate.api
        error = self.refused(stranger, BEN)
        self.assertEqual((error.status, error.code), (401, 20003))
        self.assertEqual(self.kept(), [])


if __name__ == "__main__":
    unittest.main()
