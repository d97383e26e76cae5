# SPDX-License-Identifier: Apache-2.0
"""What Twindow asks of Twilio in proxy mode, on loopback: every create is kept byte by byte, messages
of users, templates and pools are told as the real one tells them. And its webhooks, signed by the SDK."""
import base64
import collections
import datetime
import http.client
import pathlib
import tempfile
import threading
import unittest
import urllib.parse

from twilio.request_validator import RequestValidator

from raw_server import RawServer, answer, fields_of

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://tw.example.com"  # where Twilio reaches us
APP = "https://app.example.com"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+15555550123"


def http_date(time):
    return time.strftime("%a, %d %b %Y %H:%M:%S +0000")


def iso_date(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def template(number, body, status="approved", kind="twilio/text", **more):
    """A content of the Content API, with what WhatsApp says of it."""
    return {"sid": f"HX{number:032x}", "friendly_name": f"template {number}", "language": "es",
            "variables": {}, "types": {kind: {"body": body, **more}},
            "approval_requests": {"name": f"template_{number}", "category": "UTILITY",
                                  "content_type": kind, "status": status, "rejection_reason": ""}}


class FakeTwilio:
    def __init__(self, account, token):
        self.account, self.token = account, token
        self.inbounds = {}  # (user, sender): when the user wrote last
        self.templates = []
        self.pools = {}  # service: its addresses
        self.creates = []
        self.messages = {}  # that were made, by SID, in order
        self.lookups = collections.Counter()  # of (user, sender)
        self.others = []  # methods and targets of all other requests
        self.trouble = None  # answers a create in the usual answer's place, if it is there
        self.lock = threading.Lock()
        self.made = 0
        self.server = RawServer(self.respond)

    @property
    def url(self):
        return self.server.url

    def respond(self, request, peer):
        path, _, query = request.target.partition("?")
        is_create = request.method == "POST" and "/Messages" in urllib.parse.unquote(path)
        if is_create:
            with self.lock:
                self.creates.append(request)
                trouble = self.trouble
            if trouble:
                return trouble(request, peer)
            return self.create(request, path)
        expected = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != "Basic " + expected:
            return answer(401, {"code": 20003, "message": "Authenticate", "status": 401,
                                "more_info": "https://www.twilio.com/docs/errors/20003"})
        host = request.headers["host"].partition(".")[0]
        params = dict(urllib.parse.parse_qsl(query))
        if host == "api" and "From" in params and "DateSent>" in params:
            return self.list_inbounds(params)
        with self.lock:
            self.others.append(f"{request.method} {host} {path}")
        if host == "api":
            return self.sent(path, params)
        if host == "content":
            return self.content(path)
        return self.pool(path)

    def create(self, request, path):
        fields = fields_of(request)
        with self.lock:
            self.made += 1
            sid = f"SM{self.made:032x}"
        message = {"sid": sid, "account_sid": self.account,
                   "status": "queued" if "From" in fields else "accepted",
                   "direction": "outbound-api", "to": fields.get("To"), "from": fields.get("From"),
                   "messaging_service_sid": fields.get("MessagingServiceSid"),
                   "body": fields.get("Body", ""), "num_media": "0", "num_segments": "1",
                   "error_code": None, "error_message": None, "price": None, "price_unit": "USD",
                   "date_created": http_date(now()), "date_updated": http_date(now()),
                   "date_sent": None, "api_version": "2010-04-01", "uri": f"{path}/{sid}.json",
                   "subresource_uris": {}}
        with self.lock:
            self.messages[sid] = message
        if not path.endswith(".json"):
            text = f"<TwilioResponse><Message><Sid>{sid}</Sid></Message></TwilioResponse>"
            return answer(201, text.encode(), {"Content-Type": "application/xml"})
        return answer(201, message)

    def sent(self, path, params):
        """Messages of ours: one, or those that fit, newest first."""
        name = path.rpartition("/")[2].removesuffix(".json")
        with self.lock:
            if name != "Messages":
                one = self.messages.get(name)
                return answer(200, one) if one else answer(404, {"code": 20404, "message": "not found",
                                                                 "status": 404})
            fitting = [each for each in reversed(self.messages.values())
                       if all(params.get(key) in (None, each[key.lower()]) for key in ("To", "From"))]
        return self.page("messages", fitting[:int(params.get("PageSize", 50))], api=True)

    def list_inbounds(self, params):
        pair = params["From"], params["To"]
        with self.lock:
            self.lookups[pair] += 1
        wrote = self.inbounds.get(pair)
        if wrote is None or iso_date(wrote) < params["DateSent>"]:
            return self.page("messages", [], api=True)
        message = {"sid": "SM" + "e" * 32, "status": "received", "direction": "inbound",
                   "from": pair[0], "to": pair[1], "body": "hola", "date_created": http_date(wrote),
                   "date_sent": http_date(wrote)}
        return self.page("messages", [message], api=True)

    def content(self, path):
        parts = path.strip("/").split("/")
        if parts[1] == "ContentAndApprovals":
            return self.page("contents", self.templates)
        for each in self.templates:
            if each["sid"] == parts[2]:
                asked = {"whatsapp": each["approval_requests"]} if len(parts) > 3 else each
                return answer(200, asked)
        return answer(404, {"code": 20404, "message": "not found", "status": 404})

    def pool(self, path):
        senders = self.pools.get(path.split("/")[3])
        if senders is None:
            return answer(404, {"code": 20404, "message": "not found", "status": 404})
        return self.page("senders", [{"sid": "XE" + "0" * 32, "sender": each} for each in senders])

    @staticmethod
    def page(key, records, api=False):
        if api:
            return answer(200, {key: records, "page": 0, "page_size": 50, "next_page_uri": None})
        return answer(200, {key: records, "meta": {"key": key, "next_page_url": None}})


class TwiliosWebhooks:
    """Signs and posts, as Twilio does, to a server that is known to the world as `public`."""

    def __init__(self, public, account, token):
        self.public, self.account = public, account
        self.validator = RequestValidator(token)
        self.connections = threading.local()
        self.made = []

    def close(self):
        for connection in self.made:
            connection.close()

    def post(self, address, path, fields, idempotency):
        """Status and body; a ConnectionError or an http.client.HTTPException if there was no answer.
        One connection is kept for each thread."""
        connection = getattr(self.connections, "kept", None)
        if connection is None or (connection.host, connection.port) != address:
            connection = http.client.HTTPConnection(*address, timeout=30)
            self.connections.kept = connection
            self.made.append(connection)
        headers = {"Host": urllib.parse.urlsplit(self.public).netloc,
                   "X-Twilio-Signature": self.validator.compute_signature(self.public + path, fields),
                   "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                   "I-Twilio-Idempotency-Token": idempotency}
        try:
            connection.request("POST", path, urllib.parse.urlencode(fields), headers)
            got = connection.getresponse()
            return got.status, got.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.connections.kept = None
            raise

    def inbound(self, address, sid, user, sender, **more):
        fields = {"SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Zoë", "Body": "¿Hola? 👋",
                  "MessageType": "text", "To": sender, "MessageSid": sid, "AccountSid": self.account,
                  "From": user, "ApiVersion": "2010-04-01", **more}
        return self.post(address, "/hooks/inbound", fields, "in-" + sid)

    def status(self, address, sid, user, sender, status, app_url, **more):
        token = base64.urlsafe_b64encode(app_url.encode()).decode().rstrip("=")
        fields = {"SmsSid": sid, "SmsStatus": status, "MessageStatus": status, "To": user,
                  "MessageSid": sid, "AccountSid": self.account, "From": sender,
                  "ApiVersion": "2010-04-01", **more}
        return self.post(address, "/hooks/status/" + token, fields, f"{sid}-{status}")


def address_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port


class InFrontOfTwilio(unittest.TestCase):
    """A folder and a Twilio that end with the test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.twilio = FakeTwilio(ACCOUNT, TOKEN)
        self.addCleanup(self.twilio.server.down)
