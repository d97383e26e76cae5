# SPDX-License-Identifier: Apache-2.0
"""behaviours.json with Debian's python3-twilio."""
import inspect
import itertools
import json
import os
import re
import tempfile
import unittest
from urllib.parse import urlencode

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance, MessageList

from twindow_processes import Twindow

TOKEN = "0123456789abcdef0123456789abcdef"
SERVICE = "MG0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
SANDBOX = "whatsapp:+14155238886"
HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "behaviours.json"), encoding="utf-8") as file:
    ROWS = json.load(file)

PARAMETERS = set(inspect.signature(MessageList.create).parameters)
# What the configuration says of each kind of account.
KINDS = {
    "plain": None,
    "closed": {"senders": [{"address": SHOP}, {"address": "+14155550100", "service": SERVICE}]},
    "test": {"test": True},
    "advanced": {"senders": [{"address": "+14155550111", "service": SERVICE}],
                 "advanced_opt_out": [SERVICE]},
}


def account_of(index):
    return f"AC{index:032x}"


def snake(name):
    name = {"From": "from_", "DateSent<": "DateSentBefore", "DateSent>": "DateSentAfter"}.get(name, name)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def refusal(exception):
    """HTTP status and Twilio's code; of a list this SDK hands out the bare answer."""
    if isinstance(exception, TwilioRestException):
        return [exception.status, exception.code]
    answer = exception.args[1]
    return [answer.status_code, json.loads(answer.text)["code"]]


def member(record, path):
    """Of what the API answered, "senders.0.sid"; or of an SDK's record by its name there."""
    for name in path.split("."):
        if isinstance(record, list):
            record = record[int(name)] if int(name) < len(record) else None
        elif isinstance(record, dict):
            record = record.get(name)
        else:
            record = getattr(record, "from_" if name == "from" else name)
    return record


class Refused(TwilioException):
    """Of an answer to what the SDK has no function for."""


class Behaviours(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        accounts = [{"sid": account_of(index), "auth_token": TOKEN, **KINDS[row["account"]]}
                    for index, row in enumerate(ROWS) if KINDS[row["account"]]]
        path = os.path.join(cls.folder.name, "twindow.json")
        with open(path, "w", encoding="utf-8") as config:
            json.dump({"accounts": accounts}, config)
        cls.server = Twindow("--clock", "manual", "--config", path)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def admin(self, method, path, body):
        return self.server.ask(method, path + "?" + urlencode({"account": self.account}), body)

    def begin(self, index):
        self.account = account_of(index)
        self.client = Client(self.account, TOKEN)
        self.client.api.base_url = self.server.api
        self.sids = {}
        try:
            self.client.messages.list(limit=1)  # from now on the account is there
        except TwilioException as refused:
            self.assertEqual(refusal(refused), [403, 20008])
        self.admin("PUT", "/__admin/clock", {"now": "2030-01-05T09:00:00Z"})

    def sid(self, text):
        return self.sids[text[1:]] if text.startswith("$") else text

    def create(self, call):
        params = {snake(name): value for name, value in call.items()}
        if "to" in params and PARAMETERS.issuperset(params):
            return self.client.messages.create(**params)
        # This SDK is older than the parameter, or would refuse without asking.
        version = self.client.api.v2010
        uri = f"/Accounts/{self.account}/Messages.json"
        made = version.create("POST", uri, data=call)
        return MessageInstance(version, made, account_sid=self.account)

    def filled(self, value):
        """"$name" and "$account" anywhere in a value."""
        names = {"account": self.account, **self.sids}
        return json.loads(re.sub(r"\$([a-z]+)", lambda found: names.get(found[1], found[0]), json.dumps(value)))

    def ask(self, method, product, path, params=None):
        """What the SDK has no function for, with its credentials and its way of writing a request."""
        host = "" if product == "api" else f"/{product}.twilio.com"
        params = params and self.filled(params)
        headers = {}
        if params and (product == "content" or path.startswith("/v2/Channels")):
            params, headers = json.dumps(params), {"Content-Type": "application/json"}
        answer = self.client.request(method, self.server.api + host + self.filled(path), data=params, headers=headers)
        if answer.status_code >= 400:
            raise Refused("refused", answer)
        return json.loads(answer.text) if answer.text else None

    def play(self, step):
        """What the API answers to it, if that is a record."""
        if "create" in step:
            made = self.create(self.filled(step["create"]))
            self.sids[step.get("as", "")] = made.sid
            return made
        if "fetch" in step:
            return self.client.messages(self.sid(step["fetch"])).fetch()
        if "update" in step:
            params = {snake(name): value for name, value in step["with"].items()}
            return self.client.messages(self.sid(step["update"])).update(**params)
        if "delete" in step:
            self.assertTrue(self.client.messages(self.sid(step["delete"])).delete())
        elif "list" in step:
            params = {snake(name): value for name, value in step["list"].items()}
            bodies = [message.body for message in self.client.messages.list(**params)]
            if "bodies" in step:
                self.assertEqual(bodies, step["bodies"])
            for body, pattern in itertools.zip_longest(bodies, step.get("bodies~", bodies)):
                self.assertRegex(body, pattern if "bodies~" in step else re.escape(body))
        elif "media" in step:
            media = self.client.messages(self.sid(step["media"])).media.list()
            self.assertEqual([item.content_type for item in media], step["types"])
        elif "delete_media" in step:
            below = self.client.messages(self.sid(step["delete_media"]))
            below.media(below.media.list()[0].sid).delete()
        elif "feedback" in step:
            params = {snake(name): value for name, value in step["with"].items()}
            return self.client.messages(self.sid(step["feedback"])).feedback.create(**params)
        elif "advance" in step:
            self.admin("POST", "/__admin/clock/advance", {"by": step["advance"]})
        elif "inbound" in step:
            self.admin("POST", "/__admin/simulate/inbound-message", step["inbound"])
        elif "join" in step:
            word = self.admin("GET", "/__admin/sandbox", None)["accounts"][0]["join"]
            self.admin("POST", "/__admin/simulate/inbound-message",
                       {"From": step["join"], "To": SANDBOX, "Body": word})
        elif "ask" in step:
            record = self.ask(*step["ask"])
            if "as" in step:
                self.sids[step["as"]] = record["sid"]
            return record
        elif "admin" in step:
            self.admin(*self.filled(step["admin"]))
        else:
            self.fail(f"no such step: {step}")
        return None

    def check(self, step, record):
        for name, want in step.get("is", {}).items():
            got = member(record, name.rstrip("~"))
            got = got if got is None or isinstance(got, (int, str)) else str(got)
            if name.endswith("~"):
                self.assertRegex(got or "", want, name)
            else:
                self.assertEqual(got, want, name)

    def run_row(self, index, row):
        self.begin(index)
        for step in row["steps"]:
            if "error" not in step:
                self.check(step, self.play(step))
                continue
            with self.assertRaises(TwilioException) as raised:
                self.play(step)
            self.assertEqual(refusal(raised.exception), step["error"], step)


def _add(index, row):
    name = "test_%03d_%s" % (index, re.sub(r"\W+", "_", row["name"]))
    setattr(Behaviours, name, lambda self: self.run_row(index, row))


for _index, _row in enumerate(ROWS):
    _add(_index, _row)

if __name__ == "__main__":
    unittest.main()
