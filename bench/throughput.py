# SPDX-License-Identifier: Apache-2.0
"""How many sends in a second, beside nginx and Prism: closed loop, by wrk."""

from dataclasses import dataclass, field

import calls
import load
from report import Target, median, table
from servers import Nginx, Prism, Twindow, running


@dataclass
class Case:
    name: str
    connections: int
    accounts: int = 1
    headers: tuple = ()
    prism: bool = False  # is measured too
    found: dict = field(default_factory=dict)  # by server, a dict of figures for each round

    def median(self, server, figure):
        return median([one[figure] for one in self.found[server]])

    def ratio(self, server, other, figure="rate"):
        """The median over the rounds of the ratio inside each: what disturbs one disturbs both."""
        pairs = zip(self.found[server], self.found[other])
        return median([one[figure] / two[figure] for one, two in pairs])


def cases():
    return [
        Case("1 connection", 1, prism=True),
        Case("64 connections", 64, prism=True),
        # Right behind the case that it is compared with: machines get warm.
        Case("64, Accept-Encoding", 64, headers=("Accept-Encoding: gzip, br",)),
        Case("512 connections", 512, prism=True),
        Case("64 accounts, 1 connection", 1, accounts=64),
        Case("64 accounts, 64 connections", 64, accounts=64, prism=True),
        Case("64 accounts, 512 connections", 512, accounts=64),
        Case("64, Connection: close", 64, headers=("Connection: close",)),
    ]


def measure(folder, rounds, seconds, say):
    every = cases()
    nginx, prism = Nginx(folder), Prism(folder)
    with running(nginx), running(prism):
        for turn in range(rounds):
            for case in every:
                say(f"throughput, round {turn + 1} of {rounds}: {case.name}")
                _measure_case(folder, case, nginx, prism, seconds)
    return every


def _measure_case(folder, case, nginx, prism, seconds):
    requests = calls.write_calls(folder / "requests", case.accounts, case.headers)
    # A new one for each run: what an earlier run left to do is not done in this one.
    with running(Twindow(folder)) as twindow:
        servers = [twindow, nginx] + ([prism] if case.prism else [])
        for server in servers:
            found = load.closed_loop(server, requests, case.connections, seconds)
            case.found.setdefault(server.name, []).append(found)


def every_client_served(folder, seconds, say):
    """A closed loop of 512 that counts what each connection got."""
    say("throughput: every client of 512 is served")
    requests = calls.write_calls(folder / "requests")
    with running(Twindow(folder)) as twindow:
        return load.open_loop(twindow, requests, 512, 0, seconds)


def to_table(every):
    rows = []
    for case in every:
        prism = f"{case.ratio('twindow', 'prism'):.0f}" if case.prism else ""
        rows.append(
            [
                case.name,
                f"{case.median('twindow', 'rate'):,.0f}",
                f"{case.median('nginx', 'rate'):,.0f}",
                f"{case.median('prism', 'rate'):,.0f}" if case.prism else "",
                f"{case.ratio('twindow', 'nginx'):.2f}",
                prism,
                f"{case.median('twindow', 'cpu_us'):.1f}",
                f"{case.median('nginx', 'cpu_us'):.1f}",
                f"{case.median('twindow', 'p50_us'):.0f}",
                f"{case.median('twindow', 'p99_us'):.0f}",
            ]
        )
    head = ["closed loop", "Twindow /s", "nginx /s", "Prism /s", "× nginx", "× Prism"]
    return table(head + ["CPU µs", "nginx CPU µs", "p50 µs", "p99 µs"], rows)


def targets(every, served):
    by_name = {case.name: case for case in every}
    plain, encoded = by_name["64 connections"], by_name["64, Accept-Encoding"]
    ours = [one for case in every for one in case.found["twindow"]]

    def answer_bytes(case):
        return median([one["bytes"] / one["requests"] for one in case.found["twindow"]])

    return [
        Target("64 connections, × Prism", "≥", 60, plain.ratio("twindow", "prism")),
        Target("64 connections, × nginx", "≥", 0.5, plain.ratio("twindow", "nginx")),
        Target(
            "512 connections, × nginx",
            "≥",
            0.35,
            by_name["512 connections"].ratio("twindow", "nginx"),
        ),
        Target("512 connections, clients served", "≥", 512, served["served"]),
        Target(
            "Connection: close, × nginx",
            "≥",
            0.8,
            by_name["64, Connection: close"].ratio("twindow", "nginx"),
        ),
        # One header more is read, about 1 %; packing the answer would be ten times the work.
        Target(
            "Accept-Encoding, CPU × without",
            "≤",
            1.1,
            encoded.median("twindow", "cpu_us") / plain.median("twindow", "cpu_us"),
        ),
        Target(
            "Accept-Encoding, answer bytes × without",
            "≥",
            0.99,
            answer_bytes(encoded) / answer_bytes(plain),
        ),
        Target("failed calls of all runs", "≤", 0, sum(one["failed"] for one in ours)),
    ]
