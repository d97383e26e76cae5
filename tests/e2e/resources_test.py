# SPDX-License-Identifier: Apache-2.0
"""Debian's python3-twilio through services, numbers, lookups, subaccounts and usage; and what is left
of them after a restart with a database."""
import base64
import json
import tempfile
import unittest
import urllib.request

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from twindow_processes import Twindow
from web_app import WebApp

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
USER = "+12125550123"


class Resources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.start()

    def start(self):
        self.server = Twindow("--data", self.folder, "--store", "sqlite:", "--clock", "manual")
        self.addCleanup(self.server.stop)
        self.sdk = self.client(ACCOUNT, TOKEN)

    def client(self, username, password, account=None):
        client = Client(username, password, account)
        for product in (client.api, client.messaging, client.lookups):
            product.base_url = self.server.api
        return client

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.server.control + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def refused(self, call):
        with self.assertRaises(TwilioException) as raised:
            call()
        if isinstance(raised.exception, TwilioRestException):
            return raised.exception.status, raised.exception.code
        answer = raised.exception.args[1]  # of a list this SDK hands out the bare answer
        return answer.status_code, json.loads(answer.text)["code"]

    def test_who_is_called_with_what_comes_in(self):
        app = WebApp()
        self.addCleanup(app.stop)
        number = self.sdk.incoming_phone_numbers.create(
            phone_number="+14155550100", sms_url=app.url + "/number", sms_method="GET",
            sms_fallback_url=app.url + "/number-fallback", sms_fallback_method="GET")
        account = {"From": USER, "To": number.phone_number, "Body": "Hi"}

        def told():
            app.forget()
            app.answers = {"/number": (500, [], ""), "/service": (500, [], "")}
            self.ask("POST", f"/__admin/simulate/inbound-message?account={ACCOUNT}", account)
            return [(asked.method, asked.path, asked.fields.get("ErrorCode")) for asked in app.asked]

        self.assertEqual(told(), [("GET", "/number", None), ("GET", "/number-fallback", "11200")])
        service = self.sdk.messaging.services.create(
            friendly_name="Orders", inbound_request_url=app.url + "/service", inbound_method="GET",
            fallback_url=app.url + "/service-fallback", fallback_method="POST")
        service.phone_numbers.create(number.sid)
        self.assertEqual(told(), [("GET", "/service", None), ("POST", "/service-fallback", "11200")])
        # This SDK does not know the parameter.
        self.sdk.messaging.v1.update("POST", f"/Services/{service.sid}", data={"UseInboundWebhookOnNumber": "true"})
        self.assertEqual(told(), [("GET", "/number", None), ("GET", "/number-fallback", "11200")])
        self.sdk.messaging.v1.update("POST", f"/Services/{service.sid}", data={
            "UseInboundWebhookOnNumber": "false", "InboundRequestUrl": ""})
        self.assertEqual(told(), [], "a service without a URL wants nobody to be told")

    def test_statuses_go_where_the_number_says_and_how(self):
        app = WebApp()
        self.addCleanup(app.stop)
        number = self.sdk.incoming_phone_numbers.create(
            phone_number="+14155550100", status_callback=app.url + "/status", status_callback_method="GET")
        for method in ("GET", "POST"):
            app.forget()
            number.update(status_callback_method=method)
            self.sdk.messages.create(to=USER, from_=number.phone_number, body="hi")
            self.ask("POST", f"/__admin/clock/advance?account={ACCOUNT}", {"by": "10s"})
            self.assertEqual([(asked.method, asked.path, asked.fields["MessageStatus"]) for asked in app.asked],
                             [(method, "/status", status) for status in ("sent", "delivered")])

    def test_a_service_and_its_pool_outlive_the_server(self):
        service = self.sdk.messaging.services.create(friendly_name="Orders", sticky_sender=True)
        number = self.sdk.incoming_phone_numbers.create(phone_number="+14155550100")
        self.sdk.messaging.services(service.sid).phone_numbers.create(number.sid)
        self.assertEqual(self.server.stop(), 0)
        self.start()
        self.assertEqual(self.sdk.messaging.services(service.sid).fetch().friendly_name, "Orders")
        pool = self.sdk.messaging.services(service.sid).phone_numbers.list()
        self.assertEqual([one.phone_number for one in pool], ["+14155550100"])
        sent = self.sdk.messages.create(to=USER, messaging_service_sid=service.sid, body="hi")
        self.ask("POST", f"/__admin/clock/advance?account={ACCOUNT}", {"by": "10s"})
        self.assertEqual(self.sdk.messages(sent.sid).fetch().from_, "+14155550100")
        self.assertEqual(self.refused(lambda: self.sdk.messages.create(
            to=USER, from_="+14155550199", body="hi")), (400, 21606))

    def test_reset_forgets_what_an_api_has_made(self):
        self.sdk.messaging.services.create(friendly_name="Orders")
        self.ask("POST", "/__admin/reset", {})
        self.assertEqual(self.sdk.messaging.services.list(), [])

    def test_a_parent_acts_for_its_subaccounts(self):
        sub = self.sdk.api.accounts.create(friendly_name="Branch")
        for client in (self.client(ACCOUNT, TOKEN, sub.sid), self.client(sub.sid, sub.auth_token)):
            client.messages.create(to=USER, from_="+14155550100", body="hi")
        self.assertEqual(len(self.client(sub.sid, sub.auth_token).messages.list()), 2)
        self.assertEqual(self.sdk.messages.list(), [], "an account is a world of its own")
        self.assertEqual(self.refused(self.client(sub.sid, "1" * 32).messages.list)[1], 20003)
        self.assertEqual(self.refused(self.client(sub.sid, sub.auth_token, ACCOUNT).messages.list)[1],
                         20003, "a subaccount does not act for its parent")
        self.sdk.api.accounts(sub.sid).update(status="suspended")
        self.assertEqual(self.refused(self.client(sub.sid, sub.auth_token).messages.list), (403, 20005))
        self.assertEqual({one.sid: one.status for one in self.sdk.api.accounts.list()},
                         {ACCOUNT: "active", sub.sid: "suspended"})

    def test_usage_counts_what_was_simulated(self):
        for _ in range(3):
            self.sdk.messages.create(to=USER, from_="+14155550100", body="hi")
        self.sdk.messages.create(to="whatsapp:" + USER, from_="whatsapp:+14155550100", body="hi")
        records = {one.category: one.count for one in self.sdk.usage.records.list()}
        self.assertEqual((records["sms"], records["sms-outbound"], records["sms-inbound"],
                          records["channels"]), ("3", "3", "0", "1"))
        yesterday = self.sdk.usage.records.yesterday.list(category="sms")
        self.assertEqual([one.count for one in yesterday], ["0"])

    def test_lookups(self):
        found = self.sdk.lookups.v1.phone_numbers("+14159929960").fetch()
        self.assertEqual((found.national_format, found.country_code), ("(415) 992-9960", "US"))

    def test_xml_where_no_format_is_named(self):
        request = urllib.request.Request(f"{self.server.api}/2010-04-01/Accounts/{ACCOUNT}/Balance")
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        request.add_header("Authorization", f"Basic {basic}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertIn(b"<TwilioResponse><Balance><Currency>USD</Currency>", answer.read())


if __name__ == "__main__":
    unittest.main()
