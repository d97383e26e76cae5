# SPDX-License-Identifier: Apache-2.0
"""Tables and targets, as text."""

import statistics
from dataclasses import dataclass


def median(values):
    return statistics.median(values)


def table(head, rows):
    """Markdown; the first column is text, the others are numbers."""
    cells = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells)


@dataclass
class Target:
    what: str
    bound: str  # "≥" or "≤"
    wanted: float
    measured: float
    unit: str = ""

    @property
    def reached(self):
        if self.bound == "≥":
            return self.measured >= self.wanted
        return self.measured <= self.wanted

    def row(self):
        unit = f" {self.unit}" if self.unit else ""
        return [
            self.what,
            f"{self.bound} {self.wanted:g}{unit}",
            f"{self.measured:.3g}{unit}" if self.measured < 100 else f"{self.measured:.0f}{unit}",
            "ok" if self.reached else "MISSED",
        ]


def targets_table(targets):
    return table(["what", "target", "measured", "ok?"], [target.row() for target in targets])
