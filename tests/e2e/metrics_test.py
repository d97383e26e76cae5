# SPDX-License-Identifier: Apache-2.0
"""/metrics of a running server, read as Prometheus reads it."""
import base64
import http.client
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from twindow_processes import PUBLIC_URL, FakeApp, Twindow

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
SHOP = "whatsapp:+14155550100"
ANA = "whatsapp:+5215512345678"
BEN = "whatsapp:+15555550123"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"

SERIES = {
    "twindow_http_requests": "counter",
    "twindow_http_request_duration_seconds": "histogram",
    "twindow_sends": "counter",
    "twindow_message_outcomes": "counter",
    "twindow_callbacks": "counter",
    "twindow_hooks": "counter",
    "twindow_store_commits": "counter",
    "twindow_config_reloads": "counter",
    "twindow_worlds": "gauge",
    "twindow_messages": "gauge",
    "twindow_windows_open": "gauge",
    "twindow_connections": "gauge",
    "twindow_event_streams": "gauge",
    "twindow_build_info": "gauge",
    "twindow_process_start_time_seconds": "gauge",
}


class Metrics(unittest.TestCase):
    def setUp(self):
        self.app = FakeApp()
        self.addCleanup(self.app.stop)
        self.server = Twindow("--clock", "manual", "--seed", "7",
                              "--deliver-to", f"{PUBLIC_URL}={self.app.url}")
        self.addCleanup(self.server.stop)

    def read(self):
        with urllib.request.urlopen(self.server.control + "/metrics") as answer:
            self.assertEqual(answer.headers["Content-Type"],
                             "text/plain; version=0.0.4; charset=utf-8")
            self.text = answer.read().decode()
        self.families = {f.name: f for f in text_string_to_metric_families(self.text)}
        return {(s.name, frozenset(s.labels.items())): s.value
                for f in self.families.values() for s in f.samples}

    def value(self, name, **labels):
        return self.read().get((name, frozenset(labels.items())), 0)

    def expect(self, wanted, name, **labels):
        """What is counted after the answer to a call may be a moment late."""
        until = time.monotonic() + 10
        while self.value(name, **labels) != wanted and time.monotonic() < until:
            pass
        self.assertEqual(self.value(name, **labels), wanted, (name, labels, self.text))

    def send(self, to, sender=SHOP, callback=f"{PUBLIC_URL}/status"):
        request = urllib.request.Request(
            f"{self.server.api}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            data=urllib.parse.urlencode({"To": to, "From": sender, "Body": "Hi",
                                         "StatusCallback": callback}).encode())
        request.add_header("Authorization",
                           "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode())
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def advance(self, by):
        self.server.ask("POST", "/__admin/clock/advance", {"by": by})

    def test_every_series_is_there_and_well_formed(self):
        self.read()
        self.assertEqual({f.name: f.type for f in self.families.values()}, SERIES)
        for name, family in self.families.items():
            self.assertTrue(family.documentation, name)
        self.assertTrue(self.text.endswith("\n"))

    def test_messages_callbacks_and_windows_are_counted_exactly(self):
        self.server.ask("POST", "/__admin/simulate/inbound-message",
                        {"AccountSid": ACCOUNT, "From": ANA, "To": SHOP, "Body": "hola"})
        self.assertEqual([self.send(ANA) for _ in range(3)], [201] * 3)
        self.assertEqual([self.send(BEN) for _ in range(2)], [201] * 2)
        self.assertEqual(self.send("nobody"), 400)
        self.assertEqual(self.send(BEN, callback="https://far.example.com/status"), 201)
        self.advance("5s")
        self.app.requests(3 * 2 + 2)
        answers = {"plane": "api", "route": MESSAGES, "method": "POST"}
        self.expect(6, "twindow_http_requests_total", **answers, status="201")
        self.expect(1, "twindow_http_requests_total", **answers, status="400")
        took = {"plane": "api", "route": MESSAGES}
        self.expect(7, "twindow_http_request_duration_seconds_count", **took)
        self.expect(7, "twindow_http_request_duration_seconds_bucket", **took, le="+Inf")
        self.expect(6, "twindow_sends_total", decision="accepted", code="")
        self.expect(1, "twindow_sends_total", decision="refused", code="21211")
        self.expect(3, "twindow_message_outcomes_total", status="delivered", code="")
        self.expect(3, "twindow_message_outcomes_total", status="undelivered", code="63016")
        self.expect(8, "twindow_callbacks_total", outcome="answered_2xx")
        self.expect(1, "twindow_callbacks_total", outcome="refused_egress")
        self.expect(0, "twindow_callbacks_total", outcome="connect_failed")
        self.expect(7, "twindow_messages")
        self.expect(1, "twindow_windows_open")
        self.expect(1, "twindow_worlds")
        # The inbound message with its window, 6 sends, 3 × (sent, delivered), 3 × undelivered, and a
        # note for each of 9 callbacks.
        self.expect(1 + 6 + 6 + 3 + 9, "twindow_store_commits_total")
        self.advance("24h")
        self.expect(0, "twindow_windows_open")
        self.assertEqual(self.value("twindow_build_info", version=self.version(), mode="simulate",
                                    store="memory"), 1)

    def version(self):
        return self.server.ask("GET", "/__admin/version")["version"]

    def test_the_buckets_of_a_histogram_grow_to_its_count(self):
        for _ in range(5):
            self.send(BEN)
        took = {"plane": "api", "route": MESSAGES}
        self.expect(5, "twindow_http_request_duration_seconds_count", **took)
        samples = self.families["twindow_http_request_duration_seconds"].samples
        mine = [s for s in samples if s.labels["route"] == MESSAGES]
        buckets = [(float(s.labels["le"]), s.value) for s in mine if "le" in s.labels]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual([v for _, v in buckets], sorted(v for _, v in buckets))
        self.assertEqual(buckets[-1], (float("inf"), 5))
        total = next(s.value for s in mine if s.name.endswith("_sum"))
        self.assertTrue(0 < total < 5 * 10, total)

    def test_an_app_that_fails_is_seen(self):
        urllib.request.urlopen(urllib.request.Request(
            self.app.url + "/__answer?status=500", data=b"", method="POST")).close()
        self.send(BEN)
        self.advance("5s")
        self.expect(1, "twindow_callbacks_total", outcome="answered_5xx")
        self.app.stop()
        self.send(BEN)
        self.advance("5s")
        self.expect(1, "twindow_callbacks_total", outcome="connect_failed")

    def test_what_callers_invent_makes_no_series(self):
        for path in ("/a", "/b", f"/2010-04-01/Accounts/{ACCOUNT}/Nothing", "/metrics"):
            with self.assertRaises(urllib.error.HTTPError) as raised:
                urllib.request.urlopen(urllib.request.Request(self.server.api + path,
                                                              method="GET"))
            self.assertEqual(raised.exception.code, 404)
        self.expect(4, "twindow_http_requests_total", plane="api", route="other", method="GET",
                    status="404")
        self.assertNotIn("AC0123", self.text)

    def test_readers_and_connections_are_seen_while_they_are_there(self):
        self.expect(0, "twindow_event_streams")
        self.expect(1, "twindow_connections", plane="control")  # this one
        self.expect(0, "twindow_connections", plane="api")
        kept = http.client.HTTPConnection(self.server.api.removeprefix("http://"))
        kept.request("GET", "/")
        kept.getresponse().read()
        with urllib.request.urlopen(self.server.control + "/__admin/events") as stream:
            stream.readline()
            self.expect(1, "twindow_event_streams")
            self.expect(2, "twindow_connections", plane="control")
            self.expect(1, "twindow_connections", plane="api")
        kept.close()
        self.expect(0, "twindow_connections", plane="api")
        # The server sees that a reader has gone when it has something to write.
        self.send(BEN)
        self.expect(0, "twindow_event_streams")


if __name__ == "__main__":
    unittest.main()
