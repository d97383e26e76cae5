# SPDX-License-Identifier: Apache-2.0
"""Proxy mode between a Twilio whose webhooks the real SDK signs, and an app that checks them with the
real SDK."""
import http.client
import http.server
import json
import os
import shutil
import signal
import tempfile
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request
from base64 import urlsafe_b64encode

from twilio.request_validator import RequestValidator

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "d41d8cd98f00b204e9800998ecf8427e"
SUBACCOUNT = "AC1123456789abcdef0123456789abcdef"
SUBTOKEN = "fedcba9876543210fedcba9876543210"
PUBLIC = "https://tw.example.com"
APP = "https://app.example.com"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+5215512345678"
TWIML = "<Response><Message>Zoë</Message></Response>".encode()


def sid(number):
    return f"SM{number:032x}"


class App:
    """Answers as it is told to, and keeps what it is asked; may be down."""

    def __init__(self):
        self.news = threading.Condition()
        self.requests = []
        self.statuses = []  # to answer with, in order; then 204
        self.reply = (b"", {})
        self.server = None
        self.up(0)

    def up(self, port):
        app = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                with app.news:
                    app.requests.append((self.path, dict(self.headers), body))
                    status = app.statuses.pop(0) if app.statuses else 204
                    app.news.notify_all()
                text, headers = app.reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def wait_for(self, count):
        with self.news:
            if not self.news.wait_for(lambda: len(self.requests) >= count, 30):
                raise AssertionError(f"{len(self.requests)} requests, not {count}")
            return list(self.requests)


