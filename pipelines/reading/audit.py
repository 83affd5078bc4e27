"""Counts first; where they differ, every record's id and stamp; and the difference is repaired.

A CRM does not say whether a record is gone or only hidden from our user. Where many seem to be gone
at once, none is taken for removed until a person says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from connectors.errors import FailedRecordsError
from connectors.records import IS_DELETED, Field, Stream
from pipelines.lake_census import Span, made_in
from pipelines.reading.comparing import Difference, compare
from pipelines.reading.ending import ended
from pipelines.reading.extraction import HORIZONS, Extraction
from pipelines.reading.keeping import Keeper, ids_of, living
from pipelines.reading.marks import AUDIT, Mark
from pipelines.reading.portions import portions
from pipelines.reading.results import Audit

_LIVING = f"select count(*) as records from known where not {IS_DELETED} and "  # noqa: S608 - our own name
MANY, SHARE = 20, 0.1
"""So many records, and so large a share of those compared, are not removed on suspicion."""


def audit_stream(keeper: Keeper, deep: bool, *, confirmed: bool = False) -> Audit | None:
    """Compare the stream with the CRM and repair it; None where the CRM can't be asked.

    Args:
        keeper: Of a stream whose first read is finished.
        deep: Compare every id and stamp even where the counts agree.
        confirmed: Do so, and take records for removed however many seem to be gone.
    """
    run, stream = keeper.run, keeper.stream
    with keeper.duty(AUDIT):
        crm_count, span = _counted(run, stream)
        if crm_count is None:
            # Asked again when the next audit is due, not at every run.
            run.marks.note(stream.name, {AUDIT: Mark(run.began)})
            return None
        if span is not None and keeper.hidden_since is not None:
            # What is hidden would fall out of a span that begins with the oldest that is shown.
            span = (min(span[0], keeper.hidden_since), span[1])
        lake_count, lacking = run.lake.living(run.crm, stream.name, span), keeper.failed.lacking()
        # Others may have come since, as many as are hidden: equal counts do not show these again.
        is_doubted = deep or confirmed or stream.name in keeper.hidden
        if crm_count == lake_count + lacking and not is_doubted:
            audit = Audit(run.began, crm_count, lake_count, missing=lacking, left=lacking)
        else:
            audit = _survey(keeper, (), confirmed=confirmed, span=span)
            if span is not None:
                audit = replace(audit, crm_count=crm_count)
    return _note(keeper, audit)


def _counted(run: Extraction, stream: Stream) -> tuple[int | None, Span | None]:
    """Return how many living records the CRM has.

    Where it drops some by itself, those that it keeps, and the first and the last stamp of these:
    what is newer than the horizon it may not show yet.
    """
    count = run.source.count(stream)
    if count is not None:
        return count, None
    until = run.began - HORIZONS[run.crm]
    lasting = run.source.count_lasting(stream, until)
    return (None, None) if lasting is None else (lasting[0], (lasting[1], until))


def unread(run: Extraction, stream: Stream) -> str:
    """Return why the stream can't be compared yet; empty where the lake should have all of it.

    An object that had no records when it was read left no cursor, but its columns.
    """
    cursor = run.lake.cursor(run.crm, stream.name)
    if cursor is not None:
        return "the read of all is not finished" if cursor.resume_after is not None else ""
    return "" if run.lake.paths(run.crm, stream.name) else "nothing of it was read"


def compare_fields(keeper: Keeper, fields: Sequence[Field], duty: str) -> Audit:
    """Compare these fields of every record, besides ids and stamps, and repair the difference."""
    with keeper.duty(duty):
        audit = _survey(keeper, fields, confirmed=False)
    return _note(keeper, audit)


def too_many(gone: int, of: int) -> bool:
    """Tell whether so many removals at once look more like records that are hidden from us."""
    return gone > MANY and gone > of * SHARE


def _note(keeper: Keeper, audit: Audit) -> Audit:
    # What was let pass, since the CRM may drop it by itself, is not shown again by that.
    if audit.missing + audit.stale + audit.extra == audit.repaired:
        keeper.show(keeper.stream.name)
    keeper.run.marks.note(keeper.stream.name, {AUDIT: audit.to_mark()})
    return audit


def _survey(
    keeper: Keeper, fields: Sequence[Field], *, confirmed: bool, span: Span | None = None
) -> Audit:
    run, stream, failed = keeper.run, keeper.stream, set[str]()
    with run.lake.known(run.crm, stream.name, fields) as known:
        [counted] = known.query(_LIVING + made_in(span)).to_pylist()
        found = compare(_told(keeper, fields, failed), known, fields, span)
    _add_failed(found, failed)
    lake_count = counted["records"]
    renewed = _look_again(keeper, found.ahead)
    repaired, left = _repair(keeper, found, lake_count, span, confirmed=confirmed)
    return Audit(
        run.began,
        found.crm_count,
        lake_count,
        len(found.missing),
        len(found.stale) + renewed,
        len(found.extra),
        repaired + renewed,
        left,
    )


def _told(keeper: Keeper, fields: Sequence[Field], failed: set[str]) -> Iterator[pa.Table]:
    """Yield what the CRM tells of all its records; add those to the failed that it fails at."""
    try:
        yield from keeper.run.source.survey(keeper.stream, fields)
    except FailedRecordsError as failure:
        keeper.failed.note(failure.record_ids)
        failed |= failure.record_ids


def _add_failed(found: Difference, failed: set[str]) -> None:
    """Add records that the CRM has, though it fails to tell more of them: they are asked for."""
    stale = failed.intersection(found.extra)
    found.crm_count += len(failed)
    found.stale += sorted(stale)
    found.missing += sorted(failed - stale)
    found.extra = [record_id for record_id in found.extra if record_id not in stale]


def _look_again(keeper: Keeper, ahead: Mapping[str, datetime]) -> int:
    """Read records whose stamp is later here than there; return how many rows of them are news.

    One that lived again, or was read under a clock that was ahead, may have changed since below the
    stamp that it bears here. What was stamped a moment ago the CRM may only not show yet: reading
    it again could put an older version before it.
    """
    run = keeper.run
    doubted = {
        record_id: stamp
        for record_id, stamp in ahead.items()
        if abs(run.began - stamp) > HORIZONS[run.crm]
    }
    keeper.removals.lift_to(doubted)
    kept = keeper.own.kept
    _read(keeper, list(doubted))
    return keeper.own.kept - kept


def _read(keeper: Keeper, record_ids: Sequence[str]) -> tuple[set[str], set[str]]:
    """Read and keep these records; return the ids answered for, and those that live.

    What the CRM has failed at in this run was asked for often enough, and might cost all others:
    to a batch of nothing else it may give no answer.
    """
    run, stream = keeper.run, keeper.stream
    record_ids = [record_id for record_id in record_ids if record_id not in keeper.failed.met]
    answered: set[str] = set()
    alive: set[str] = set()
    for ids in portions(record_ids):
        with ended(run.source.read_records(stream, keeper.fields, ids)) as batches:
            for batch in batches:
                keeper.keep(batch, "versions")
                if stream.name in batch.tables:
                    answered |= ids_of(batch.tables, stream.name)
                    alive |= set(living(batch.tables[stream.name]))
    return answered, alive


def _repair(
    keeper: Keeper, found: Difference, lake_count: int, span: Span | None, *, confirmed: bool
) -> tuple[int, int]:
    """Read what differs, bury what is gone; return how many were repaired and how many were not.

    A tombstone bears no clock's time, which may be ahead, but the latest stamp that the CRM showed:
    whatever changes from then on, a record that comes back included, is stamped later. What the CRM
    fails at is not gone, and differs still, as does what it told of and then did not answer for:
    the next run asks for it. Records that were looked for within a span do not go by themselves.
    """
    run = keeper.run
    keeper.removals.lift_to(found.stamps)
    asked = [*found.wanted, *found.extra]
    if not asked:
        return 0, 0
    answered, alive = _read(keeper, asked)
    failed = keeper.failed.met.intersection(asked) - answered
    silent = set(found.wanted) - answered - failed
    keeper.failed.owe(silent)
    failed |= silent
    asked = [record_id for record_id in asked if record_id not in failed]
    gone = [r for r in found.extra if r not in answered and r not in failed]
    if gone and span is None and run.source.count(keeper.stream) is None:
        # What the CRM does not count it forgets by itself, such as histories of two years ago:
        # the lake keeps it, and nothing is left to repair.
        asked = [record_id for record_id in asked if record_id in answered]
    elif confirmed or _is_believed(keeper, len(gone), lake_count, span):
        keeper.bury(gone, min(run.began, found.newest))
        if confirmed:
            keeper.show(keeper.stream.name)
    unlike = _unlike(keeper, asked, alive)
    return len(asked) - unlike, unlike + len(failed)


def _is_believed(keeper: Keeper, gone: int, lake_count: int, span: Span | None) -> bool:
    """Tell whether records that the CRM has no answer for are taken for removed; note if not.

    Of records that are hidden no share is small enough: the stream grows, and rights are given back
    step by step.
    """
    crm, name = keeper.run.crm, keeper.stream.name
    if not gone or (name not in keeper.hidden and not too_many(gone, lake_count)):
        return True
    keeper.hide(
        name,
        f"{gone} of {lake_count} records are shown no longer; none was taken for removed "
        "-> see that our user may still see them, then run "
        f"`leadcycle reconcile --crm {crm} --stream {name}`; where they are gone, add `--gone`",
        span[0] if span else None,
    )
    return False


def _unlike(keeper: Keeper, asked: Sequence[str], alive: set[str]) -> int:
    """Return how many of the records still live here only, or there only."""
    run, name = keeper.run, keeper.stream.name
    here: set[str] = set()
    for ids in portions(asked):
        here |= set(living(run.lake.standing(run.crm, name, pa.array(ids, pa.string()))))
    return sum((record_id in here) != (record_id in alive) for record_id in asked)
