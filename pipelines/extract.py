"""CRM -> lake: read each stream from its cursor and keep what is new.

A cursor names the details that have come with every record up to it. One that comes without being
named (it is new to the lake, or our user may see it only now) lacks what was read before: then the
stream is read once more from its beginning, and that read too is resumed wherever it is cut off.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import pyarrow as pa

from connectors.arrow import build_table
from connectors.errors import ConfigError, SkippedStreamError
from connectors.interfaces import Source
from connectors.records import Batch, Cursor, Field, Stream
from pipelines.lake import Lake, Load

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
    """Why it, or a part of it, could not be read; empty if all of it was."""
    requests: int = 0
    """HTTP requests made for the stream and its details, retries included."""


def extract_stream(
    source: Source, stream: Stream, lake: Lake, extracted_at: datetime, report: Report
) -> list[StreamResult]:
    """Read a stream and its details into the lake.

    Returns:
        The stream's result, then one per detail stream. A stream that the CRM lacks, or hides from
        our user, is skipped with the reason: it has no rows, and its columns are known. So is a
        detail, though its stream is read.

    Raises:
        CrmError: the CRM could not be read; loads committed so far stand, and the next run goes on.
        LakeConflictError: another run is reading the same stream.
    """
    before = replace(source.calls)
    cursor = lake.cursor(stream.crm, stream.name)
    try:
        fields = source.fields(stream)
        batches = _begin(source.read(stream, fields, cursor))
    except SkippedStreamError as reason:
        results = _skip(lake, stream, extracted_at, str(reason))
    else:
        keeper = _Keeper(lake, stream, fields, extracted_at, report)
        keeper.prepare()
        keeper.keep(batches)
        if beginning := keeper.begin_again():
            keeper.keep(source.read(stream, fields, beginning))
        results = keeper.results()
    spent = source.calls.since(before).read
    return [replace(results[0], requests=spent), *results[1:]]


def _begin(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Read the first batch, before which alone a stream may be skipped: nothing is kept yet."""
    first = next(batches, None)
    return batches if first is None else chain((first,), batches)


def _skip(lake: Lake, stream: Stream, extracted_at: datetime, why: str) -> list[StreamResult]:
    _prepare_details(lake, stream, extracted_at)
    if not lake.paths(stream.crm, stream.name):
        needed = [Field(name, kind, False) for name, kind in stream.required_fields.items()]
        lake.append(stream.crm, stream.name, build_table(needed, ()), None, extracted_at)
    return [StreamResult(name, 0, 0, 0, (), why) for name in (stream.name, *stream.details)]


def _prepare_details(lake: Lake, stream: Stream, extracted_at: datetime) -> None:
    """Give each detail stream a load without rows where its loads lack a column."""
    for name, fields in stream.details.items():
        lake.append(stream.crm, name, build_table(fields, ()), None, extracted_at)


@dataclass
class _Count:
    read: int = 0
    kept: int = 0
    loads: int = 0
    came: bool = False
    skipped: str = ""


class _Keeper:
    """Keeps a stream's batches, and account of the details that come with them."""

    def __init__(
        self,
        lake: Lake,
        stream: Stream,
        fields: Sequence[Field],
        extracted_at: datetime,
        report: Report,
    ) -> None:
        self._lake = lake
        self._stream = stream
        self._fields = fields
        self._extracted_at = extracted_at
        self._report = report
        self._cursor = lake.cursor(stream.crm, stream.name)
        self._read_before = self._cursor.details if self._cursor else frozenset()
        self._details = self._read_before if self._cursor else frozenset(stream.details)
        self._counts = {name: _Count() for name in (stream.name, *stream.details)}

    def prepare(self) -> None:
        """Keep loads without rows where the stream, or a detail, has fields its loads lack.

        Models need the column from the next build on, though no record may change for weeks.
        """
        _prepare_details(self._lake, self._stream, self._extracted_at)
        if self._cursor is not None:
            self._append(self._stream.name, build_table(self._fields, ()), self._cursor)

    def keep(self, batches: Iterator[Batch]) -> None:
        """Keep what the lake lacks; a stream without a batch at least shows its columns."""
        for batch in batches:
            self._keep(batch)
            self._report(self._stream.name, self._counts[self._stream.name].read)
        if not self._lake.paths(self._stream.crm, self._stream.name):
            # An object without records: its columns must be known, and the next read is a first.
            self._append(self._stream.name, build_table(self._fields, ()), None)

    def begin_again(self) -> Cursor | None:
        """Keep, and return, the cursor to read everything from again; None where nothing is late.

        It stands where the increment ended, so that the next one follows on from there.
        """
        late = self._late_details()
        if self._cursor is None or not late:
            return None
        self._details |= late
        self._cursor = replace(self._cursor, resume_after="", details=self._details)
        self._append(self._stream.name, build_table(self._fields, ()), self._cursor)
        return self._cursor

    def results(self) -> list[StreamResult]:
        """Return the stream's result, then one per detail stream."""
        missing = tuple(field.name for field in self._fields if not field.exists)
        return [
            StreamResult(
                name,
                count.read,
                count.kept,
                count.loads,
                missing if name == self._stream.name else (),
                count.skipped,
            )
            for name, count in self._counts.items()
        ]

    def _late_details(self) -> set[str]:
        """Return the details that came whole in this run, but not with every record before."""
        counts = self._counts
        whole = {name for name in counts if counts[name].came and not counts[name].skipped}
        return whole & self._stream.details.keys() - self._details

    def _keep(self, batch: Batch) -> None:
        """Keep details first: the parent's cursor, committed last, vouches for them."""
        for name, why in batch.skipped.items():
            self._refuse_to_forget(name, why)
            self._counts[name].skipped = why
        self._details = self._details.difference(batch.skipped)
        self._cursor = replace(batch.cursor, details=self._details)
        for name in (*self._stream.details, self._stream.name):
            table = batch.tables.get(name)
            if table is None:
                continue
            load = self._append(name, table, self._cursor if name == self._stream.name else None)
            count = self._counts[name]
            count.came = True
            count.read += table.num_rows
            count.kept += load.rows if load else 0
            count.loads += 1 if load else 0

    def _refuse_to_forget(self, detail: str, why: str) -> None:
        """Stop where a detail that was read before is hidden now: records would seem to lack it.

        Raises:
            ConfigError: with what was hidden; the cursor stays, and the next run reads it again.
        """
        if detail in self._read_before:
            what = f"{detail} was read before and is refused now ({why})"
            step = "let our user see it again: without it, people would lose what it told of them"
            raise ConfigError(self._stream.crm, self._stream.name, what, step)

    def _append(self, name: str, table: pa.Table, cursor: Cursor | None) -> Load | None:
        return self._lake.append(self._stream.crm, name, table, cursor, self._extracted_at)
