# SPDX-License-Identifier: Apache-2.0
"""What the kernel says of processes, ports and cores."""

import os
import socket
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _fields(pid):
    """Of /proc/PID/stat from the third on: the name before may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def process_tree(root):
    """`root` and all below it that live."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_fields(entry.name)[1])
            except (FileNotFoundError, ProcessLookupError):
                pass
    tree = [root]
    for pid in tree:
        tree += [child for child, parent in parents.items() if parent == pid]
    return tree


def cpu_seconds(root):
    """User and system time of a process and those below it."""
    return sum(sum(int(n) for n in _fields(pid)[11:13]) for pid in process_tree(root)) / TICKS


def _status_kib(pid, name):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def resident_kib(root):
    return sum(_status_kib(pid, "VmRSS") for pid in process_tree(root))


def settled_resident_kib(root, longest=4.0):
    """Read again until it has stopped falling: memory goes back some time after the load."""
    end = time.monotonic() + longest
    least = resident_kib(root)
    since = time.monotonic()
    while time.monotonic() < end and time.monotonic() - since < 2:
        time.sleep(0.1)
        now = resident_kib(root)
        if now < least:
            least, since = now, time.monotonic()
    return least


def sync_us(folder, tries=200):
    """The median time of a write of a page with its fdatasync, where the servers write."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(tries):
            began = time.monotonic()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            times.append((time.monotonic() - began) * 1e6)
    return sorted(times)[tries // 2]


def use_two_cores():
    """All that is measured here, servers and clients, shares the same two cores."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, cores)
    return cores


def description():
    model = "unknown CPU"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
