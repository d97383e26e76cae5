# SPDX-License-Identifier: Apache-2.0
"""Proxy mode when Twilio is in trouble, or the app: the app is told what may have become of its send,
nothing is sent twice, and the ledger has every decision."""
import json
import os
import tempfile
import unittest

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from fake_twilio import (ACCOUNT, ANA, APP, PUBLIC, SHOP, TOKEN, InFrontOfTwilio,
                         TwiliosWebhooks, address_of, now)
from raw_server import ListeningApp, answer, fields_of, reset
from twindow_processes import Twindow

NOT_GOT = "Twilio has not got this request"
MAY_HAVE_GOT = "Twilio may have got this request: look before you repeat it"


def say(*pieces):
    """Sends what is given, and ends the connection as a crash does."""
    def trouble(_, peer):
        for piece in pieces:
            peer.sendall(piece)
        reset(peer)
    return trouble


def in_pieces(twilio):
    """Twilio's usual answer, a byte at a time."""
    def slowly(request, peer):
        for byte in twilio.create(request, request.target):
            peer.sendall(bytes([byte]))
        return b""
    return slowly


class Proxy(InFrontOfTwilio):
    def setUp(self):
        super().setUp()
        self.twilio.inbounds[ANA, SHOP] = now()

    def start(self, upstream=None, **more):
        config = self.folder / "twindow.json"
        config.write_text(json.dumps({
            "mode": "proxy", "upstream": upstream or self.twilio.url, "store": "sqlite:",
            "public_url": PUBLIC, "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}], **more}))
        data = tempfile.mkdtemp(dir=self.folder)
        self.gate = Twindow("--config", str(config), "--data", data)
        self.addCleanup(self.gate.stop)
        self.app = Client(ACCOUNT, TOKEN)
        self.app.api.base_url = self.gate.api
        self.addCleanup(self.app.http_client.session.close)

    def send(self, to=ANA):
        return self.app.messages.create(from_=SHOP, to=to, body="Hola")

    def failure(self, to=ANA):
        with self.assertRaises(TwilioRestException) as caught:
            self.send(to)
        self.assertEqual(self.last().headers["Twindow-Decision"], "pass")
        return caught.exception

    def last(self):
        return self.app.http_client.last_response

    def ledger(self):
        entries = self.gate.ask("GET", "/__admin/decisions")["decisions"]
        return [(entry["decision"], entry["message_sid"]) for entry in entries]


class Trouble(Proxy):
    def test_what_twilio_answers_is_handed_on(self):
        self.start()
        busy = {"code": 20429, "message": "Too Many Requests", "status": 429, "more_info": "x"}
        broken = {"code": 20500, "message": "Internal Server Error", "status": 500, "more_info": "x"}
        for body, headers in ((busy, {"Retry-After": "3"}), (broken, {})):
            with self.subTest(body["status"]):
                self.twilio.trouble = lambda *_, b=body, h=headers: answer(b["status"], b, h)
                error = self.failure()
                self.assertEqual((error.status, error.code), (body["status"], body["code"]))
                self.assertEqual(json.loads(self.last().text), body)
                self.assertEqual(self.last().headers.get("Retry-After"), headers.get("Retry-After"))
        self.twilio.trouble = lambda *_: answer(503, b"<h1>Sorry</h1>", {"Content-Type": "text/html"})
        self.assertEqual(self.failure().status, 503)
        self.assertEqual(self.last().text, "<h1>Sorry</h1>")
        self.assertEqual(len(self.twilio.creates), 3)
        self.assertEqual(self.ledger(), [("pass", None)] * 3)

    def test_an_answer_that_does_not_come_or_not_whole(self):
        self.start()
        whole = answer(201, {"sid": "SM" + "1" * 32, "status": "queued"})
        head = whole[:whole.index(b"\r\n\r\n") + 4]
        cases = {"reset before it": say(), "closed before it": lambda _, peer: peer.close(),
                 "reset in its head": say(head[:20]), "reset behind its head": say(head),
                 "reset in its body": say(whole[:-5]), "no HTTP": say(b"hello\r\n\r\n"),
                 "two lengths": say(head[:-2] + b"Content-Length: 7\r\n\r\n{}")}
        for number, (name, trouble) in enumerate(cases.items(), 1):
            with self.subTest(name):
                self.twilio.trouble = trouble
                error = self.failure()
                self.assertEqual((error.status, error.code), (502, 20500))
                self.assertIn(": Twindow: ", error.msg)
                self.assertIn(MAY_HAVE_GOT, error.msg)
                self.assertEqual(len(self.twilio.creates), number, "never twice")
        self.assertEqual(self.ledger(), [("pass", None)] * len(cases))
        self.twilio.trouble = None
        sid = self.send().sid
        self.assertEqual(self.ledger()[0], ("pass", sid))

    def test_a_slow_answer_is_one(self):
        self.start()
        self.twilio.trouble = in_pieces(self.twilio)
        sent = self.send()
        self.assertEqual(self.ledger(), [("pass", sent.sid)])

    def test_a_kept_connection_that_twilio_has_closed(self):
        self.start()
        for number in range(1, 4):
            self.send()
            self.assertEqual(len(self.twilio.creates), number)
            port = self.twilio.server.port
            self.twilio.server.down()
            self.twilio.server.up(port)

    def test_nobody_is_there(self):
        self.twilio.server.down()  # before anybody could ask who has written
        self.start()
        error = self.failure()
        self.assertEqual((error.status, error.code), (503, 20503))
        self.assertIn(": Twindow: ", error.msg)
        self.assertIn(NOT_GOT, error.msg)
        self.assertEqual(self.last().headers["Twindow-Window"], "unknown")
        self.assertEqual(self.twilio.creates, [])
        self.assertEqual(self.ledger(), [("pass", None)])

    def test_wrong_tls(self):
        """A certificate of nobody we know, and no TLS at all; the first is good once it is trusted."""
        other = self.folder / "other"
        real = Twindow("--data", str(other), "--tls", "127.0.0.1:0")
        self.addCleanup(real.stop)
        for upstream in (real.tls, real.api.replace("http:", "https:")):
            with self.subTest(upstream):
                self.start(upstream)
                error = self.failure()
                self.assertEqual((error.status, error.code), (502, 20500))
                self.assertIn(": Twindow: ", error.msg)
                self.assertIn(NOT_GOT, error.msg)
                self.assertEqual(self.ledger()[0], ("pass", None))
        self.start(real.tls, upstream_ca=str(other / "ca.crt"))
        real.ask("POST", "/__admin/simulate/inbound-message",
                 {"From": ANA, "To": SHOP, "Body": "hola", "AccountSid": ACCOUNT})
        sid = self.send().sid
        self.assertEqual(self.ledger(), [("pass", sid)])

    @unittest.skipUnless(os.environ.get("TWINDOW_TEST_ALL"), "takes 30 s: ./test --all")
    def test_an_answer_that_is_too_late(self):
        self.start()
        self.twilio.trouble = lambda _, peer: peer.recv(1) and None  # until Twindow hangs up
        error = self.failure()
        self.assertEqual((error.status, error.code), (504, 20504))
        self.assertIn(MAY_HAVE_GOT, error.msg)
        self.assertEqual(len(self.twilio.creates), 1)
        self.assertEqual(self.ledger(), [("pass", None)])


class AnAppThatIsDown(Proxy):
    def test_gets_everything_when_it_comes_back(self):
        """Once, and in order for each message."""
        app = ListeningApp()
        self.addCleanup(app.server.down)
        self.start(callbacks={"deliver_to": {APP: app.server.url}})
        webhooks = TwiliosWebhooks(PUBLIC, ACCOUNT, TOKEN)
        self.addCleanup(webhooks.close)
        app.server.down()
        sids = [f"SM{number:032x}" for number in range(1, 21)]
        for status in ("queued", "sent", "delivered", "read"):
            for sid in sids:
                self.assertEqual(webhooks.status(address_of(self.gate.api), sid, ANA, SHOP, status,
                                                 APP + "/status"), (204, b""))
        while True:  # each has been tried twice at least, for nothing
            tried = self.gate.ask("GET", "/__admin/callbacks?limit=1000")["callbacks"]
            if len(tried) >= 2 * len(sids):
                break
        self.assertEqual({each["status"] for each in tried}, {0})
        app.server.up(app.server.port)
        app.wait_until(lambda requests: len(requests) >= 4 * len(sids), "all of it")
        self.assertEqual(self.gate.stop(), 0)
        told = {}
        for request in app.requests:
            fields = fields_of(request)
            told.setdefault(fields["MessageSid"], []).append(fields["MessageStatus"])
        self.assertEqual(told, dict.fromkeys(sids, ["queued", "sent", "delivered", "read"]))


if __name__ == "__main__":
    unittest.main()
