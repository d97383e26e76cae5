# SPDX-License-Identifier: Apache-2.0
"""What stands before a Twilio that does nothing: Twindow in proxy mode, and its yardstick."""

import json
import shutil
import subprocess
import time
import urllib.request

import calls
import machine
from servers import ROOT, TOOLS, Failed, Nginx, Server, Twindow

PUBLIC_URL = "https://tw.example.com"
APP_URL = "https://app.example.com"


class Upstream(Nginx):
    """In Twilio's place: a static 201 with a SID of its own each time, plain and over TLS. Answers
    everything else so too, which is no answer to the questions that a proxy asks for itself."""

    name = "upstream"

    def __init__(self, folder):
        super().__init__(folder)
        self.tls_port = machine.free_port()
        self.certificate, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        made = subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split()
            + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            + ["-keyout", str(self.key), "-out", str(self.certificate)],
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            raise Failed(f"openssl made no certificate: {made.stderr}")

    def inside_http(self):
        answer = f"return 201 '{calls.static_answer(sid='SM$request_id')}';"
        secrets = f"    ssl_certificate {self.certificate};\n    ssl_certificate_key {self.key};\n"
        return self.listening(answer) + self.listening(
            answer, f"{self.tls_port} ssl", secrets + "    ssl_session_cache shared:all:8m;\n"
        )

    def url(self, tls):
        return f"https://127.0.0.1:{self.tls_port}" if tls else f"http://127.0.0.1:{self.port}"


class NginxProxy(Nginx):
    """proxy_pass with connections kept open; over TLS it looks at the certificate, as we do."""

    name = "nginx-proxy"

    def __init__(self, folder, upstream, tls):
        super().__init__(folder)
        self.upstream, self.tls = upstream, tls

    def inside_http(self):
        port = self.upstream.tls_port if self.tls else self.upstream.port
        location = (
            f"proxy_pass {'https' if self.tls else 'http'}://twilio; proxy_http_version 1.1;"
            ' proxy_set_header Connection "";'
        )
        trust = (
            f"    proxy_ssl_verify on;\n    proxy_ssl_name localhost;\n"
            f"    proxy_ssl_trusted_certificate {self.upstream.certificate};\n"
        )
        return (
            f"  upstream twilio {{\n    server 127.0.0.1:{port};\n    keepalive 4096;\n"
            "    keepalive_timeout 600;\n    keepalive_requests 1000000000;\n  }\n"
        ) + self.listening(location, more=trust if self.tls else "")


class TwindowProxy(Twindow):
    """Judges each send, keeps message and decision, writes its log; all windows are open."""

    def __init__(self, folder, upstream_url, store="memory", certificate=None, more=None):
        self.name = f"twindow-{store}"
        super().__init__(folder)
        self.store, self.control_port = store, machine.free_port()
        self.config = {
            "mode": "proxy",
            "upstream": upstream_url,
            "public_url": PUBLIC_URL,
            "tls": "off",
            "accounts": [{"sid": calls.account_sid(1), "auth_token": {"file": "token"}}],
        }
        self.config |= more or {}
        if certificate:
            self.config["upstream_ca"] = str(certificate)

    def command(self):
        file = self.folder / "twindow.json"
        file.write_text(json.dumps(self.config))
        (self.folder / "token").write_text(calls.TOKEN)
        words = [ROOT / "build/release/twindow", "serve", "--config", file]
        words += ["--listen", f"127.0.0.1:{self.port}", "--data", self.folder / "data"]
        words += ["--control", f"127.0.0.1:{self.control_port}"]
        words += ["--store", "sqlite:" if self.store == "sqlite" else self.store]
        return [str(word) for word in words]

    def start(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        took = super().start()
        self._open_windows()
        return took

    def _open_windows(self):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        rows = [
            f"{calls.SHOP},{calls.recipient_address(number)},{now}\n"
            for number in range(calls.RECIPIENTS)
        ]
        token = (self.folder / "data/control.token").read_text().strip()
        query = f"?account={calls.account_sid(1)}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control_port}/__admin/windows/import{query}",
            data="".join(rows).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "text/csv"},
        )
        with urllib.request.urlopen(request) as answer:
            imported = json.load(answer)["imported"]
        if imported != len(rows):
            raise Failed(f"{imported} windows were imported, not {len(rows)}")


class SlowUpstream(Server):
    """Twilio where it takes 200 ms for an answer, however many it is asked at once."""

    name = "slow-upstream"
    MILLISECONDS = 200

    def command(self):
        return [str(TOOLS / "bench_slow_upstream"), str(self.port), str(self.MILLISECONDS)]

    def url(self):
        return f"http://127.0.0.1:{self.port}"


class App(Nginx):
    """What the webhooks are for: takes each with a 204."""

    name = "app"

    def inside_http(self):
        return self.listening("if ($http_authorization) { return 201; } return 204;")
