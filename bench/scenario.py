# SPDX-License-Identifier: Apache-2.0
"""How long 49 hours with 200 messages take in `twindow test`: no timer of theirs is slept.

By itself: bench/scenario.py [PROGRAM], which is build/release/twindow if none is named.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import median, table
from servers import ROOT, Failed

sys.path.insert(0, str(ROOT / "fixtures"))

from long_scenario import HOURS, MESSAGES, long_scenario  # noqa: E402

ROUNDS = 5
PATIENCE = 120


def measure(folder, say, program=ROOT / "build/release/twindow"):
    """Seconds of wall time of each run, the start of the program and its end among them."""
    say(f"{HOURS} hours with {MESSAGES} messages, {ROUNDS} times")
    file = Path(folder) / "long.json"
    file.write_text(json.dumps(long_scenario()), encoding="utf-8")
    times, transcripts = [], set()
    for _ in range(ROUNDS):
        began = time.monotonic()
        command = [program, "test", file, "--update"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        times.append(time.monotonic() - began)
        if done.returncode != 0:
            raise Failed(f"the scenario of {HOURS} hours: {done.stdout}{done.stderr}")
        transcripts.add((Path(folder) / "transcripts/long.jsonl").read_bytes())
    if len(transcripts) != 1:
        raise Failed(f"the transcripts of {ROUNDS} equal runs differ")
    return times


def to_table(times):
    row = [f"{HOURS} hours, {MESSAGES} messages"]
    row += [f"{found:.2f}" for found in (median(times), min(times), max(times))]
    row.append(f"{HOURS * 3600 / median(times):,.0f}")
    return table(["scenario", "median, s", "best, s", "worst, s", "× the clock"], [row])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="twindow-bench-") as scratch:
        chosen = [Path(word).resolve() for word in sys.argv[1:2]]
        print(to_table(measure(scratch, lambda text: None, *chosen)))
