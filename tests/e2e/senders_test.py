# SPDX-License-Identifier: Apache-2.0
"""What a server in proxy mode makes of the senders that the account has at Twilio: sends from others
are refused, and with webhooks.learn it hears of sends of which nobody else would."""
import http.client
import json
import os
import tempfile
import unittest
import urllib.parse
import urllib.request

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from twilio_console import ACCOUNT, SHOP, TOKEN, Console
from twindow_processes import Twindow

ANA = "whatsapp:+5215512345678"
PUBLIC = "https://tw.example.com"
LEARN = "/hooks/status/learn"


class Senders(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.console = Console()
        self.addCleanup(self.console.stop)

    def start(self, **more):
        config = {"mode": "proxy", "upstream": self.console.url, "store": "sqlite:",
                  "public_url": PUBLIC, "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}], **more}
        path = os.path.join(self.folder, "twindow.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)
        self.server = Twindow("--data", self.folder, "--config", path)
        self.addCleanup(self.server.stop)
        self.sdk = Client(ACCOUNT, TOKEN)
        self.sdk.api.base_url = self.server.api
        self.ask("PUT", f"/__admin/windows/{urllib.parse.quote(SHOP)}/{urllib.parse.quote(ANA)}",
                 {"state": "open"})

    def ask(self, method, path, body=None):
        with open(os.path.join(self.folder, "control.token"), encoding="utf-8") as file:
            token = file.read().strip()
        request = urllib.request.Request(
            self.server.control + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def send(self, sender=SHOP, **more):
        return self.sdk.messages.create(from_=sender, to=ANA, body="Hola", **more)

    def at_twilio(self):
        return self.ask("GET", "/__admin/senders")["accounts"][0]["at_twilio"]

    def send_until_listed(self):
        self.send()
        while self.at_twilio() is None:  # it is asked for beside the sends
            pass

    def test_a_sender_that_the_account_has_not_is_refused(self):
        self.start()
        self.send_until_listed()
        self.assertIn(SHOP, self.at_twilio())
        self.send()
        with self.assertRaises(TwilioRestException) as caught:
            self.send("whatsapp:+14155550199")
        self.assertEqual((caught.exception.status, caught.exception.code), (400, 63007))
        self.assertEqual(len(self.console.created), 2)

    def tell(self, sid, status, **more):
        fields = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "To": ANA,
                  "AccountSid": ACCOUNT, "From": SHOP, **more}
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.api).netloc)
        connection.request("POST", LEARN, urllib.parse.urlencode(fields), {
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(PUBLIC + LEARN, fields),
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def test_it_learns_what_nobody_else_is_told(self):
        self.start(webhooks={"learn": True})
        self.send_until_listed()
        sent = self.send()
        self.assertEqual(self.console.created[-1]["StatusCallback"], PUBLIC + LEARN)
        self.assertEqual(self.tell(sent.sid, "undelivered", ErrorCode="63016"), 204)
        message = self.ask("GET", f"/__admin/messages/{sent.sid}")
        self.assertEqual((message["status"], message["error_code"]), ("undelivered", 63016))
        self.assertEqual(self.ask("GET", "/__admin/callbacks")["callbacks"], [])
        (window,) = self.ask("GET", "/__admin/windows")["windows"]
        self.assertEqual((window["state"], window["closed_early"]), ("closed", True))

    def test_it_leaves_alone_what_somebody_is_told(self):
        self.console.webhook["status_callback_url"] = "https://app.example.com/status"
        self.start(webhooks={"learn": True})
        self.send_until_listed()
        self.send()
        self.assertNotIn("StatusCallback", self.console.created[-1])


if __name__ == "__main__":
    unittest.main()
