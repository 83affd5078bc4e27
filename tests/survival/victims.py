"""Runs in processes of their own, to be killed or stopped at any instant.

They are forked from a server that has imported everything and started no thread: a fork of the
test's own process, in which the sandbox serves, could inherit a lock that nobody gives back.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from connectors.records import Crm
from pipelines import commit_points, crms
from pipelines.commit_points import CommitPoint
from pipelines.reading import steps
from pipelines.reading.extraction import Orders
from pipelines.settings import Settings
from tests.survival.roads import BATCH_ROWS

Instant = tuple[CommitPoint, int]
"""A point of committing, and the how many-th passing of it."""

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.survival.victims"])


class Victim:
    """A run that reads one stream; several may run at once, since none of them locks its home."""

    def __init__(
        self,
        settings: Settings,
        crm: Crm,
        stream: str,
        at: Instant | None = None,
        strike: signal.Signals = signal.SIGKILL,
    ) -> None:
        """Start; at the instant, the run sends itself the signal."""
        self._ear, mouth = _PROCESSES.Pipe(duplex=False)
        job = _Job(settings, crm, stream, at, strike, mouth)
        self._process: BaseProcess = _PROCESSES.Process(target=_read, args=(job,), daemon=True)
        self._process.start()
        mouth.close()

    def hear(self) -> str:
        """Return what it says next: "begun", "struck", or at its end how it ended."""
        return str(self._ear.recv()) if self._ear.poll(60) else "silent"

    def dies(self, within: float | None = None) -> int | None:
        """Return its exit code, None while it is alive after so many seconds."""
        self._process.join(within)
        return self._process.exitcode

    def kill(self) -> int | None:
        """Kill it, if it is still alive; return its exit code."""
        self._process.kill()
        return self.dies()

    def wake(self) -> None:
        """Let it go on after it was stopped."""
        os.kill(self._process.pid or 0, signal.SIGCONT)


@dataclass(frozen=True)
class _Job:
    """What a run is to do, and where it says what becomes of it."""

    settings: Settings
    crm: Crm
    stream: str
    at: Instant | None
    strike: signal.Signals
    mouth: Connection


def _read(job: _Job) -> None:
    for name in ("SalesforceSource", "HubSpotSource"):
        setattr(crms, name, partial(getattr(crms, name), batch_rows=BATCH_ROWS))
    steps.locked = lambda _settings, _step: nullcontext()
    if job.at is not None:
        commit_points.passing = _striking(job.at, job.strike, job.mouth)
    job.mouth.send("begun")
    wanted = Orders(streams=frozenset({job.stream}))
    try:
        result = steps.extract_crm(job.settings, job.crm, _tell_nobody, wanted)
    except Exception as error:  # noqa: BLE001 - whatever ended it is what the test asks for
        job.mouth.send(type(error).__name__)
    else:
        job.mouth.send(result.status)


def _striking(
    at: Instant, strike: signal.Signals, mouth: Connection
) -> Callable[[CommitPoint], None]:
    point, number = at
    passings = count(1)

    def passing(passed: CommitPoint) -> None:
        if passed is point and next(passings) == number:
            mouth.send("struck")
            os.kill(os.getpid(), strike)

    return passing


def _tell_nobody(_stream: str, _rows: int) -> None:
    """Nobody listens."""
