"""The product's own extraction of both CRMs, as `leadcycle extract` runs it."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure, Target
from bench.processes import Served
from bench.scenes import ALLOWED, LATENCY, Scene

_CRMS = ("salesforce", "hubspot")
_SECONDS, _REQUESTS = Target(10, is_most=True), Target(2, is_most=True)
"""Of an increment without news: all streams together, and any one of them."""
_NO_LIMIT = 100_000
"""HubSpot's requests in ten seconds, for the first load: its answers tell the client."""
_BY_FORM = "hubspot form_submissions"
_WINDOW = 10
"""Seconds of HubSpot's limit."""
_TWO_DAYS = 2 * 86_400
_MB = 1_000_000
_PROGRAM = """
import sys
from bench.usage import peak_memory
from pipelines.cli import main
try:
    main()
finally:
    print(peak_memory())
"""
"""The command, which then tells what memory it held at most."""


@dataclass(frozen=True)
class Extracted:
    """One run of the command: seconds of the whole process, and what it tells of each stream."""

    seconds: float
    streams: Mapping[str, dict[str, Any]]
    peak: int = 0
    """Bytes held at most."""

    @property
    def requests(self) -> int:
        """Requests of all streams."""
        return sum(one["requests"] for one in self.streams.values())

    @property
    def rows(self) -> int:
        """Rows read, details included."""
        return sum(one["rows_read"] for one in self.streams.values())

    @property
    def dearest(self) -> str:
        """The stream with the most requests, of those that the CRM has one list of."""
        names = (name for name in self.streams if name != _BY_FORM)
        return max(names, key=self.requests_of)

    def requests_of(self, name: str) -> int:
        """Return how many requests were made for a stream."""
        return int(self.streams[name]["requests"])

    def duties(self) -> Iterator[tuple[str, int, int]]:
        """Yield the name of each duty, and its requests and rows read in all streams."""
        requests: Counter[str] = Counter()
        rows: Counter[str] = Counter()
        for stream in self.streams.values():
            for duty in stream["duties"]:
                requests[duty["name"]] += duty["requests"]
                rows[duty["name"]] += duty["rows_read"]
        for name in sorted(requests):
            yield name, requests[name], rows[name]


def product_figures(scene: Scene) -> Iterator[Figure]:
    """Extract both CRMs three times: everything, nothing new, and nothing new two days later."""
    home = scene.scratch / "home"
    scene.set(latency_ms=round(1000 * LATENCY), rate_limits=True)
    scene.set(hubspot_ten_second_limit=_NO_LIMIT)
    first = extract(scene.running, home)
    yield Figure(f"first load: {first.rows:,} rows", "s", first.seconds)
    yield Figure("first load: requests", "", first.requests)
    yield Figure("first load: memory", "MB", first.peak / _MB)
    scene.set(hubspot_ten_second_limit=ALLOWED)
    # What the load asked in the last window, under a limit of its own, would count against this.
    time.sleep(_WINDOW)
    idle = extract(scene.running, home)
    yield Figure("no news", "s", idle.seconds, target=_SECONDS)
    yield Figure(f"no news: requests of {len(idle.streams)} streams", "", idle.requests)
    most = idle.requests_of(idle.dearest)
    yield Figure(f"no news: most of one stream ({idle.dearest})", "", most, target=_REQUESTS)
    yield Figure(f"no news: {_BY_FORM}, a list for each form", "", idle.requests_of(_BY_FORM))
    scene.running.admin("POST", "clock", {"advance_seconds": _TWO_DAYS})
    due = extract(scene.running, home)
    yield Figure("all duties due", "s", due.seconds)
    yield Figure("all duties due: memory", "MB", due.peak / _MB)
    for name, requests, rows in due.duties():
        yield Figure(f"duty {name}: {rows:,} rows", "requests", requests)
    scene.set(latency_ms=0, rate_limits=False)


def extract(running: Served, home: Path) -> Extracted:
    """Run `leadcycle extract` in a home of its own; raises where it does not read everything."""
    command = [sys.executable, "-c", _PROGRAM, "extract", "--json"]
    environment = os.environ | _environment(running) | {"LEADCYCLE_HOME": str(home)}
    began = time.perf_counter()
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if ended.returncode:
        raise RuntimeError(ended.stderr[-2_000:])
    *printed, peak = ended.stdout.splitlines()
    told = json.loads("\n".join(printed))
    streams = {
        f"{crm} {name}": stream for crm in _CRMS for name, stream in told[crm]["streams"].items()
    }
    return Extracted(seconds, streams, int(peak))


def _environment(running: Served) -> dict[str, str]:
    org, account = running.keys["salesforce"], running.keys["hubspot"]
    return {
        "SALESFORCE_BASE_URL": org["base_url"],
        "SALESFORCE_CLIENT_ID": org["client_id"],
        "SALESFORCE_CLIENT_SECRET": org["client_secret"],
        "HUBSPOT_BASE_URL": account["base_url"],
        "HUBSPOT_ACCESS_TOKEN": account["access_token"],
        "HUBSPOT_CALLS_PER_TEN_SECONDS": str(ALLOWED),
    }
