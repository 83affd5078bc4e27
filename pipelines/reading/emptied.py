"""Whether a field that came without a value ever had one: most are empty for good reasons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pyarrow as pa

from connectors.records import RECORD_ID
from pipelines.arrow_sql import query
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction
from pipelines.reading.findings import without_values
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import Warn

PORTION, PORTIONS = 10_000, 5
"""Records whose earlier versions are looked up at a time, and how often: a share needs no more."""


def leave_rightly_empty(
    run: Extraction, results: Sequence[StreamResult]
) -> tuple[StreamResult, ...]:
    """Return the results without the nulls of fields whose values did not go.

    What an increment brings is no fair sample: leads that are worked on are not converted, so that
    each of them lacks the date of its conversion. Where the records kept had values before, though,
    and have none now, it is told. Of a first reading everything is.
    """
    return tuple(_checked(run, result) for result in results)


def _checked(run: Extraction, result: StreamResult) -> StreamResult:
    names = without_values(result, run.rules.warn)
    if not names or not result.compared:
        return result
    emptied = _emptied(run, result, names)
    left = {name: nulls for name, nulls in result.nulls.items() if name not in names - emptied}
    return replace(result, nulls=left)


def _emptied(run: Extraction, result: StreamResult, names: set[str]) -> set[str]:
    had: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for rows in islice(_portions(run.lake, result.kept_loads, names), PORTIONS):
        earlier = run.lake.latest_rows(
            run.crm, result.stream, rows[RECORD_ID].to_pylist(), without=result.kept_loads
        )
        for name in names & set(earlier.column_names):
            with_value, gone = _count(name, earlier, rows)
            had[name] += with_value
            lost[name] += gone
    return {name for name in names if _is_emptied(had[name], lost[name], run.rules.warn)}


def _is_emptied(had: int, lost: int, warn: Warn) -> bool:
    return had >= warn.from_rows and lost >= warn.null_rate * had


def _portions(lake: Lake, loads: Sequence[str], names: set[str]) -> Iterator[pa.Table]:
    for path in loads:
        table = lake.read(path, {RECORD_ID, *names})
        for start in range(0, table.num_rows, PORTION):
            yield table.slice(start, PORTION)


def _count(name: str, earlier: pa.Table, rows: pa.Table) -> tuple[int, int]:
    """Return how many of the records had a value, and how many of those have none now."""
    found = query(
        f"""
        select count(*) as had, count(*) - count(kept."value") as lost
        from rows as kept join earlier using ({RECORD_ID})
        where earlier."value" is not null
        """,  # noqa: S608 - a column name of ours
        rows=_named(rows, name),
        earlier=_named(earlier, name),
    )
    return found["had"][0].as_py(), found["lost"][0].as_py()


def _named(table: pa.Table, name: str) -> pa.Table:
    return table.select([RECORD_ID, name]).rename_columns([RECORD_ID, "value"])
