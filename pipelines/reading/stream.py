"""One stream of a CRM into the lake: what is new first, then the duties that are due."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import pyarrow as pa

from connectors.arrow import build_table
from connectors.errors import (
    AuthError,
    ConfigError,
    CrmError,
    ForbiddenError,
    QuotaExhaustedError,
    SkippedStreamError,
    UnreadableAnswerError,
)
from connectors.records import MODIFIED_AT, RECORD_ID, Batch, Cursor, Field, Road, Stream
from connectors.tally import counting
from pipelines.lake_writer import Look
from pipelines.reading.audit import audit_stream
from pipelines.reading.catalogs import read_catalog
from pipelines.reading.drift import drift_of, first_marks
from pipelines.reading.duties import do_duties, read_whole_again
from pipelines.reading.extraction import Extraction, HaltedError
from pipelines.reading.keeping import Keeper
from pipelines.reading.marks import AUDIT
from pipelines.reading.results import Audit, Drift, Status, StreamResult

Work = Callable[[Extraction, Stream], list[StreamResult]]
"""What is done with one stream of a run."""


class StreamReading:
    """Reads one stream and its details, and says what came of it."""

    def __init__(self, run: Extraction, stream: Stream) -> None:
        self._run = run
        self._stream = stream
        self._keeper: Keeper | None = None
        self._drift = Drift()
        self._has_begun = False
        self._is_described = False
        self._roads: list[Road] = []

    def read(self) -> list[StreamResult]:
        """Read the stream; return its result, then one per detail.

        A stream that the CRM lacks, or hides from our user, is skipped with the reason: it has no
        rows, and its columns are known. One that was read before is read in part. A detail is
        skipped though its stream is read. What else the CRM refuses for this stream ends the
        stream alone, and its loads stand.

        Raises:
            ConfigError: what a person must set right before anything can be read.
            LakeConflictError, FencedError: another run is reading the same stream.
        """
        return self._account(self._read_whole)

    def audit(self, *, deep: bool) -> list[StreamResult]:
        """Compare the stream with the CRM and repair it; return its result. Raises as `read`.

        A stream of states has nothing to compare, nor has one whose first read is not finished.
        """
        return self._account(lambda: self._audit(deep))[:1]

    def _account(self, reading: Callable[[], tuple[Status, str]]) -> list[StreamResult]:
        with counting() as calls:
            status, why = self._attempt(reading)
        results = self._results(status, why)
        return [replace(results[0], requests=calls.read, calls=replace(calls)), *results[1:]]

    def _attempt(self, reading: Callable[[], tuple[Status, str]]) -> tuple[Status, str]:
        try:
            self._run.check()
            return reading()
        except SkippedStreamError as reason:
            if self._has_begun:
                return "failed", str(reason)
            if self._run.lake.cursor(self._run.crm, self._stream.name) is not None:
                # What the lake has of it grows old: no run that leaves it so is a success.
                return "partial", str(reason)
            self._skip()
            return "skipped", str(reason)
        except (QuotaExhaustedError, HaltedError) as stop:
            return "partial", str(stop)
        except CrmError as failure:
            if self._ends_all(failure):
                raise
            return "failed", str(failure)

    def _ends_all(self, failure: CrmError) -> bool:
        """Tell whether a person must act before anything can be read.

        A field that goes after the CRM has told of it concerns this stream alone, and the next run
        asks without it.
        """
        if isinstance(failure, ForbiddenError) or not isinstance(failure, ConfigError):
            return False
        return isinstance(failure, AuthError) or not self._is_described

    def _audit(self, deep: bool) -> tuple[Status, str]:
        run, stream = self._run, self._stream
        cursor = run.lake.cursor(run.crm, stream.name)
        if stream.keeps == "states" or cursor is None or cursor.resume_after is not None:
            return "skipped", "there is nothing to compare"
        self._keeper = keeper = Keeper(run, stream, run.source.fields(stream))
        self._is_described = True
        keeper.prepare()
        if deep and stream.is_uncounted:
            read_whole_again(keeper)
            return _whole_unless(keeper)
        audit = audit_stream(keeper, deep=deep, confirmed=deep)
        return ("skipped", "the CRM can't count it") if audit is None else _whole_unless(keeper)

    def _read_whole(self) -> tuple[Status, str]:
        run, stream = self._run, self._stream
        keeper = Keeper(run, stream, run.source.fields(stream))
        self._is_described = True
        if stream.keeps == "states":
            self._keeper = keeper
            read_catalog(keeper)
        else:
            self._drift = drift_of(run, stream, keeper.fields)
            batches = self._begin(keeper)
            self._keeper = keeper
            self._has_begun = True
            self._keep(keeper, batches)
            do_duties(keeper)
        return _whole_unless(keeper)

    def _begin(self, keeper: Keeper) -> Iterator[Batch]:
        """Read the first batch, before which alone a stream may be skipped: nothing is kept yet."""
        if self._run.orders.full_refresh and keeper.cursor is not None:
            keeper.cursor = replace(keeper.cursor, resume_after="")
            keeper.keep_columns()
        batches = self._run.source.read(self._stream, keeper.fields, keeper.cursor)
        first = next(batches, None)
        return iter(()) if first is None else chain((first,), batches)

    def _keep(self, keeper: Keeper, batches: Iterator[Batch]) -> None:
        """Keep what the lake lacks; a stream without a batch at least shows its columns."""
        run, stream = self._run, self._stream
        look: Look = "none" if keeper.cursor is None else "versions"
        if keeper.cursor is None:
            run.marks.note(stream.name, first_marks(run, stream, keeper.fields))
        keeper.prepare()
        for batch in moving(batches, stream):
            keeper.keep(batch, look)
            self._roads += [batch.road] if batch.road else []
        if not run.lake.paths(run.crm, stream.name):
            # An object without records: its columns must be known, and the next read is a first.
            keeper.keep_columns()

    def _skip(self) -> None:
        run, stream = self._run, self._stream
        for name, fields in stream.details.items():
            run.append(name, build_table(fields, ()), None, "none")
        if not run.lake.paths(run.crm, stream.name):
            needed = [Field(name, kind, False) for name, kind in stream.required_fields.items()]
            run.append(stream.name, build_table(needed, ()), None, "none")

    def _results(self, status: Status, why: str) -> list[StreamResult]:
        keeper = self._keeper
        if keeper is None:
            names = (self._stream.name, *self._stream.details)
            skipped = why if status == "skipped" else ""
            told = "" if skipped else why
            return [StreamResult(n, 0, 0, 0, (), skipped, status=status, why=told) for n in names]
        results = [
            StreamResult(name, count.read, count.kept, count.loads, (), count.skipped)
            for name, count in keeper.counts.items()
        ]
        return [self._own_result(keeper, results[0], status, why), *results[1:]]

    def _own_result(
        self, keeper: Keeper, counted: StreamResult, status: Status, why: str
    ) -> StreamResult:
        kept = self._run.marks.get(self._stream.name, AUDIT)
        return replace(
            counted,
            missing_fields=tuple(field.name for field in keeper.fields if not field.exists),
            skipped=why if status == "skipped" else counted.skipped,
            status=status,
            why=why if status != "skipped" else "",
            road=", ".join(dict.fromkeys(road.name for road in self._roads)),
            requests_saved=max((road.saved for road in self._roads), default=0),
            drift=self._drift,
            duties=tuple(keeper.duties),
            audit=Audit.of(kept),
            compared=keeper.own.compared,
            repeated=keeper.own.repeated,
            nulls=dict(keeper.nulls),
            kept_loads=tuple(keeper.own.paths),
        )


def _whole_unless(keeper: Keeper) -> tuple[Status, str]:
    if keeper.hidden:
        return "partial", "; ".join(f"{name}: {why}" for name, why in keeper.hidden.items())
    return "whole", ""


def extract_stream(run: Extraction, stream: Stream) -> list[StreamResult]:
    """Read a stream and its details; see `StreamReading.read`."""
    return StreamReading(run, stream).read()


def audit_only(deep: bool) -> Work:
    """Return the work of comparing a stream with the CRM and repairing it, and no more."""
    return lambda run, stream: StreamReading(run, stream).audit(deep=deep)


STANDSTILL = 5
"""Batches in a row. A reader that mends itself, with a new job for one that was lost, may give a
portion twice or thrice."""


def moving(batches: Iterator[Batch], stream: Stream) -> Iterator[Batch]:
    """Yield batches as long as one now and then brings other rows or another cursor.

    Raises:
        UnreadableAnswerError: the same rows came again and again, and the cursor did not move.
    """
    last: tuple[Cursor | None, pa.Table] | None = None
    repeated = 0
    for batch in batches:
        came = (batch.cursor, _versions(batch.tables[stream.name]))
        is_same = last is not None and bool(came[1].num_rows) and _is_same(last, came)
        repeated = repeated + 1 if is_same else 0
        if repeated == STANDSTILL:
            what = "the same records came again and again, and the reading did not move on"
            step = "run again; if it stays so, tell us the stream and the time"
            raise UnreadableAnswerError(stream.crm, stream.name, what, step)
        last = came
        yield batch


def _is_same(one: tuple[Cursor | None, pa.Table], other: tuple[Cursor | None, pa.Table]) -> bool:
    return one[0] == other[0] and one[1].equals(other[1])


def _versions(table: pa.Table) -> pa.Table:
    return table.select([RECORD_ID, MODIFIED_AT])
