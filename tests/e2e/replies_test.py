# SPDX-License-Identifier: Apache-2.0
"""A user writes and the app answers: TwiML is executed, redirects, fallback URLs, Digest and the
fragment's overrides are as Twilio has them, and what goes wrong is in the debugger."""
import hashlib
import re
import unittest
import uuid

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from twindow_processes import Twindow
from web_app import PUBLIC, WebApp, twiml

TOKEN = "0123456789abcdef0123456789abcdef"
ANA = "whatsapp:+5215512345678"
SHOP = "whatsapp:+14155550100"


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = WebApp()
        cls.addClassCleanup(cls.app.stop)
        cls.twindow = Twindow("--clock", "manual", "--deliver-to", f"{PUBLIC}={cls.app.url}")
        cls.addClassCleanup(cls.twindow.stop)

    def setUp(self):
        self.app.forget()
        self.account = "AC" + uuid.uuid4().hex
        self.client = Client(self.account, TOKEN)
        self.client.api.base_url = self.twindow.api
        self.addCleanup(self.client.http_client.session.close)
        self.client.messages.list(limit=1)  # from now on the account has this token

    def sender(self, url=PUBLIC + "/in", **more):
        self.twindow.ask("PUT", f"/__admin/senders?account={self.account}", {
            "senders": [{"address": SHOP, "inbound_url": url, **more},
                        {"address": "+15005550006", "inbound_url": url}]})

    def write(self, **more):
        return self.twindow.ask("POST", "/__admin/simulate/inbound-message", {
            "AccountSid": self.account, "From": ANA, "To": SHOP, "Body": "hola", **more})

    def alerts(self):
        found = self.twindow.ask("GET", f"/__admin/alerts?account={self.account}")["alerts"]
        return [alert["code"] for alert in reversed(found)]

    def advance(self, by):
        self.twindow.ask("POST", f"/__admin/clock/advance?account={self.account}", {"by": by})

    def check_signatures(self):
        validator = RequestValidator(TOKEN)
        for asked in self.app.asked:
            fields = asked.fields if asked.method == "POST" else {}
            self.assertTrue(
                validator.validate(asked.url, fields, asked.headers["X-Twilio-Signature"]),
                asked.target)

    def test_what_the_sdk_writes_is_sent(self):
        answer = MessagingResponse()
        message = answer.message(status_callback=PUBLIC + "/status")
        message.body("¡Hola & adiós!")
        message.media(PUBLIC + "/cat.png")
        answer.message("Second")
        self.app.answers["/in"] = (200, [("Content-Type", "text/xml")], str(answer))
        self.sender()
        replies = self.write()["replies"]
        self.assertEqual([reply["body"] for reply in replies], ["¡Hola & adiós!", "Second"])
        self.assertTrue(replies[0]["sid"].startswith("MM"))
        self.advance("10s")
        fetched = self.client.messages(replies[0]["sid"]).fetch()
        self.assertEqual((fetched.direction, fetched.status), ("outbound-reply", "delivered"))
        self.assertEqual((fetched.from_, fetched.to), (SHOP, ANA))
        told = [a.fields["MessageStatus"] for a in self.app.asked if a.path == "/status"]
        self.assertEqual(told, ["sent", "delivered"])
        self.assertEqual(self.alerts(), [])
        self.check_signatures()

    def test_plain_text_is_a_message_and_204_is_silence(self):
        self.sender()
        self.app.answers["/in"] = (200, [("Content-Type", "text/plain")], "OK")
        self.assertEqual([r["body"] for r in self.write()["replies"]], ["OK"])
        self.app.answers["/in"] = (204, [], "")
        self.assertEqual(self.write()["replies"], [])
        self.assertEqual(self.alerts(), [])

    def test_redirect_and_action_lead_on(self):
        self.sender()
        self.app.answers["/in"] = twiml('<Redirect method="GET">/more?x=1</Redirect>')
        self.app.answers["/more"] = twiml('<Message action="then">one</Message>')
        self.app.answers["/then"] = twiml("<Message>two</Message>")
        replies = self.write()["replies"]
        self.assertEqual([reply["body"] for reply in replies], ["one", "two"])
        self.assertEqual([(a.method, a.path) for a in self.app.asked],
                         [("POST", "/in"), ("GET", "/more"), ("POST", "/then")])
        self.assertEqual(self.app.asked[1].fields["Body"], "hola")
        self.assertEqual(self.app.asked[1].fields["x"], "1")
        self.assertEqual(self.app.asked[2].fields["MessageSid"], replies[0]["sid"])
        self.check_signatures()

    def test_what_goes_wrong_is_in_the_debugger(self):
        self.sender()
        html = [("Content-Type", "text/html")]
        table = [
            ((200, html, "OK"), 12100),
            (twiml("<Message>a & b</Message>"), 12100),
            ((200, html, "<Answer/>"), 12102),
            ((200, [("Content-Type", "application/json")], "{}"), 12300),
            (twiml("<Reply>x</Reply>"), 12200),
            (twiml("<Say>x</Say>"), 14110),
            (twiml("<Message/>"), 14103),
            (twiml('<Message to="x">a</Message>'), 14101),
            (twiml('<Message from="whatsapp:+15550009999">a</Message>'), 14102),
            ((500, [], "oops"), 11200),
            ((404, [], ""), 11200),
            ((302, [], ""), 11216),
            ((302, [("Location", "/in")], ""), 11215),
            (twiml("<Redirect/>"), 14106),
        ]
        for answer, code in table:
            self.app.answers["/in"] = answer
            self.assertEqual(self.write()["replies"], [], answer)
            self.assertEqual(self.alerts()[-1], code, answer)
        self.assertEqual(self.alerts(), [code for _, code in table])

    def test_the_fallback_hears_what_went_wrong(self):
        self.sender(fallback_url=PUBLIC + "/fallback", fallback_method="GET")
        self.app.answers["/in"] = (503, [], "")
        self.app.answers["/fallback"] = twiml("<Message>we are asleep</Message>")
        answer = self.write()
        self.assertEqual(answer["webhook"]["status"], 503)
        self.assertEqual([r["body"] for r in answer["replies"]], ["we are asleep"])
        fallback = self.app.asked[-1]
        self.assertEqual((fallback.method, fallback.path), ("GET", "/fallback"))
        self.assertEqual(fallback.fields["ErrorCode"], "11200")
        self.assertEqual(fallback.fields["ErrorUrl"], PUBLIC + "/in")
        self.assertEqual(fallback.fields["Body"], "hola")
        self.check_signatures()

    def test_redirects_lose_the_form_but_a_307(self):
        self.sender()
        for status, method in ((301, "GET"), (302, "GET"), (303, "GET"), (307, "POST")):
            self.app.forget()
            self.app.answers["/in"] = (status, [("Location", PUBLIC + "/there")], "")
            self.app.answers["/there"] = twiml("<Message>here</Message>")
            self.assertEqual(len(self.write()["replies"]), 1, status)
            there = self.app.asked[-1]
            self.assertEqual(there.method, method, status)
            self.assertEqual("Body" in there.fields, method == "POST")
            self.check_signatures()

    def test_a_url_with_a_password_answers_digest(self):
        challenge = 'Digest realm="app", qop="auth", nonce="abc", algorithm=MD5'

        def guarded(asked):
            said = asked.headers.get("Authorization", "")
            if not said.startswith("Digest "):
                return 401, [("WWW-Authenticate", challenge)], ""
            value = dict(re.findall(r'(\w+)="?([^",]*)"?', said))
            md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
            want = md5(":".join([md5("u:app:p w"), "abc", value["nc"], value["cnonce"], "auth",
                                 md5("POST:/in?x=1")]))
            good = value["response"] == want
            return twiml("<Message>in</Message>") if good else (403, [], "")
        self.app.answers["/in"] = guarded
        self.sender("https://u:p%20w@app.example.com/in?x=1")
        self.assertEqual([r["body"] for r in self.write()["replies"]], ["in"])
        self.check_signatures()

    def test_overrides_of_the_fragment(self):
        self.app.answers["/in"] = [(500, [], ""), (502, [], ""), twiml("<Message>up</Message>")]
        self.sender(PUBLIC + "/in#rc=3&rp=5xx")
        self.assertEqual([r["body"] for r in self.write()["replies"]], ["up"])
        tokens = {a.headers["I-Twilio-Idempotency-Token"] for a in self.app.asked}
        self.assertEqual((len(self.app.asked), len(tokens)), (3, 1))
        self.sender(PUBLIC + "/in#e=atlantis")
        self.app.forget()
        self.write()
        self.assertEqual((self.app.asked, self.alerts()), ([], [11240]))

    def test_a_slow_app_is_given_up_by_its_own_overrides(self):
        import threading
        gate = threading.Event()
        self.addCleanup(gate.set)

        def slow(_):
            gate.wait(20)
            return 204, [], ""
        self.app.answers["/in"] = slow
        self.sender(PUBLIC + "/in#tt=200")
        self.assertIn("200 ms", self.write()["webhook"]["error"])
        self.assertEqual(self.alerts(), [11203])

    def test_a_refusing_app(self):
        closed = WebApp()
        closed.stop()
        self.sender(closed.url + "/in")
        self.assertEqual(self.write()["webhook"]["status"], 0)
        self.assertEqual(self.alerts(), [11202])

    def test_a_get_has_its_parameters_in_the_query(self):
        self.app.answers["/in"] = twiml("<Message>got</Message>")
        self.sender(PUBLIC + "/in?shop=1", inbound_method="GET")
        self.assertEqual(len(self.write()["replies"]), 1)
        self.assertEqual(self.app.asked[0].method, "GET")
        self.assertTrue(self.app.asked[0].target.startswith("/in?shop=1&"))
        self.check_signatures()

    def test_cookies_are_of_a_pair(self):
        self.sender()
        self.app.answers["/in"] = (200, [("Content-Type", "text/xml"), ("Set-Cookie", "step=2")],
                                   "<Response/>")
        self.write()
        self.write()
        self.write(From="whatsapp:+15558675310")
        self.assertEqual([a.headers.get("Cookie") for a in self.app.asked], [None, "step=2", None])

    def test_each_kind_of_message(self):
        self.sender()
        sent = "SM" + "1" * 32
        table = [
            ({"media": PUBLIC + "/cat.jpg"},
             {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MessageType": "image",
              "MediaUrl0": PUBLIC + "/cat.jpg"}),
            ({"button": "Yes|yes_1", "reply_to": sent, "Body": ""},
             {"ButtonText": "Yes", "ButtonPayload": "yes_1", "MessageType": "button",
              "Body": "Yes", "OriginalRepliedMessageSid": sent,
              "OriginalRepliedMessageSender": SHOP}),
            ({"list": "Blue|b|The blue one", "Body": ""},
             {"ListId": "b", "ListTitle": "Blue", "ListDescription": "The blue one",
              "MessageType": "interactive", "Body": "Blue"}),
            ({"location": "19.4326,-99.1332|Home|Calle 1", "Body": ""},
             {"Latitude": "19.4326", "Longitude": "-99.1332", "Label": "Home",
              "Address": "Calle 1", "MessageType": "location"}),
            ({"forwarded": "often"}, {"Forwarded": "true", "FrequentlyForwarded": "true"}),
            ({"ad": "https://fb.me/x|clid-1"},
             {"ReferralSourceUrl": "https://fb.me/x", "ReferralCtwaClid": "clid-1",
              "ReferralSourceType": "ad"}),
            ({"user_id": "US.1000000000000001"},
             {"ExternalUserId": "whatsapp:US.1000000000000001"}),
            ({"From": "whatsapp:US.1000000000000001"},
             {"ExternalUserId": "whatsapp:US.1000000000000001"}),
            ({"reaction": "👍", "Body": ""}, {"MessageType": "reaction"}),
            ({"OptOutType": "STOP", "Body": "STOP"}, {"OptOutType": "STOP"}),
            ({"From": "+14155550199", "To": "+15005550006"},
             {"FromCity": "SAN FRANCISCO", "FromState": "CA", "FromZip": "94105",
              "FromCountry": "US", "ToCountry": "US", "SmsStatus": "received"}),
        ]
        for said, want in table:
            sid = self.write(**said)["MessageSid"]
            fields = self.app.asked[-1].fields
            for name, value in want.items():
                self.assertEqual(fields.get(name), value, (said, name))
            self.assertEqual({fields[n] for n in ("MessageSid", "SmsSid", "SmsMessageSid")}, {sid})
            self.assertEqual(sid[:2], "MM" if "media" in said else "SM")
        self.check_signatures()

    def test_a_status_callback_that_fails_is_in_the_timeline_and_the_debugger(self):
        self.app.answers["/status"] = (500, [], "")
        self.write()
        sent = self.client.messages.create(from_=SHOP, to=ANA, body="Hi",
                                           status_callback=PUBLIC + "/status")
        self.advance("10s")
        self.assertEqual(self.alerts(), [11200, 11200])
        message = self.twindow.ask("GET", f"/__admin/messages/{sent.sid}")
        self.assertIn("alert 11200", str(message["timeline"]))


if __name__ == "__main__":
    unittest.main()
