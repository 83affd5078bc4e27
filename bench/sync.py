"""`make bench-sync`: what a sync of one value into many records costs, beside what it must.

Two CRMs are filled once and kept under `.leadcycle/bench`, then served with their limits on. The
least write calls are those of the APIs' own sizes: 100 records a HubSpot batch, 1,000 a composite
call and 100,000 a job of Salesforce. Where a window limits calls, the least time is that of all
calls made: (ceil(calls / L) - 1) x 10 s. The command ends with 1 when a target is missed.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.figures import Figure, Target, as_table, machine
from bench.filled import filled_folder
from bench.processes import Served, served

WINDOWS = (190, 100)
"""Calls in ten seconds: a private app of Professional or Enterprise, and of Starter."""
BATCH, COMPOSITE, JOB_FROM, JOB = 100, 1_000, 2_001, 100_000


@dataclass(frozen=True)
class Case:
    """One CRM, one window."""

    crm: str
    records: int
    window: int = 0

    @property
    def title(self) -> str:
        """What is written where, and how fast it may be."""
        limit = f", {self.window} calls in 10 s" if self.window else ""
        return f"{self.crm}: {self.records:,} records{limit}"

    @property
    def least_writes(self) -> int:
        """Write calls that the API's own sizes need."""
        if self.crm == "hubspot":
            return math.ceil(self.records / BATCH)
        size = COMPOSITE if self.records < JOB_FROM else JOB
        return math.ceil(self.records / size)

    def least_seconds(self, calls: int) -> float | None:
        """Return the least time for so many calls, None where no window limits them."""
        if calls <= self.window or not self.window:
            return None
        return (math.ceil(calls / self.window) - 1) * 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="records of each CRM")
    parser.add_argument("--cache", type=Path, default=Path(".leadcycle/bench"))
    options = parser.parse_args()
    console = Console(width=120)
    console.print(machine())
    folder = filled_folder(options.cache, options.rows, console.print)
    cases = [Case("hubspot", options.rows, window) for window in WINDOWS]
    cases.append(Case("salesforce", options.rows))
    missed = False
    with served(folder) as running:
        for case in cases:
            found = list(_figures(case, _measured(running, case)))
            console.print(as_table(found, case.title, "ours"))
            missed |= any(one.is_missed for one in found)
    sys.exit(missed)


def _measured(running: Served, case: Case) -> dict[str, Any]:
    limits = {"rate_limits": True, "hubspot_ten_second_limit": case.window or 190}
    running.admin("PATCH", "settings", limits)
    with tempfile.TemporaryDirectory() as scratch:
        options = [case.crm, str(case.records), str(case.window or 190), scratch]
        command = [sys.executable, "-m", "bench.writing", *options]
        keys = json.dumps(running.keys)
        ended = subprocess.run(command, input=keys, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def _figures(case: Case, told: dict[str, Any]) -> Iterator[Figure]:
    reads, writes = told["first_read"], told["first_write"]
    yield Figure("records written", "", told["first_written"], case.records)
    yield Figure("write calls", "", writes, case.least_writes, Target(case.least_writes, True))
    yield Figure("drift reads, read-backs, polls", "calls", reads)
    least = case.least_seconds(reads + writes)
    target = Target(1.05 * least, is_most=True) if least else None
    yield Figure("wall", "s", told["first_seconds"], least, target)
    yield Figure("refused for speed", "calls", told["first_limited"], None, Target(0, True))
    yield Figure("write calls of a second run", "", told["second_write"], None, Target(0, True))
    yield Figure("peak memory", "MB", told["peak"] / 1_000_000)


if __name__ == "__main__":
    main()
