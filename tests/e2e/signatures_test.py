# SPDX-License-Identifier: Apache-2.0
"""500 random webhooks that the validator of Debian's python3-twilio takes, and 500 tampered ones that it
refuses; by POST and, with the parameters in the URL, by GET. And random schedules: every callback of every
send is signed, and no status goes back."""
import random
import unittest

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from twindow_processes import Twindow
from web_app import PUBLIC, WebApp

TOKEN = "0123456789abcdef0123456789abcdef"
LETTERS = ["a", "Z", "0", " ", "&", "=", "+", "%", "ë", "👋", '"', "\n", "~", "'"]


class Signatures(unittest.TestCase):
    def setUp(self):
        self.app = WebApp()
        self.addCleanup(self.app.stop)
        self.server = Twindow("--clock", "manual", "--deliver-to", f"{PUBLIC}={self.app.url}")
        self.addCleanup(self.server.stop)

    def test_500_webhooks(self):
        draw = random.Random(63016)
        account = "AC" + "7" * 32

        def text():
            return "".join(draw.choices(LETTERS, k=draw.randrange(40)))

        for number in range(500):
            if number % 250 == 0:
                self.server.ask("PUT", f"/__admin/senders?account={account}", {"senders": [
                    {"address": "whatsapp:+14155550100", "inbound_url": PUBLIC + "/in?a=%20b&c=",
                     "inbound_method": "GET" if number else "POST"}]})
            self.server.ask("POST", f"/__admin/simulate/inbound-message?account={account}", {
                "From": "whatsapp:+5215512345678", "To": "whatsapp:+14155550100", "Body": text(),
                "ProfileName": text(), f"X{draw.randrange(5)}": text()})
        self.assertEqual([asked.method for asked in self.app.asked], ["POST"] * 250 + ["GET"] * 250)
        validator = RequestValidator(TOKEN)
        for asked in self.app.asked:
            signature = asked.headers["X-Twilio-Signature"]
            fields = asked.fields if asked.method == "POST" else {}
            self.assertTrue(validator.validate(asked.url, fields, signature), asked.url)
            if fields:
                name = draw.choice(sorted(fields))
                tampered = {**fields, name: fields[name] + "x"}
                self.assertFalse(validator.validate(asked.url, tampered, signature), name)
            else:
                self.assertFalse(validator.validate(asked.url + "x", {}, signature))

    def test_random_schedules(self):
        order = ["queued", "sending", "sent", "delivered", "read"]
        ends = {"delivered", "read", "undelivered", "failed", "canceled"}
        ana, shop, service = "+15558675310", "+14155550100", "MG" + "7" * 32
        validator = RequestValidator(TOKEN)
        for seed in range(200):
            draw = random.Random(seed)
            account = f"AC{seed:032x}"
            client = Client(account, TOKEN)
            client.api.base_url = self.server.api
            self.app.forget()
            sids = []
            for _ in range(10):
                way = draw.randrange(4)
                prefix = draw.choice(["", "whatsapp:"])
                if way == 0 and sids:
                    self.server.ask("POST", f"/__admin/clock/advance?account={account}",
                                    {"by": f"{draw.randrange(1, 40_000)}s"})
                elif way == 1 and sids:
                    self.server.ask("POST", f"/__admin/simulate/inbound-message?account={account}",
                                    {"From": prefix + ana, "To": prefix + shop, "Body": "hola"})
                else:
                    sender = {"messaging_service_sid": service} if way == 2 else {"from_": prefix + shop}
                    callback = f"{PUBLIC}/status?seed={seed}&n={len(sids)}"
                    sids.append(client.messages.create(to=prefix + ana, body=f"Hi {seed}", status_callback=callback,
                                                       **sender).sid)
            self.server.ask("POST", f"/__admin/clock/advance?account={account}", {"by": "48h"})
            told = {sid: [] for sid in sids}
            for asked in self.app.asked:
                signature = asked.headers["X-Twilio-Signature"]
                self.assertTrue(validator.validate(asked.url, asked.fields, signature), asked.url)
                self.assertEqual(asked.fields["AccountSid"], account)
                told[asked.fields["MessageSid"]].append(asked.fields["MessageStatus"])
            for sid, statuses in told.items():
                self.assertTrue(statuses, f"seed {seed}: of {sid} nothing was told")
                places = [order.index(status) for status in statuses if status in order]
                self.assertEqual(places, sorted(set(places)), f"seed {seed}: {statuses}")
                self.assertIn(statuses[-1], ends, f"seed {seed}")
                self.assertFalse(ends.intersection(statuses[:-1]) - {"delivered"}, f"seed {seed}: {statuses}")
                self.assertEqual(client.messages(sid).fetch().status, statuses[-1])


if __name__ == "__main__":
    unittest.main()
