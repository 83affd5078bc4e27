"""Random histories: a CRM's records change as chance has it, and are read now and then.

Whatever happens, a reading that calls itself whole lacks nothing that has long been there to be
seen, and once all is quiet base has what the CRM has.
"""

import sys
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from connectors.errors import CrmError
from pipelines.reading.extraction import HORIZONS
from pipelines.reading.results import ExtractResult
from tests.survival.lives import DAY, Life
from tests.survival.truth import living
from tests.survival.world import HOUR, World

numbers = st.integers(0, 40)
few = st.integers(1, 4)
WAITS = (1, 60, 300, 601, 3_599, 3_660, 7_300, DAY, 3 * DAY)
SECOND_LOOK = timedelta(hours=1)
"""How often what may have come late is read again; see `extract.yml`."""
FAULTS = {
    "hubspot": (
        *("hubspot-ten-secondly", "hubspot-secondly", "hubspot-daily", "hubspot-locked"),
        *("hubspot-unauthorized", "hubspot-bad-gateway", "hubspot-server-error"),
        *("html-with-200", "connection-reset", "body-cut", "body-torn", "page-twice", "page-lost"),
    ),
    "salesforce": (
        *("salesforce-session-ended", "salesforce-all-sessions-ended", "salesforce-row-locked"),
        *("salesforce-query-timeout", "salesforce-unavailable", "salesforce-server-error"),
        *("html-with-200", "connection-reset", "body-cut", "body-torn", "page-twice", "page-lost"),
        "rows-missing-at-the-end",
    ),
}


