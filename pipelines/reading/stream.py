"""One stream of a CRM into the lake: what is new first, then the duties that are due."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from connectors.arrow import build_table
from connectors.errors import (
    AuthError,
    ConfigError,
    CrmError,
    ForbiddenError,
    QuotaExhaustedError,
    SkippedStreamError,
)
from connectors.records import Batch, Field, Road, Stream
from connectors.tally import counting
from pipelines.lake_writer import Look
from pipelines.reading.audit import audit_stream, unread
from pipelines.reading.catalogs import read_catalog
from pipelines.reading.drift import drift_of, first_marks, forget_unread
from pipelines.reading.duties import ask_again, do_duties, read_whole_again
from pipelines.reading.ending import ended
from pipelines.reading.extraction import Extraction, HaltedError
from pipelines.reading.keeping import Keeper
from pipelines.reading.moving import moving
from pipelines.reading.outcomes import results_of
from pipelines.reading.results import Drift, Status, StreamResult

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
        stream alone, and its loads stand. Single records that it fails at end nothing: the stream
        has failed once all else is done.

        Raises:
            ConfigError: what a person must set right before anything can be read.
            LakeConflictError, FencedError: another run is reading the same stream.
        """
        return self._account(self._read_whole)

    def audit(self, *, deep: bool, confirmed: bool) -> list[StreamResult]:
        """Compare the stream with the CRM and repair it; return its result. Raises as `read`.

        A stream of states has nothing to compare, nor has one whose first read is not finished.

        Args:
            deep: Compare every id and stamp even where the counts agree.
            confirmed: A person has said that what the CRM shows no longer is gone.
        """
        return self._account(lambda: self._audit(deep, confirmed))[:1]

    def _account(self, reading: Callable[[], tuple[Status, str]]) -> list[StreamResult]:
        with counting() as calls:
            end = self._attempt(reading)
        own, *details = results_of(self._run, self._stream, self._keeper, end, self._spared(end))
        own = replace(
            own,
            requests=calls.read,
            calls=replace(calls),
            road=", ".join(dict.fromkeys(road.name for road in self._roads)),
            requests_saved=max((road.saved for road in self._roads), default=0),
            drift=self._drift,
        )
        return [own, *details]

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

    def _audit(self, deep: bool, confirmed: bool) -> tuple[Status, str]:
        run, stream = self._run, self._stream
        if stream.keeps == "states":
            return "skipped", "there is nothing to compare"
        if why := unread(run, stream):
            return "unread", f"{why} -> run `leadcycle extract`"
        self._keeper = keeper = Keeper(run, stream, run.source.fields(stream))
        self._is_described = True
        keeper.prepare()
        if deep and stream.is_uncounted:
            read_whole_again(keeper)
            return _whole_unless(keeper)
        gone = ask_again(keeper)
        audit = audit_stream(keeper, deep=deep, confirmed=confirmed)
        if audit is None:
            return "skipped", "the CRM can't count it"
        keeper.failed.forget(gone)
        keeper.failed.check()
        # Records alone are compared: a detail that is hidden makes the next reading partial.
        return _whole_unless(keeper, stream.name)

    def _read_whole(self) -> tuple[Status, str]:
        run, stream = self._run, self._stream
        forget_unread(run, stream)
        keeper = Keeper(run, stream, run.source.fields(stream))
        self._is_described = True
        if stream.keeps == "states":
            self._keeper = keeper
            read_catalog(keeper)
        else:
            self._drift = drift_of(run, stream, keeper.fields)
            with ended(self._begin(keeper)) as batches:
                self._keeper = keeper
                self._has_begun = True
                self._keep(keeper, batches)
            do_duties(keeper)
            keeper.failed.check()
        return _whole_unless(keeper)

    def _begin(self, keeper: Keeper) -> Iterator[Batch]:
        """Read the first batch, before which alone a stream may be skipped: nothing is kept yet."""
        if self._run.orders.full_refresh and keeper.cursor is not None:
            keeper.cursor = replace(keeper.cursor, resume_after="")
            keeper.keep_columns()
        batches = self._run.source.read(self._stream, keeper.fields, keeper.cursor)
        first = next(batches, None)
        return iter(()) if first is None else _from(first, batches)

    def _keep(self, keeper: Keeper, batches: Iterator[Batch]) -> None:
        """Keep what the lake lacks; a stream without a batch at least shows its columns."""
        run, stream = self._run, self._stream
        look: Look = "none" if _is_bare(keeper) else "versions"
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

    def _spared(self, end: tuple[Status, str]) -> set[str]:
        """Return the details that are whole, where all that is not is hidden from our user."""
        keeper, name = self._keeper, self._stream.name
        if keeper is None or end != _whole_unless(keeper) or name in keeper.hidden:
            return set()
        return self._stream.details.keys() - keeper.hidden.keys()


def _from(first: Batch, rest: Iterator[Batch]) -> Iterator[Batch]:
    """Yield a batch, then the others: `chain` would hold it in memory until the last one came."""
    with ended(rest):
        yield first
        del first
        yield from rest


def _is_bare(keeper: Keeper) -> bool:
    """Tell whether no row that is read can be in the lake already.

    A first read that was killed may have kept details, which come before its first cursor.
    """
    run = keeper.run
    kept = (run.lake.has_rows(run.crm, name) for name in keeper.counts)
    return keeper.cursor is None and not any(kept)


def _whole_unless(keeper: Keeper, *names: str) -> tuple[Status, str]:
    """Tell whether all of it is shown: of the stream and its details, or of these of them alone."""
    hidden = {name: why for name, why in keeper.hidden.items() if name in names or not names}
    told = "; ".join(f"{name}: {why}" for name, why in hidden.items())
    return ("partial", told) if told else ("whole", "")


def extract_stream(run: Extraction, stream: Stream) -> list[StreamResult]:
    """Read a stream and its details; see `StreamReading.read`."""
    return StreamReading(run, stream).read()


def audit_only(deep: bool, gone: Collection[str]) -> Work:
    """Return the work of comparing a stream with the CRM and repairing it, and no more.

    Args:
        deep: Compare every id and stamp even where the counts agree.
        gone: Streams of which what the CRM shows no longer is taken for removed, however much.
    """
    return lambda run, stream: StreamReading(run, stream).audit(
        deep=deep, confirmed=stream.name in gone
    )
