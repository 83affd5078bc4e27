"""Servers that a command starts and ends: each in a process group of its own."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from requests import RequestException, Session

GRACE_SECONDS = 10.0


class ServerError(Exception):
    """A server could not be started."""


@contextmanager
def server(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server while the block runs, then end it and all it started.

    Args:
        command: Program and arguments.
        log: File for what it prints.
        environment: Variables beside this process's own.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Ask the group to end; make it end after a grace (`dagster dev` took over 10 s, 2026-11)."""
    for sign, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def answers(url: str, seconds: float = 2.0) -> bool:
    """Tell whether a server answers at the address with anything but a fault."""
    with Session() as session:
        try:
            return session.get(url, timeout=seconds).status_code < 500
        except RequestException:
            return False


def fetch(url: str, token: str) -> Any:
    """Return the JSON document at a local server's address."""
    with Session() as session:
        answer = session.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        answer.raise_for_status()
        return answer.json()


def wait_until_ready(
    name: str, url: str, process: "subprocess.Popen[bytes]", log: Path, seconds: float
) -> None:
    """Wait for a server to answer.

    Raises:
        ServerError: it ended, or did not answer in time; the message names its log.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            ended = f"{name} ended with code {process.returncode}"
            raise ServerError(f"{ended}: {_last_line(log)} (see {log})")
        if answers(url):
            return
        time.sleep(0.2)
    raise ServerError(f"{name} did not answer at {url} within {seconds:.0f} s: see {log}")


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
