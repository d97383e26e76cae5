# SPDX-License-Identifier: Apache-2.0
"""A send through Twindow in proxy mode, beside nginx proxy_pass and no proxy at all."""

import contextlib
from dataclasses import dataclass, field

import calls
import load
import machine
from proxies import NginxProxy, SlowUpstream, TwindowProxy, Upstream
from report import Target, median, table
from servers import running

CONNECTIONS = (1, 64, 512)
RATE = 2000  # of the open loop, a second
OPEN_CONNECTIONS = 32
AT_ONCE = 2000  # sends that wait for a slow Twilio
KINDS = ("direct", "nginx", "memory", "sqlite")


@dataclass
class Case:
    connections: int
    tls: bool
    closed: dict = field(default_factory=dict)  # by kind, a dict of figures for each round

    @property
    def name(self):
        return f"{self.connections}{', TLS' if self.tls else ''}"

    def median(self, kind, figure):
        return median([one[figure] for one in self.closed[kind]])

    def ratio(self, kind):
        """Of throughput to nginx's; the median over the rounds of the ratio inside each."""
        pairs = zip(self.closed[kind], self.closed["nginx"])
        return median([one["rate"] / two["rate"] for one, two in pairs])


@contextlib.contextmanager
def _server(folder, kind, upstream, tls):
    """What the load is sent to; a new process each time, but for the upstream itself."""
    if kind == "direct":
        yield upstream
        return
    if kind == "nginx":
        server = NginxProxy(folder, upstream, tls)
    else:
        server = TwindowProxy(folder, upstream.url(tls), kind, upstream.certificate)
    with running(server):
        yield server


def closed_loop(folder, rounds, seconds, say):
    requests = calls.write_calls(folder / "requests")
    cases = [Case(count, tls) for tls in (False, True) for count in CONNECTIONS]
    with running(Upstream(folder)) as upstream:
        for turn in range(rounds):
            for case in cases:
                say(f"proxied, round {turn + 1} of {rounds}: {case.name}")
                # Nobody needs to hear how fast the load generator's own TLS would be.
                for kind in KINDS[1 if case.tls else 0 :]:
                    with _server(folder, kind, upstream, case.tls) as server:
                        found = load.closed_loop(server, requests, case.connections, seconds)
                    case.closed.setdefault(kind, []).append(found)
    return cases


def open_loop(folder, rounds, seconds, say):
    """By TLS and kind, a dict of figures for each round."""
    requests = calls.write_calls(folder / "requests")
    found = {}
    with running(Upstream(folder)) as upstream:
        for turn in range(rounds):
            for tls in (False, True):
                say(f"proxied at {RATE}/s, round {turn + 1} of {rounds}{', TLS' if tls else ''}")
                for kind in KINDS[1 if tls else 0 :]:
                    with _server(folder, kind, upstream, tls) as server:
                        load.open_loop(server, requests, OPEN_CONNECTIONS, RATE, 0.5)
                        one = load.open_loop(server, requests, OPEN_CONNECTIONS, RATE, seconds)
                    found.setdefault((tls, kind), []).append(one)
    return found


def slow_upstream(folder, seconds, say):
    """As many sends at once as wait for a Twilio that takes 200 ms."""
    say(f"proxied: {AT_ONCE} sends at once, {SlowUpstream.MILLISECONDS} ms each")
    requests = calls.write_calls(folder / "requests")
    with running(SlowUpstream(folder)) as upstream:
        with running(TwindowProxy(folder, upstream.url())) as server:
            return load.open_loop(server, requests, AT_ONCE, 0, seconds)


def measure(folder, rounds, seconds, say):
    return {
        "closed": closed_loop(folder, rounds, seconds, say),
        "open": open_loop(folder, rounds, seconds, say),
        "slow": slow_upstream(folder, seconds, say),
        "sync_us": machine.sync_us(folder),
    }


def _open_median(found, tls, kind, figure):
    return median([one[figure] for one in found["open"][tls, kind]])


