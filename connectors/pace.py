"""Keeping under a CRM's rate limits, together with every thread and process of this machine.

A call takes a turn of its lane before it is sent, and the turn comes free a whole window after the
answer. The CRM counted the call somewhere between the two, so its window can never hold more
calls than we have turns, however unevenly the network delays them. It costs the time of one
answer in each window: 0.5 % of HubSpot's ten seconds at 50 ms.

Turns lie in SQLite: in memory, or in a file that several processes share.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

_ON_THE_WAY = 5.0
"""Seconds from sending a call until the CRM has surely counted it. A process that is killed keeps
its turns for so much longer than a window."""
_BRIEFLY = 0.02
"""Seconds to wait for a call under way whose turn would come free with its answer."""

_LONGEST_HOLD = 120.0
"""Seconds. What seems longer was noted before the machine, and its clock, began anew."""

_TABLES = """
create table if not exists lanes (
    lane text primary key, turns integer, seconds real, held_until real, taken integer);
create table if not exists turns (
    turn integer primary key, lane text, free_from real, free_at real);
"""


@dataclass(frozen=True)
class Rate:
    """So many calls in any span of so many seconds."""

    count: int
    seconds: float


@dataclass(frozen=True)
class Told:
    """What an answer says of its lane's limit."""

    count: int
    seconds: float
    left: int
    """Calls that were left when the CRM counted this one, whoever made the others."""


@dataclass(frozen=True)
class Turn:
    """A call's place in its lane."""

    lane: str
    number: int = 0
    """0 in a lane without a limit."""
    busy: int = 0
    """Turns in use when this one was taken, itself included."""
    taken: int = 0
    """Turns ever taken of the lane, this one included."""


@dataclass(frozen=True)
class _Lane:
    turns: int | None
    seconds: float
    held_until: float
    taken: int


class Pace:
    """Gives turns to calls, and says how long to wait where there is none."""

    def __init__(
        self,
        rates: Mapping[str, Rate],
        file: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the account of turns.

        Args:
            rates: By lane, until the CRM tells others. A lane without a rate is not limited.
            file: Shared by all processes of one credential; None: for this object alone.
            clock: Seconds that only go forward, the same for all processes.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._db = _open(file)
        with self._transaction():
            for lane, rate in rates.items():
                self._db.execute(
                    "insert or ignore into lanes values (?, ?, ?, 0, 0)",
                    (lane, rate.count, rate.seconds),
                )

    def take(self, lane: str) -> Turn | float:
        """Take a turn, or return the seconds to wait before asking again."""
        with self._transaction() as now:
            found = self._find(lane)
            if 0 < found.held_until - now <= _LONGEST_HOLD:
                return found.held_until - now
            if found.turns is None:
                return Turn(lane)
            self._forget(lane, now, found.seconds)
            [(busy,)] = self._rows("select count(*) from turns where lane = ?", lane)
            if busy >= found.turns:
                return self._wait(lane, busy - found.turns, now)
            return self._add(lane, now, found, busy + 1)

    def give_back(self, turn: Turn, told: Told | None = None) -> None:
        """Count the window from now on, when the call has been answered or has failed.

        Args:
            turn: What the call had taken.
            told: What the answer says of the limit, if it does. Turns that others have used are
                taken for a window too.
        """
        if turn.number == 0 and told is None:
            return
        with self._transaction() as now:
            found = self._find(turn.lane)
            until = now + found.seconds
            self._db.execute(
                "update turns set free_from = ?, free_at = ? where turn = ?",
                (until, until, turn.number),
            )
            if told is not None:
                self._learn(turn, told, found, now)

    def hold(self, lane: str, seconds: float) -> None:
        """Let no call of the lane start for so long, whichever thread or process wants to."""
        with self._transaction() as now:
            self._db.execute(
                "insert into lanes values (?, null, 0, ?, 0) on conflict (lane) do update "
                "set held_until = max(held_until, excluded.held_until)",
                (lane, now + seconds),
            )

    def _find(self, lane: str) -> _Lane:
        query = "select turns, seconds, held_until, taken from lanes where lane = ?"
        return next((_Lane(*row) for row in self._rows(query, lane)), _Lane(None, 0.0, 0.0, 0))

    def _forget(self, lane: str, now: float, seconds: float) -> None:
        """Drop turns that are free, and those of a clock that began anew with the machine."""
        self._db.execute(
            "delete from turns where lane = ? and (free_at <= ? or free_at > ?)",
            (lane, now, now + seconds + 2 * _ON_THE_WAY),
        )

    def _wait(self, lane: str, rank: int, now: float) -> float:
        [(free_from,)] = self._rows(
            "select free_from from turns where lane = ? order by free_from limit 1 offset ?",
            lane,
            rank,
        )
        return max(float(free_from) - now, _BRIEFLY)

    def _add(self, lane: str, now: float, found: _Lane, busy: int) -> Turn:
        free_from = now + found.seconds
        number = self._db.execute(
            "insert into turns (lane, free_from, free_at) values (?, ?, ?)",
            (lane, free_from, free_from + _ON_THE_WAY),
        ).lastrowid
        self._db.execute("update lanes set taken = taken + 1 where lane = ?", (lane,))
        return Turn(lane, number or 0, busy, found.taken + 1)

    def _learn(self, turn: Turn, told: Told, found: _Lane, now: float) -> None:
        if (told.count, told.seconds) != (found.turns, found.seconds):
            self._db.execute(
                "insert into lanes values (?, ?, ?, 0, 0) on conflict (lane) do update "
                "set turns = excluded.turns, seconds = excluded.seconds",
                (turn.lane, told.count, told.seconds),
            )
        # At most so many of the calls that the CRM had counted were noted here.
        ours = turn.busy + found.taken - turn.taken
        others = told.count - told.left - ours
        if turn.number and others > 0:
            self._add_others(turn.lane, others, now + told.seconds)

    def _add_others(self, lane: str, count: int, until: float) -> None:
        self._db.executemany(
            "insert into turns (lane, free_from, free_at) values (?, ?, ?)",
            [(lane, until, until)] * count,
        )
        # So that calls under way, whose answers tell of the same, don't add them again.
        self._db.execute("update lanes set taken = taken + ? where lane = ?", (count, lane))

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[float]:
        """Yield the time at which the account is ours; one read before might be another's past."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield self._clock()
            finally:
                self._db.execute("commit")


def _open(file: Path | None) -> sqlite3.Connection:
    if file is None:
        return _connect(":memory:")
    file.parent.mkdir(parents=True, exist_ok=True)
    # Two processes that change a new file's journal at once lock each other out.
    with FileLock(file.with_suffix(".lock")):
        return _connect(str(file))


def _connect(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(address, timeout=30.0, isolation_level=None, check_same_thread=False)
    # What a power cut loses is older than any window by the time of the next call.
    db.execute("pragma synchronous = off")
    db.execute("pragma journal_mode = wal")
    db.executescript(_TABLES)
    return db
