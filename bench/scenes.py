"""A served sandbox with its answers, and what is read of it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.children import UNLIMITED, Reading, read_stream
from bench.processes import Served
from bench.requests import Doors, open_doors

LATENCY = 0.05
"""Seconds by which every answer is late, as from another continent."""
ALLOWED, WINDOW = 190, 10.0
"""HubSpot's requests of a service key in so many seconds, in Professional and Enterprise."""


@dataclass(frozen=True)
class Scene:
    """A served sandbox, and a folder for what is read of it."""

    running: Served
    scratch: Path

    @cached_property
    def doors(self) -> Doors:
        """Sessions of both CRMs."""
        return open_doors(self.running)

    def read(self, crm: str, is_limited: bool = False, has_details: bool = False) -> Reading:
        """Read the CRM's stream of the benchmark into a lake of its own, from so far away."""
        settings = {"latency_ms": round(1000 * LATENCY), "rate_limits": is_limited}
        self.set(**settings, hubspot_ten_second_limit=ALLOWED)
        lake = self.scratch / f"{crm}-{is_limited}-{has_details}"
        calls = ALLOWED if is_limited else UNLIMITED
        found = read_stream(self.running, crm, lake, calls, has_details)
        self.set(latency_ms=0, rate_limits=False)
        return found

    def set(self, **settings: object) -> None:
        """Change settings of the sandbox."""
        self.running.admin("PATCH", "settings", settings)
