# SPDX-License-Identifier: Apache-2.0
"""`twindow capture`: a message that failed becomes a scenario, and `twindow test` of that scenario is
the same failure: the same callbacks in the same order with the same gaps."""
import base64
import datetime
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from fake_twilio import (ACCOUNT, ANA, APP, PUBLIC, SHOP, TOKEN, InFrontOfTwilio, TwiliosWebhooks,
                         address_of, http_date, iso_date, now, template)
from raw_server import ListeningApp, answer
from twindow_processes import Twindow

STATUS_URL = APP + "/twilio/status?shop=1"
BODY = "Hola Ana Pérez, llama al +1 (555) 555-0123 o ve a https://tienda.mx/ana?id=9 👋"
REMINDER = template(7, "Hola {{1}}, tu cita es {{2}}.")
# What nobody else is to read: of the texts, the numbers and the names above.
PERSONAL = ("Ana", "Pérez", "5550123", "555-0123", "4155550100", "tienda", "cita", ACCOUNT, TOKEN)
MILLISECOND = datetime.timedelta(milliseconds=1)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def program(*words, **variables):
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("TWINDOW_", "TWILIO_"))}
    return subprocess.run([os.environ["TWINDOW_BINARY"], *words], capture_output=True, text=True,
                          timeout=60, check=False, env={**keep, **variables})


def without_comments(text):
    return json.loads(re.sub(r"^ *//.*\n", "", text, flags=re.MULTILINE))


class Story:
    """What became of a message, as a server tells it: times are milliseconds since its create."""

    def __init__(self, server, sid):
        self.message = server.ask("GET", f"/__admin/messages/{sid}")
        created = instant(self.message["date_created"])
        since = lambda text: (instant(text) - created) // MILLISECOND
        self.statuses = [(since(each["at"]), each["status"], each["error_code"])
                         for each in self.message["timeline"] if each["event"] == "status"][1:]
        listed = server.ask("GET", f"/__admin/callbacks?limit=1000&message={sid}")["callbacks"]
        self.callbacks = [(since(each["at"]), each["message_status"])
                          for each in reversed(listed) if each["type"] == "status"]
        self.order = [status for _, status in self.callbacks]
        self.fields = [self.told(server, each["id"])
                       for each in reversed(listed) if each["type"] == "status"]

    @staticmethod
    def told(server, callback):
        """What the webhook says of the failure; whose it is and when differ."""
        body = server.ask("GET", f"/__admin/callbacks/{callback}")["request"]["body"]
        pairs = (each.partition("=") for each in body.split("&"))
        return {name: value for name, _, value in pairs
                if name in ("MessageStatus", "SmsStatus", "ErrorCode", "ErrorMessage",
                            "ChannelStatusMessage", "EventType", "RawDlrDoneDate")
                and value and name != "RawDlrDoneDate"}


def create(sdk, **params):
    """The SID. Debian's SDK is older than content templates."""
    answered = sdk.request("POST", f"{sdk.api.base_url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
                           data={"From": SHOP, "StatusCallback": STATUS_URL, **params},
                           auth=(ACCOUNT, TOKEN))
    made = json.loads(answered.text)
    if answered.status_code != 201:
        raise AssertionError(answered.text)
    return made["sid"]


def params_of(template=False, **params):
    if not template:
        return {"Body": BODY, **params}
    variables = json.dumps({"1": "Ana", "2": "mañana"})
    return {"ContentSid": REMINDER["sid"], "ContentVariables": variables, **params}


