# SPDX-License-Identifier: Apache-2.0
"""Sends that are held in proxy mode: one SID for the app, before and after, whatever breaks in between."""
import json
import signal
import unittest
import urllib.parse

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from fake_twilio import (ACCOUNT, ANA, APP, PUBLIC, SHOP, TOKEN, InFrontOfTwilio,
                         TwiliosWebhooks, address_of, template)
from raw_server import ListeningApp, fields_of, reset
from twindow_processes import Twindow

NUDGE = template(1, "Hola {{1}}, tenemos noticias.")


class Hold(InFrontOfTwilio):
    def setUp(self):
        super().setUp()
        self.twilio.templates = [NUDGE]
        self.webhooks = TwiliosWebhooks(PUBLIC, ACCOUNT, TOKEN)
        self.addCleanup(self.webhooks.close)
        self.app = ListeningApp()
        self.addCleanup(self.app.server.down)
        self.policy = self.folder / "policy.json"
        self.config = self.folder / "twindow.json"
        self.config.write_text(json.dumps({
            "mode": "proxy", "upstream": self.twilio.url, "public_url": PUBLIC,
            "policy": str(self.policy), "store": f"sqlite:{self.folder}/db",
            "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN, "inbound_url": APP + "/in"}],
            "callbacks": {"deliver_to": {APP: self.app.server.url}}}))
        self.gate = None
        self.addCleanup(lambda: self.gate and self.gate.stop())

    def start(self, **rule):
        if rule:
            self.policy.write_text(json.dumps({"version": 1, "rules": [
                {"name": "wait", "match": {"window": "closed"}, "action": "hold", **rule}]}))
        self.gate = Twindow("--config", str(self.config), "--data", str(self.folder))
        self.client = Client(ACCOUNT, TOKEN)
        self.client.api.base_url = self.gate.api

    def kill(self):
        self.gate.process.send_signal(signal.SIGKILL)
        self.gate.stop()

    def create(self, body="Hola"):
        return self.client.messages.create(from_=SHOP, to=ANA, body=body,
                                           status_callback=APP + "/status?a=1")

    def ana_writes(self, number=1):
        status, _ = self.webhooks.inbound(address_of(self.gate.api), f"SM{0xaaa << 64 | number:032x}",
                                          ANA, SHOP)
        self.assertEqual(status, 204)

    def wait_for_creates(self, count):
        for _ in range(3000):
            with self.twilio.lock:
                if len(self.twilio.creates) >= count:
                    return [fields_of(each) for each in self.twilio.creates]
            self.gate.ask("GET", "/__admin/health")
        self.fail(f"{len(self.twilio.creates)} creates, not {count}")

    def wait_for(self, message, holds):
        for _ in range(3000):
            fetched = self.client.messages(message.sid).fetch()
            if holds(fetched):
                return fetched
        self.fail(f"{message.sid} is {fetched.status}")

    def told(self, count):
        statuses = lambda requests: [each for each in requests if each.target.startswith("/status")]
        requests = self.app.wait_until(lambda all_: len(statuses(all_)) >= count, f"{count} statuses")
        told = []
        for request in statuses(requests):
            fields = fields_of(request)
            signature = request.headers["x-twilio-signature"]
            self.assertTrue(RequestValidator(TOKEN).validate(APP + request.target, fields, signature))
            told.append(fields)
        return told

    def tell(self, callback, sid, status):
        """Twilio calls the URL that it was given."""
        path = callback.removeprefix(PUBLIC)
        self.assertNotEqual(path, callback)
        fields = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status,
                  "AccountSid": ACCOUNT, "To": ANA, "From": SHOP, "ApiVersion": "2010-04-01"}
        code, _ = self.webhooks.post(address_of(self.gate.api), path, fields, f"{sid}-{status}")
        self.assertEqual(code, 204)

    def test_a_sid_for_all_its_life(self):
        self.start(ttl="24h")
        first, second = self.create("1"), self.create("2")
        self.assertEqual(first.status, "accepted")
        self.assertEqual(self.client.messages(first.sid).fetch().status, "accepted")
        self.assertEqual([each.sid for each in self.client.messages.list()], [second.sid, first.sid])
        self.assertEqual(self.twilio.creates, [])
        self.ana_writes()
        creates = self.wait_for_creates(2)
        self.assertEqual([each["Body"] for each in creates], ["1", "2"])
        callback = creates[0]["StatusCallback"]
        self.assertTrue(callback.endswith("?sid=" + first.sid), callback)
        sent = self.wait_for(first, lambda each: each.status == "queued")
        self.assertEqual(sent.sid, first.sid)
        self.wait_for(second, lambda each: each.status == "queued")
        upstream = list(self.twilio.messages)
        self.assertEqual(self.client.messages(upstream[0]).fetch().sid, first.sid, "by either SID")
        self.assertEqual([each.sid for each in self.client.messages.list()], [second.sid, first.sid])
        self.tell(callback, upstream[0], "delivered")
        (told,) = self.told(1)
        self.assertEqual((told["MessageSid"], told["SmsSid"], told["MessageStatus"]),
                         (first.sid, first.sid, "delivered"))
        self.ana_writes(2)
        self.gate.stop()
        self.start()
        self.assertEqual(self.client.messages(first.sid).fetch().sid, first.sid)
        self.assertEqual(len(self.twilio.creates), 2, "once each")

    def test_what_was_on_its_way_is_not_sent_twice(self):
        self.start(ttl="24h")
        held = self.create()

        def made_but_not_answered(request, peer):
            self.twilio.create(request, request.target.partition("?")[0])
            reset(peer)

        self.twilio.trouble = made_but_not_answered
        self.ana_writes()
        self.wait_for_creates(1)
        self.kill()
        self.twilio.trouble = None
        self.start()
        self.assertEqual(self.wait_for(held, lambda each: each.status == "queued").sid, held.sid)
        self.assertEqual(len(self.twilio.creates), 1)

    def test_what_is_held_outlives_a_kill(self):
        self.start(ttl="24h")
        held = self.create()
        self.kill()
        self.start()
        self.assertEqual(self.client.messages(held.sid).fetch().status, "accepted")
        self.ana_writes()
        self.wait_for_creates(1)
        self.wait_for(held, lambda each: each.status == "queued")

    def test_it_is_canceled(self):
        self.start(ttl="24h")
        held = self.create()
        self.assertEqual(held.update(status="canceled").status, "canceled")
        self.ana_writes()
        with self.assertRaises(TwilioRestException) as refused:
            held.update(status="canceled")
        self.assertEqual(refused.exception.code, 30409)
        self.gate.ask("GET", "/__admin/health")
        self.assertEqual(self.twilio.creates, [])
        self.assertTrue(held.delete())

    def test_it_fails_at_the_end_of_its_time(self):
        self.start(ttl="1s")
        held = self.create()
        (told,) = self.told(1)
        self.assertEqual((told["MessageSid"], told["MessageStatus"], told["ErrorCode"]),
                         (held.sid, "failed", "63016"))
        self.assertEqual(self.client.messages(held.sid).fetch().error_code, 63016)
        self.assertEqual(self.twilio.creates, [])

    def test_the_user_is_nudged_once(self):
        self.start(ttl="24h", nudge={"ContentSid": NUDGE["sid"], "ContentVariables": {"1": "Ana"},
                                     "every": "24h"})
        self.create("1")
        self.create("2")
        (nudge,) = self.wait_for_creates(1)
        self.assertEqual((nudge["ContentSid"], json.loads(nudge["ContentVariables"]), nudge["To"]),
                         (NUDGE["sid"], {"1": "Ana"}, ANA))
        self.assertNotIn("Body", nudge)
        self.ana_writes()
        self.assertEqual([each.get("Body") for each in self.wait_for_creates(3)], [None, "1", "2"])

    def test_it_needs_a_public_url(self):
        config = json.loads(self.config.read_text())
        del config["public_url"]
        self.config.write_text(json.dumps(config))
        with self.assertRaises(AssertionError):
            self.start(ttl="24h")


if __name__ == "__main__":
    unittest.main()
