# SPDX-License-Identifier: Apache-2.0
"""The campaign that Twindow was born from: 1,000 recipients, of whom 600 may be written to, 300 by a
template, and 100 not at all. The real SDK on one side, a Twilio that keeps every byte on the other."""
import collections
import concurrent.futures
import datetime
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from fake_twilio import FakeTwilio, TwiliosWebhooks, address_of, now, template
from raw_server import ListeningApp, fields_of
from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://tw.example.com"
APP = "https://app.example.com"
SHOP = "whatsapp:+14155550100"
REMINDER = template(10, "Hola {{1}}, tu cita es {{2}}.")

OPEN, TEMPLATE, STOPPED = 600, 300, 100
WRITE_TO_US = 300  # of those with an open window; what the others wrote only Twilio knows
THREADS = 8


def user(number):
    return f"whatsapp:+1555{number:07}"


def text_for(number):
    if OPEN <= number < OPEN + TEMPLATE:
        return f"Hola Zoë {number}, tu cita es mañana & más."
    return f"¿Quieres algo más, nº {number}? 50 % = a+b"


def parameters(number):
    """Of the create; some have what is not the body."""
    made = {"from_": SHOP, "to": user(number), "body": text_for(number)}
    if number % 5 == 0:
        made["status_callback"] = f"{APP}/status?n={number}"
    if number % 7 == 0:
        made.update(validity_period=3600, smart_encoded=True)
    return made


class Recording(HTTPAdapter):
    """Keeps what the SDK sends and gets, by recipient."""

    def __init__(self, campaign):
        super().__init__(pool_maxsize=THREADS)
        self.campaign = campaign
        self.sent = {}
        self.answers = {}

    def send(self, request, **more):
        request.headers["Twindow-Campaign"] = self.campaign
        to = dict(urllib.parse.parse_qsl(request.body))["To"]
        self.sent[to] = request.body.encode()
        response = super().send(request, **more)
        self.answers[to] = response
        return response


