"""Duties: readings beside the increments, each done when it is due by the CRM's clock."""

from datetime import UTC, datetime, timedelta

from connectors.errors import UnavailableError, UnreadableAnswerError
from connectors.tally import counting
from pipelines.reading.audit import audit_stream, compare_fields
from pipelines.reading.drift import drift_of, field_marks, unread_fields
from pipelines.reading.extraction import HORIZONS, Extraction
from pipelines.reading.keeping import Keeper
from pipelines.reading.marks import (
    AUDIT,
    CALCULATED,
    DELETIONS,
    DETAILS,
    FAILED,
    SETTLED,
    UNCOUNTED,
    Mark,
    whole,
)
from pipelines.reading.portions import portions
from pipelines.reading.recycle_bin import BinReading, is_spared

EVER = datetime(1970, 1, 1, tzinfo=UTC)
FAILED_AT_ONCE = 50
"""Records that the CRM has failed at, asked for in one call: HubSpot gives so many with histories
in one batch. Were they more, one batch without any answer would keep the call from the next."""


def do_duties(keeper: Keeper) -> None:
    """Do what is due, once the stream's first read is finished."""
    run, cursor = keeper.run, keeper.cursor
    if cursor is None and is_due(run, keeper.stream.name, AUDIT):
        # Nothing came. An empty answer is no proof: the CRM is asked how many there are.
        _audit(keeper, deep=False)
    if cursor is None or cursor.resume_after is not None:
        return
    if run.orders.since is not None:
        with keeper.duty("back-fill"):
            _reread(keeper, run.orders.since, run.began)
    gone = ask_again(keeper)
    is_settled = settle(keeper)
    removed, all_told = read_deletions(keeper)
    if all_told:
        run.marks.note(keeper.stream.name, removed)
    refresh_details(keeper)
    check_values(keeper, deep=not is_settled, all_told=all_told and not gone)
    if not all_told:
        run.marks.note(keeper.stream.name, removed)
    keeper.failed.forget(gone)
    if keeper.stream.is_uncounted:
        _read_again(keeper)


def ask_again(keeper: Keeper) -> set[str]:
    """Ask by id for what the CRM failed at in runs before; return those that it has no longer.

    They are to be forgotten once the stream was compared with the CRM: it buries them. No answer at
    all may be their fault, too. It ends nothing: where it is the CRM's, the next duty has none.
    """
    run, stream, gone = keeper.run, keeper.stream, set[str]()
    with keeper.duty(FAILED):
        for ids in portions(keeper.failed.of_before, FAILED_AT_ONCE):
            try:
                keeper.keep_all(run.source.read_records(stream, keeper.fields, ids))
            except (UnavailableError, UnreadableAnswerError):
                keeper.failed.note(set(keeper.failed.of_before).intersection(ids))
                continue
            gone |= set(keeper.failed.of_before).intersection(ids)
    return gone


def is_due(run: Extraction, stream: str, duty: str) -> bool:
    """Tell whether a duty was never done, or long enough ago."""
    mark = run.marks.past(stream, duty, run.began)
    return mark is None or run.began - mark.at >= run.rules.every.interval(duty)


def settled_window(
    mark: Mark | None, began: datetime, horizon: timedelta, interval: timedelta
) -> tuple[datetime, datetime] | None:
    """Return from when to when (UTC) to read a second time, None where it is not yet due.

    What is stamped before the horizon is shown by now; what is stamped later may not be, and stays
    for the next time.
    """
    until = began - horizon
    if mark is None or until - mark.at < max(interval, timedelta(seconds=1)):
        return None
    return mark.at, until


def settle(keeper: Keeper) -> bool:
    """Read once more what the CRM may have shown late; False where nobody knows from when on."""
    run, name = keeper.run, keeper.stream.name
    mark = run.marks.past(name, SETTLED, run.began)
    horizon = HORIZONS[run.crm]
    window = settled_window(mark, run.began, horizon, run.rules.every.interval(SETTLED))
    if window is not None:
        with keeper.duty(SETTLED):
            _reread(keeper, *window)
        run.marks.note(name, {SETTLED: Mark(window[1])})
    return mark is not None


