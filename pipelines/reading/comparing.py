"""A survey of a CRM's records against what the lake has: which differ, and how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID
from pipelines.arrow_sql import query


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

    @property
    def wanted(self) -> list[str]:
        """Records to read."""
        return [*self.missing, *self.stale]


def compare(surveys: Iterable[pa.Table], known: pa.Table, names: Sequence[str]) -> Difference:
    """Compare every living record of the CRM with the lake's.

    Args:
        surveys: Tables of RECORD_ID, MODIFIED_AT and the named fields.
        known: The lake's current versions, deleted ones included: RECORD_ID, MODIFIED_AT,
            IS_DELETED and those of the fields that the lake has.
        names: Fields whose values are compared; a field that the lake lacks is NULL there.

    Memory is bounded by the records of the stream, whose ids, stamps and named fields are held.
    """
    found = Difference()
    seen = [pa.chunked_array([], ARROW_TYPES["string"])]
    for survey in surveys:
        seen.append(survey[RECORD_ID])
        _compare_part(survey, known, names, found)
    ids = pa.chunked_array([chunk for column in seen for chunk in column.chunks], pa.string())
    told = pa.table({RECORD_ID: ids.unique()})
    found.crm_count = told.num_rows
    found.extra = query(_EXTRA, known=known, told=told)[RECORD_ID].to_pylist()
    return found


def _compare_part(
    survey: pa.Table, known: pa.Table, names: Sequence[str], found: Difference
) -> None:
    unlike = query(_unlike(survey, known, names), survey=survey, known=known)
    for row in unlike.to_pylist():
        (found.missing if row["is_missing"] else found.stale).append(row[RECORD_ID])
        if row["later"] is not None:
            found.stamps[row[RECORD_ID]] = row["later"]


_EXTRA = f"""
select {RECORD_ID} from known anti join told using ({RECORD_ID})
where not {IS_DELETED} order by 1
"""  # noqa: S608 - our own names


def _unlike(survey: pa.Table, known: pa.Table, names: Sequence[str]) -> str:
    """Return a query of the rows of a survey that the lake does not have as they are there."""
    types = {
        row["column_name"]: row["column_type"]
        for row in query("describe survey", survey=survey).to_pylist()
    }
    differing = [_differs(name, types[name], name in known.column_names) for name in names]
    is_older = f"l.{MODIFIED_AT} < s.{MODIFIED_AT}"
    return f"""
        select s.{RECORD_ID},
            l.{RECORD_ID} is null or l.{IS_DELETED} as is_missing,
            case when l.{MODIFIED_AT} > s.{MODIFIED_AT} then l.{MODIFIED_AT} end as later
        from survey s left join known l on s.{RECORD_ID} = l.{RECORD_ID}
        where {" or ".join(["is_missing", is_older, *differing])}
        order by 1
    """  # noqa: S608 - names of columns, quoted


def _differs(name: str, type_name: str, is_known: bool) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if not is_known:
        return f"s.{column} is not null"
    # A field may have changed its type since: compared as the CRM types it now.
    return f"s.{column} is distinct from try_cast(l.{column} as {type_name})"
