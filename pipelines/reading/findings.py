"""What the checks of a stream's asset find: pure, from what its reading counted."""

from collections.abc import Iterator

from pipelines.reading.marks import AUDIT
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import Warn


def shortfalls(result: StreamResult) -> dict[str, str | int]:
    """Return why the reading is not whole, by cause; nothing where it is.

    A stream that the CRM lacks, or hides from our user, falls short of nothing: its asset says so.
    """
    found: dict[str, str | int] = {}
    if result.status in ("partial", "failed"):
        found[result.status] = result.why
    if result.audit is not None and result.audit.left:
        found["records_that_differ_from_the_crm"] = result.audit.left
    return found


def was_compared(result: StreamResult) -> bool:
    """Tell whether this run counted the stream in the CRM, and compared it to the end.

    If not, the audit in the result is that of a run before.
    """
    return result.audit is not None and any(duty.name == AUDIT for duty in result.duties)


def differences(result: StreamResult) -> dict[str, int]:
    """Return how a stream differed from the CRM when they were last compared, by kind."""
    if result.audit is None:
        return {}
    return {name: count for name, count in vars(result.audit).items() if name != "at"}


def oddities(result: StreamResult, warn: Warn) -> dict[str, str | float]:
    """Return what a person should look at, though all was read; nothing where all is as known."""
    return dict(_oddities(result, warn))


def _oddities(result: StreamResult, warn: Warn) -> Iterator[tuple[str, str | float]]:
    for name in ("new", "gone", "retyped"):
        if fields := getattr(result.drift, name):
            yield f"{name}_fields", ", ".join(fields)
    if result.unknown_fields:
        yield "unknown_fields", ", ".join(result.unknown_fields)
    if result.compared >= warn.from_rows:
        rate = result.repeated / result.compared
        if rate > warn.duplicate_rate:
            yield "duplicate_rate", round(rate, 3)
    if empty := sorted(without_values(result, warn)):
        yield "fields_without_values", ", ".join(empty)
    if result.unknown_choices:
        told = sorted(result.unknown_choices.items())
        yield "unknown_choices", ", ".join(f"{name} {count}" for name, count in told)


def without_values(result: StreamResult, warn: Warn) -> set[str]:
    """Return the required fields that came without values, in so many rows that it says much."""
    if result.rows_read < warn.from_rows:
        return set()
    least = warn.null_rate * result.rows_read
    return {name for name, nulls in result.nulls.items() if nulls >= least}
