# SPDX-License-Identifier: Apache-2.0
"""Webhooks of Twilio's: how many are acknowledged, each after its commit; and template matching."""

import json
import subprocess

import calls
import load
from proxies import APP_URL, PUBLIC_URL, App, TwindowProxy
from report import Target, median, table
from servers import TOOLS, Failed, running

OUTSTANDING = 64
MOST_A_SECOND = 40_000  # different webhooks are prepared for; then they come again


def _status(number):
    return calls.status_call(PUBLIC_URL, APP_URL + "/status", number)


def _inbound(number):
    return calls.inbound_call(PUBLIC_URL, number)


# The first waits for the app after its answer, the second has none, the third before its answer.
KINDS = {
    "status, then told to the app": (_status, False),
    "message, no app": (_inbound, False),
    "message, with the app's answer": (_inbound, True),
}


def _write(file, call, count):
    with file.open("w", newline="") as out:
        for number in range(1, count + 1):
            out.write(call(number) + ("\0" if number < count else ""))
    return file


def measure(folder, rounds, seconds, say):
    """By kind, a dict of figures for each round; SQLite is the store."""
    found = {}
    with running(App(folder)) as app:
        app_url = f"http://127.0.0.1:{app.port}"
        deliver = {"callbacks": {"deliver_to": {APP_URL: app_url}}}
        for kind, (call, answered_by_app) in KINDS.items():
            requests = _write(folder / "hooks", call, MOST_A_SECOND * seconds)
            to_app = {"inbound_url": APP_URL + "/in"} if answered_by_app else {}
            for turn in range(rounds):
                say(f"webhooks, round {turn + 1} of {rounds}: {kind}")
                # Nothing is sent on; the app stands there for a start that is looked at.
                server = TwindowProxy(folder, app_url, "sqlite", more=deliver | to_app)
                with running(server):
                    one = load.open_loop(server, requests, OUTSTANDING, 0, seconds)
                found.setdefault(kind, []).append(one)
    return found


def template_match_us():
    """Of 10,000 templates, none alike, the one that fits."""
    done = subprocess.run(
        [str(TOOLS / "bench_templates"), "--benchmark_filter=^fit/varied$"]
        + ["--benchmark_format=json"],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise Failed(f"bench_templates: {done.stderr[-2000:]}")
    (row,) = json.loads(done.stdout)["benchmarks"]
    return row["cpu_time"] / 1000  # of nanoseconds


def _median(found, kind, figure):
    return median([one[figure] for one in found[kind]])


def to_table(found):
    rows = [
        [
            kind,
            f"{_median(found, kind, 'rate'):,.0f}",
            f"{_median(found, kind, 'cpu_us'):.1f}",
            f"{_median(found, kind, 'p50_us'):,.0f}",
            f"{_median(found, kind, 'p99_us'):,.0f}",
        ]
        for kind in found
    ]
    head = [f"webhooks, {OUTSTANDING} outstanding, SQLite", "acknowledged /s", "CPU µs"]
    return table(head + ["p50 µs", "p99 µs"], rows)


def targets(found, match_us):
    status, message, _ = KINDS
    failed = sum(one["failed"] for runs in found.values() for one in runs)
    return [
        Target("webhooks of statuses /s", "≥", 20_000, _median(found, status, "rate")),
        Target("webhooks of messages /s", "≥", 20_000, _median(found, message, "rate")),
        Target("webhooks, failed", "≤", 0, failed),
        Target("a body's template of 10,000", "≤", 10, match_us, "µs"),
    ]