def read_deletions(keeper: Keeper) -> tuple[dict[str, Mark], bool]:
    """Read what was removed since the last time, and shown late, too, unless a count spares it.

    Returns:
        The mark of it, none where it is not due, and whether the CRM told all. If not, the mark is
        to be noted once the stream was compared with the CRM: a run that ends before leaves the
        next one to be refused, and to compare.
    """
    run, name, all_told = keeper.run, keeper.stream.name, True
    if not is_due(run, name, DELETIONS):
        return {}, True
    last = BinReading.of(run.marks.past(name, DELETIONS, run.began))
    since = last.at - HORIZONS[run.crm] if last else EVER
    with keeper.duty(DELETIONS), counting() as calls:
        if last is None or not is_spared(keeper, last):
            before = calls.read
            for batch in run.source.deletions(keeper.stream, keeper.fields, since):
                all_told &= not batch.forgotten
                keeper.keep(batch, "versions")
            last = BinReading(run.began, calls.read - before)
    return {DELETIONS: last.to_mark(run.began)}, all_told


def refresh_details(keeper: Keeper) -> None:
    """Read details of all living records: states when due, and what never came with them all."""
    run, stream = keeper.run, keeper.stream
    due = is_due(run, stream.name, DETAILS)
    late = {name for name in stream.details if not run.marks.get(stream.name, whole(name))}
    wanted = late if due else late & keeper.came
    wanted |= stream.details_keep_states if due else frozenset()
    names = [name for name in stream.details if name in wanted]
    if not names:
        return
    came_before, keeper.came = keeper.came, set()
    for name in names:
        keeper.counts[name].refusals.clear()
    with keeper.duty(DETAILS):
        for ids in run.lake.living_ids(run.crm, stream.name):
            keeper.keep_all(run.source.read_details(stream, names, ids))
    seen = {name: whole(name) for name in names if not keeper.counts[name].skipped}
    for name in names:
        keeper.show_parts(name)
    keeper.came |= came_before
    marks = {mark: Mark(run.began) for mark in seen.values()}
    run.marks.note(stream.name, marks | ({DETAILS: Mark(run.began)} if due else {}))


def check_values(keeper: Keeper, *, deep: bool, all_told: bool) -> None:
    """Compare with the CRM the values that no stamp vouches for, and the records there are.

    Args:
        keeper: Of a stream whose first read is finished.
        deep: Compare every id and stamp, since nobody knows from when on they were settled.
        all_told: Whether the CRM told all removals; else an audit is due at once. What was not told
            lives here alone, so that the counts differ.
    """
    run, stream = keeper.run, keeper.stream
    unread = unread_fields(run, stream, keeper.fields)
    due = is_due(run, stream.name, CALCULATED)
    fields = [f for f in keeper.fields if f.name in unread or (due and f.calculated and f.exists)]
    if fields:
        compare_fields(keeper, fields, "back-fill" if unread else CALCULATED)
    elif deep:
        _audit(keeper, deep=True)
    elif not all_told or is_due(run, stream.name, AUDIT):
        audit_stream(keeper, deep=False)
    marks = {CALCULATED: Mark(run.began)} if due else {}
    if unread or drift_of(run, stream, keeper.fields):
        marks |= field_marks(run, stream, keeper.fields)
    if deep:
        marks[SETTLED] = Mark(run.began - HORIZONS[run.crm])
    run.marks.note(stream.name, marks)


def _read_again(keeper: Keeper) -> None:
    """Read a stream whole again when that is due, which it is not by its first read."""
    run, name = keeper.run, keeper.stream.name
    if run.marks.past(name, UNCOUNTED, run.began) is None:
        run.marks.note(name, {UNCOUNTED: Mark(run.began)})
    elif is_due(run, name, UNCOUNTED):
        read_whole_again(keeper)


def read_whole_again(keeper: Keeper) -> None:
    """Read everything that a stream has had up to now, and keep what the lake lacks."""
    with keeper.duty(UNCOUNTED):
        _reread(keeper, EVER, keeper.run.began)
    keeper.run.marks.note(keeper.stream.name, {UNCOUNTED: Mark(keeper.run.began)})


def _audit(keeper: Keeper, deep: bool) -> None:
    audit = audit_stream(keeper, deep=deep)
    if deep and audit is None:
        _reread(keeper, EVER, keeper.run.began)


def _reread(keeper: Keeper, since: datetime, until: datetime) -> None:
    keeper.keep_all(keeper.run.source.reread(keeper.stream, keeper.fields, since, until))
