# SPDX-License-Identifier: Apache-2.0
"""How long 49 hours with 200 messages take: bench/scenario.py [PROGRAM] (build/release/twindow)."""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "fixtures"))

from long_scenario import HOURS, MESSAGES, long_scenario  # noqa: E402

ROUNDS = 5


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "long.json"
        file.write_text(json.dumps(long_scenario()), encoding="utf-8")
        times = []
        transcripts = set()
        for _ in range(ROUNDS):
            began = time.monotonic()
            subprocess.run(
                [program, "test", str(file), "--update"], check=True, stdout=subprocess.DEVNULL
            )
            times.append(time.monotonic() - began)
            kept = pathlib.Path(folder) / "transcripts/long.jsonl"
            transcripts.add(kept.read_bytes())
    times.sort()
    print(
        f"{HOURS} hours with {MESSAGES} messages: {times[ROUNDS // 2]:.3f} s of wall time "
        f"({times[0]:.3f} to {times[-1]:.3f} in {ROUNDS} runs), "
        f"{HOURS * 3600 / times[ROUNDS // 2]:,.0f} times as fast as the clock; "
        + ("all transcripts are the same" if len(transcripts) == 1 else "TRANSCRIPTS DIFFER")
    )
    return 0 if len(transcripts) == 1 else 1


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or [str(ROOT / "build/release/twindow")])))
