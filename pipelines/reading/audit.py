"""Counts first; where they differ, every record's id and stamp; and the difference is repaired.

A CRM does not say whether a record is gone or only hidden from our user. Where many seem to be gone
at once, none is taken for removed until a person says so.
"""

from collections.abc import Sequence

import pyarrow.compute as pc

from connectors.records import IS_DELETED, Field
from pipelines.reading.comparing import Difference, compare
from pipelines.reading.keeping import Keeper, ids_of, living
from pipelines.reading.marks import AUDIT, Mark
from pipelines.reading.portions import portions
from pipelines.reading.results import Audit

MANY, SHARE = 20, 0.1
"""So many records, and so large a share of those the lake has, are not removed on suspicion."""


def audit_stream(keeper: Keeper, deep: bool, *, confirmed: bool = False) -> Audit | None:
    """Compare the stream with the CRM and repair it; None where the CRM can't be asked.

    Args:
        keeper: Of a stream whose first read is finished.
        deep: Compare every id and stamp even where the counts agree.
        confirmed: Take records for removed however many seem to be gone.
    """
    run, stream = keeper.run, keeper.stream
    with keeper.duty(AUDIT):
        crm_count = run.source.count(stream)
        if crm_count is None:
            # Asked again when the next audit is due, not at every run.
            run.marks.note(stream.name, {AUDIT: Mark(run.began)})
            return None
        lake_count = run.lake.living(run.crm, stream.name)
        if crm_count == lake_count and not deep:
            audit = Audit(run.began, crm_count, lake_count)
        else:
            audit = _survey(keeper, (), confirmed=confirmed)
    return _note(keeper, audit)


def compare_fields(keeper: Keeper, fields: Sequence[Field], duty: str) -> Audit:
    """Compare these fields of every record, besides ids and stamps, and repair the difference."""
    with keeper.duty(duty):
        audit = _survey(keeper, fields, confirmed=False)
    return _note(keeper, audit)


def too_many(gone: int, of: int) -> bool:
    """Tell whether so many removals at once look more like records that are hidden from us."""
    return gone > MANY and gone > of * SHARE


def _note(keeper: Keeper, audit: Audit) -> Audit:
    keeper.run.marks.note(keeper.stream.name, {AUDIT: audit.to_mark()})
    return audit


def _survey(keeper: Keeper, fields: Sequence[Field], *, confirmed: bool) -> Audit:
    run, stream = keeper.run, keeper.stream
    names = [field.name for field in fields]
    known = run.lake.current(run.crm, stream.name, names)
    lake_count = known.num_rows - pc.sum(known[IS_DELETED]).as_py() if known.num_rows else 0
    found = compare(run.source.survey(stream, fields), known, names)
    repaired, left = _repair(keeper, found, lake_count, confirmed=confirmed)
    return Audit(
        run.began,
        found.crm_count,
        lake_count,
        len(found.missing),
        len(found.stale),
        len(found.extra),
        repaired,
        left,
    )


def _repair(
    keeper: Keeper, found: Difference, lake_count: int, *, confirmed: bool
) -> tuple[int, int]:
    """Read what differs, bury what is gone; return how many were repaired and how many were not."""
    keeper.removals.lift_to(found.stamps)
    asked = [*found.wanted, *found.extra]
    if not asked:
        return 0, 0
    run, stream = keeper.run, keeper.stream
    alive: set[str] = set()
    answered: set[str] = set()
    for ids in portions(asked):
        for batch in run.source.read_records(stream, keeper.fields, ids):
            keeper.keep(batch, "versions")
            answered |= ids_of(batch.tables, stream.name)
            alive |= set(living(batch.tables[stream.name]))
    gone = [record_id for record_id in asked if record_id not in answered]
    if confirmed or _is_believed(keeper, len(gone), lake_count):
        keeper.bury(gone, run.began)
    left = _unlike(keeper, asked, alive)
    return len(asked) - left, left


def _is_believed(keeper: Keeper, gone: int, lake_count: int) -> bool:
    """Tell whether records that the CRM has no answer for are taken for removed; say if not."""
    run, name = keeper.run, keeper.stream.name
    if too_many(gone, lake_count):
        keeper.hidden[name] = (
            f"{gone} of {lake_count} records are shown no longer; none was taken for removed "
            "-> see that our user may still see them; where they are gone, "
            f"run `leadcycle reconcile --deep --crm {run.crm} --stream {name}`"
        )
        return False
    # What the CRM does not count it forgets by itself, such as histories of two years ago.
    return gone == 0 or run.source.count(keeper.stream) is not None


def _unlike(keeper: Keeper, asked: Sequence[str], alive: set[str]) -> int:
    """Return how many of the records still live here only, or there only."""
    here = set(keeper.living_ids())
    return sum((record_id in here) != (record_id in alive) for record_id in asked)