class Capturing:
    """With a folder, an app that takes each webhook, and a simulator that the files are played on."""

    maxDiff = None

    def have_app(self):
        self.app = ListeningApp()
        self.addCleanup(self.app.server.down)
        self.player = Twindow("--clock", "auto", "--deliver-to", f"{APP}={self.app.server.url}")
        self.addCleanup(self.player.stop)

    def capture(self, server, *words, code=0, **variables):
        done = program("capture", *words, TWINDOW_SERVER=server.control, TWINDOW_DATA=server.data,
                       **variables)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def play(self, name, text):
        """The story that the file tells; None if it makes no message."""
        file = self.folder / f"{name}.json"
        file.write_text(text, encoding="utf-8")
        report = self.folder / f"{name}.report"
        valid = program("validate", str(file))
        self.assertEqual(valid.returncode, 0, valid.stderr + text)
        self.player.ask("POST", "/__admin/reset")
        # A process of its own, and a server that can be asked afterwards.
        for where in ((), ("--server", self.player.control)):
            done = program("test", str(file), "--app", self.app.server.url, "--report-json",
                           str(report), *where)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr + text)
        account = json.loads(report.read_text())["tests"][0]["account_sid"]
        listed = self.player.ask("GET", f"/__admin/messages?account={account}")["messages"]
        sent = [each for each in listed if each["direction"] != "inbound"]
        return Story(self.player, sent[0]["sid"]) if sent else None

    def check(self, name, server, sid, exact_callbacks=True):
        """There and back again."""
        recorded = Story(server, sid)
        text = self.capture(server, sid)
        for each in PERSONAL:
            self.assertNotIn(each, text)
        self.assertNotIn(sid, text)
        played = self.play(name, text)
        self.assertEqual(played.statuses, recorded.statuses, text)
        self.assertEqual(played.order, recorded.order, text)
        self.assertEqual(played.fields, recorded.fields, text)
        if exact_callbacks:
            self.assertEqual(played.callbacks, recorded.callbacks, text)
        for field in ("status", "error_code", "kind", "num_segments"):
            self.assertEqual(played.message[field], recorded.message[field], field)
        # The simulator knows everything: whom nobody knew has not written.
        state = recorded.message["window"]["state"].replace("unknown", "closed")
        self.assertEqual(played.message["window"]["state"], state)
        return recorded, text


# Preset of what becomes of it, and how it is sent.
SIMULATED = {
    "closed window": ("window_closed", {}),
    "closed window, sent first": ("window_closed_sent_first", {}),
    "closed window, failed": ("window_closed_failed", {}),
    "not on whatsapp": ("not_on_whatsapp", {}),
    "marketing capped": ("marketing_capped", {"template": True}),
    "template paused": ("template_paused", {"template": True}),
    "bad variable": ("bad_variable", {"template": True}),
    "media unreachable": ("media_unreachable", {"MediaUrl": ["https://tienda.mx/ana/cita.jpg"]}),
    "pair rate": ("pair_rate", {}),
    "out of order": ("out_of_order", {}),
    "told twice": ("duplicate_callback", {}),
    "read": ("happy_read", {}),
    "read without delivered": ("read_without_delivered", {}),
    "silence": ("silent", {}),
    "expired after a month": ("late_flip", {}),
}


