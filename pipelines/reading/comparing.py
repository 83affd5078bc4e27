"""A survey of a CRM's records against what the lake has: which differ, and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID, Field
from pipelines.arrow_sql import Session
from pipelines.field_hashes import FIELDS_HASH, fields_hash, numbered
from pipelines.lake_census import Span, made_in
from pipelines.lake_reading import in_parts

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any stamp of a CRM."""


@dataclass
class Difference:
    """Ids of the records in which CRM and lake differ, each named once."""

    crm_count: int = 0
    missing: list[str] = field(default_factory=list)
    """The CRM has them, and the lake not, or not living."""
    stale: list[str] = field(default_factory=list)
    """The lake has an older version, or other values."""
    extra: list[str] = field(default_factory=list)
    """The lake has them living, and the CRM not."""
    stamps: dict[str, datetime] = field(default_factory=dict)
    """Of those missing or stale: the lake's own stamp, where it is later than the CRM's."""
    ahead: dict[str, datetime] = field(default_factory=dict)
    """The lake's own stamp of all others for which it is later than the CRM's.

    A record that lived again was given it, or a clock that was ahead: whether the lake's version
    is the CRM's, only reading it tells.
    """
    newest: datetime = EVER
    """The latest stamp that the CRM showed (UTC)."""

    @property
    def wanted(self) -> list[str]:
        """Records to read."""
        return [*self.missing, *self.stale]


def compare(
    surveys: Iterable[pa.Table],
    known: Session,
    fields: Sequence[Field],
    span: Span | None = None,
) -> Difference:
    """Compare every living record of the CRM with the lake's.

    Args:
        surveys: Tables of RECORD_ID, MODIFIED_AT and the named fields.
        known: Of the lake, with its current versions as table `known`: see `Lake.known`. The
            surveys are put beside them.
        fields: Those whose values are compared, the same as `Lake.known` was asked for.
        span: Where given, when (UTC) records were made that can be `extra`, the first and the last:
            older ones the CRM drops by itself.

    Memory is bounded, but for the differences.
    """
    found, last = Difference(), ""
    _gather(known, surveys, fields)
    for row in known.query(_UNLIKE).to_pylist():
        if row[RECORD_ID] != last:
            _note(row, found)
        last = row[RECORD_ID]
    [told] = known.query(_TOLD).to_pylist()
    found.crm_count, found.newest = told["records"], told["newest"] or EVER
    extra = f"{_EXTRA} and {made_in(span)} order by 1"
    found.extra = known.query(extra)[RECORD_ID].to_pylist()
    return found


def _gather(session: Session, surveys: Iterable[pa.Table], fields: Sequence[Field]) -> None:
    """Fill the session's table `told`: ids, stamps, and the hash of the fields."""
    rest = iter(surveys)
    first = next(rest, None)
    if first is None:
        first = _LEAST.empty_table()
    told = fields_hash(fields, first.column_names)
    rows = f"select {RECORD_ID}, {MODIFIED_AT}, {told} as {FIELDS_HASH} from survey"  # noqa: S608 - names of ours
    session.query(
        f"create temp table told as {rows} limit 0", survey=numbered(fields, first.slice(0, 0))
    )
    for part in in_parts(chain((first,), rest), first.schema):
        session.query(f"insert into told {rows}", survey=numbered(fields, part))


def _note(row: Mapping[str, Any], found: Difference) -> None:
    if row["kind"] == "ahead":
        found.ahead[row[RECORD_ID]] = row["later"]
        return
    (found.missing if row["kind"] == "missing" else found.stale).append(row[RECORD_ID])
    if row["later"] is not None:
        found.stamps[row[RECORD_ID]] = row["later"]


_LEAST = pa.schema({RECORD_ID: ARROW_TYPES["string"], MODIFIED_AT: ARROW_TYPES["datetime"]})
_TOLD = f"""
select count(distinct {RECORD_ID}) as records, max({MODIFIED_AT}) as newest from told
"""  # noqa: S608 - our own names
_EXTRA = f"""
select {RECORD_ID} from known anti join told using ({RECORD_ID})
where not {IS_DELETED}
"""  # noqa: S608 - our own names
_UNLIKE = f"""
select s.{RECORD_ID},
    case when l.{MODIFIED_AT} > s.{MODIFIED_AT} then l.{MODIFIED_AT} end as later,
    case
        when l.{RECORD_ID} is null or l.{IS_DELETED} then 'missing'
        when l.{MODIFIED_AT} < s.{MODIFIED_AT} or l.{FIELDS_HASH} <> s.{FIELDS_HASH} then 'stale'
        when later is not null then 'ahead'
    end as kind
from told s left join known l on s.{RECORD_ID} = l.{RECORD_ID}
where kind is not null
order by 1, kind desc
"""  # noqa: S608 - our own names
"""Rows told that the lake does not have as they are there.

One that was told twice, since it changed meanwhile, may come twice, one after the other.
"""
