# SPDX-License-Identifier: Apache-2.0
"""Starts the program and the fake app, on ports that the system picks, and ends them."""
import json
import os
import re
import subprocess
import tempfile
import urllib.request

PUBLIC_URL = "https://app.example.com"
# Set by through_proxy.py: the data folder with the CA that the SDK knows.
PROXY_DATA = os.environ.get("TWINDOW_TEST_PROXY_DATA")


def _clean_environment():
    keep = dict(os.environ)
    for name in list(keep):
        if name.startswith(("TWINDOW_", "TWILIO_")) or name.lower().endswith("_proxy"):
            del keep[name]
    return keep


def _read_until(stream, pattern):
    text = ""
    for line in stream:
        text += line
        match = re.search(pattern, text)
        if match:
            return match
    raise AssertionError("ended too early:\n" + text)


def call(method, url, body=None, token=None):
    request = urllib.request.Request(url, method=method)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Twindow:
    def __init__(self, *options, stderr=os.devnull):
        self.folder = tempfile.TemporaryDirectory()
        if "--data" not in options:
            options = ("--data", PROXY_DATA or self.folder.name, *options)
        self.data = options[options.index("--data") + 1]
        log = open(stderr, "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.environ["TWINDOW_BINARY"], "serve", "--listen", "127.0.0.1:0",
             "--control", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=log, text=True, env=_clean_environment())
        log.close()
        match = _read_until(self.process.stdout,
                            r"Twilio API +(http:\S+)\n +Control page +(http:\S+)[\s\S]*Ctrl-C")
        self.api, self.control = match.groups()
        secure = re.search(r"Twilio over TLS +(https:\S+)", match.string)
        self.tls = secure.group(1) if secure else None
        hooks = re.search(r"Twilio's hooks +.* at (http:\S+)", match.string)
        self.hooks = hooks.group(1) if hooks else None

    def ask(self, method, path, body=None):
        return call(method, self.control + path, body, self._control_token())

    def _control_token(self):
        """The one that proxy mode makes and demands."""
        file = os.path.join(self.data, "control.token")
        if not os.path.exists(file):
            return None
        with open(file, encoding="utf-8") as text:
            return text.read().strip()

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        code = self.process.wait(20)
        self.folder.cleanup()
        return code


class FakeApp:
    def __init__(self):
        self.process = subprocess.Popen([os.environ["TWINDOW_FAKE_APP"]], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        port = _read_until(self.process.stdout, r"listening on (\d+)").group(1)
        self.url = "http://127.0.0.1:" + port

    def requests(self, count):
        return call("GET", f"{self.url}/__requests?count={count}")

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)