class Campaign(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.twilio = FakeTwilio(ACCOUNT, TOKEN)
        self.addCleanup(self.twilio.server.down)
        self.twilio.templates = [REMINDER, template(11, "Hola {{1}}, gracias.", "pending")]
        self.app = ListeningApp()
        self.addCleanup(self.app.server.down)
        config = pathlib.Path(folder.name, "twindow.json")
        config.write_text(json.dumps({
            "mode": "proxy", "public_url": PUBLIC, "upstream": self.twilio.url, "store": "sqlite:",
            "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN, "inbound_url": f"{APP}/in"}],
            "callbacks": {"deliver_to": {APP: self.app.server.url}}}))
        self.gate = Twindow("--config", str(config), "--data", folder.name)
        self.addCleanup(self.gate.stop)

    def client(self, campaign):
        recording = Recording(campaign)
        made = Client(ACCOUNT, TOKEN, http_client=TwilioHttpClient())
        made.http_client.session.mount("http://", recording)
        self.addCleanup(made.http_client.session.close)
        made.api.base_url = self.gate.api
        return made, recording

    def open_windows(self):
        webhooks = TwiliosWebhooks(PUBLIC, ACCOUNT, TOKEN)
        self.addCleanup(webhooks.close)
        address = address_of(self.gate.api)

        def write(number):
            return webhooks.inbound(address, f"SM{0xabc0000 + number:032x}", user(number), SHOP)

        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            self.assertEqual(set(pool.map(write, range(WRITE_TO_US))), {(204, b"")})
        self.assertEqual(len(self.gate.ask("GET", "/__admin/windows?state=open")["windows"]),
                         WRITE_TO_US)
        for number in range(WRITE_TO_US, OPEN):
            self.twilio.inbounds[user(number), SHOP] = now() - datetime.timedelta(hours=1 + number % 20)
        for number in range(OPEN, OPEN + TEMPLATE + STOPPED, 2):
            self.twilio.inbounds[user(number), SHOP] = now() - datetime.timedelta(hours=25 + number % 9)

    def run_campaign(self, clients):
        def send(number):
            client, _ = clients[number % len(clients)]
            try:
                return number, client.messages.create(**parameters(number))
            except TwilioRestException as error:
                return number, error

        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            return dict(pool.map(send, range(OPEN + TEMPLATE + STOPPED)))

    def ledger(self):
        entries, before = [], ""
        while page := self.gate.ask("GET", f"/__admin/decisions?limit=300{before}")["decisions"]:
            entries += page
            before = f"&account={ACCOUNT}&before={page[-1]['id']}"
        return {entry["to"]: entry for entry in entries}, len(entries)

    def test_a_thousand(self):
        self.open_windows()
        clients = [self.client("spring sale"), self.client("reminders; 2")]
        results = self.run_campaign(clients)

        arrived = {fields_of(request)["To"]: request for request in self.twilio.creates}
        self.assertEqual(len(self.twilio.creates), OPEN + TEMPLATE)
        self.assertEqual(len(arrived), OPEN + TEMPLATE)
        entries, count = self.ledger()
        self.assertEqual((count, len(entries)), (OPEN + TEMPLATE + STOPPED,) * 2)
        for number, result in results.items():
            with self.subTest(number=number):
                recording = clients[number % len(clients)][1]
                self.check(number, result, recording, arrived.get(user(number)), entries[user(number)])

        self.assertEqual(collections.Counter(entry["decision"] for entry in entries.values()),
                         {"pass": OPEN, "reroute": TEMPLATE, "reject": STOPPED})
        self.assertEqual(collections.Counter(entry["campaign"] for entry in entries.values()),
                         {"spring sale": 500, "reminders; 2": 500})
        self.check_questions()

    def check(self, number, result, recording, request, entry):
        to, sent = user(number), recording.sent[user(number)]
        headers = recording.answers[to].headers
        decision = "pass" if number < OPEN else "reroute" if number < OPEN + TEMPLATE else "reject"
        self.assertEqual(headers["Twindow-Decision"], decision)
        self.assertEqual((entry["decision"], entry["to"], entry["from"]), (decision, to, SHOP))
        self.assertEqual(entry["window"]["state"], "open" if number < OPEN else "closed")
        self.assertEqual(headers["Twindow-Window"].split(";")[0], entry["window"]["state"])
        self.assertEqual(headers["Twindow-Rule"], entry["rule"] or "none")
        if decision == "reject":
            self.assertIsNone(request)
            self.assertEqual((result.status, result.code), (400, 63016))
            self.assertIn("Twindow: rule \"all else\" refuses it", result.msg)
            self.assertEqual((entry["code"], entry["message_sid"]), (63016, None))
            return
        self.assertEqual(result.status, "queued")
        self.assertEqual(entry["message_sid"], result.sid)
        if "status_callback" in parameters(number):
            self.assertNotIn(APP.encode(), request.body)
            sent = self.with_our_callback(sent, request)
        if decision == "pass":
            self.assertEqual(request.body, sent)
            self.assertEqual(request.headers["content-length"], str(len(sent)))
        else:
            self.assertEqual(self.as_template(number, sent), request.body)
            self.assertEqual(entry["content_sid"], REMINDER["sid"])

    def with_our_callback(self, sent, request):
        """What the app sent, with the value of its StatusCallback replaced, and nothing else."""
        ours = fields_of(request)["StatusCallback"]
        self.assertTrue(ours.startswith(f"{PUBLIC}/hooks/status/"), ours)
        pairs = [pair.split(b"=") for pair in sent.split(b"&")]
        raw = dict(pair.split(b"=") for pair in request.body.split(b"&"))[b"StatusCallback"]
        return b"&".join(name + b"=" + (raw if name == b"StatusCallback" else value)
                         for name, value in pairs)

    @staticmethod
    def as_template(number, sent):
        """What the app sent without the Body, and with the template's two parameters behind it."""
        kept = [pair for pair in sent.split(b"&") if not pair.startswith(b"Body=")]
        variables = json.dumps({"1": f"Zoë {number}", "2": "mañana & más"}, ensure_ascii=False,
                               separators=(",", ":"))
        kept += [b"ContentSid=" + REMINDER["sid"].encode(),
                 b"ContentVariables=" + urllib.parse.quote_plus(variables).encode()]
        return b"&".join(kept)

    def check_questions(self):
        """Each pair that was not known was looked up once, the templates were listed once."""
        unknown = range(WRITE_TO_US, OPEN + TEMPLATE + STOPPED)
        self.assertEqual(self.twilio.lookups, {(user(number), SHOP): 1 for number in unknown})
        lists = [each for each in self.twilio.others if each.startswith("GET content ")]
        self.assertEqual(lists, ["GET content /v1/ContentAndApprovals"])


if __name__ == "__main__":
    unittest.main()
