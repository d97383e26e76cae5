# SPDX-License-Identifier: Apache-2.0
"""From the start to the first answer, memory at rest, and how long it takes to end."""

import socket

import calls
from report import Target, median, table
from servers import Nginx, Prism, Twindow

IDLE_CLIENTS = 64
STARTS = 5


def _connected_clients(server):
    """Clients that had an answer and keep their connection."""
    request = calls.send_call(calls.account_sid(1), 1).encode()
    clients = []
    for _ in range(IDLE_CLIENTS):
        client = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        client.sendall(request)
        client.recv(8192)
        clients.append(client)
    return clients


def measure(folder, say):
    """By server, a dict of figures for each start."""
    found = {}
    for kind, starts in ((Twindow, STARTS), (Nginx, STARTS), (Prism, 1)):
        say(f"start and end of {kind.name}")
        for _ in range(starts):
            server = kind(folder)
            start_ms = server.start()
            try:
                resident_mib = server.resident_kib() / 1024
                clients = _connected_clients(server)
            finally:
                stop_ms = server.stop()
            for client in clients:
                client.close()
            figures = {"start_ms": start_ms, "resident_mib": resident_mib, "stop_ms": stop_ms}
            found.setdefault(kind.name, []).append(figures)
    return found


def _median(found, server, figure):
    return median([one[figure] for one in found[server]])


def to_table(found):
    rows = [
        [
            name,
            f"{_median(found, name, 'start_ms'):.0f}",
            f"{_median(found, name, 'resident_mib'):.1f}",
            f"{_median(found, name, 'stop_ms'):.0f}",
        ]
        for name in found
    ]
    head = ["life", "first answer, ms", "idle, MiB", f"end with {IDLE_CLIENTS} idle clients, ms"]
    return table(head, rows)


def targets(found):
    return [
        Target("start to first answer", "≤", 50, _median(found, "twindow", "start_ms"), "ms"),
        Target("resident when idle", "≤", 10, _median(found, "twindow", "resident_mib"), "MiB"),
        Target("drain with idle clients", "≤", 200, _median(found, "twindow", "stop_ms"), "ms"),
    ]