class History(RuleBasedStateMachine):
    """One history of one CRM."""

    life: Life
    lag: Mapping[str, int]
    """The setting that lets changes show late, at its worst."""
    field: tuple[str, str]
    """The stream that gets a field of our own, and its name."""
    beside: tuple[str, ...] = ()
    """Further streams that are read."""

    def __init__(self, open_world: Callable[[], World], make_life: Callable[[World], Life]) -> None:
        super().__init__()
        self.world = open_world()
        self.life = make_life(self.world)
        self.crm = self.life.crm
        self.lags: list[tuple[datetime, datetime]] = []
        """When changes showed late."""
        self.returned: dict[str, datetime] = {}
        self.world.admin.setting(rate_limits=False)

    @property
    def now(self) -> datetime:
        told = self.world.admin("GET", "clock").json()["now"]
        return datetime.fromisoformat(told).astimezone(UTC)

    @initialize(is_read=st.booleans(), is_late=st.booleans())
    def begin(self, is_read: bool, is_late: bool) -> None:
        if is_read:
            self.read(after=0, full=False)
        if is_late:
            self.show_late(is_on=True)

    @rule(
        deed=st.sampled_from(["create", "change", "remove"]),
        kind=numbers,
        number=numbers,
        count=few,
    )
    def edit(self, deed: str, kind: int, number: int, count: int) -> None:
        name = self._kind(kind)
        if deed == "create":
            self.life.create(name, count)
        elif deed == "change":
            self.life.change(name, number, count)
        else:
            self.life.remove(name, number)

    @rule(kind=numbers, number=numbers)
    def restore(self, kind: int, number: int) -> None:
        before = self._all_living()
        self.life.restore(self._kind(kind), number)
        self.returned |= dict.fromkeys(self._all_living() - before, self.now)

    @rule(number=numbers)
    def erase(self, number: int) -> None:
        self.life.erase(number)

    @rule(kind=st.integers(0, 1), number=numbers, count=st.integers(1, 2))
    def merge(self, kind: int, number: int, count: int) -> None:
        self.life.merge(self._kind(kind), number, count)

    @rule(deed=st.sampled_from(["add", "drop", "retype"]))
    def change_schema(self, deed: str) -> None:
        getattr(self.life, f"{deed}_field")()

    @rule(number=numbers, value=st.integers(0, 9))
    def fill_field(self, number: int, value: int) -> None:
        self.life.add_field()
        self.life.fill_field(number, value)

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        self.world.admin.advance(seconds)
        self.world.salesforce.log_in()

    @rule(is_on=st.booleans())
    def show_late(self, is_on: bool) -> None:
        self.world.admin.setting(**{name: most * is_on for name, most in self.lag.items()})
        if self.lags and self.lags[-1][1] == datetime.max.replace(tzinfo=UTC):
            self.lags[-1] = (self.lags[-1][0], self.now)
        if is_on:
            self.lags.append((self.now, datetime.max.replace(tzinfo=UTC)))

    @rule(after=st.sampled_from([0, 60, 601, 3_599]), full=st.sampled_from([False] * 4 + [True]))
    def read(self, after: int, full: bool) -> None:
        self.wait(after)
        self._read(full=full)

    def _read(self, full: bool) -> None:
        result = self._tried(lambda: self.world.extract(self.crm, *self.streams, full_refresh=full))
        if result:
            self._expect_nothing_lost()

    @rule(data=st.data(), skip=st.integers(0, 12), count=st.integers(1, 2))
    def read_among_faults(self, data: st.DataObject, skip: int, count: int) -> None:
        preset = data.draw(st.sampled_from(FAULTS[self.crm]))
        self.world.fault({"preset": preset, "skip": skip, "count": count})
        self._read(full=False)

    @rule(deep=st.booleans())
    def reconcile(self, deep: bool) -> None:
        result = self._tried(lambda: self.world.reconcile(self.crm, *self.life.kinds, deep=deep))
        if result and deep:  # Equal counts of other records are equal.
            self._expect_nothing_lost()

    @property
    def streams(self) -> tuple[str, ...]:
        return (*self.life.kinds, *self.beside)

    def _tried(self, read: Callable[[], ExtractResult]) -> ExtractResult | None:
        """Return what a reading among faults has brought; None if it does not call itself whole."""
        try:
            result = read()
        except CrmError:
            return None
        finally:
            # Orders that no request met would strike the deeds; sessions may have ended.
            self.world.no_faults()
            self.world.salesforce.log_in()
        return result if {one.status for one in result.streams} == {"whole"} else None

    def _expect_nothing_lost(self) -> None:
        dump, now = self.world.admin.dump(), self.now
        for kind in self.life.kinds:
            known = self.world.known(self.crm, kind)
            lost = {
                one: row["stamp"]
                for one, row in living(dump, self.crm, kind).items()
                if not self._may_be_late(one, row["stamp"], now)
                and (one not in known or known[one]["stamp"] < row["stamp"])
            }
            assert lost == {}, f"whole, but these {kind} are missing"

    def _may_be_late(self, record_id: str, stamp: datetime, now: datetime) -> bool:
        """Tell whether a reading may still lack what the CRM shows, or has not shown for long."""
        grace = HORIZONS[self.crm] + SECOND_LOOK
        if record_id in self.returned:
            return now - self.returned[record_id] < grace
        return any(since <= stamp <= until for since, until in self.lags) and now - stamp < grace

    def _kind(self, number: int) -> str:
        return self.life.kinds[number % len(self.life.kinds)]

    def _all_living(self) -> set[str]:
        return {one for kind in self.life.kinds for one in self.life.living(kind)}

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self._expect_all_once_quiet()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the company."""

    def _expect_all_once_quiet(self) -> None:
        """Hours on, nothing may be lost; two days on every duty is due, and base has all there is.

        Only what was erased may need a comparison besides: no CRM tells of it for long, and equal
        counts can hide it.
        """
        self.show_late(is_on=False)
        self._read_whole(3 * HOUR)
        self._expect_nothing_lost()
        self._read_whole(2 * DAY)
        if self.life.without_trace:
            assert self.world.reconcile(self.crm, *self.life.kinds, deep=True).status == "whole"
        dump = self.world.admin.dump()
        for kind in self.life.kinds:
            assert self.world.known(self.crm, kind) == living(dump, self.crm, kind)
        if self.has_field(dump):
            assert self._own_known() == self.own_held(dump)
        self.expect_more(dump)

    def _read_whole(self, after: int) -> None:
        self.wait(after)
        self.world.admin("POST", "usage", {"crm": self.crm, "left": 90_000})
        result = self.world.extract(self.crm, *self.streams)
        told = {(one.stream, one.status, one.why) for one in result.streams}
        assert told == {(name, "whole", "") for name, _, _ in told}

    def expect_more(self, dump: dict[str, Any]) -> None:
        """Compare what this CRM alone has."""

    @abstractmethod
    def has_field(self, dump: dict[str, Any]) -> bool:
        """Tell whether the field of our own is there."""

    @abstractmethod
    def own_held(self, dump: dict[str, Any]) -> dict[str, str]:
        """Return the values of it by record id."""

    def _own_known(self) -> dict[str, str]:
        stream, name = self.field
        rows = self.world.base(self.crm, stream).items()
        return {
            one: spelt(row[name])
            for one, row in rows
            if not row["_is_deleted"] and row.get(name) is not None
        }


def spelt(value: Any) -> str:
    """Return a value as one text, whether it is kept as a number or not."""
    return f"{Decimal(str(value)).normalize():f}"
