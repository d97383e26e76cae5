# SPDX-License-Identifier: Apache-2.0
"""Debian's php-symfony-twilio-notifier, over TLS: PHP, and Twilio's API read by others than Twilio."""
import json
import os
import subprocess
import tempfile
import unittest
from urllib.parse import urlsplit

from twilio.rest import Client

from twindow_processes import Twindow

HERE = os.path.dirname(os.path.abspath(__file__))
ACCOUNT, TOKEN = "AC" + "6" * 32, "0123456789abcdef0123456789abcdef"
SHOP, ANA = "+14155550100", "+15558675310"


class Symfony(unittest.TestCase):
    def setUp(self):
        self.server = Twindow("--clock", "manual")
        self.addCleanup(self.server.stop)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.certificate = os.path.join(self.folder.name, "ca.crt")
        with open(self.certificate, "wb") as out:
            subprocess.run([os.environ["TWINDOW_BINARY"], "ca", "export", "--data", self.server.data],
                           stdout=out, check=True)
        self.sdk = Client(ACCOUNT, TOKEN)
        self.sdk.api.base_url = self.server.api

    def send(self, *calls):
        where = urlsplit(self.server.tls)
        environment = {"PATH": os.environ["PATH"], "CA_FILE": self.certificate, "TWILIO_ACCOUNT_SID": ACCOUNT,
                       "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_HOST": where.hostname, "TWILIO_PORT": str(where.port)}
        done = subprocess.run(["php", os.path.join(HERE, "symfony.php")], input=json.dumps(calls),
                              env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_a_message(self):
        first, second = self.send([SHOP, ANA, "Olá 👋"], ["ACME", "+447400123456", "x" * 161])
        sent = self.sdk.messages(first["sid"]).fetch()
        self.assertEqual([sent.body, sent.from_, sent.to, sent.status, sent.num_segments],
                         ["Olá 👋", SHOP, ANA, "queued", "1"])
        sent = self.sdk.messages(second["sid"]).fetch()
        self.assertEqual([sent.from_, sent.num_segments], ["ACME", "2"])
        self.server.ask("POST", f"/__admin/clock/advance?account={ACCOUNT}", {"by": "5s"})
        self.assertEqual(self.sdk.messages(first["sid"]).fetch().status, "delivered")

    def test_refusals(self):
        self.send([SHOP, ANA, "Hi"])
        self.server.ask("POST", f"/__admin/simulate/inbound-message?account={ACCOUNT}",
                        {"From": ANA, "To": SHOP, "Body": "STOP"})
        refused = self.send([SHOP, ANA, "Hi"], [SHOP, "Ana", "Hi"], [SHOP, SHOP, "Hi"], [SHOP, ANA, "x" * 1601])
        self.assertEqual([(each["status"], each["code"]) for each in refused],
                         [(400, 21610), (400, 21211), (400, 21266), (400, 21617)])
        for each in refused:
            self.assertIn(f"https://www.twilio.com/docs/errors/{each['code']}", each["message"])


if __name__ == "__main__":
    unittest.main()
