"""The steps that read the CRMs: extract and reconcile, the same for Dagster and the command."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from connectors.bare_arrow import keep_arrow_bare
from connectors.errors import ConfigError, RetriableError, UnreadableAnswerError
from connectors.lean import give_memory_back
from connectors.records import Crm, Stream
from pipelines.crms import CRMS, connect_source, extract_rules
from pipelines.places import lake_of, locked, store_of
from pipelines.publish import publish_table
from pipelines.reading.choices import count_unknown_choices
from pipelines.reading.chosen import note_unknown_fields
from pipelines.reading.crm import read_streams
from pipelines.reading.emptied import leave_rightly_empty
from pipelines.reading.extraction import Extraction, Orders, Report
from pipelines.reading.fence import Fence
from pipelines.reading.marks import AUDIT, Marks
from pipelines.reading.results import Audit, ExtractResult
from pipelines.reading.rules import with_rules
from pipelines.reading.stream import Work, audit_only, extract_stream
from pipelines.receipts import take_back_receipts
from pipelines.rules.problems import nearest
from pipelines.settings import Settings
from pipelines.sync.engine import utc_now

_LOG = logging.getLogger(__name__)


def extract_crm(
    settings: Settings, crm: Crm, report: Report, orders: Orders | None = None
) -> ExtractResult:
    """Read a CRM's streams into the lake.

    Streams that failed, or were read in part, are in the result: see `raise_if_unfinished`.

    Raises:
        ConfigError: a person must change a setting; nothing more was read.
        BusyError, LakeConflictError, FencedError: another run is reading this CRM.
    """
    with locked(settings, f"extract-{crm}"):
        store = store_of(settings)
        take_back_receipts(store, lake_of(settings))
        receipt_mark = store.last_receipt()
        with _extraction(settings, crm, orders or Orders()) as run:
            result = _read(run, report, extract_stream)
            if result.status == "whole":
                result = replace(result, clock=_closing_clock(run))
        if result.status == "whole" and not run.orders.streams:
            store.note_extraction(crm, result.clock, receipt_mark)
    publish_audits(settings)
    return result


def _closing_clock(run: Extraction) -> datetime:
    """Return the CRM's time after all was read: nothing read is later than it (UTC).

    Where the CRM does not answer any more, what was read stands all the same, and is as of the time
    when the reading began: what changed since is computed with the next run.
    """
    try:
        return run.source.clock()
    except (RetriableError, UnreadableAnswerError) as fault:
        _LOG.warning(
            "%s: no closing time, the reading counts from its beginning: %s", run.crm, fault
        )
        return run.began


def reconcile_crm(
    settings: Settings,
    crm: Crm,
    report: Report,
    orders: Orders,
    *,
    deep: bool,
    gone: Collection[str] = (),
) -> ExtractResult:
    """Compare a CRM's streams with the lake, by counts first, and repair the difference.

    Args:
        settings: Where the lake is and how to reach the CRM.
        crm: The CRM.
        report: Called with a stream's name and the rows read so far.
        orders: Which streams; nothing else of it counts.
        deep: Compare every id and stamp even where the counts agree.
        gone: Streams, named in the orders, too, of which a person says that what the CRM shows no
            longer is removed, however many records it may be.

    Raises:
        ConfigError: a stream is to be believed that is not to be compared; nothing was.
    """
    for name in sorted(set(gone) - orders.streams):
        step = "Name the streams whose records are gone, and only these."
        raise ConfigError(crm, name, f"{name!r} is not among the streams to be compared.", step)
    with locked(settings, f"extract-{crm}"), _extraction(settings, crm, orders) as run:
        result = _read(run, report, audit_only(deep, gone))
    publish_audits(settings)
    return result


def publish_audits(settings: Settings) -> None:
    """Publish the latest comparison of each stream with its CRM, for the dashboard."""
    engine = store_of(settings).engine
    rows = [
        {"crm": crm, "stream": stream, **vars(audit)}
        for crm in CRMS
        for stream, mark in sorted(Marks(engine, crm).of(AUDIT).items())
        if (audit := Audit.of(mark)) is not None
    ]
    if rows:
        publish_table(settings.published_dir, "state/audits", pa.Table.from_pylist(rows))


@contextmanager
def _extraction(settings: Settings, crm: Crm, orders: Orders) -> Iterator[Extraction]:
    keep_arrow_bare()
    give_memory_back()
    source, lake = connect_source(settings, crm), lake_of(settings)
    rules, began = extract_rules(settings), source.clock()
    epoch = lake.claim(crm)
    # Only now: what an older run noted up to the claim is known, and it notes no more from then on.
    marks = Marks(store_of(settings).engine, crm, Fence(crm, lake, epoch))
    yield Extraction(source, lake, marks, rules, began, utc_now(), epoch, orders)


def _read(run: Extraction, report: Report, work: Work) -> ExtractResult:
    before = replace(run.source.calls)
    streams = chosen(run)
    results = read_streams(run, streams, report, work=work)
    results = count_unknown_choices(run, streams, results)
    results = note_unknown_fields(run, streams, results)
    results = leave_rightly_empty(run, results)
    calls = run.source.calls.since(before)
    return ExtractResult(run.crm, results, run.began, calls, run.source.quota())


def chosen(run: Extraction) -> tuple[Stream, ...]:
    """Return the streams to read, with the fields that the rules choose.

    Raises:
        ConfigError: a stream was asked for that there is not.
    """
    known = {stream.name: stream for stream in run.source.streams()}
    names = run.orders.streams or known.keys()
    for name in names:
        if name not in known:
            raise ConfigError(
                run.crm, name, f"{run.crm} has no stream {name!r}.", instead_of(name, known)
            )
    rules = run.rules.of(run.crm)
    return tuple(with_rules(known[name], rules) for name in known if name in names)


def instead_of(name: str, known: Mapping[str, Stream]) -> str:
    """Return what to ask for in place of a stream that there is not."""
    for stream in known.values():
        if name in stream.details:
            return f"It comes with {stream.name}: ask for that."
    near = " or ".join(nearest(name, known))
    return f"Did you mean {near}?" if near else "See docs/data-path.md for all of them."
