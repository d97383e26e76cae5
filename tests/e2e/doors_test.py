# SPDX-License-Identifier: Apache-2.0
"""The ways in: TLS by name, CONNECT, the CA's files; with curl and openssl as clients."""
import json
import os
import re
import stat
import subprocess
import tempfile
import unittest

from twindow_processes import Twindow

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
BINARY = os.environ["TWINDOW_BINARY"]
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
SEND = ["--data-urlencode", "From=whatsapp:+14155550100", "--data-urlencode", "To=whatsapp:+15555550123",
        "-d", "Body=hi"]


def twindow(*arguments, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWINDOW_")}
    return subprocess.run([BINARY, *arguments], capture_output=True,
                          text=True, timeout=30, env=environment, check=False, **more)


def run(*command, given=""):
    return subprocess.run(command, capture_output=True, text=True, timeout=30, input=given,
                          check=False)


class Doors(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = os.path.join(folder.name, "state")
        self.config = os.path.join(folder.name, "twindow.json")
        self.certificate = os.path.join(folder.name, "exported.crt")

    def start(self, *options):
        self.server = Twindow("--data", self.data, *options)
        self.addCleanup(self.server.stop)
        self.export()

    def export(self):
        done = twindow("ca", "export", "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.certificate, "w", encoding="ascii") as out:
            out.write(done.stdout)

    def curl(self, *arguments):
        return run("curl", "-sS", "--cacert", self.certificate, "-u", f"{ACCOUNT}:{TOKEN}",
                   *arguments)

    def sent_by(self, *arguments):
        done = self.curl(*arguments, *SEND)
        self.assertEqual(done.returncode, 0, done.stderr)
        message = json.loads(done.stdout)
        self.assertEqual(message.get("status"), "queued", done.stdout)
        return message["sid"]

    def test_curl_sends_by_every_door(self):
        self.start()
        port = self.server.tls.rsplit(":", 1)[1]
        sids = [
            self.sent_by(self.server.api + MESSAGES),
            self.sent_by(self.server.api + "/api.twilio.com" + MESSAGES),
            self.sent_by("-H", "Host: api.twilio.com", self.server.api + MESSAGES),
            self.sent_by(self.server.tls + MESSAGES),
            self.sent_by("--resolve", f"api.twilio.com:{port}:127.0.0.1",
                         f"https://api.twilio.com:{port}{MESSAGES}"),
            self.sent_by("--resolve", f"api.dublin.ie1.twilio.com:{port}:127.0.0.1",
                         f"https://api.dublin.ie1.twilio.com:{port}{MESSAGES}"),
            self.sent_by("-x", self.server.api, "https://api.twilio.com" + MESSAGES),
            self.sent_by("-x", self.server.api, "--proxy1.0", self.server.api[len("http://"):],
                         "https://api.sydney.au1.twilio.com" + MESSAGES),
            self.sent_by("-x", self.server.api, "http://api.twilio.com" + MESSAGES),
        ]
        self.assertEqual(len(set(sids)), 9)
        listed = json.loads(self.curl(self.server.api + MESSAGES).stdout)["messages"]
        self.assertEqual([m["sid"] for m in listed], sids[::-1])

    def test_other_products_are_named_in_their_404(self):
        self.start()
        for url in ("https://studio.twilio.com/v2/Flows", "https://verify.twilio.com/v2/Services"):
            done = self.curl("-x", self.server.api, url)
            error = json.loads(done.stdout)
            self.assertEqual((error["status"], error["code"]), (404, 20404))
            self.assertIn(url[len("https://"):], error["message"])

    def test_the_proxy_is_for_twilio_only(self):
        self.start()
        done = self.curl("-v", "-x", self.server.api, "https://example.com/")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("403", done.stderr)
        self.assertRegex(done.stderr, r"Proxy-Status: twindow; .*connect\.tunnel")
        error = json.loads(self.curl("-x", self.server.api, "http://example.com/").stdout)
        self.assertEqual((error["status"], error["code"]), (403, 20403))
        self.assertIn("NO_PROXY", error["message"])

    def test_a_listed_host_is_tunnelled_to(self):
        other = Twindow("--data", self.data)
        self.addCleanup(other.stop)
        port = other.tls.rsplit(":", 1)[1]
        with open(self.config, "w", encoding="ascii") as out:
            json.dump({"connect": {"tunnel": [f"localhost:{port}"]}}, out)
        self.start("--config", self.config)
        done = self.curl("-x", self.server.api, f"https://localhost:{port}" + MESSAGES)
        self.assertEqual(json.loads(done.stdout)["messages"], [], done.stderr)

    def test_openssl_verifies_the_chain_and_no_other_name(self):
        self.start()
        address = self.server.tls[len("https://"):]
        for name in ("api.twilio.com", "messaging.dublin.ie1.twilio.com", "localhost", "twindow"):
            done = run("openssl", "s_client", "-connect", address, "-servername", name,
                       "-verify_hostname", name, "-verify_return_error", "-CAfile", self.certificate,
                       "-brief")
            self.assertIn("Verification: OK", done.stderr, name)
        done = run("openssl", "s_client", "-connect", address, "-servername", "example.com",
                   "-CAfile", self.certificate)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("unrecognized name", done.stderr)

    def test_the_ca_signs_for_nobody_else(self):
        self.export()
        folder = os.path.dirname(self.data)
        key, request, forged = (os.path.join(folder, n) for n in ("k.pem", "r.pem", "f.pem"))
        for name, verdict in (("example.com", "permitted subtree violation"),
                              ("api.twilio.com", "OK")):
            run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", key, "-out", request, "-subj", "/O=forged",
                "-addext", f"subjectAltName=DNS:{name}")
            run("openssl", "x509", "-req", "-in", request, "-CA", self.data + "/ca.crt", "-CAkey",
                self.data + "/ca.key", "-copy_extensions", "copy", "-days", "5", "-out", forged)
            done = run("openssl", "verify", "-CAfile", self.certificate, forged)
            self.assertIn(verdict, done.stdout + done.stderr, name)

    def test_the_key_is_for_its_owner_only(self):
        self.export()
        self.assertEqual(stat.S_IMODE(os.stat(self.data + "/ca.key").st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode), 0o700)
        os.chmod(self.data + "/ca.key", 0o644)
        done = twindow("ca", "export", "--data", self.data)
        self.assertEqual(done.returncode, 3)
        self.assertIn("0600", done.stderr)

    def test_processes_that_start_at_once_agree_on_one_ca(self):
        command = [BINARY, "ca", "export", "--data", self.data]
        for _ in range(5):
            started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(6)]
            printed = {p.communicate(timeout=30)[0] for p in started}
            self.assertEqual(len(printed), 1)
            self.assertIn(b"BEGIN CERTIFICATE", printed.pop())
            os.remove(self.data + "/ca.crt")
            os.remove(self.data + "/ca.key")

    def test_a_renewed_ca_reaches_the_running_server(self):
        self.start()
        self.sent_by(self.server.tls + MESSAGES)
        done = twindow("ca", "renew", "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(self.curl(self.server.tls + MESSAGES).returncode, 0)
        self.export()
        self.sent_by(self.server.tls + MESSAGES)
        served = twindow("ca", "export", "--server", self.server.control)
        with open(self.certificate, encoding="ascii") as exported:
            self.assertEqual(served.stdout, exported.read())

    def test_more_names_are_in_a_ca_made_with_them(self):
        self.export()
        with open(self.config, "w", encoding="ascii") as out:
            json.dump({"tls": {"names": ["twilio.test"], "ips": ["192.0.2.7"]}}, out)
        refused = twindow("--config", self.config, "--data", self.data, "--listen", "127.0.0.1:0",
                          "--control", "127.0.0.1:0")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("twilio.test", refused.stderr)
        self.assertIn("ca renew", refused.stderr)
        done = twindow("ca", "renew", "--data", self.data, "--config", self.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.start("--config", self.config)
        port = self.server.tls.rsplit(":", 1)[1]
        self.sent_by("--resolve", f"api.twilio.test:{port}:127.0.0.1",
                     f"https://api.twilio.test:{port}{MESSAGES}")

    def test_an_own_ca_is_used_and_never_renewed(self):
        folder = os.path.dirname(self.data)
        key, own = os.path.join(folder, "own.key"), os.path.join(folder, "own.crt")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", own,
            "-subj", "/CN=ours", "-days", "5", "-addext", "keyUsage=keyCertSign")
        self.server = Twindow("--data", self.data, "--ca-cert", own, "--ca-key", key)
        self.addCleanup(self.server.stop)
        self.certificate = own
        self.sent_by("-x", self.server.api, "https://api.twilio.com" + MESSAGES)
        with open(self.config, "w", encoding="ascii") as out:
            json.dump({"ca_cert": own, "ca_key": key}, out)
        done = twindow("ca", "renew", "--config", self.config)
        self.assertEqual(done.returncode, 1)
        self.assertIn("your own", done.stderr)
        self.assertFalse(os.path.exists(self.data + "/ca.key"))
        mismatched = twindow("--ca-cert", own, "--ca-key", own, "--listen", "127.0.0.1:0",
                             "--control", "127.0.0.1:0")
        self.assertEqual(mismatched.returncode, 1)
        self.assertIn("own.crt", mismatched.stderr)

    def test_a_taken_tls_port_is_an_error_only_if_it_was_asked_for(self):
        self.start()
        taken = self.server.tls[len("https://"):]
        done = twindow("--tls", taken, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
        self.assertEqual(done.returncode, 3)
        self.assertIn(taken, done.stderr)
        without = Twindow("--tls", "off")
        self.addCleanup(without.stop)
        self.assertIsNone(without.tls)
        self.assertEqual(without.ask("GET", "/__admin/info")["tls"], "")

    def test_http_on_the_tls_port_is_told_so(self):
        self.start()
        done = run("curl", "-sS", self.server.tls.replace("https:", "http:") + "/")
        self.assertIn("TLS", json.loads(done.stdout)["message"])
        self.assertTrue(re.search(r"https", done.stdout))


if __name__ == "__main__":
    unittest.main()