class Simulated(Capturing, unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.have_app()
        self.server = Twindow("--clock", "manual", "--deliver-to", f"{APP}={self.app.server.url}")
        self.addCleanup(self.server.stop)
        self.sdk = Client(ACCOUNT, TOKEN)
        self.sdk.api.base_url = self.server.api

    def given(self, callbacks=(), **rule):
        on = [{"id": "it", "match": {"To": ANA}, "callbacks": list(callbacks), **rule}]
        self.server.ask("POST", "/__admin/reset")
        self.server.ask("PUT", f"/__admin/scenario?account={ACCOUNT}", {
            "version": 1, "name": "what becomes of it",
            "given": {"account": {"sid": ACCOUNT, "auth_token": TOKEN},
                      "senders": [{"address": SHOP}],
                      "templates": [{"sid": REMINDER["sid"], "friendly_name": "reminder Ana",
                                     "language": "es", "types": REMINDER["types"],
                                     "approval": {"whatsapp": "approved", "category": "MARKETING"}}],
                      "windows": [{"sender": SHOP, "user": ANA, "last_inbound": "-25h"}]},
            **({"on": on} if callbacks or rule else {})})

    def send(self, **params):
        return create(self.sdk, To=ANA, **params_of(**params))

    def advance(self, by):
        self.server.ask("POST", f"/__admin/clock/advance?account={ACCOUNT}", {"by": by})

    def test_there_and_back(self):
        for name, (preset, params) in SIMULATED.items():
            with self.subTest(name):
                self.given([{"preset": preset}])
                sent = self.send(**params)
                self.advance("721h")
                recorded, text = self.check(preset, self.server, sent)
                self.assertEqual(bool(recorded.callbacks), preset != "silent")
                code = recorded.message["error_code"]
                self.assertIn("// Captured from a simulated ", text)
                if code:
                    self.assertIn(f"{code} (", text.splitlines()[0])

    def test_what_the_simulator_makes_of_it_by_itself(self):
        self.given()
        sent = self.send()
        self.advance("1m")
        recorded, text = self.check("by_itself", self.server, sent)
        self.assertEqual(recorded.message["error_code"], 63016)
        self.assertIn("the window was closed, the user had last written 25 h", text)
        # What was captured from the captured is the same file again, but for the day it was made.
        again = self.capture(self.player, self.player.ask(
            "GET", "/__admin/messages?query=is:outbound")["messages"][0]["sid"])
        self.assertEqual(without_comments(again)["on"], without_comments(text)["on"])

    def test_told_nobody_and_told_in_part(self):
        self.given([{"after": "1s", "MessageStatus": "sent", "drop": True},
                    {"after": "90ms", "MessageStatus": "failed", "ErrorCode": "63018"}])
        sent = self.send()
        self.advance("1m")
        recorded, _ = self.check("dropped", self.server, sent)
        self.assertEqual(recorded.order, ["failed"])
        sent = self.send(StatusCallback=None)
        self.advance("1m")
        recorded, _ = self.check("nobody", self.server, sent)
        self.assertEqual(recorded.order, [])

    def test_the_app_that_answers_500(self):
        self.given([{"preset": "delivered"}])
        self.app.status = 500
        sent = self.send()
        self.advance("1m")
        _, text = self.check("trouble", self.server, sent)
        self.assertNotIn("answered", text)

    def test_a_scheduled_one(self):
        service = "MG" + "1" * 32
        self.server.ask("PUT", f"/__admin/senders?account={ACCOUNT}",
                        {"senders": [{"address": SHOP, "service": service}]})
        clock = self.server.ask("GET", "/__admin/clock")
        at = instant((clock.get("accounts") or [clock])[0]["now"]) + datetime.timedelta(hours=2)
        sent = self.send(From=None, MessagingServiceSid=service, ScheduleType="fixed",
                         SendAt=iso_date(at))
        self.advance("3h")
        self.check("scheduled", self.server, sent)

    def test_kept_as_it_was(self):
        self.given([{"preset": "delivered"}])
        sent = self.send()
        self.advance("1m")
        text = self.capture(self.server, sent, "--keep")
        played = self.play("kept", text)
        self.assertEqual(played.message["body"], BODY)
        self.assertEqual((played.message["from"], played.message["to"]), (SHOP, ANA))
        self.assertNotIn(TOKEN, text)

    def test_by_number_and_into_a_file(self):
        self.given([{"preset": "delivered"}])
        sent = self.send()
        self.advance("1m")
        file = self.folder / "out.json"
        self.assertEqual(self.capture(self.server, ANA, "--output", str(file)), "")
        self.assertEqual(file.read_text(), self.capture(self.server, sent))
        nowhere = self.capture(self.server, sent, "--output", "/nowhere/x.json", code=3)
        self.assertIn("/nowhere/x.json: the file cannot be written", nowhere)

    def test_a_user_s_message(self):
        self.server.ask("PUT", f"/__admin/senders?account={ACCOUNT}",
                        {"senders": [{"address": SHOP, "inbound_url": APP + "/twilio/inbound"}]})
        made = self.server.ask("POST", "/__admin/simulate/inbound-message", {
            "From": ANA, "To": SHOP, "Body": BODY, "ProfileName": "Ana Pérez", "AccountSid": ACCOUNT})
        text = self.capture(self.server, made["MessageSid"])
        for each in PERSONAL:
            self.assertNotIn(each, text)
        before = len(self.app.requests)
        self.play("inbound", text)

        def told_to_it(requests):  # beside the runner's question whether the app is there
            return [each for each in requests[before:] if each.target == "/twilio/inbound"]
        told = told_to_it(self.app.wait_until(told_to_it, "the webhook"))[0]
        self.assertIn(b"ProfileName=", told.body)

    def test_what_is_not_there(self):
        for words, code, said in ((("SM" + "9" * 32,), 1, "no message SM999"),
                                  (("bogus",), 1, 'found "bogus", expected'),
                                  (("+15550000000",), 1, "no message to +15550000000"),
                                  ((ACCOUNT + ":99",), 1, "no decision " + ACCOUNT),
                                  (("SM" + "9" * 32, "--from-twilio"), 1, "TWILIO_ACCOUNT_SID")):
            self.assertIn(said, self.capture(self.server, *words, code=code))
        done = program("capture", "SM" + "9" * 32, TWINDOW_SERVER="http://127.0.0.1:9")
        self.assertEqual(done.returncode, 3)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.server.ask("POST", f"/__admin/messages/SM{'9' * 32}/capture", {"keep": "maybe"})
        self.assertEqual(caught.exception.code, 400)


class Refused(Capturing, unittest.TestCase):
    def test_a_send_that_the_policy_refuses(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.have_app()
        policy = self.folder / "policy.json"
        policy.write_text('{ "version": 1 }')
        server = Twindow("--clock", "manual", "--policy", str(policy))
        self.addCleanup(server.stop)
        sdk = Client(ACCOUNT, TOKEN)
        sdk.api.base_url = server.api
        with self.assertRaises(TwilioRestException):
            sdk.messages.create(from_=SHOP, to=ANA, body=BODY)
        decision = server.ask("GET", "/__admin/decisions")["decisions"][0]["id"]
        for which in (decision, ANA):
            text = self.capture(server, which)
            self.assertIn('"all else"', text)
            self.assertIn("63016", text)
            for each in PERSONAL:
                self.assertNotIn(each, text)
            self.assertIsNone(self.play("refused", text))


# What Twilio tells, and how it was sent: statuses with what the webhook says beside.
REAL = {
    "closed window": ([("undelivered", {"ErrorCode": "63016"})], {"wrote": 25 * 60 + 3}),
    "a window nobody knew": ([("sent", {}), ("undelivered", {"ErrorCode": "63016"})], {}),
    "not on whatsapp": ([("undelivered", {"ErrorCode": "63024"})], {"wrote": 5}),
    "marketing capped": ([("sent", {}), ("undelivered", {
        "ErrorCode": "63049", "ChannelStatusMessage": "Meta chose not to deliver"})],
        {"template": True}),
    "media unreachable": ([("failed", {"ErrorCode": "63019"})],
                          {"wrote": 5, "MediaUrl": ["https://tienda.mx/ana/cita.jpg"]}),
    "template paused": ([("failed", {"ErrorCode": "63041"})], {"template": True}),
    "policy violation": ([("failed", {"ErrorCode": "63013"})], {"template": True}),
    "pair rate": ([("failed", {"ErrorCode": "63018"})], {"wrote": 5}),
    "out of order": ([("delivered", {"EventType": "DELIVERED"}), ("sent", {})], {"wrote": 5}),
    "read without delivered": ([("sent", {}), ("read", {"EventType": "READ"})], {"wrote": 5}),
    "told twice": ([("sent", {}), ("delivered", {}), ("delivered", {})], {"wrote": 5}),
    "failed late": ([("sent", {}), ("failed", {"ErrorCode": "30036"})], {"wrote": 5}),
    "stopped by the user": ([("sent", {}), ("undelivered", {"ErrorCode": "63033"})],
                            {"template": True}),
}


class InFrontOfTheRealOne(Capturing, InFrontOfTwilio):
    def setUp(self):
        super().setUp()
        self.have_app()
        self.twilio.templates = [REMINDER]
        self.webhooks = TwiliosWebhooks(PUBLIC, ACCOUNT, TOKEN)
        self.addCleanup(self.webhooks.close)
        policy = self.folder / "policy.json"
        policy.write_text(json.dumps({"version": 1, "rules": [
            {"name": "only look on", "match": {}, "action": "observe"}]}))
        config = self.folder / "twindow.json"
        config.write_text(json.dumps({
            "mode": "proxy", "upstream": self.twilio.url, "public_url": PUBLIC,
            "store": f"sqlite:{self.folder}/db", "policy": str(policy),
            "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN, "inbound_url": APP + "/in"}],
            "callbacks": {"deliver_to": {APP: self.app.server.url}}}))
        self.gate = Twindow("--config", str(config), "--data", str(self.folder))
        self.addCleanup(self.gate.stop)
        self.sdk = Client(ACCOUNT, TOKEN)
        self.sdk.api.base_url = self.gate.api

    def send(self, user, wrote=None, **params):
        if wrote is not None:
            at = now() - datetime.timedelta(minutes=wrote)
            pair = "/".join(urllib.parse.quote(each, safe="") for each in (SHOP, user))
            self.gate.ask("PUT", f"/__admin/windows/{pair}?account={ACCOUNT}",
                          {"last_inbound": iso_date(at)})
        return create(self.sdk, To=user, **params_of(**params))

    def tell(self, idempotency, sent, user, status, more, count):
        """The `count`th; once it is known how the app has answered."""
        token = base64.urlsafe_b64encode(STATUS_URL.encode()).decode().rstrip("=")
        fields = {**more, "SmsSid": sent, "SmsStatus": status, "MessageStatus": status,
                  "ChannelToAddress": user.removeprefix("whatsapp:"), "To": user,
                  "ChannelPrefix": "whatsapp", "MessageSid": sent, "AccountSid": ACCOUNT,
                  "From": SHOP, "ApiVersion": "2010-04-01"}
        code, _ = self.webhooks.post(address_of(self.gate.hooks), "/hooks/status/" + token, fields,
                                     idempotency)
        self.assertEqual(code, 204)
        for _ in range(3000):
            listed = self.gate.ask("GET", f"/__admin/callbacks?message={sent}")["callbacks"]
            if len(listed) >= count:
                return
        self.fail(f"{len(listed)} callbacks, not {count}")

    def test_there_and_back(self):
        for number, (name, (told, params)) in enumerate(REAL.items()):
            with self.subTest(name):
                user = f"whatsapp:+1555556{number:04}"
                sent = self.send(user, **params)
                for place, (status, more) in enumerate(told):
                    self.tell(f"{name}-{place}", sent, user, status, more, place + 1)
                recorded, text = self.check(name.replace(" ", "_"), self.gate, sent,
                                            exact_callbacks=False)
                self.assertEqual(recorded.order, [status for status, _ in told])
                self.assertIn("// Captured from a real ", text)
                self.assertNotIn(user[-7:], text)

    def test_a_send_that_the_app_was_told_nothing_of(self):
        """No callbacks: what is known is what Twilio told us, and the app has no part in it."""
        sent = self.send(ANA, StatusCallback=None)
        recorded, text = self.check("nothing", self.gate, sent, exact_callbacks=False)
        self.assertEqual((recorded.order, recorded.message["status"]), ([], "queued"))
        self.assertIn('"callbacks": []', text)


class AskedOfTwilio(Capturing, InFrontOfTwilio):
    """A message that never came through here; the fake Twilio is asked, and no server of ours."""

    def setUp(self):
        super().setUp()
        self.have_app()
        at = now().replace(year=2026, month=1, day=5, hour=9, minute=0, second=0)
        second = datetime.timedelta(seconds=1)
        common = {"account_sid": ACCOUNT, "messaging_service_sid": None, "num_media": "0"}
        self.sent = "SM" + "c" * 32
        self.twilio.messages = {
            "SM" + "b" * 32: {
                **common, "sid": "SM" + "b" * 32, "direction": "inbound", "from": ANA, "to": SHOP,
                "status": "received", "body": "hola", "error_code": None,
                "date_created": http_date(at - 90180 * second),
                "date_sent": http_date(at - 90180 * second)},
            self.sent: {
                **common, "sid": self.sent, "direction": "outbound-api", "from": SHOP, "to": ANA,
                "status": "undelivered", "body": BODY, "error_code": 63016,
                "date_created": http_date(at), "date_sent": http_date(at + second),
                "date_updated": http_date(at + 4 * second)}}

    def ask(self, *words, token=TOKEN, url=None):
        return program("capture", *words, "--from-twilio", TWILIO_ACCOUNT_SID=ACCOUNT,
                       TWILIO_AUTH_TOKEN=token, TWILIO_BASE_URL=url or self.twilio.url)

    def test_there_and_back(self):
        done = self.ask(self.sent)
        self.assertEqual(done.returncode, 0, done.stderr)
        for each in PERSONAL:
            self.assertNotIn(each, done.stdout)
        played = self.play("from_twilio", done.stdout)
        self.assertEqual(played.statuses, [(4000, "undelivered", 63016)])
        self.assertEqual(played.message["window"]["state"], "closed")
        self.assertEqual(instant(played.message["date_created"])
                         - instant(played.message["window"]["last_inbound"]),
                         datetime.timedelta(hours=25, minutes=3))
        self.assertEqual([each for each in self.twilio.others if not each.startswith("GET api ")], [])

    def test_what_goes_wrong(self):
        unknown = self.ask("SM" + "9" * 32)
        self.assertEqual((unknown.returncode, unknown.stdout), (1, ""))
        self.assertIn("Twilio has no message SM999", unknown.stderr)
        denied = self.ask(self.sent, token="f" * 32)
        self.assertEqual((denied.returncode, denied.stdout), (1, ""))
        self.assertIn("401: Authenticate", denied.stderr)
        nobody = self.ask(self.sent, url="http://127.0.0.1:9")
        self.assertEqual((nobody.returncode, nobody.stdout), (3, ""))
        self.assertIn("http://127.0.0.1:9", nobody.stderr)
        self.assertEqual(self.ask(self.sent, url="ftp://x").returncode, 1)
        self.assertEqual(self.ask("+15555550123").returncode, 1)


if __name__ == "__main__":
    unittest.main()
