# SPDX-License-Identifier: Apache-2.0
"""What a server keeps in SQLite is there when it is started again."""
import base64
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+5215512345678"


class Store(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.data = os.path.join(self.folder, "data")
        self.server = None
        self.addCleanup(self.stop)

    def start(self, *options):
        self.server = Twindow("--data", self.data, "--store", "sqlite:", "--seed", "7", *options)

    def stop(self):
        server, self.server = self.server, None
        return server.stop() if server else 0

    def kill(self):
        self.server.process.send_signal(signal.SIGKILL)
        self.stop()

    def twilio(self, method, path, **params):
        data = urllib.parse.urlencode(params).encode() if params else None
        request = urllib.request.Request(
            f"{self.server.api}/2010-04-01/Accounts/{ACCOUNT}{path}", data=data, method=method)
        request.add_header("Authorization",
                           "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode())
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def send(self, body):
        return self.twilio("POST", "/Messages.json", To=ANA, From=SHOP, Body=body)["sid"]

    def sids(self):
        return [m["sid"] for m in self.twilio("GET", "/Messages.json")["messages"]]

    def test_what_was_there_is_there_after_a_restart(self):
        self.start("--clock", "manual")
        inbound = self.server.ask("POST", "/__admin/simulate/inbound-message",
                                  {"AccountSid": ACCOUNT, "From": ANA, "To": SHOP, "Body": "hola"})
        first = self.send("one")
        self.server.ask("POST", "/__admin/clock/advance", {"by": "5s"})
        timeline = self.server.ask("GET", "/__admin/messages/" + first)["timeline"]
        windows = self.server.ask("GET", "/__admin/windows")
        self.assertEqual(self.server.ask("GET", "/__admin/info")["store"], "sqlite")
        self.assertEqual(self.stop(), 0)

        self.start("--clock", "manual")
        self.assertEqual(self.server.ask("GET", "/__admin/messages/" + first)["timeline"], timeline)
        again = self.server.ask("GET", "/__admin/windows")
        self.assertEqual([w["last_inbound"] for w in again["windows"]],
                         [w["last_inbound"] for w in windows["windows"]])
        self.assertEqual(self.twilio("GET", f"/Messages/{first}.json")["status"], "delivered")
        second = self.send("two")
        self.assertEqual(self.sids(), [second, first, inbound["MessageSid"]])
        self.server.ask("POST", "/__admin/clock/advance", {"by": "5s"})
        self.assertEqual(self.twilio("GET", f"/Messages/{second}.json")["status"], "delivered",
                         "the window is open still")

    def test_a_kill_loses_nothing_and_gives_no_sid_twice(self):
        sids = []
        for number in range(3):
            self.start()
            sids += [self.send(f"{number} {i}") for i in range(5)]
            self.kill()
        self.start()
        self.assertEqual(self.sids(), sids[::-1])
        self.assertEqual(len(set(sids)), 15)

    def test_a_reset_stays_one(self):
        self.start()
        first = self.send("one")
        self.server.ask("POST", "/__admin/reset")
        self.stop()
        self.start()
        self.assertEqual(self.sids(), [])
        self.assertEqual(self.send("one"), first, "SIDs begin anew")

    def test_the_file_is_its_owners_and_one_servers(self):
        self.start()
        file = os.path.join(self.data, "twindow.db")
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        second = subprocess.run(
            [os.environ["TWINDOW_BINARY"], "serve", "--listen", "127.0.0.1:0", "--control",
             "127.0.0.1:0", "--data", self.data, "--store", "sqlite:" + file],
            capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(second.returncode, 3)
        self.assertIn(f"the database {file} is in use by another process", second.stderr)

    def test_a_folder_that_is_not_there_is_named(self):
        file = os.path.join(self.folder, "nowhere", "x.db")
        ended = subprocess.run(
            [os.environ["TWINDOW_BINARY"], "serve", "--listen", "127.0.0.1:0", "--control",
             "127.0.0.1:0", "--data", self.data, "--store", "sqlite:" + file],
            capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(ended.returncode, 3)
        self.assertIn(f"the folder of the database {file} does not exist", ended.stderr)


if __name__ == "__main__":
    unittest.main()
