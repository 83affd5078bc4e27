"""Whether the pages of a query hold all that they should, and how far they have come.

A page shows records as they are now, in the order that the query found them in. One that has
changed since bears a later stamp than its place has; and a transaction may bear a stamp from before
the question and be committed after it. So only what was stamped a transaction's longest time before
the question is sure to stand in its place.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.records import STAMP_STEP
from connectors.salesforce.pages import QueryPage
from connectors.salesforce.tables import ID
from connectors.values import parse_or_keep

Records = list[dict[str, Any]]
Mark = tuple[datetime, str]
"""A stamp (UTC) and the id of a record that bears it."""

LOOK_BACK = timedelta(minutes=10)
"""How long before its commit a change may be stamped: Salesforce ends longer transactions."""


class GapError(Exception):
    """What came can't be all that there is up to its place."""


def settled_before(asked_at: datetime) -> datetime:
    """Return from when on stamps don't say where in the answer their records stand (UTC)."""
    return asked_at - LOOK_BACK - STAMP_STEP


@dataclass
class Course:
    """How far a query has come.

    Settled records come in order, so of them the last stamp tells which have come already; only of
    the others, those that have changed lately, the ids are held.
    """

    object_name: str
    announced: int
    stamp: str = ""
    """The field by which the query is sorted, if any."""
    settled_before: datetime | None = None
    """As the function has it; None where nothing is sorted, and every id is held."""
    mark: Mark | None = None
    """The last settled record that came."""
    settled: int = 0
    """Settled records that came."""
    moving: set[str] = field(default_factory=set)
    """Ids of all others that came."""
    is_certain: bool = True
    """Whether each page has told its successor's place: all up to the mark has come."""
    _at_mark: frozenset[str] = frozenset()
    _followed: set[str] = field(default_factory=set)

    def take(self, page: QueryPage) -> Records:
        """Return the page's records that have not come yet.

        Raises:
            GapError: some that should have come by now have not, or another object's came.
        """
        if any(_is_of_another(self.object_name, record) for record in page.records):
            raise GapError("a page of another object came")
        sifted = _Sifted(set(), self.mark, set(self._at_mark))
        fresh = [record for record in page.records if self._is_new(record, sifted)]
        came = self.settled + len(self.moving) + len(fresh)
        if page.done and came < self.announced:
            raise GapError(f"{came} records came where {self.announced} were announced")
        following = page.next_records_url or ""
        leads_back = following in self._followed or page.place not in {came, None}
        if not page.done and (not fresh or leads_back):
            raise GapError("a page came that leaves a gap, or that had come before")
        self._followed.add(following)
        self.is_certain &= page.place is not None or page.done
        self.settled += len(fresh) - len(sifted.moving)
        self.moving |= sifted.moving
        self.mark, self._at_mark = sifted.mark, frozenset(sifted.at_mark)
        return fresh

    def _is_new(self, record: dict[str, Any], sifted: "_Sifted") -> bool:
        record_id, moment = str(record.get(ID)), self._settled_at(record)
        if moment is None:
            if record_id in self.moving or record_id in sifted.moving:
                return False
            sifted.moving.add(record_id)
            return True
        if sifted.mark is not None and moment <= sifted.mark[0]:
            if moment < sifted.mark[0] or record_id in sifted.at_mark:
                return False
        else:
            sifted.at_mark.clear()
        sifted.at_mark.add(record_id)
        sifted.mark = (moment, record_id)
        return True

    def _settled_at(self, record: dict[str, Any]) -> datetime | None:
        if self.settled_before is None:
            return None
        moment = parse_or_keep("datetime", record.get(self.stamp))
        if isinstance(moment, datetime) and moment < self.settled_before:
            return moment
        return None


@dataclass
class _Sifted:
    """What a page would add to a course."""

    moving: set[str]
    mark: Mark | None
    at_mark: set[str]


def _is_of_another(object_name: str, record: dict[str, Any]) -> bool:
    attributes = record.get("attributes")
    told = attributes.get("type", "") if isinstance(attributes, dict) else ""
    return bool(told) and str(told).casefold() != object_name.casefold()
