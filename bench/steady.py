# SPDX-License-Identifier: Apache-2.0
"""Latency at 2,000 sends a second, and what idle and slow clients do to it: open loop."""

import calls
import load
import machine
from report import Target, median, table
from servers import Nginx, Twindow, running

RATE = 2000
CONNECTIONS = 32
IDLE = (4000, 4000)
SLOW = 500


def _warm_up(server, requests):
    load.open_loop(server, requests, CONNECTIONS, RATE, 0.5)


def _runs(server, requests, rounds, seconds):
    return [
        load.open_loop(server, requests, CONNECTIONS, RATE, seconds) for _ in range(rounds)
    ]


def latency(folder, rounds, seconds, say):
    """By server, a dict of figures for each round."""
    requests = calls.write_calls(folder / "requests")
    found = {"twindow": [], "nginx": []}
    with running(Nginx(folder)) as nginx, running(Twindow(folder)) as twindow:
        for turn in range(rounds):
            say(f"open loop at {RATE}/s, round {turn + 1} of {rounds}")
            for server in (twindow, nginx):
                _warm_up(server, requests)
                figures = load.open_loop(server, requests, CONNECTIONS, RATE, seconds)
                found[server.name].append(figures)
    return found


def idle(folder, rounds, seconds, say):
    """Service before and while 8,000 connections are held, and what each of them costs."""
    say(f"{sum(IDLE)} idle connections")
    requests = calls.write_calls(folder / "requests")
    with running(Twindow(folder)) as twindow:
        _warm_up(twindow, requests)
        without = _runs(twindow, requests, rounds, seconds)
        before = machine.settled_resident_kib(twindow.process.pid)
        # What they asked for is not kept: the growth is that of the connections alone.
        look = calls.write_look(folder / "look")
        with load.clients("bench_idle_clients", twindow, look, IDLE) as clients:
            after = machine.settled_resident_kib(twindow.process.pid)
            beside = _runs(twindow, requests, rounds, seconds)
            still_open = sum(client.end()["open"] for client in clients)
    return {
        "kib_each": (after - before) / sum(IDLE),
        "open": still_open,
        "without": without,
        "beside": beside,
    }


def slow(folder, rounds, seconds, say):
    """p99 of normal traffic, without and beside slow senders, for each round."""
    requests = calls.write_calls(folder / "requests")
    found = []
    with running(Twindow(folder)) as twindow:
        _warm_up(twindow, requests)
        for turn in range(rounds):
            say(f"{SLOW} slow senders, round {turn + 1} of {rounds}")
            without = load.open_loop(twindow, requests, CONNECTIONS, RATE, seconds)
            with load.clients("bench_slow_senders", twindow, requests, [SLOW]) as clients:
                beside = load.open_loop(twindow, requests, CONNECTIONS, RATE, seconds)
                dripped = clients[0].end()
            found.append({"without": without, "beside": beside, "dripped": dripped})
    return found


def _median(rows, figure):
    return median([row[figure] for row in rows])


def to_table(found, idle_found, slow_found):
    rows = [
        [name, f"{_median(runs, 'p50_us'):.0f}", f"{_median(runs, 'p99_us'):.0f}"]
        for name, runs in found.items()
    ]
    for label, key in (("twindow, again", "without"), (f"beside {sum(IDLE):,} idle", "beside")):
        runs = idle_found[key]
        rows.append([label, f"{_median(runs, 'p50_us'):.0f}", f"{_median(runs, 'p99_us'):.0f}"])
    for label, key in (("twindow, again", "without"), (f"beside {SLOW} slow senders", "beside")):
        runs = [one[key] for one in slow_found]
        rows.append([label, f"{_median(runs, 'p50_us'):.0f}", f"{_median(runs, 'p99_us'):.0f}"])
    return table([f"open loop at {RATE:,}/s", "p50 µs", "p99 µs"], rows)


def targets(found, idle_found, slow_found):
    pairs = zip(found["twindow"], found["nginx"])
    more = median([one["p50_us"] - two["p50_us"] for one, two in pairs])
    idle_p99 = _median(idle_found["beside"], "p99_us") / _median(idle_found["without"], "p99_us")
    slow_p99 = median([one["beside"]["p99_us"] / one["without"]["p99_us"] for one in slow_found])
    runs = found["twindow"] + idle_found["without"] + idle_found["beside"]
    runs += [one[key] for one in slow_found for key in ("without", "beside")]
    return [
        Target("open loop, p50 above nginx's", "≤", 40, more, "µs"),
        Target("idle connections still open", "≥", sum(IDLE), idle_found["open"]),
        Target("idle connection, resident", "≤", 5, idle_found["kib_each"], "KiB"),
        Target("p99 beside idle connections, × without", "≤", 2, idle_p99),
        Target("p99 beside slow senders, × without", "≤", 2, slow_p99),
        Target("open loop, calls without an answer", "≤", 0, sum(one["failed"] for one in runs)),
    ]
