# SPDX-License-Identifier: Apache-2.0
"""A configuration file that changes under a running server."""
import base64
import json
import os
import re
import shutil
import signal
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from twindow_processes import PUBLIC_URL, FakeApp, Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
SECOND = "whatsapp:+14155550101"
BEN = "whatsapp:+15555550123"


def until(wanted, seconds=10):
    """Asks again and again, for a bounded time; what it said last."""
    end = time.monotonic() + seconds
    said = wanted()
    while not said and time.monotonic() < end:
        said = wanted()
    return said


class Reload(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = os.path.join(self.folder, "twindow.json")
        self.app = FakeApp()
        self.addCleanup(self.app.stop)

    def write(self, config, name="twindow.json"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(config if isinstance(config, str) else json.dumps(config))
        return path

    def replace(self, config):
        """As editors do: another file is written and takes the place of this one."""
        os.rename(self.write(config, ".twindow.json.swp"), self.file)

    def start(self, config, *options):
        self.write(config)
        self.log = os.path.join(self.folder, "log")
        self.server = Twindow("--config", self.file, "--clock", "manual", *options,
                              stderr=self.log)
        self.addCleanup(self.server.stop)

    def logged(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def reloads(self, result):
        with urllib.request.urlopen(self.server.control + "/metrics") as answer:
            text = answer.read().decode()
        return int(re.search(rf'^twindow_config_reloads_total{{result="{result}"}} (\d+)$', text,
                             re.MULTILINE).group(1))

    def hang_up(self, result="ok"):
        """SIGHUP, and waits until the file was read."""
        before = self.reloads(result)
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: self.reloads(result) > before), self.logged())

    def send(self, sender=SHOP, token=TOKEN, **more):
        request = urllib.request.Request(
            f"{self.server.api}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            data=urllib.parse.urlencode({"To": BEN, "From": sender, "Body": "Hi", **more}).encode())
        request.add_header("Authorization",
                           "Basic " + base64.b64encode(f"{ACCOUNT}:{token}".encode()).decode())
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read())["sid"]
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())["code"]

    def account(self, **more):
        return {"accounts": [{"sid": ACCOUNT, "auth_token": TOKEN, **more}]}

    def senders(self):
        accounts = self.server.ask("GET", f"/__admin/senders?account={ACCOUNT}")["accounts"]
        return [s["address"] for s in accounts[0]["senders"]] if accounts else None

    def test_an_account_changes_while_its_world_lives(self):
        self.start(self.account(senders=[{"address": SHOP}]))
        self.assertEqual(self.send()[0], 201)
        self.assertEqual(self.send(SECOND), (400, 63007))
        new = "fedcba9876543210fedcba9876543210"
        self.write({"accounts": [{"sid": ACCOUNT, "auth_token": new,
                                  "senders": [{"address": SECOND}]}]})
        self.hang_up()
        self.assertEqual(self.send(SECOND), (401, 20003))
        self.assertEqual(self.send(SECOND, new)[0], 201)
        self.assertEqual(self.send(SHOP, new), (400, 63007))
        self.assertEqual(self.senders(), [SECOND])

    def test_senders_that_were_set_by_hand_stay_until_the_file_has_others(self):
        self.start(self.account(senders=[{"address": SHOP}]))
        self.server.ask("PUT", f"/__admin/senders?account={ACCOUNT}",
                        {"senders": [{"address": SECOND}]})
        self.write({**self.account(senders=[{"address": SHOP}],
                                   status_callback=f"{PUBLIC_URL}/all"),
                    "callbacks": {"deliver_to": {PUBLIC_URL: self.app.url}}})
        self.hang_up()
        self.assertEqual(self.senders(), [SECOND])
        self.send(SECOND)
        self.server.ask("POST", "/__admin/clock/advance", {"by": "5s"})
        self.assertEqual([r["target"] for r in self.app.requests(1)], ["/all"])
        third = "whatsapp:+14155550102"
        self.write(self.account(senders=[{"address": third}]))
        self.hang_up()
        self.assertEqual(self.senders(), [third])

    def test_an_editor_replaces_the_file_and_nobody_sends_a_signal(self):
        self.start({})
        deliver_to = lambda: self.server.ask("GET", "/__admin/info")["deliver_to"]
        for number in range(3):
            wanted = {f"https://app{number}.example.com": self.app.url}
            self.replace({"callbacks": {"deliver_to": wanted}})
            self.assertTrue(until(lambda: deliver_to() == wanted), self.logged())
            self.assertTrue(until(lambda: self.reloads("ok") == number + 1))
        self.write({"callbacks": {"deliver_to": {PUBLIC_URL: self.app.url}}})
        self.assertTrue(until(lambda: PUBLIC_URL in deliver_to()), "written in place")
        self.send(StatusCallback=PUBLIC_URL + "/status")
        self.server.ask("POST", "/__admin/clock/advance", {"by": "5s"})
        self.assertEqual(self.app.requests(1)[0]["target"], "/status")
        self.assertEqual(self.reloads("refused"), 0)

    def test_a_broken_file_is_refused_and_the_old_one_stays(self):
        good = {"callbacks": {"deliver_to": {PUBLIC_URL: self.app.url}},
                **self.account(senders=[{"address": SHOP}])}
        self.start(good)
        self.write('{ "callbacks": { "deliver_to": {} },\n  "max_messages": "many" }')
        self.hang_up("refused")
        self.assertTrue(until(lambda: "stays in force" in self.logged()))
        self.assertIn(f'{self.file}:2:19: max_messages: found "many", expected a whole number',
                      self.logged())
        self.replace("{ nonsense")
        self.assertTrue(until(lambda: f"{self.file}:1:3: " in self.logged()), self.logged())
        info = self.server.ask("GET", "/__admin/info")
        self.assertEqual(info["deliver_to"], {PUBLIC_URL: self.app.url})
        self.assertEqual(self.send(SECOND), (400, 63007))
        self.write(good)
        self.hang_up()
        self.assertEqual(self.send()[0], 201)

    def test_what_needs_a_restart_is_named_and_kept(self):
        self.start({})
        before = self.server.ask("GET", "/__admin/info")
        self.write({"seed": 99, "max_messages": 1, "log": "json",
                    "profile": {"window_closed": "failed"}})
        self.hang_up()
        self.assertTrue(until(lambda: "kept until a restart" in self.logged()), self.logged())
        self.assertIn("kept until a restart: seed, max_messages, log\n",
                      self.logged())
        self.assertIn("taken: profile.window_closed", self.logged())
        sids = [self.send()[1] for _ in range(3)]
        self.server.ask("POST", "/__admin/clock/advance", {"by": "5s"})
        after = self.server.ask("GET", "/__admin/info")
        self.assertEqual((after["seed"], after["counts"]["messages"]), (before["seed"], 3))
        shown = [self.server.ask("GET", "/__admin/messages/" + sid)["status"] for sid in sids]
        self.assertEqual(shown, ["failed"] * 3)

    def test_flags_still_win(self):
        self.start({}, "--deliver-to", f"{PUBLIC_URL}={self.app.url}")
        self.write({"callbacks": {"deliver_to": {PUBLIC_URL: "http://127.0.0.1:1"}},
                    "control": {"hosts": ["tw.example.com"]}})
        self.hang_up()
        self.assertEqual(self.server.ask("GET", "/__admin/info")["deliver_to"],
                         {PUBLIC_URL: self.app.url})
        request = urllib.request.Request(self.server.control + "/livez",
                                         headers={"Host": "tw.example.com"})
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(answer.status, 200)

    def test_a_server_without_a_file_lives_through_a_hangup(self):
        self.log = os.path.join(self.folder, "log")
        self.server = Twindow(stderr=self.log)
        self.addCleanup(self.server.stop)
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: "no configuration file to read again" in self.logged()))
        self.assertEqual(self.send()[0], 201)


if __name__ == "__main__":
    unittest.main()
