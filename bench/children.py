"""Processes that read, or decode and write, and end by printing what that took."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.pages import Pages
from bench.processes import Served

UNLIMITED = 1_000_000
"""Calls in ten seconds, where the sandbox counts none."""


@dataclass(frozen=True)
class Reading:
    """What one full read of one stream took of its client."""

    rows: int
    fields: int
    seconds: float
    cpu: float
    """Seconds of processor time, all threads together."""
    loaded: int
    """Bytes held at most when all modules were loaded and nothing read yet."""
    peak: int
    """Bytes held at most."""
    requests: int
    limited: int
    """Requests that were refused for being too many."""

    @property
    def rows_a_second(self) -> float:
        """Rows for each second that passed."""
        return self.rows / self.seconds

    @property
    def rows_a_cpu_second(self) -> float:
        """Rows for each second of processor time."""
        return self.rows / self.cpu


def read_stream(
    running: Served, crm: str, lake: Path, calls: int = UNLIMITED, has_details: bool = False
) -> Reading:
    """Read a CRM's stream of the benchmark into a new lake; see `bench.reading`."""
    _run(["-m", "bench.read", "prepare", str(lake)])
    options = [crm, str(lake), str(calls), str(int(has_details))]
    return Reading(**_run(["-m", "bench.read", *options], json.dumps(running.keys)))


def yardstick(crm: str, pages: Pages) -> float:
    """Return rows per CPU second of the same bytes from memory; see `bench.yardstick`."""
    done = _run(["-m", "bench.yardstick", crm, str(pages.folder)])
    return float(done["rows"] / done["cpu"])


def _run(arguments: list[str], given: str = "") -> dict[str, Any]:
    command = [sys.executable, *arguments]
    ended = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told
