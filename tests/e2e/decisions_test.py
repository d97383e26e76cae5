# SPDX-License-Identifier: Apache-2.0
"""One table of sends, fixtures/policy/decisions.json, judged by simulate mode with a policy file and by
proxy mode with the same file: the same decisions, in the same headers, with Twilio's same codes."""
import base64
import datetime
import http.client
import json
import pathlib
import re
import tempfile
import unittest
import urllib.parse

from fake_twilio import FakeTwilio, address_of, iso_date, now, template
from raw_server import fields_of
from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
TABLE = json.loads(pathlib.Path(__file__).parents[2].joinpath("fixtures/policy/decisions.json")
                   .read_text(encoding="utf-8"))
SERVICES = {"one": "MG" + "1" * 32, "two": "MG" + "2" * 32}
TEMPLATES = {name: template(number + 1, each["body"], each.get("status", "approved"),
                            each.get("type", "twilio/text"), **{k: v for k, v in each.items() if k == "media"})
             for number, (name, each) in enumerate(TABLE["templates"].items())}
SENDERS = {name: each["address"] for name, each in TABLE["senders"].items()}
OURS = [{"address": each["address"], "service": SERVICES[each["service"]]}
        for each in TABLE["senders"].values() if each["service"]]
DAY = datetime.timedelta(days=1)


def duration(text):
    names = {"h": "hours", "m": "minutes", "s": "seconds"}
    return datetime.timedelta(**{names[unit]: int(count) for count, unit in re.findall(r"(\d+)([hms])", text)})


def quote(text):
    return urllib.parse.quote_plus(text)


class Case:
    """A row of the table, with numbers of its own."""

    def __init__(self, number, row, base):
        self.row, self.base = row, base
        number = f"+1555{number + 1:07}"
        channel = "" if row.get("channel") == "sms" else "whatsapp:"
        self.writes, self.to = row.get("user", [channel + number] * 2)
        wrote = row.get("wrote", {})
        if not isinstance(wrote, dict):
            wrote = {row.get("from", "shop"): wrote}
        self.windows = {SENDERS[sender]: base - duration(ago) for sender, ago in wrote.items()}

    @staticmethod
    def repeated(value):
        """[3, "x"] is "xxx"."""
        if isinstance(value, list):
            return value[1] * value[0]
        if isinstance(value, dict):
            return json.dumps({name: Case.repeated(each) for name, each in value.items()})
        return value

    def value(self, name, value):
        value = self.repeated(value)
        if name == "ContentSid" and value.startswith("$"):
            return TEMPLATES[value[1:]]["sid"]
        if name == "SendAt":
            return iso_date(self.base + duration(value))
        return value

    def body(self):
        row = self.row
        sender = SENDERS[row.get("from", "shop")]
        if "form" in row:
            media = "".join(f"&MediaUrl=https%3A%2F%2Fexample.com%2F{n}.jpg" for n in range(11))
            for name, value in {"{to}": quote(self.to), "{from}": quote(sender), "{one}": SERVICES["one"],
                                "{escaped}": "".join(f"%{ord(c):02x}" for c in self.to),
                                "{eleven media}": media}.items():
                row = dict(row, form=row["form"].replace(name, value))
            return row["form"].encode()
        fields = {"To": self.to}
        if "service" in row:
            fields["MessagingServiceSid"] = SERVICES[row["service"]]
        if "service" not in row or "from" in row:
            fields["From"] = sender
        fields.update({name: self.value(name, value) for name, value in row["send"].items()})
        return urllib.parse.urlencode(fields).encode()


class Side:
    """One twindow, asked with bytes."""

    def __init__(self, test, policy, *options):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        folder = pathlib.Path(folder.name)
        file = folder / "policy.json"
        text = json.dumps(policy)
        for name, each in TEMPLATES.items():
            text = text.replace(f'"${name}"', f'"{each["sid"]}"')
        file.write_text(text)
        config = folder / "twindow.json"
        senders = self.senders()
        account = {"sid": ACCOUNT, "auth_token": TOKEN, **({"senders": senders} if senders else {})}
        config.write_text(json.dumps({"accounts": [account]}))
        self.server = Twindow("--policy", str(file), "--config", str(config), *options)
        test.addCleanup(self.server.stop)
        self.connection = http.client.HTTPConnection(*address_of(self.server.api), timeout=30)
        test.addCleanup(self.connection.close)

    def senders(self):
        return OURS

    def send(self, case):
        path = f"/2010-04-01/Accounts/{ACCOUNT}" + case.row.get("path", "/Messages.json")
        body, chunked = case.body(), case.row.get("chunked", False)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Twindow-Campaign": case.row["name"],
                   "Authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}
        if chunked:
            half = len(body) // 2
            headers["Transfer-Encoding"] = "chunked"
            body = iter([body[:half], body[half:]])
        self.connection.request("POST", path, body, headers, encode_chunked=chunked)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        code = re.search(r'"code": (\d+)|<Code>(\d+)</Code>', text)
        ledger = self.server.ask("GET", "/__admin/decisions?limit=1")["decisions"]
        judged = bool(ledger) and ledger[0]["campaign"] == case.row["name"]
        window = answer.headers.get("Twindow-Window")
        if any(when <= case.base - DAY for when in case.windows.values()) and window:
            window = window.split(";")[0]  # Twilio is not asked for what is older
        return {"http": answer.status, "code": int(code[1] or code[2]) if code else None,
                "decision": answer.headers.get("Twindow-Decision"),
                "rule": answer.headers.get("Twindow-Rule"), "window": window,
                "ledger": {name: ledger[0][name] for name in ("decision", "rule", "code", "would", "kind",
                                                              "content_sid", "from", "to")} if judged else None}


