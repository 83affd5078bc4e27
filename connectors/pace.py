"""Keeping under a CRM's rate limits, together with every thread and process of this machine.

A call takes a turn of its lane before it is sent, and the turn comes free a whole window after the
answer. The CRM counted the call somewhere between the two, so its window can never hold more
calls than we have turns, however unevenly the network delays them. It costs the time of one
answer in each window: 0.5 % of HubSpot's ten seconds at 50 ms.

Turns lie in SQLite: in memory, or in a file that several processes share.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.scratch import Layout, Scratch

_ON_THE_WAY = 5.0
"""Seconds from sending a call until the CRM has surely counted it. A process that is killed keeps
its turns for so much longer than a window."""
_BRIEFLY = 0.02
"""Seconds to wait for a call under way whose turn would come free with its answer."""

_LONGEST_HOLD = 120.0
"""Seconds. What seems longer was noted before the machine, and its clock, began anew."""

_VERSION = 2
_TABLES = """
drop table if exists lanes;
drop table if exists turns;
create table lanes (
    lane text primary key, turns integer, seconds real, held_until real, taken integer,
    told integer);
create table turns (
    turn integer primary key autoincrement, lane text, free_from real, free_at real);
"""
"""No number of a turn is used again, so that a slow call gives back its own."""


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
    told: int
    """1 where an answer told the number of turns, 0 where it is believed."""


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
            rates: By lane, until the CRM tells others, which count while somebody calls. A lane
                without a rate is not limited.
            file: Shared by all processes of one credential; None: for this object alone.
            clock: Seconds that only go forward, the same for all processes.
        """
        self._rates = dict(rates)
        self._clock = clock
        self._account = Scratch(file, Layout(_VERSION, _TABLES, self._begin))
        # Here, so that what is believed now counts from now on for whoever has the file open.
        self._account.within(lambda: None)

    def take(self, lane: str) -> Turn | float:
        """Take a turn, or return the seconds to wait before asking again."""
        return self._account.within(lambda: self._take(lane, self._clock()))

    def give_back(self, turn: Turn, told: Told | None = None) -> None:
        """Count the window from now on, when the call has been answered or has failed.

        Args:
            turn: What the call had taken.
            told: What the answer says of the limit, if it does. Turns that others have used are
                taken for a window too.
        """
        if turn.number or told is not None:
            self._account.within(lambda: self._give_back(turn, told, self._clock()))

    def hold(self, lane: str, seconds: float) -> None:
        """Let no call of the lane start for so long, whichever thread or process wants to."""
        self._account.within(
            lambda: self._account.change(
                "insert into lanes values (?, null, 0, ?, 0, 0) on conflict (lane) do update "
                "set held_until = max(held_until, excluded.held_until)",
                *(lane, self._clock() + seconds),
            )
        )

    def _begin(self) -> None:
        """Note what is believed, unless an answer told another number and somebody still calls."""
        now = self._clock()
        self._account.change(
            "update lanes set told = 0 where not exists (select 1 from turns "
            "where turns.lane = lanes.lane and free_at > ? and free_at <= ? + lanes.seconds)",
            *(now, now + 2 * _ON_THE_WAY),
        )
        self._account.change("update lanes set turns = null where not told")
        for lane, rate in self._rates.items():
            self._account.change(
                "insert into lanes values (?, ?, ?, 0, 0, 0) on conflict (lane) do update "
                "set turns = excluded.turns, seconds = excluded.seconds where not told",
                *(lane, rate.count, rate.seconds),
            )

    def _take(self, lane: str, now: float) -> Turn | float:
        found = self._find(lane)
        if 0 < found.held_until - now <= _LONGEST_HOLD:
            return found.held_until - now
        if found.turns is None:
            return Turn(lane)
        self._forget(lane, now, found.seconds)
        [(busy,)] = self._account.rows("select count(*) from turns where lane = ?", lane)
        if busy >= found.turns:
            return self._wait(lane, busy - found.turns, now)
        return self._add(lane, now, found, busy + 1)

    def _give_back(self, turn: Turn, told: Told | None, now: float) -> None:
        found = self._find(turn.lane)
        until = now + found.seconds
        if turn.number:
            # A call that took longer than the dead are waited for has lost its turn meanwhile.
            self._account.change(
                "insert into turns values (?, ?, ?, ?) on conflict (turn) do update "
                "set free_from = excluded.free_from, free_at = excluded.free_at",
                *(turn.number, turn.lane, until, until),
            )
        if told is not None:
            self._learn(turn, told, found, now)

    def _find(self, lane: str) -> _Lane:
        query = "select turns, seconds, held_until, taken, told from lanes where lane = ?"
        rows = self._account.rows(query, lane)
        return next((_Lane(*row) for row in rows), _Lane(None, 0.0, 0.0, 0, 0))

    def _forget(self, lane: str, now: float, seconds: float) -> None:
        """Drop turns that are free, and those of a clock that began anew with the machine."""
        self._account.change(
            "delete from turns where lane = ? and (free_at <= ? or free_at > ?)",
            *(lane, now, now + seconds + 2 * _ON_THE_WAY),
        )

    def _wait(self, lane: str, rank: int, now: float) -> float:
        [(free_from,)] = self._account.rows(
            "select free_from from turns where lane = ? order by free_from limit 1 offset ?",
            lane,
            rank,
        )
        return max(float(free_from) - now, _BRIEFLY)

    def _add(self, lane: str, now: float, found: _Lane, busy: int) -> Turn:
        free_from = now + found.seconds
        [(number,)] = self._account.rows(
            "insert into turns (lane, free_from, free_at) values (?, ?, ?) returning turn",
            *(lane, free_from, free_from + _ON_THE_WAY),
        )
        self._account.change("update lanes set taken = taken + 1 where lane = ?", lane)
        return Turn(lane, number, busy, found.taken + 1)

    def _learn(self, turn: Turn, told: Told, found: _Lane, now: float) -> None:
        if (told.count, told.seconds, 1) != (found.turns, found.seconds, found.told):
            self._account.change(
                "insert into lanes values (?, ?, ?, 0, 0, 1) on conflict (lane) do update "
                "set turns = excluded.turns, seconds = excluded.seconds, told = 1",
                *(turn.lane, told.count, told.seconds),
            )
        # At most so many of the calls that the CRM had counted were noted here.
        ours = turn.busy + found.taken - turn.taken
        others = told.count - told.left - ours
        if turn.number and others > 0:
            self._add_others(turn.lane, others, now + told.seconds)

    def _add_others(self, lane: str, count: int, until: float) -> None:
        self._account.change(
            "with recursive others(nth) as "
            "(select 1 union all select nth + 1 from others where nth < ?) "
            "insert into turns (lane, free_from, free_at) select ?, ?, ? from others",
            *(count, lane, until, until),
        )
        # So that calls under way, whose answers tell of the same, don't add them again.
        self._account.change("update lanes set taken = taken + ? where lane = ?", count, lane)
