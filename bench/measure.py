# SPDX-License-Identifier: Apache-2.0
"""Measures Twindow beside nginx and Prism and prints what docs/PERFORMANCE.md holds.

Ends with 0 if every target is reached, with 4 if one is missed, with 3 if it could not run.
"""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

import hooks
import life
import machine
import proxied
import report
import scenario
import steady
import throughput
from servers import Failed

PARTS = ("throughput", "steady", "life", "proxied", "scenario")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--raw", metavar="FILE", help="write every figure of every run as JSON")
    return parser.parse_args()


def measure(chosen, folder):
    """The tables, the targets and the raw figures."""
    rounds, seconds = (1, 2) if chosen.quick else (3, 5)
    tables, targets, raw = [], [], {}
    if chosen.only in (None, "throughput"):
        cases = throughput.measure(folder, rounds, seconds, say)
        served = throughput.every_client_served(folder, seconds, say)
        tables.append(throughput.to_table(cases))
        targets += throughput.targets(cases, served)
        raw["throughput"] = {case.name: case.found for case in cases} | {"served": served}
    if chosen.only in (None, "steady"):
        found = (
            steady.latency(folder, rounds, seconds, say),
            steady.idle(folder, rounds, seconds, say),
            steady.slow(folder, rounds, seconds, say),
        )
        tables.append(steady.to_table(*found))
        targets += steady.targets(*found)
        raw["steady"] = found
    if chosen.only in (None, "life"):
        found = life.measure(folder, say)
        tables.append(life.to_table(found))
        targets += life.targets(found)
        raw["life"] = found
    if chosen.only in (None, "proxied"):
        sends = proxied.measure(folder, rounds, seconds, say)
        webhooks = hooks.measure(folder, rounds, seconds, say)
        match_us = hooks.template_match_us()
        tables += [proxied.to_table(sends), hooks.to_table(webhooks)]
        targets += proxied.targets(sends) + hooks.targets(webhooks, match_us)
        raw["proxied"] = proxied.raw(sends) | {"webhooks": webhooks, "match_us": match_us}
    if chosen.only in (None, "scenario"):
        found = scenario.measure(folder, say)
        tables.append(scenario.to_table(found))
        raw["scenario"] = found
    return tables, targets, raw


def main():
    chosen = arguments()
    # So that whatever was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    where = machine.description()
    cores = machine.use_two_cores()
    with tempfile.TemporaryDirectory(prefix="twindow-bench-") as folder:
        try:
            tables, targets, raw = measure(chosen, Path(folder))
        except Failed as failed:
            say(failed)
            return 3
    print(f"{where}; used: {len(cores)}\n")
    print("\n\n".join([*tables, report.targets_table(targets)]))
    if chosen.raw:
        Path(chosen.raw).write_text(json.dumps(raw, indent=1) + "\n")
    missed = [target.what for target in targets if not target.reached]
    say(f"missed: {', '.join(missed)}" if missed else "every target is reached")
    return 4 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