def _more_than_nginx(found, tls, kind):
    pairs = zip(found["open"][tls, kind], found["open"][tls, "nginx"])
    return median([one["p50_us"] - two["p50_us"] for one, two in pairs])


def raw(found):
    """All of it as JSON takes it."""
    by_name = {kind + (", TLS" if tls else ""): runs for (tls, kind), runs in found["open"].items()}
    return {
        "closed": {case.name: case.closed for case in found["closed"]},
        "open": by_name,
        "slow": found["slow"],
        "sync_us": found["sync_us"],
    }


def to_table(found):
    rows = []
    for case in found["closed"]:
        direct = "" if case.tls else f"{case.median('direct', 'rate'):,.0f}"
        rates = [f"{case.median(kind, 'rate'):,.0f}" for kind in KINDS[1:]]
        ratios = [f"{case.ratio(kind):.2f}" for kind in KINDS[2:]]
        cpu = [f"{case.median(kind, 'cpu_us'):.1f}" for kind in KINDS[1:]]
        p99 = [f"{case.median(kind, 'p99_us'):.0f}" for kind in KINDS[1:]]
        rows.append([case.name, direct, *rates, *ratios, *cpu, *p99])
    head = ["proxied, connections", "direct /s", "nginx /s", "memory /s", "SQLite /s"]
    head += ["× nginx", "SQLite × nginx", "nginx CPU µs", "CPU µs", "SQLite CPU µs"]
    head += ["nginx p99 µs", "p99 µs", "SQLite p99 µs"]
    return table(head, rows) + "\n\n" + _open_table(found)


def _open_table(found):
    figures = ("p50_us", "p99_us")
    direct = {figure: _open_median(found, False, "direct", figure) for figure in figures}
    rows = []
    for tls, kind in found["open"]:
        p50, p99 = (_open_median(found, tls, kind, figure) for figure in direct)
        added = [f"{p50 - direct['p50_us']:.0f}", f"{p99 - direct['p99_us']:.0f}"]
        name = kind + (", TLS" if tls else "")
        rows.append([name, f"{p50:.0f}", f"{p99:.0f}", *(added if kind != "direct" else ["", ""])])
    slow = found["slow"]
    rows.append(
        [f"{AT_ONCE:,} at once, {SlowUpstream.MILLISECONDS} ms each"]
        + [f"{slow['p50_us']:,.0f}", f"{slow['p99_us']:,.0f}"]
        + [f"{slow[p] - SlowUpstream.MILLISECONDS * 1000:,.0f}" for p in ("p50_us", "p99_us")]
    )
    head = [f"proxied at {RATE:,}/s", "p50 µs", "p99 µs", "added p50", "added p99"]
    return table(head, rows)


def targets(found):
    all_targets = []
    for case in found["closed"]:
        if case.connections != 64:
            continue
        what = f"proxied, 64{', TLS' if case.tls else ''}"
        all_targets += [
            Target(f"{what}, × nginx proxy_pass", "≥", 0.6, case.ratio("memory")),
            Target(f"{what}, SQLite, × nginx proxy_pass", "≥", 0.4, case.ratio("sqlite")),
        ]
    for tls in (False, True):
        what = f"proxied at {RATE:,}/s{', TLS' if tls else ''}"
        memory, sqlite = (_more_than_nginx(found, tls, kind) for kind in ("memory", "sqlite"))
        with_sync = round(60 + found["sync_us"])
        all_targets += [
            Target(f"{what}, p50 above nginx's", "≤", 60, memory, "µs"),
            Target(f"{what}, SQLite, the same with one fsync", "≤", with_sync, sqlite, "µs"),
        ]
    ours = [one for case in found["closed"] for kind in KINDS[2:] for one in case.closed[kind]]
    ours += [one for (_, kind), runs in found["open"].items() if kind in KINDS[2:] for one in runs]
    ours.append(found["slow"])
    return all_targets + [
        Target(f"{AT_ONCE:,} sends at once, served", "≥", AT_ONCE, found["slow"]["served"]),
        Target("proxied, failed calls of all runs", "≤", 0, sum(one["failed"] for one in ours)),
    ]
