# SPDX-License-Identifier: Apache-2.0
"""A Twilio whose console can be told what it says: the API of senders, numbers and services, and
creates that are kept. For whom a simulating twindow knows too little of these."""
import email.utils
import http.server
import json
import threading
import time
import urllib.parse
from base64 import b64encode

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "d41d8cd98f00b204e9800998ecf8427e"
SHOP = "whatsapp:+14155550100"
NUMBER = "+14155550101"
POOLED = "+14155550102"
OLD = "https://old.example.com/in"


class Console:
    """Keeps what it was asked and told."""

    def __init__(self):
        self.calls = []
        self.created = []  # the bodies of creates, as fields
        self.inbound = []  # messages of users
        self.clock_ahead = 0
        self.webhook = {"callback_url": OLD, "callback_method": "POST",
                        "fallback_url": "https://old.example.com/fallback"}
        self.sms_url = OLD
        self.inbound_request_url = None
        console = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                console.calls.append(("GET", self.headers["Host"], self.path))
                self.answer(*console.get(self.path, self.headers))

            def do_HEAD(self):
                self.answer(404, None)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                console.calls.append(("POST", self.headers["Host"], self.path))
                self.answer(*console.post(self.path, body))

            def answer(self, status, body):
                text = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def date_time_string(self, timestamp=None):
                return email.utils.formatdate(time.time() + console.clock_ahead, usegmt=True)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def sender(self):
        return {"sid": "XE1", "sender_id": SHOP, "webhook": self.webhook}

    def number(self):
        return {"sid": "PN1", "phone_number": NUMBER, "sms_url": self.sms_url, "sms_method": "POST"}

    def service(self):
        return {"sid": "MG1", "friendly_name": "shop", "inbound_method": "POST",
                "inbound_request_url": self.inbound_request_url,
                "use_inbound_webhook_on_number": False}

    def get(self, target, headers):
        if target == "/livez":
            return 404, {}
        if headers["Authorization"] != "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        path = target.split("?")[0]
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        pooled = {"sid": "PN2", "phone_number": POOLED, "sms_url": OLD, "sms_method": "POST"}
        found = {
            f"{account}/Messages.json": {"messages": self.inbound},
            f"{account}/IncomingPhoneNumbers.json": {
                "incoming_phone_numbers": [self.number(), pooled]},
            f"{account}/IncomingPhoneNumbers/PN1.json": self.number(),
            "/v2/Channels/Senders": {"senders": [self.sender()]},
            "/v2/Channels/Senders/XE1": self.sender(),
            "/v1/Services": {"services": [self.service()]},
            "/v1/Services/MG1": self.service(),
            "/v1/Services/MG1/PhoneNumbers": {"phone_numbers": [{"phone_number": POOLED}]},
        }.get(path)
        return (200, found) if found else (404, {"code": 20404})

    def post(self, path, body):
        if path == "/v2/Channels/Senders/XE1":
            self.webhook = json.loads(body)["webhook"]
            return 202, self.sender()
        fields = dict(urllib.parse.parse_qsl(body))
        if path.endswith("/Messages.json"):
            self.created.append(fields)
            return 201, {"sid": f"SM{len(self.created):032x}", "status": "queued",
                         "account_sid": ACCOUNT, "direction": "outbound-api", "from": SHOP,
                         "to": fields["To"], "body": fields.get("Body", ""),
                         "date_created": email.utils.formatdate(usegmt=True)}
        if path.endswith("/IncomingPhoneNumbers/PN1.json"):
            self.sms_url = fields["SmsUrl"]
            return 200, self.number()
        self.inbound_request_url = fields["InboundRequestUrl"]
        return 200, self.service()
