# SPDX-License-Identifier: Apache-2.0
"""What is done wrong on purpose, as an app with Twilio's SDK sees it."""
import http.client
import threading
import unittest
import urllib.parse
import uuid

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from twindow_processes import Twindow
from web_app import PUBLIC, WebApp

TOKEN = "0123456789abcdef0123456789abcdef"
ANA = "whatsapp:+5215512345678"
SHOP = "whatsapp:+14155550100"
STATUS = PUBLIC + "/status"


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = WebApp()
        cls.addClassCleanup(cls.app.stop)
        cls.twindow = Twindow("--clock", "manual", "--seed", "7", "--deliver-to",
                              f"{PUBLIC}={cls.app.url}")
        cls.addClassCleanup(cls.twindow.stop)

    def setUp(self):
        self.app.forget()
        self.account = "AC" + uuid.uuid4().hex
        self.client = Client(self.account, TOKEN)
        self.client.api.base_url = self.twindow.api
        self.addCleanup(self.client.http_client.session.close)
        self.twindow.ask("POST", "/__admin/simulate/inbound-message", {
            "AccountSid": self.account, "From": ANA, "To": SHOP, "Body": "hola"})

    def order(self, *rules):
        self.twindow.ask("PUT", f"/__admin/faults?account={self.account}", {"faults": rules})

    def send(self):
        return self.client.messages.create(from_=SHOP, to=ANA, body="Hi", status_callback=STATUS)

    def messages(self):
        return len(self.client.messages.list())

    def advance(self, by="10s"):
        self.twindow.ask("POST", f"/__admin/clock/advance?account={self.account}", {"by": by})

    def told(self):
        return [asked.fields["MessageStatus"] for asked in self.app.asked]

    def test_errors_have_twilios_shape(self):
        for status, code in ((429, 20429), (500, 20500), (503, 20503), (400, 63018)):
            self.order({"match": {"method": "POST"},
                        "respond": {"status": status, "code": code, "message": "as ordered"}})
            with self.assertRaises(TwilioRestException) as caught:
                self.send()
            self.assertEqual((caught.exception.status, caught.exception.code), (status, code))
            self.assertIn("as ordered", caught.exception.msg)
        self.assertEqual(self.messages(), 1, "only what the user wrote")

    def test_an_answer_that_is_cut_off(self):
        for how, processed in (("half", True), ("reset", True), ("reset", False)):
            before = self.messages()
            self.order({"match": {"method": "POST"}, "times": 1,
                        "respond": {how: True, "processed": processed}})
            with self.assertRaises((requests.exceptions.ConnectionError,
                                    requests.exceptions.ChunkedEncodingError,
                                    http.client.HTTPException, ValueError)):
                self.send()
            self.assertEqual(self.messages() - before, 1 if processed else 0, how)

    def test_retry_after(self):
        self.order({"respond": {"status": 429, "retry_after": "3s"}, "times": 1})
        answer = requests.get(
            f"{self.twindow.api}/2010-04-01/Accounts/{self.account}/Messages.json",
            auth=(self.account, TOKEN), timeout=20)
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "3"))

    def test_a_delay_is_of_the_worlds_time(self):
        self.order({"match": {"method": "POST"}, "respond": {"delay": "30s"}})
        made = []
        thread = threading.Thread(target=lambda: made.append(self.send()))
        thread.start()
        while not self.clock()["next_event"] or self.counted()["matched"] == 0:
            pass
        self.advance("29s")
        self.assertEqual(made, [])
        self.advance("2s")
        thread.join(20)
        self.assertEqual(len(made), 1)

    def clock(self):
        return self.twindow.ask("GET", f"/__admin/clock?account={self.account}")["accounts"][0]

    def counted(self):
        shown = self.twindow.ask("GET", f"/__admin/faults?account={self.account}")
        return shown["accounts"][0]["faults"][0]

    def test_callbacks(self):
        table = [
            ({"lost": True}, {"MessageStatus": "sent"}, ["delivered"]),
            ({"doubled": True}, {"MessageStatus": "sent"}, ["sent", "sent", "delivered"]),
            ({"out_of_order": True}, {}, ["delivered", "sent"]),
            ({"late": "5s"}, {"MessageStatus": "sent"}, ["delivered", "sent"]),
        ]
        for callbacks, match, want in table:
            self.app.forget()
            self.order({"match": match, "callbacks": callbacks})
            self.send()
            self.advance()
            self.assertEqual(self.told(), want, callbacks)

    def test_news_before_the_answer(self):
        self.order({"callbacks": {"before_answer": True}})
        sent = self.send()
        self.assertEqual(self.told(), ["sent"])
        self.assertEqual(self.app.asked[0].fields["MessageSid"], sent.sid)

    def test_signatures(self):
        validator = RequestValidator(TOKEN)

        def valid(asked, url=None):
            return validator.validate(url or asked.url, asked.fields,
                                      asked.headers.get("X-Twilio-Signature", ""))
        for kind in ("wrong", "missing", "other_port", "other_scheme"):
            self.app.forget()
            self.order({"callbacks": {"signature": kind}, "times": 1})
            self.send()
            self.advance()
            bad, good = self.app.asked
            self.assertFalse(valid(bad), kind)
            self.assertTrue(valid(good), "once only")
            if kind == "missing":
                self.assertNotIn("X-Twilio-Signature", bad.headers)
            if kind == "other_scheme":
                self.assertTrue(valid(bad, bad.url.replace("https", "http", 1)))

    def test_chance_is_of_the_seed(self):
        def run():
            other = Twindow("--clock", "manual", "--seed", "11")
            try:
                account = "AC" + "5" * 32
                other.ask("PUT", f"/__admin/faults?account={account}", {
                    "faults": [{"probability": 0.5, "respond": {"status": 500}}]})
                return [requests.get(
                    f"{other.api}/2010-04-01/Accounts/{account}/Messages.json",
                    auth=(account, TOKEN), timeout=20).status_code for _ in range(40)]
            finally:
                other.stop()
        first = run()
        self.assertEqual(first, run())
        self.assertEqual(set(first), {200, 500})

    def test_500_webhooks_are_signed_and_500_tampered_ones_are_not(self):
        validator = RequestValidator(TOKEN)
        texts = ["", "a=b&c", "Zoë 👋", "1+1 %41", "\t x", "ñ" * 50]
        self.twindow.ask("PUT", f"/__admin/senders?account={self.account}", {
            "senders": [{"address": SHOP, "inbound_url": PUBLIC + "/in?q=%20a+b&x="}]})
        for number in range(500):
            text = texts[number % len(texts)] + str(number)
            self.twindow.ask("POST", "/__admin/simulate/inbound-message", {
                "AccountSid": self.account, "From": ANA, "To": SHOP, "Body": text,
                "ProfileName": text[::-1], f"X{number % 7}": text})
        self.assertEqual(len(self.app.asked), 500)
        for number, asked in enumerate(self.app.asked):
            signature = asked.headers["X-Twilio-Signature"]
            self.assertTrue(validator.validate(asked.url, asked.fields, signature), asked.fields)
            tampered = dict(asked.fields)
            name = sorted(tampered)[number % len(tampered)]
            tampered[name] += "!"
            self.assertFalse(validator.validate(asked.url, tampered, signature), name)


if __name__ == "__main__":
    unittest.main()