class Simulated(Side):
    def __init__(self, test, policy):
        super().__init__(test, policy)
        for each in TEMPLATES.values():
            asked = each["approval_requests"]
            self.server.ask("POST", f"/__admin/templates?account={ACCOUNT}",
                            {**each, "approval": {"whatsapp": asked["status"], "category": "UTILITY"}})

    def prepare(self, case):
        for sender, wrote in case.windows.items():
            pair = urllib.parse.quote(sender, safe="") + "/" + urllib.parse.quote(case.writes, safe="")
            self.server.ask("PUT", f"/__admin/windows/{pair}?account={ACCOUNT}",
                            {"last_inbound": iso_date(wrote)})


class Proxied(Side):
    """Knows windows, templates and pools by what the fake Twilio says."""

    def __init__(self, test, policy):
        self.twilio = FakeTwilio(ACCOUNT, TOKEN)
        test.addCleanup(self.twilio.server.down)
        self.twilio.templates = list(TEMPLATES.values())
        self.twilio.pools = {service: [each["address"] for each in OURS if each["service"] == service]
                             for service in SERVICES.values()}
        super().__init__(test, policy, "--mode", "proxy", "--upstream", self.twilio.url)

    def prepare(self, case):
        for sender, wrote in case.windows.items():
            self.twilio.inbounds[case.writes, sender] = wrote
        self.twilio.creates.clear()
        self.twilio.lookups.clear()

    def looked(self):
        return bool(self.twilio.lookups)


class ProxiedWithoutSenders(Proxied):
    def senders(self):
        return []


class Decisions(unittest.TestCase):
    maxDiff = None

    def check(self, case, told, side):
        """What came is what the row says. Where the window is no matter Twilio is not asked for it."""
        row = case.row
        is_real = isinstance(side, Proxied)
        has_window = not row["is"].startswith("error") and row.get("window") != "none"
        if is_real:
            self.assertEqual(side.looked(), has_window and row.get("looks", True))
        if is_real and told["window"] == "unknown" and not row.get("looks", True):
            told = dict(told, window=row.get("window", "closed"))
        action, _, code = row["is"].partition(" ")
        expected = {"http": 400 if action in ("reject", "error") else 201,
                    "code": int(code) if code and action != "async" else None,
                    "decision": {"error": None, "async": "reject"}.get(action, action),
                    "rule": None if action == "error" else row.get("rule", "none"),
                    "window": None if action == "error" else row.get("window", "closed")}
        got = {name: told[name] for name in expected}
        got["window"] = got["window"] and got["window"].split(";")[0]
        self.assertEqual(got, expected, told)
        if action == "error":
            self.assertIsNone(told["ledger"])
        else:
            ledger = {"decision": expected["decision"], "rule": row.get("rule", ""), "to": case.to,
                      "kind": row.get("kind", "freeform"), "would": row.get("would"),
                      "content_sid": TEMPLATES[row["as"][0]]["sid"] if "as" in row else None}
            self.assertEqual({name: told["ledger"][name] for name in ledger}, ledger)
            if action in ("reject", "async"):
                self.assertEqual(told["ledger"]["code"], int(code))
        if is_real:
            self.check_creates(case, list(side.twilio.creates), action)

    def check_creates(self, case, creates, action):
        """What Twilio has seen of it."""
        self.assertEqual(len(creates), 0 if action in ("reject", "async", "error") else 1)
        if action in ("pass", "observe"):
            self.assertEqual(creates[0].body, case.body())
        if action == "reroute":
            fields = fields_of(creates[0])
            name, variables = case.row["as"]
            self.assertEqual(fields.pop("ContentSid"), TEMPLATES[name]["sid"])
            values = fields.pop("ContentVariables", None)
            self.assertEqual(json.loads(values) if values else None, variables)
            sent = dict(urllib.parse.parse_qsl(case.body().decode(), keep_blank_values=True))
            for gone in ("Body", "MediaUrl"):
                sent.pop(gone, None)
            self.assertEqual(fields, sent)

    def cases(self, policy, base):
        for number, row in enumerate(TABLE["cases"]):
            if row.get("policy", "built-in") == policy:
                yield Case(number, row, base)

    def judge(self, policy):
        simulated = Simulated(self, TABLE["policies"][policy])
        proxied = Proxied(self, TABLE["policies"][policy])
        for case in self.cases(policy, now()):
            with self.subTest(case.row["name"]):
                for side in (simulated, proxied):
                    side.prepare(case)
                told = simulated.send(case)
                self.check(case, told, simulated)
                really = proxied.send(case)
                self.check(case, really, proxied)
                if really["window"] == "unknown":
                    really["window"] = told["window"]
                self.assertEqual(really, told)

    def test_without_a_list_of_senders(self):
        """The pools of services are Twilio's then, and nobody is no sender of ours."""
        side = ProxiedWithoutSenders(self, TABLE["policies"]["built-in"])
        for case in self.cases("built-in", now()):
            if case.row.get("needs_senders"):
                continue
            with self.subTest(case.row["name"]):
                side.prepare(case)
                self.check(case, side.send(case), side)

    def test_that_every_case_names_a_policy(self):
        self.assertLessEqual({row.get("policy", "built-in") for row in TABLE["cases"]},
                             set(TABLE["policies"]))
        self.assertGreater(len(TABLE["cases"]), 100)


for each in TABLE["policies"]:
    setattr(Decisions, "test_" + each.replace(" ", "_").replace("-", "_"),
            lambda self, policy=each: self.judge(policy))


if __name__ == "__main__":
    unittest.main()
