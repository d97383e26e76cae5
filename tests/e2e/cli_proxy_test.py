# SPDX-License-Identifier: Apache-2.0
"""The commands against a server in proxy mode, between a second twindow that simulates Twilio and an
app: what they find, what they change, and what they say when something is missing."""
import json
import os
import queue
import subprocess
import threading

import unittest

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

import hooks_test
from twindow_processes import Twindow

ACCOUNT, TOKEN, SHOP, ANA = (hooks_test.ACCOUNT, hooks_test.TOKEN, hooks_test.SHOP, hooks_test.ANA)
BEN = "whatsapp:+15555550124"
STATUS_URL = hooks_test.APP + "/status"
NOBODY_THERE = "http://127.0.0.1:9"


class CliInProxyMode(hooks_test.Hooks):
    def setUp(self):
        super().setUp()
        self.twilio_itself = Twindow()
        self.addCleanup(self.twilio_itself.stop)
        with open(self.config, encoding="utf-8") as file:
            config = json.load(file)
        config["upstream"] = self.twilio_itself.api
        config["accounts"] = config["accounts"][:1]
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(config, file)
        self.start()
        self.sdk = Client(ACCOUNT, TOKEN)
        self.sdk.api.base_url = self.server.api

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "TWINDOW_SERVER": self.server.control,
                "TWINDOW_DATA": self.folder, **more}

    def run_cli(self, *words, **variables):
        return subprocess.run([os.environ["TWINDOW_BINARY"], *words], capture_output=True,
                              text=True, timeout=60, check=False, env=self.environment(**variables))

    def cli(self, *words):
        done = self.run_cli(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def ana_writes(self, number=1):
        self.assertEqual(self.twilio("/hooks/inbound", self.inbound(number))[0], 204)

    def send(self, to=ANA):
        return self.sdk.messages.create(from_=SHOP, to=to, body="Hola", status_callback=STATUS_URL)

    def refuse(self, to=BEN):
        with self.assertRaises(TwilioRestException) as caught:
            self.send(to)
        self.assertEqual(caught.exception.code, 63016)

    def tell(self, sent, status, **more):
        fields = {"SmsSid": sent.sid, "MessageStatus": status, "To": sent.to,
                  "MessageSid": sent.sid, "AccountSid": ACCOUNT, "From": SHOP, **more}
        code, _, _ = self.twilio(self.status_path(STATUS_URL), fields, idempotency=status)
        self.assertEqual(code, 204)

    def test_windows(self):
        self.ana_writes()
        self.assertIn("open", self.cli("windows", "list"))
        self.cli("windows", "close", SHOP, "+525512345678")
        shown = self.cli("windows", "show", SHOP, ANA)
        self.assertIn("closed", shown)
        self.assertIn("(closed early)", shown)
        self.refuse(ANA)
        self.cli("windows", "open", SHOP, ANA)
        self.send()
        table = os.path.join(self.folder, "windows.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write(self.cli("windows", "export") + f"{SHOP},{BEN},2026-01-05T09:00:00Z\n")
        self.assertIn("2", self.cli("windows", "import", table))
        self.assertIn(f"{BEN},2026-01-05T09:00:00.000Z", self.cli("windows", "export"))

    def test_what_twilio_reports_as_undelivered_ends_with_why(self):
        self.ana_writes()
        self.app.statuses = [500]
        sent = self.send()
        self.tell(sent, "sent")
        self.tell(sent, "undelivered", ErrorCode="63016")
        self.app.wait_for(4)  # the message, `sent` twice, `undelivered`
        for which in (sent.sid, ANA):
            shown = self.cli("messages", "show", which)
            self.assertIn("undelivered 63016", shown)
            self.assertIn("decision   pass", shown)
            why = shown.splitlines()[-1]
            self.assertTrue(why.startswith("why: undelivered. 63016"), why)
            self.assertIn("Twilio saw none all the same", why)
        self.assertIn(sent.sid, self.cli("messages", "search", "is:undelivered", "code:63016"))
        tries = json.loads(self.cli("callbacks", "list", "--message", sent.sid, "--format", "json"))
        told = [(each["message_status"], each["status"]) for each in tries["callbacks"]]
        self.assertEqual(told, [("undelivered", 204), ("sent", 204), ("sent", 500)])
        last = tries["callbacks"][0]["id"]
        self.assertIn("MessageStatus=undelivered", self.cli("callbacks", "show", last))
        before = len(self.app.wait_for(4))
        self.assertIn("[204] POST " + STATUS_URL, self.cli("callbacks", "resend", last))
        path, headers, body = self.app.wait_for(before + 1)[before]
        self.assertEqual(headers["I-Twilio-Idempotency-Token"], "undelivered")
        self.assertEqual(self.check((path, headers, body))["ErrorCode"], "63016")

    def test_a_rejected_send_is_found(self):
        self.refuse()
        self.ana_writes()
        sent = self.send()
        found = self.cli("messages", "search", "is:rejected")
        self.assertIn(BEN, found)
        self.assertIn("rejected", found)
        self.assertIn("63016", found)
        self.assertNotIn(sent.sid, found)
        shown = self.cli("messages", "show", BEN)
        self.assertTrue(shown.startswith("no message  rejected 63016"), shown)
        self.assertTrue(shown.splitlines()[-1].startswith("why: Twindow refused it at once"), shown)
        self.assertIn(sent.sid, self.cli("messages", "show", ANA))
        self.assertEqual(self.cli("messages", "search", "is:rejected", "to:" + ANA), "")

    def test_explain_says_what_would_become_of_it(self):
        self.ana_writes()
        for to, decision in ((ANA, "pass"), (BEN, "reject 63016")):
            said = self.cli("explain", "--from", SHOP, "--to", to, "--body", "Hola")
            self.assertTrue(said.startswith(decision + "\n"), said)
        self.assertEqual(self.twilio_itself.ask("GET", "/__admin/messages")["messages"], [])

    def test_listen_follows_what_happens(self):
        process = subprocess.Popen([os.environ["TWINDOW_BINARY"], "listen"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env=self.environment())
        lines = queue.Queue()
        reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout])
        reader.start()
        self.addCleanup(process.stdout.close)
        self.addCleanup(reader.join)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        seen = ""
        number = 0
        while "message.inbound" not in seen:  # until it has begun to listen
            number += 1
            self.ana_writes(number)
            while not lines.empty():
                seen += lines.get()
        self.refuse()
        while "decision.reject" not in seen:
            seen += lines.get(timeout=30)
        self.assertIn(f"decision.reject 63016 {BEN} by \"all else\"", seen)

    def test_what_is_missing_is_said(self):
        needed = self.run_cli("messages", "list", TWINDOW_DATA="/nonexistent")
        self.assertEqual(needed.returncode, 1)
        self.assertIn("the control API's token is needed", needed.stderr)
        for words in (("messages", "list"), ("listen",)):
            wrong = self.run_cli(*words, TWINDOW_CONTROL_TOKEN="wrong")
            self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
            self.assertIn("the token that was given is not this server's", wrong.stderr)
            nobody = self.run_cli(*words, TWINDOW_SERVER=NOBODY_THERE)
            self.assertEqual((nobody.returncode, nobody.stdout), (3, ""))
            self.assertIn("no Twindow answers at " + NOBODY_THERE, nobody.stderr)
        token = os.path.join(self.folder, "control.token")
        named = self.run_cli("messages", "list", "--control-token-file", token, TWINDOW_DATA="/none")
        self.assertEqual(named.returncode, 0, named.stderr)
        unread = self.run_cli("messages", "list", "--control-token-file", token + "x")
        self.assertEqual(unread.returncode, 1)
        self.assertIn("cannot be read", unread.stderr)
        self.assertEqual(self.run_cli("clock", "advance", "1h").returncode, 1)


def load_tests(loader, _tests, _pattern):
    # Not those of the class that is built on.
    own = [name for name in loader.getTestCaseNames(CliInProxyMode)
           if name in vars(CliInProxyMode)]
    return unittest.TestSuite(CliInProxyMode(name) for name in own)


if __name__ == "__main__":
    unittest.main()