class Hooks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.app = App()
        self.addCleanup(self.app.down)
        self.server = None
        self.addCleanup(self.stop)
        config = {
            "mode": "proxy", "public_url": PUBLIC, "upstream": "http://127.0.0.1:9",
            "store": "sqlite:", "data": self.folder,
            "accounts": [
                {"sid": ACCOUNT, "auth_token": {"env": "TOKEN"}, "inbound_url": f"{APP}/in?shop=1"},
                {"sid": SUBACCOUNT, "auth_token": {"env": "SUBTOKEN"}, "inbound_url": f"{APP}/sub"}],
            "callbacks": {"deliver_to": {APP: f"http://127.0.0.1:{self.app.port}"}}}
        self.config = os.path.join(self.folder, "twindow.json")
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(config, file)
        os.environ.update(TOKEN=TOKEN, SUBTOKEN=SUBTOKEN)
        self.log = os.path.join(self.folder, "log")

    def start(self, *options):
        self.server = Twindow("--data", self.folder, "--config", self.config, *options,
                              stderr=self.log)

    def stop(self):
        server, self.server = self.server, None
        return server.stop() if server else 0

    def control(self, path, accept_json=True):
        with open(os.path.join(self.folder, "control.token"), encoding="utf-8") as file:
            token = file.read().strip()
        request = urllib.request.Request(self.server.control + path,
                                         headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
        return json.loads(text) if accept_json else text

    def twilio(self, path, fields, token=TOKEN, url=PUBLIC, idempotency="b8a4f1e2-0000", where=None):
        """One webhook, signed by the SDK; status, body, headers."""
        signature = RequestValidator(token).compute_signature(url + path, fields)
        address = urllib.parse.urlsplit(where or self.server.hooks).netloc
        connection = http.client.HTTPConnection(address, timeout=30)
        connection.request("POST", path, urllib.parse.urlencode(fields), {
            "Host": urllib.parse.urlsplit(url).netloc, "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "I-Twilio-Idempotency-Token": idempotency})
        answer = connection.getresponse()
        result = answer.status, answer.read(), dict(answer.getheaders())
        connection.close()
        return result

    @staticmethod
    def inbound(number=1, account=ACCOUNT):
        return {"SmsMessageSid": sid(number), "NumMedia": "0", "ProfileName": "Zoë", "Body": "¿Hola? 👋",
                "MessageType": "text", "To": SHOP, "MessageSid": sid(number), "AccountSid": account,
                "From": ANA, "ApiVersion": "2010-04-01", "Novelty": ""}

    @staticmethod
    def status(number, status):
        return {"SmsSid": sid(number), "MessageStatus": status, "SmsStatus": status, "To": ANA,
                "MessageSid": sid(number), "AccountSid": ACCOUNT, "From": SHOP, "Novelty": "+"}

    @staticmethod
    def status_path(app_url):
        return "/hooks/status/" + urlsafe_b64encode(app_url.encode()).decode().rstrip("=")

    def tell_status(self, number, status, path="/status?a=%2F"):
        code, body, _ = self.twilio(self.status_path(APP + path), self.status(number, status),
                                    idempotency=f"{number}-{status}")
        self.assertEqual((code, body), (204, b""))

    def check(self, request, token=TOKEN):
        path, headers, body = request
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        self.assertTrue(RequestValidator(token).validate(APP + path, fields,
                                                         headers["X-Twilio-Signature"]))
        self.assertEqual(headers["Host"], "app.example.com")
        return fields

    def hooks_counted(self, kind, outcome):
        line = f'twindow_hooks_total{{kind="{kind}",outcome="{outcome}"}} '
        page = self.control("/metrics", accept_json=False)
        return int(next(each for each in page.splitlines() if each.startswith(line))[len(line):])

    def test_a_message_opens_its_window_and_the_app_answers(self):
        self.start()
        self.app.statuses = [200]
        self.app.reply = (TWIML, {"Content-Type": "text/xml", "Set-Cookie": "a=1", "Server": "x"})
        status, body, headers = self.twilio("/hooks/inbound", self.inbound())
        self.assertEqual((status, body), (200, TWIML))
        self.assertEqual(headers["Content-Type"], "text/xml")
        self.assertEqual(headers["Set-Cookie"], "a=1")
        (request,) = self.app.wait_for(1)
        self.assertEqual(request[0], "/in?shop=1")
        self.assertEqual(self.check(request), self.inbound())
        self.assertEqual(list(self.check(request)), list(self.inbound()))
        self.assertEqual(request[1]["I-Twilio-Idempotency-Token"], "b8a4f1e2-0000")
        (window,) = self.control("/__admin/windows")["windows"]
        self.assertEqual(window["state"], "open")
        self.twilio("/hooks/inbound", self.inbound())
        self.assertEqual(self.control("/__admin/windows")["windows"], [window], "a repeat")
        self.assertEqual(len(self.app.wait_for(2)), 2)

    def test_an_app_that_is_down_is_a_bad_gateway_and_the_window_is_kept(self):
        self.start()
        self.app.down()
        status, body, _ = self.twilio("/hooks/inbound", self.inbound())
        self.assertEqual(status, 502)
        self.assertEqual(json.loads(body)["code"], 20500)
        self.assertEqual(len(self.control("/__admin/windows")["windows"]), 1)
        self.assertEqual(self.hooks_counted("inbound", "app_failed"), 1)

    def test_nothing_is_believed_that_twilio_has_not_signed(self):
        self.start()
        for how in ({"url": "https://tw.example.org"}, {"url": PUBLIC + ":8443"}, {"token": SUBTOKEN},
                    {"url": PUBLIC + "/x"}, {"url": "http://tw.example.com"}):
            status, body, _ = self.twilio("/hooks/inbound", self.inbound(), **how)
            self.assertEqual((status, json.loads(body)["code"]), (403, 20403), how)
        status, _, _ = self.twilio("/hooks/inbound", self.inbound(account="AC" + "9" * 32))
        self.assertEqual(status, 403)
        self.assertEqual(self.control("/__admin/windows")["windows"], [])
        self.assertEqual(self.app.requests, [])
        self.assertEqual(self.hooks_counted("inbound", "wrong_signature"), 5)
        self.assertEqual(self.hooks_counted("inbound", "unknown_account"), 1)
        for url in (PUBLIC, PUBLIC + ":443"):
            self.assertEqual(self.twilio("/hooks/inbound", self.inbound(), url=url)[0], 204)
        form = self.inbound(2, SUBACCOUNT)
        self.assertEqual(self.twilio("/hooks/inbound", form, token=SUBTOKEN)[0], 204)
        self.check(self.app.wait_for(3)[2], SUBTOKEN)
        self.stop()
        with open(self.log, encoding="utf-8") as file:
            log = file.read()
        self.assertIn("signed with another token", log)
        for secret in (TOKEN, SUBTOKEN, "5215512345678", "Hola"):
            self.assertNotIn(secret, log)

    def test_statuses_come_in_order_while_the_first_is_tried_again(self):
        self.start()
        self.app.statuses = [500, 503]
        for status in ("sent", "delivered", "read"):
            self.tell_status(1, status)
        self.tell_status(1, "sent")  # a repeat
        requests = self.app.wait_for(5)
        told = [self.check(request)["MessageStatus"] for request in requests]
        self.assertEqual(told, ["sent", "sent", "sent", "delivered", "read"])
        self.assertEqual(self.check(requests[0]), self.status(1, "sent"))
        self.assertEqual(requests[0][0], "/status?a=%2F")
        tokens = [request[1]["I-Twilio-Idempotency-Token"] for request in requests]
        self.assertEqual(tokens, ["1-sent"] * 3 + ["1-delivered", "1-read"])
        self.assertEqual(self.hooks_counted("status", "taken"), 3)
        self.assertEqual(self.hooks_counted("status", "repeat"), 1)

    def test_what_was_acknowledged_outlives_a_kill(self):
        self.start()
        self.app.down()
        for number in (1, 2):
            for status in ("sent", "delivered"):
                self.tell_status(number, status)
        self.server.process.send_signal(signal.SIGKILL)
        self.stop()
        self.app.up(self.app.port)
        self.start()
        told = {}
        for request in self.app.wait_for(4):
            fields = self.check(request)
            told.setdefault(fields["MessageSid"], []).append(fields["MessageStatus"])
        self.assertEqual(told, {sid(1): ["sent", "delivered"], sid(2): ["sent", "delivered"]})
        self.assertEqual(self.stop(), 0)
        self.start()
        self.tell_status(3, "sent")
        self.assertEqual(len(self.app.wait_for(5)), 5, "none of the others again")

    def test_hooks_may_have_a_port_of_their_own(self):
        self.start("--hooks", "127.0.0.1:0")
        self.assertNotEqual(self.server.hooks, self.server.api)
        self.assertEqual(self.twilio("/hooks/inbound", self.inbound())[0], 204)
        status, body, _ = self.twilio("/hooks/inbound", self.inbound(), where=self.server.api)
        self.assertEqual((status, json.loads(body)["code"]), (404, 20404))
        with urllib.request.urlopen(self.server.hooks + "/livez") as answer:
            self.assertEqual(answer.read(), b"ok\n")
        for path in ("/", "/__admin/info", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(self.server.hooks + path)
            self.assertEqual(refused.exception.code, 404)

    def test_neighbours_are_called_only_if_the_operator_says_so(self):
        self.start()
        near = f"http://127.0.0.1:{self.app.port}/status"
        self.twilio(self.status_path(near), self.status(1, "sent"))
        for _ in range(200):
            callbacks = self.control("/__admin/callbacks")["callbacks"]
            if callbacks:
                break
        self.assertIn("callbacks.allow", callbacks[0]["error"] or "")
        self.assertEqual(self.app.requests, [])


if __name__ == "__main__":
    unittest.main()
