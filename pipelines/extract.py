"""CRM -> lake: read each stream from its cursor and keep what is new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.arrow import build_table
from connectors.errors import SkippedStreamError
from connectors.interfaces import Source
from connectors.records import Batch, Field, Stream
from pipelines.lake import Lake

Report = Callable[[str, int], None]
"""Called with a stream's name and the rows read so far."""


@dataclass(frozen=True)
class StreamResult:
    """What one read of one stream did."""

    stream: str
    rows_read: int
    rows_kept: int
    loads: int
    missing_fields: tuple[str, ...]
    """Fields our models need that this CRM lacks: their columns are NULL."""
    skipped: str = ""
    """Why nothing could be read; empty for a stream that was read."""
    requests: int = 0
    """HTTP requests made for the stream and its details, retries included."""


def extract_stream(
    source: Source, stream: Stream, lake: Lake, extracted_at: datetime, report: Report
) -> list[StreamResult]:
    """Read a stream and its details into the lake.

    Returns:
        The stream's result, then one per detail stream. A stream that the CRM lacks, or hides from
        our user, is skipped with the reason: it has no rows, and its columns are known.

    Raises:
        CrmError: the CRM could not be read; loads committed so far stand, and the next run goes on.
        LakeConflictError: another run is reading the same stream.
    """
    before = replace(source.calls)
    try:
        results = _read(source, stream, lake, extracted_at, report)
    except SkippedStreamError as reason:
        results = _skip(lake, stream, extracted_at, str(reason))
    spent = source.calls.since(before).read
    return [replace(results[0], requests=spent), *results[1:]]


def _skip(lake: Lake, stream: Stream, extracted_at: datetime, why: str) -> list[StreamResult]:
    _prepare_details(lake, stream, extracted_at)
    if not lake.paths(stream.crm, stream.name):
        needed = [Field(name, kind, False) for name, kind in stream.required_fields.items()]
        lake.append(stream.crm, stream.name, build_table(needed, ()), None, extracted_at)
    return [StreamResult(name, 0, 0, 0, (), why) for name in (stream.name, *stream.details)]


def _read(
    source: Source, stream: Stream, lake: Lake, extracted_at: datetime, report: Report
) -> list[StreamResult]:
    fields = source.fields(stream)
    counts = {name: _Count() for name in (stream.name, *stream.details)}
    _prepare_details(lake, stream, extracted_at)
    _show_new_fields(lake, stream, fields, extracted_at)
    for batch in source.read(stream, fields, lake.cursor(stream.crm, stream.name)):
        _keep(lake, stream, batch, extracted_at, counts)
        report(stream.name, counts[stream.name].read)
    if not lake.paths(stream.crm, stream.name):
        # An object without records: its columns must be known, and the next read is a first one.
        lake.append(stream.crm, stream.name, build_table(fields, ()), None, extracted_at)
    missing = tuple(field.name for field in fields if not field.exists)
    return [
        StreamResult(name, count.read, count.kept, count.loads, missing if not at else ())
        for at, (name, count) in enumerate(counts.items())
    ]


@dataclass
class _Count:
    read: int = 0
    kept: int = 0
    loads: int = 0


def _prepare_details(lake: Lake, stream: Stream, extracted_at: datetime) -> None:
    """Give each detail stream a load without rows where its loads lack a column."""
    for name, fields in stream.details.items():
        lake.append(stream.crm, name, build_table(fields, ()), None, extracted_at)


def _show_new_fields(
    lake: Lake, stream: Stream, fields: Sequence[Field], extracted_at: datetime
) -> None:
    """Keep a load without rows when the stream has fields its loads lack.

    Models need the column from the next build on, though no record may change for weeks.
    """
    cursor = lake.cursor(stream.crm, stream.name)
    if cursor is not None:
        lake.append(stream.crm, stream.name, build_table(fields, ()), cursor, extracted_at)


def _keep(
    lake: Lake, stream: Stream, batch: Batch, extracted_at: datetime, counts: dict[str, _Count]
) -> None:
    """Keep details first: the parent's cursor, committed last, vouches for them."""
    for name in (*stream.details, stream.name):
        table = batch.tables.get(name)
        if table is None:
            continue
        cursor = batch.cursor if name == stream.name else None
        load = lake.append(stream.crm, name, table, cursor, extracted_at)
        counts[name].read += table.num_rows
        counts[name].kept += load.rows if load else 0
        counts[name].loads += 1 if load else 0
