"""Processes under measurement: one seeds, one serves the sandbox, one serves the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.client import Connection

_SEED = (
    "import sys, pathlib; from connectors.sandbox.server import seed_in; "
    "seed_in(pathlib.Path(sys.argv[1]), int(sys.argv[2]), 7)"
)
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
"""What the system counts a process's memory in, in bytes."""


@dataclass(frozen=True)
class Seeding:
    """How long a seeding took (seconds), and the most memory it held (bytes)."""

    seconds: float
    peak: int


@dataclass
class Served:
    """A sandbox that is served: where, with which keys, and how long its start took (seconds)."""

    port: int
    keys: dict[str, Any]
    started: float
    peak: int = 0
    """The most memory the process held (bytes); known once it has ended."""

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Call the sandbox's own API."""
        connection = Connection(self.port, {})
        try:
            return connection.json(method, f"/__sandbox/{path}", body)
        finally:
            connection.close()


def seed(folder: Path, people: int) -> Seeding:
    """Seed a folder in a process of its own, as `leadcycle sandbox seed` does."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _SEED, str(folder), str(people)])
    peak = wait_for_end(process)
    return Seeding(time.perf_counter() - began, peak)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a seeded folder from a process of its own, without rate limits."""
    options = ["--state", str(folder), "--port", "0", "--json"]
    began = time.perf_counter()
    with _started(["-m", "connectors.sandbox", *options]) as (process, line):
        keys = json.loads(line)
        port = int(keys["hubspot"]["base_url"].rpartition(":")[2])
        running = Served(port, keys, time.perf_counter() - began)
        running.admin("PATCH", "settings", {"rate_limits": False, "salesforce_bulk_polls": 0})
        yield running
        process.terminate()
        # A server that has been told to end does so with the signal, or in good order.
        running.peak = wait_for_end(process, -signal.SIGTERM)


@contextmanager
def bare_server(body: Path) -> Iterator[int]:
    """Serve nothing but the bytes of a file, whatever is asked for; gives the port."""
    with _started(["-m", "bench.floor", str(body)]) as (process, line):
        yield int(line)
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def _started(arguments: list[str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        if process.returncode is None:
            process.kill()


def wait_for_end(process: "subprocess.Popen[Any]", *allowed: int) -> int:
    """Wait for a process and return the most memory it held, in bytes.

    Raises:
        RuntimeError: it ended otherwise than with 0 or with one of the codes allowed.
    """
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, *allowed):
        raise RuntimeError(f"the process ended with {process.returncode}")
    return usage.ru_maxrss * MEMORY_UNIT
