# SPDX-License-Identifier: Apache-2.0
"""The stories of stories.test.mjs with Debian's python3-twilio, unchanged but for its base URL,
and by through_proxy.py with nothing changed at all."""
import os
import unittest
from urllib.parse import parse_qsl

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from twindow_processes import PROXY_DATA, PUBLIC_URL, FakeApp, Twindow

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+5215512345678"


class Stories(unittest.TestCase):
    def setUp(self):
        self.app = FakeApp()
        self.addCleanup(self.app.stop)
        self.server = Twindow("--clock", "manual", "--deliver-to", f"{PUBLIC_URL}={self.app.url}")
        self.addCleanup(self.server.stop)
        self.client = self.client_of(TOKEN)

    def client_of(self, token):
        client = Client(ACCOUNT, token)
        if PROXY_DATA:
            os.environ["HTTPS_PROXY"] = self.server.api
        else:
            client.api.base_url = self.server.api
        return client

    def send(self, **more):
        params = {"to": ANA, "from_": SHOP, "body": "Hola Zoë",
                  "status_callback": PUBLIC_URL + "/status", **more}
        return self.client.messages.create(**params)

    def advance(self, by):
        return self.server.ask("POST", "/__admin/clock/advance", {"by": by})

    def user_writes(self):
        self.server.ask("POST", "/__admin/simulate/inbound-message",
                        {"AccountSid": ACCOUNT, "From": ANA, "To": SHOP, "Body": "hola"})

    def fields(self, request):
        return dict(parse_qsl(request["body"], keep_blank_values=True))

    def test_outside_the_window_it_is_undelivered_with_63016(self):
        created = self.send()
        self.assertEqual(created.status, "queued")
        self.assertIsNone(created.error_code)
        self.advance("5s")
        requests = self.app.requests(1)
        self.assertEqual(len(requests), 1, "one callback, none for the initial status")
        fields = self.fields(requests[0])
        self.assertEqual(fields["MessageSid"], created.sid)
        self.assertEqual(fields["MessageStatus"], "undelivered")
        self.assertEqual(fields["ErrorCode"], "63016")
        signature = requests[0]["headers"]["X-Twilio-Signature"]
        validator = RequestValidator(TOKEN)
        self.assertTrue(validator.validate(PUBLIC_URL + "/status", fields, signature))
        fields["ErrorCode"] = "63017"
        self.assertFalse(validator.validate(PUBLIC_URL + "/status", fields, signature))
        fetched = self.client.messages(created.sid).fetch()
        self.assertEqual((fetched.status, fetched.error_code), ("undelivered", 63016))

    def test_inside_the_window_it_is_delivered_and_a_day_later_not(self):
        self.user_writes()
        delivered = self.send()
        self.advance("5s")
        told = [self.fields(r)["MessageStatus"] for r in self.app.requests(2)]
        self.assertEqual(told, ["sent", "delivered"])
        self.assertEqual(self.client.messages(delivered.sid).fetch().status, "delivered")
        self.advance("24h")
        late = self.send()
        self.advance("5s")
        fetched = self.client.messages(late.sid).fetch()
        self.assertEqual((fetched.status, fetched.error_code), ("undelivered", 63016))

    def test_lists_are_paged(self):
        sids = [self.send(body=f"n {i}").sid for i in range(7)]
        listed = [m.sid for m in self.client.messages.list(page_size=3)]
        self.assertEqual(listed, sids[::-1])
        self.assertEqual(self.client.messages.list(to="whatsapp:+15550000000"), [])

    def test_errors_are_the_sdks_own(self):
        cases = [
            ({"to": ""}, 400, 21604),
            ({"from_": "whatsapp:shop"}, 400, 21212),
            ({"body": None}, 400, 21602),
            ({"from_": "+15005550006"}, 400, 21910),
            ({"content_sid": "HX" + "0" * 32, "body": None}, 400, 21655),
        ]
        for more, status, code in cases:
            if "content_sid" in more and "content_sid" not in \
                    self.client.messages.create.__code__.co_varnames:
                continue  # this release of the SDK is older than content templates
            with self.subTest(more), self.assertRaises(TwilioRestException) as raised:
                self.send(**more)
            self.assertEqual((raised.exception.status, raised.exception.code), (status, code))
        with self.assertRaises(TwilioRestException) as raised:
            stranger = self.client_of("f" * 32)
            stranger.messages.create(to=ANA, from_=SHOP, body="x")
        self.assertEqual((raised.exception.status, raised.exception.code), (401, 20003))


if __name__ == "__main__":
    unittest.main()
